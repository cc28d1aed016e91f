"""Which columns of a run go into a data set, and why the others do not: what is not known to be safe stays out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import attrs

from anonkit.api import AttributeClass, Column, RunContext, Tokenized

__all__ = ["EVERY", "ColumnChoice", "LeftOut", "choose", "further"]

EVERY = "*"
"""Among named columns: all others that may go in."""


@attrs.frozen
class LeftOut:
    """A column that does not go in."""

    column: Column
    why: str


@attrs.frozen
class ColumnChoice:
    """The columns that go in, in order, and those that might have."""

    included: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


def further(columns: Iterable[Column], accept: Sequence[str]) -> list[str]:
    """Return the names of all columns that may go in without being named."""
    return [
        column.name
        for column in columns
        if not column.is_refused and (column.allowed or (column.cls is not None and column.cls.value in accept))
    ]


def choose(named: Sequence[str], beside: Sequence[str], accept: Sequence[str], context: RunContext) -> ColumnChoice:
    """Return the choice of a run: the `named` columns, without any those of the row record, and those of `beside`.

    A named column goes in. Others do when their class is accepted; one of identities only when an anonymizer has put
    tokens for them.
    """
    wanted = {name: None for name in named if name != EVERY}
    if EVERY in named:
        candidates = dict.fromkeys([*wanted, *(context.columns or context.batch_schema.names)])
    else:
        candidates = wanted or dict.fromkeys([*context.schema.names, *_dropped(context)])
    numbers = () if context.job_column is None else (context.job_column,)
    candidates = dict.fromkeys([*numbers, *candidates])
    trusted = {*wanted, *beside, *numbers}
    written = frozenset(context.batch_schema.names)
    reasons = {
        name: _why_not(name, trusted, accept, context, written) for name in dict.fromkeys([*candidates, *beside])
    }
    return ColumnChoice(
        tuple(name for name, why in reasons.items() if why is None),
        tuple(LeftOut(_column(name, context), why) for name, why in reasons.items() if why is not None),
    )


def _column(name: str, context: RunContext) -> Column:
    return context.columns.get(name) or Column(name=name, cls=None, attribute=None)


def _dropped(context: RunContext) -> list[str]:
    written = frozenset(context.batch_schema.names)
    return [name for name in context.operations if name not in written]


def _why_not(
    name: str, trusted: set[str], accept: Sequence[str], context: RunContext, written: Collection[str]
) -> str | None:
    """Return why a column stays out, None when it goes in; `written` are the columns of the anonymized batches."""
    column = _column(name, context)
    if column.is_refused:
        return f"must not be passed on: {column.why_never}"
    if name not in written:
        return "; ".join(map(str, context.operations[name])) if name in context.operations else _unread(column)
    if name in trusted or column.allowed:
        return None
    tokenized = any(isinstance(operation, Tokenized) for operation in context.operations.get(name, ()))
    cls = AttributeClass.IDENTITY if tokenized else column.cls
    if cls is None or cls.value not in accept:
        return _unread(column)
    if cls is AttributeClass.IDENTITY and context.garbled and not tokenized:
        kind = column.attribute.kind if column.attribute else "identity"
        return f"each cell is one {kind}, and no anonymizer that is switched on claims the column"
    return None


def _unread(column: Column) -> str:
    if column.cls is None:
        return "not in the catalogue; name it in columns to have it"
    return f"of class {column.cls.value}, which accept does not have"
