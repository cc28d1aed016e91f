"""The corpus: data sets of jobs. Identity columns teach who there is, text columns hold the shapes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle
from random import Random
from typing import Any

import attrs
import pyarrow as pa

from benchmarks.accuracy.labels import Cell
from benchmarks.accuracy.population import Names
from benchmarks.accuracy.shapes import SHAPES, Shape
from benchmarks.accuracy.shapes.shape import TEXT
from benchmarks.accuracy.templates import Filled, Owner, fill

__all__ = ["TEXT_COLUMNS", "Corpus", "make_corpus"]

TEXT_COLUMNS = ("Args", "Cmd", "TransferInput", "Err", "Out", "UserLog", "Iwd", "JobDescription")
OWNERS = 60
FLAT, NESTED = ("text", "weak", "apart"), ("struct", "map", "list")
BASE = {
    "User": ("column, user", "«p.handle»@example.org"),
    "JobsubClientIpAddress": ("address column, plain", "«i.»"),
    "LastRemoteHost": ("host column, slot", "slot1_2@«h.full»"),
    "Jobsub_Group": ("experiment column, Jobsub_Group", "«e.name»"),
    "x509userproxysubject": ("subject, with UID", "/DC=org/DC=cilogon/O=Prova/CN=«p.name»/CN=UID:«p.handle»"),
}


@attrs.frozen
class Corpus:
    """Tables by name, and the labelled texts in them; `cells` of one table are in row order."""

    tables: dict[str, pa.Table]
    cells: tuple[Cell, ...]

    @property
    def mentions(self) -> int:
        """How many labels there are."""
        return sum(len(cell.labels) for cell in self.cells)


def make_corpus(seed: int, per_shape: int, shapes: Sequence[Shape] = SHAPES) -> Corpus:
    """Return a corpus with every shape that many times; the same for the same seed."""
    names = Names(Random(f"accuracy-{seed}"))
    owners = [Owner(names.person(), names.experiment(), names.host(), names.address()) for _ in range(OWNERS)]
    tables, cells = {}, []
    for form in (*FLAT, *NESTED):
        wanted = [shape for shape in shapes if shape.form == form]
        if wanted:
            made = _DataSet(form, names, owners)
            made.add(wanted, per_shape)
            tables[form] = made.table()
            cells += made.cells
    return Corpus(tables, tuple(cells))


@attrs.define
class _DataSet:
    form: str
    names: Names
    owners: Sequence[Owner]
    rows: list[dict[str, Any]] = attrs.field(factory=list)
    cells: list[Cell] = attrs.field(factory=list)
    free: dict[str, int] = attrs.field(factory=dict)
    """By column the first row that has no shape in it."""

    def add(self, shapes: Sequence[Shape], times: int) -> None:
        texts = cycle(TEXT_COLUMNS)
        for _ in range(times):
            for shape in shapes:
                self._add(shape, next(texts) if shape.column == TEXT else shape.column)
        for number, row in enumerate(self.rows):
            for column, (shape_name, template) in BASE.items():
                if column not in row:
                    row[column] = self._cell(number, column, "", shape_name, self._filled(number, template))

    def table(self) -> pa.Table:
        columns = list(dict.fromkeys(name for row in self.rows for name in row))
        return pa.table({name: self._array(name) for name in columns})

    def _add(self, shape: Shape, column: str) -> None:
        number = self.free.get(column, 0)
        self.free[column] = number + 1
        if number == len(self.rows):
            self.rows.append({})
        filled = self._filled(number, shape.template, shape.domains)
        if self.form in FLAT:
            self.rows[number][column] = self._cell(number, column, "", shape.name, filled)
        else:
            self.rows[number][column] = {
                leaf: self._cell(number, column, leaf, shape.name, part) for leaf, part in _items(filled, self.form)
            }

    def _filled(self, row: int, template: str, domains: tuple[str, ...] = ()) -> Filled:
        owner, other = (self.owners[place % len(self.owners)] for place in (row, row + 1))
        return fill(template, owner, other, self.names, domains)

    def _cell(self, row: int, column: str, leaf: str, shape: str, filled: Filled) -> str:
        labels, optional = tuple(filled.labels), tuple(filled.optional)
        self.cells.append(Cell(self.form, row, column, leaf, shape, filled.text, labels, optional))
        return filled.text

    def _array(self, column: str) -> pa.Array:
        values = [row.get(column) for row in self.rows]
        if not any(isinstance(value, dict) for value in values):
            return pa.array(values, pa.string())
        if self.form == "list":
            return pa.array([value and list(value.values()) for value in values], pa.list_(pa.string()))
        if self.form == "map":
            return pa.array([value and list(value.items()) for value in values], pa.map_(pa.string(), pa.string()))
        keys = dict.fromkeys(key for value in values for key in value or ())
        return pa.array(values, pa.struct([(key, pa.string()) for key in keys]))


def _items(filled: Filled, form: str) -> Iterator[tuple[str, Filled]]:
    """Yield the variables of an environment by key, or as they are by place, each with its own labels."""
    start = 0
    for place, word in enumerate(filled.text.split(" ")):
        key, _, value = word.partition("=")
        first, last = start + (0 if form == "list" else len(key) + 1), start + len(word)
        labels = [
            attrs.evolve(label, start=label.start - first, end=label.end - first)
            for label in filled.labels
            if first <= label.start and label.end <= last
        ]
        yield (str(place), Filled(word, labels)) if form == "list" else (key, Filled(value, labels))
        start = last + 1
