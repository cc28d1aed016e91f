"""Numbers and times that a program writes as text: brought to one unit and one type, column by column.

A preset gives a column a type and a unit; the shapes of its cells follow from these. Memory: ``4000M``, ``1540K``,
``4Gn``; durations: ``1-02:03:04``, ``02:03.123``; times: ISO text, or seconds since 1970. ``UNLIMITED`` and ``Unknown``
are null. A cell of another shape is null as well, and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.catalogue import Attribute, AttributeClass, Preset
from anonkit.input.selection.time_range import microseconds
from anonkit.withheld import TOO_LONG

__all__ = ["PER_PART", "UNREADABLE", "Counts", "Measure", "describe_counts", "measures_of"]

UNREADABLE = "of another shape"
PER_PART = "for a node or a CPU"
"""Reasons for which cells are counted: one is read as null, one is a number for a part of the job."""

_BYTES: Mapping[str, float] = MappingProxyType(
    {"B": 1, "bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40, "KB": 1e3, "MB": 1e6, "GB": 1e9}
)
_SECONDS: Mapping[str, float] = MappingProxyType({"ms": 0.001, "s": 1, "min": 60, "h": 3600, "d": 86400})
_LETTERS = "KMGTPE"
_NOTHING = pa.array(
    ["unlimited", "infinite", "partition_limit", "unknown", "none", "n/a", "not_set", "invalid", ""], pa.string()
)
_NUMBER = r"^\s*[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?\s*$"
_MEMORY = r"^\s*(?P<number>[0-9]+(?:\.[0-9]*)?)\s*(?P<letter>[KMGTPEkmgtpe])(?:i?B)?(?P<part>[nc]?)\s*$"
_PER_PART = r"^\s*[0-9.]+\s*[A-Za-z]?[nc]\s*$"
_PLAIN_PER_PART = r"^\s*(?P<number>[0-9]+(?:\.[0-9]*)?)[nc]\s*$"
_CLOCK = (
    r"^\s*(?:(?:(?P<days>[0-9]{1,9})-)?(?P<hours>[0-9]{1,9}):)?"
    r"(?P<minutes>[0-9]{1,9}):(?P<seconds>[0-9]{1,9}(?:\.[0-9]*)?)\s*$"
)
_ZONELESS = r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+\s*$"
_LARGEST = 2.0**63

Counts = Counter[tuple[str, str]]
"""By column and `UNREADABLE`, `PER_PART` or `TOO_LONG`: how many of its cells."""


@attrs.frozen
class Measure:
    """What a column measures, and in which unit."""

    type: pa.DataType
    """Of its cells."""
    unit: str = ""
    bare_unit: str = ""
    """The unit of a number that names none."""
    time_zone: str = "UTC"

    @classmethod
    def from_attribute(cls, known: Attribute, time_zone: str) -> Measure | None:
        """Return what a column measures; None when its cells stay as they are."""
        if known.cls is AttributeClass.IDENTITY:
            return None
        if known.type == "word":
            return cls(pa.string())
        if known.type == "time":
            return cls(pa.timestamp("us", "UTC"), known.unit, known.bare_unit or "s", time_zone)
        types = {"integer": pa.int64(), "real": pa.float64()}
        if not known.unit or known.type not in types:
            return None
        return cls(types[known.type], known.unit, known.bare_unit or known.unit)

    def accepts(self, type_: pa.DataType) -> bool:
        """Return whether cells of a type can be brought to the unit."""
        if pa.types.is_string(type_) or pa.types.is_null(type_):
            return True
        if pa.types.is_string(self.type):
            # 1234.0 is the first step of a job, and no number.
            return bool(pa.types.is_floating(type_))
        number = pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_)
        is_time = pa.types.is_timestamp(type_) or pa.types.is_date(type_)
        return bool(number or (pa.types.is_timestamp(self.type) and is_time))

    def __call__(self, cells: pa.Array) -> tuple[pa.Array, Mapping[str, int]]:
        """Return the cells in unit and type, and how many are counted for which reason."""
        if not pa.types.is_string(cells.type):
            return self._typed(cells), {}
        encoded = cells.dictionary_encode()
        texts = encoded.dictionary
        found = self._typed(self._from_text(texts))
        means_nothing = pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(texts)), value_set=_NOTHING)
        unreadable = pc.and_not(found.is_null(), means_nothing)
        counts = {UNREADABLE: _rows(encoded, unreadable)}
        if self.unit in _BYTES:
            counts[PER_PART] = _rows(encoded, pc.match_substring_regex(texts, _PER_PART))
        return found.take(encoded.indices), {reason: count for reason, count in counts.items() if count}

    def _from_text(self, texts: pa.Array) -> pa.Array:
        """Return numbers or times for texts; null for those of another shape."""
        if pa.types.is_string(self.type):
            return pc.replace_substring_regex(pc.utf8_trim_whitespace(texts), r"(?s)\s.*", "")
        if pa.types.is_timestamp(self.type):
            return self._times(texts)
        scale = self._scale(self.bare_unit)
        plain = pc.multiply(_matching(texts, _NUMBER).cast(pa.float64()), scale)
        if self.unit in _BYTES:
            return pc.coalesce(plain, self._memory(texts), _per_part(texts, scale))
        return pc.coalesce(plain, self._durations(texts)) if self.unit in _SECONDS else plain

    def _typed(self, cells: pa.Array) -> pa.Array:
        if cells.type == self.type:
            return cells
        if pa.types.is_timestamp(self.type):
            per_second = 1000 if self.bare_unit == "ms" else 1
            return _instants(microseconds(cells, per_second), self.type)
        if pa.types.is_integer(self.type) and not pa.types.is_integer(cells.type):
            return _whole(cells.cast(pa.float64(), safe=False))
        return cells.cast(self.type, safe=False)

    def _scale(self, unit: str) -> float:
        """Return by what a number of a unit is multiplied."""
        for family in (_BYTES, _SECONDS):
            if unit in family and self.unit in family:
                return family[unit] / family[self.unit]
        return 1.0

    def _memory(self, texts: pa.Array) -> pa.Array:
        parts = pc.extract_regex(texts, _MEMORY)
        letters = pa.array(list(_LETTERS))
        power = pc.add(pc.index_in(pc.utf8_upper(pc.struct_field(parts, "letter")), value_set=letters), 1)
        number = pc.struct_field(parts, "number").cast(pa.float64())
        return pc.multiply(number, pc.divide(pc.power(1024.0, power.cast(pa.float64())), _BYTES[self.unit]))

    def _durations(self, texts: pa.Array) -> pa.Array:
        parts = pc.extract_regex(texts, _CLOCK)
        seconds = pc.struct_field(parts, "seconds").cast(pa.float64())
        for name, size in (("minutes", 60), ("hours", 3600), ("days", 86400)):
            digits = pc.struct_field(parts, name)
            digits = pc.if_else(pc.equal(digits, ""), "0", digits).cast(pa.float64())
            seconds = pc.add(seconds, pc.multiply(digits, float(size)))
        return pc.divide(seconds, _SECONDS[self.unit])

    def _times(self, texts: pa.Array) -> pa.Array:
        """Return texts as times; one without a time zone has the preset's."""
        per_second = 1000 if self.bare_unit == "ms" else 1
        found = microseconds(texts, per_second)
        if self.time_zone != "UTC":
            is_local = pc.match_substring_regex(texts, _ZONELESS)
            local = _instants(pc.if_else(is_local, found, None), pa.timestamp("us"))
            there = pc.assume_timezone(local, self.time_zone, ambiguous="earliest", nonexistent="latest")
            found = pc.if_else(is_local, there.cast(pa.int64()), found)
        return _instants(found, self.type)


