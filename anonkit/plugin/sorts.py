"""The sorts of plugins: for each specification its section of the configuration, its word in messages, its contract."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import attrs

from anonkit.plugin.contracts import OutputEncoder, Reader, Reporter, RoleSpec, Tokenizer, Transform
from anonkit.plugin.hooks import (
    CommandSpec,
    EncoderSpec,
    ExecutorSpec,
    ProfileSpec,
    ReaderSpec,
    ReporterSpec,
    TokenizerSpec,
    TransformSpec,
)

__all__ = ["SORTS", "Sort", "specs_of"]


@attrs.frozen
class Sort:
    """A sort of plugin."""

    section: str
    word: str
    contract: type[Any] | None = None
    """The class of the objects that its factory makes; None for an executor, which needs `submit` only."""


SORTS: Mapping[type[Any], Sort] = MappingProxyType(
    {
        ReaderSpec: Sort("readers", "reader", Reader),
        TokenizerSpec: Sort("anonymizers", "anonymizer", Tokenizer),
        TransformSpec: Sort("anonymizers", "anonymizer", Transform),
        ReporterSpec: Sort("reporters", "reporter", Reporter),
        EncoderSpec: Sort("encoders", "encoder", OutputEncoder),
        ExecutorSpec: Sort("executors", "executor"),
        CommandSpec: Sort("commands", "command"),
        RoleSpec: Sort("roles", "role"),
        ProfileSpec: Sort("profiles", "profile"),
    }
)
"""By the class of the specification."""


def specs_of(section: str) -> tuple[type[Any], ...]:
    """Return the classes of the specifications that a section takes."""
    return tuple(spec for spec, sort in SORTS.items() if sort.section == section)
