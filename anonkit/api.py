"""Everything that a plugin may import from anonkit, besides `anonkit.arrow` and `anonkit.testing`.

Importing this module imports neither the engine nor pyarrow.
"""

from anonkit.arrow.memory import use_system_memory
from anonkit.catalogue import Attribute, AttributeClass, Column, attribute
from anonkit.errors import (
    AnonkitError,
    ConfigError,
    InputError,
    OutputError,
    PluginConflictError,
    PluginError,
    PluginLoadError,
    UnknownPluginError,
    nearest,
)
from anonkit.options import option
from anonkit.plugin.contracts import (
    Alias,
    Batch,
    Boundary,
    Encoding,
    Fold,
    Garbled,
    Identities,
    Listing,
    Mentions,
    Operation,
    OutputEncoder,
    Outputs,
    Reporter,
    Roles,
    RunContext,
    Tokenized,
    Tokenizer,
    Transform,
    Transformed,
)
from anonkit.plugin.hooks import ExecutorSpec, ReporterSpec, TokenizerSpec, TransformSpec, hookimpl
from anonkit.printable import printable

__all__ = [
    "Alias",
    "AnonkitError",
    "Attribute",
    "AttributeClass",
    "Batch",
    "Boundary",
    "Column",
    "ConfigError",
    "Encoding",
    "ExecutorSpec",
    "Fold",
    "Garbled",
    "Identities",
    "InputError",
    "Listing",
    "Mentions",
    "Operation",
    "OutputEncoder",
    "OutputError",
    "Outputs",
    "PluginConflictError",
    "PluginError",
    "PluginLoadError",
    "Reporter",
    "ReporterSpec",
    "Roles",
    "RunContext",
    "Tokenized",
    "Tokenizer",
    "TokenizerSpec",
    "Transform",
    "TransformSpec",
    "Transformed",
    "UnknownPluginError",
    "attribute",
    "hookimpl",
    "nearest",
    "option",
    "printable",
    "use_system_memory",
]