def measures_of(preset: Preset | None) -> Mapping[str, Measure]:
    """Return the measures of a preset's columns, by name in folded case; a column without one stays as it is."""
    if preset is None:
        return {}
    found = {name: Measure.from_attribute(known, preset.time_zone) for name, known in preset.attributes.items()}
    return {name: measure for name, measure in found.items() if measure is not None}


def describe_counts(counts: Mapping[tuple[str, str], int], measures: Mapping[str, Measure]) -> Iterator[str]:
    """Yield a warning for each count, without those of texts that are too long."""
    for (column, reason), count in sorted(counts.items()):
        if reason == TOO_LONG:
            continue
        values, are = ("1 value", "is") if count == 1 else (f"{count:,} values", "are")
        if reason == UNREADABLE:
            yield f"{values} of {column} {are} of another shape than {measures[column.casefold()].unit}, and null"
        else:
            yield f"{values} of {column} {are} {reason} (n, c), and written as the number alone: see NNodes and ReqCPUS"


def _instants(found: pa.Array, type_: pa.DataType) -> pa.Array:
    return found.cast(pa.int64()).view(type_)


def _whole(numbers: pa.Array) -> pa.Array:
    """Return whole numbers as int64, and null for others."""
    fits = pc.and_(pc.equal(pc.floor(numbers), numbers), pc.less(pc.abs(numbers), _LARGEST))
    return pc.if_else(fits, numbers, None).cast(pa.int64())


def _per_part(texts: pa.Array, scale: float) -> pa.Array:
    number = pc.struct_field(pc.extract_regex(texts, _PLAIN_PER_PART), "number")
    return pc.multiply(number.cast(pa.float64()), scale)


def _matching(texts: pa.Array, pattern: str) -> pa.Array:
    return pc.if_else(pc.match_substring_regex(texts, pattern), pc.utf8_trim_whitespace(texts), None)


def _rows(encoded: pa.DictionaryArray, flags: pa.Array) -> int:
    """Return how many cells have one of the distinct texts that are flagged."""
    count: Any = pc.sum(pc.fill_null(flags.take(encoded.indices), False)).as_py()
    return int(count or 0)
