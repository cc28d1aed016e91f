"""Everything that a plugin may import from anonkit, besides `anonkit.arrow` and `anonkit.testing`.

`API_VERSION` counts changes of all three: a plugin made for another first number is left out, with the remedy.

Importing this module imports neither the engine nor pyarrow, and a name is imported when it is first asked for: what
declares commands for `anonkit --help` need not wait for the contracts of tokenizers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anonkit.arrow.memory import use_system_memory
    from anonkit.catalogue import Attribute, AttributeClass, Column, attribute
    from anonkit.errors import (
        AnonkitError,
        ConfigError,
        DamagedFile,
        InputError,
        OutputError,
        PluginConflictError,
        PluginError,
        PluginLoadError,
        UnknownPluginError,
        nearest,
    )
    from anonkit.file_names import MANIFEST
    from anonkit.options import option, options
    from anonkit.plugin.api_version import API_VERSION
    from anonkit.plugin.contracts import (
        FORMS,
        Alias,
        BadRecord,
        Batch,
        Boundary,
        Contents,
        DataFile,
        Encoding,
        Evidence,
        FileHead,
        Fold,
        Form,
        Garbled,
        Identities,
        Listing,
        Mentions,
        Operation,
        OutputEncoder,
        Outputs,
        Page,
        Place,
        Reader,
        Reporter,
        Roles,
        Run,
        RunContext,
        Tokenized,
        Tokenizer,
        Transform,
        Transformed,
        is_distinctive,
    )
    from anonkit.plugin.hooks import (
        CommandSpec,
        EncoderSpec,
        ExecutorSpec,
        NoOptions,
        ProfileSpec,
        ReaderSpec,
        ReporterSpec,
        RoleSpec,
        TokenizerSpec,
        TransformSpec,
        hookimpl,
    )
    from anonkit.printable import printable
    from anonkit.quantities import Size
    from anonkit.tables import write_table

__all__ = [
    "API_VERSION",
    "FORMS",
    "MANIFEST",
    "Alias",
    "AnonkitError",
    "Attribute",
    "AttributeClass",
    "BadRecord",
    "Batch",
    "Boundary",
    "Column",
    "CommandSpec",
    "ConfigError",
    "Contents",
    "DamagedFile",
    "DataFile",
    "EncoderSpec",
    "Encoding",
    "Evidence",
    "ExecutorSpec",
    "FileHead",
    "Fold",
    "Form",
    "Garbled",
    "Identities",
    "InputError",
    "Listing",
    "Mentions",
    "NoOptions",
    "Operation",
    "OutputEncoder",
    "OutputError",
    "Outputs",
    "Page",
    "Place",
    "PluginConflictError",
    "PluginError",
    "PluginLoadError",
    "ProfileSpec",
    "Reader",
    "ReaderSpec",
    "Reporter",
    "ReporterSpec",
    "RoleSpec",
    "Roles",
    "Run",
    "RunContext",
    "Size",
    "Tokenized",
    "Tokenizer",
    "TokenizerSpec",
    "Transform",
    "TransformSpec",
    "Transformed",
    "UnknownPluginError",
    "attribute",
    "hookimpl",
    "is_distinctive",
    "nearest",
    "option",
    "options",
    "printable",
    "use_system_memory",
    "write_table",
]

_MODULES = (
    "anonkit.plugin.hooks",
    "anonkit.errors",
    "anonkit.plugin.api_version",
    "anonkit.file_names",
    "anonkit.printable",
    "anonkit.quantities",
    "anonkit.options",
    "anonkit.tables",
    "anonkit.arrow.memory",
    "anonkit.catalogue",
    "anonkit.plugin.contracts",
)
"""The modules that define the names, those that are cheap to import first."""


def __getattr__(name: str) -> Any:
    """Return a name of the surface from the module that defines it; an old name gives the present one and a warning."""
    if name not in __all__:
        from anonkit.plugin.deprecated import current_name

        if present := current_name(name):
            return globals()[present] if present in globals() else __getattr__(present)
    else:
        for module in map(import_module, _MODULES):
            if name in module.__all__:
                return globals().setdefault(name, getattr(module, name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
