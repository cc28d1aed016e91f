"""Everything that a plugin may import from anonkit, besides `anonkit.arrow.segments`, `anonkit.arrow.offsets` and `anonkit.testing`.

Importing this module imports neither the engine nor pyarrow.
"""

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
    Encoding,
    Fold,
    Identities,
    Listing,
    Match,
    Mentions,
    OutputEncoder,
    Outputs,
    Reporter,
    Roles,
    RunContext,
    Tokenizer,
    Transform,
)
from anonkit.plugin.hooks import ExecutorType, ReporterType, TokenizerType, TransformType, hookimpl
from anonkit.runtime.own_process import set_up_arrow

__all__ = [
    "Alias",
    "AnonkitError",
    "Attribute",
    "AttributeClass",
    "Batch",
    "Column",
    "ConfigError",
    "Encoding",
    "ExecutorType",
    "Fold",
    "Identities",
    "InputError",
    "Listing",
    "Match",
    "Mentions",
    "OutputEncoder",
    "OutputError",
    "Outputs",
    "PluginConflictError",
    "PluginError",
    "PluginLoadError",
    "Reporter",
    "ReporterType",
    "Roles",
    "RunContext",
    "Tokenizer",
    "TokenizerType",
    "Transform",
    "TransformType",
    "UnknownPluginError",
    "attribute",
    "hookimpl",
    "nearest",
    "option",
    "set_up_arrow",
]
