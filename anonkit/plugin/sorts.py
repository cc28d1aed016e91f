"""The sorts of plugins: for each specification its section of the configuration, its word in messages, its contract."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import attrs

from anonkit.plugin.contracts import OutputEncoder, Reader, Reporter, Tokenizer, Transform
from anonkit.plugin.hooks import (
    CommandSpec,
    EncoderSpec,
    ExecutorSpec,
    ProfileSpec,
    ReaderSpec,
    ReporterSpec,
    RoleSpec,
    TokenizerSpec,
    TransformSpec,
)

__all__ = ["SORTS", "Sort"]


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
