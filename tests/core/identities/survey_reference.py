"""Who is in the rows, and under which number: one cell at a time, slow, obvious, and what the fold is compared with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
from fakes import Handles
from replace_reference import garble

from anonkit.identities.kind_survey import Identity
from anonkit.identities.token_table import KindTable
from anonkit.text.spellings import Literal, Literals


@attrs.define
class Known:
    first_row: int
    count: int = 0
    spellings: set[str] = attrs.field(factory=set)


def texts_in(value: Any) -> list[str]:
    """Every text in a cell, inside lists and structs too."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for held in value.values() for text in texts_in(held)]
    if isinstance(value, (list, tuple)):
        return [text for held in value for text in texts_in(held)]
    return []


def keywords_in(tokenizer: Handles, text: str) -> list[str]:
    words = list({word.lower(): word for word in reversed(tokenizer.words)}.values())
    literals = Literals.from_literals(Literal(word, tokenizer.rule, f"<{place}>") for place, word in enumerate(words))
    return [words[int(place)] for place in re.findall(r"<(\d+)>", garble(text, literals) or "")]


def met(tokenizer: Handles, rows: Sequence[Mapping[str, Any]], text_columns: Sequence[str]) -> dict[Identity, Known]:
    """Return what is known of each identity after all rows."""
    found: dict[Identity, Known] = {}
    for number, row in enumerate(rows):
        in_cells: set[Identity] = set()
        counted: set[Identity] = set()
        for place, column in enumerate(tokenizer.own):
            held: list[Identity] = [*tokenizer.of_cell(row[column])]
            if place == 0:
                counted |= set(held or [None])
            elif row[column] is not None:
                in_cells |= set(held or [None])
        said = [
            (identity, spelling)
            for column in text_columns
            for text in texts_in(row[column])
            for spelling in [*tokenizer.of_text(text), *keywords_in(tokenizer, text)]
            for identity in tokenizer.of_cell(spelling)
        ]
        if not tokenizer.own:
            counted |= {identity for identity, _ in said}
        for identity in counted | in_cells | {identity for identity, _ in said}:
            known = found.setdefault(identity, Known(number))
            known.count += identity in counted
            known.spellings |= {spelling for one, spelling in said if one == identity}
    return found


def numbered(
    known: Mapping[Identity, Known], before: Mapping[Identity, int]
) -> list[tuple[Identity, int, int, list[str]]]:
    """Return identity, number, count and spellings, by number."""
    numbers = {identity: before[identity] for identity in known if identity in before}
    following = max(before.values(), default=0) + 1
    for identity in sorted(known, key=lambda one: (known[one].first_row, one is not None, one or "")):
        if identity not in numbers:
            numbers[identity] = following
            following += 1
    order = sorted(numbers, key=lambda one: numbers[one])
    return [(one, numbers[one], known[one].count, sorted(known[one].spellings)) for one in order]


def rows_of(table: KindTable) -> list[tuple[Identity, int, int, list[str]]]:
    """Return a table as `numbered` does."""
    columns = (table.identities, table.numbers, table.counts, map(list, table.spellings))
    return list(zip(*columns, strict=True))
