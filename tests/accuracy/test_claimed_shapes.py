"""Every shape in which a name is claimed to be found: all of it goes, and nothing else does."""

from __future__ import annotations

from functools import cache

import pyarrow as pa
import pytest

from benchmarks.accuracy.alignment import Replaced, aligned
from benchmarks.accuracy.corpus import make_corpus
from benchmarks.accuracy.labels import Cell, Label
from benchmarks.accuracy.scoring import Score, by_shape, total
from benchmarks.accuracy.shapes import SHAPES
from benchmarks.accuracy.systems import anonkit_results

TIMES = 4


@cache
def scores() -> dict[str, Score]:
    return by_shape(anonkit_results(make_corpus(1, TIMES)))


def test_what_is_claimed_is_found_and_nothing_else_is_replaced() -> None:
    assert {shape for shape, score in scores().items() if not score.perfect} == set()


def test_the_corpus_has_many_shapes_and_mentions() -> None:
    assert len({shape.name for shape in SHAPES}) == len(SHAPES) == len(scores())
    assert total(scores()).mentions > 3000


def test_one_seed_makes_one_corpus() -> None:
    one, same, other = make_corpus(1, 1), make_corpus(1, 1), make_corpus(2, 1)
    assert one.cells == same.cells
    assert all(one.tables[name].equals(same.tables[name]) for name in one.tables)
    assert one.cells != other.cells


def test_labels_lie_in_their_texts_and_do_not_overlap() -> None:
    corpus = make_corpus(3, 1)
    for cell in corpus.cells:
        ends = [0, *(label.end for label in cell.labels)]
        assert all(end <= label.start < label.end for end, label in zip(ends, cell.labels, strict=False)), cell
        assert ends[-1] <= len(cell.text)
    flat = {"text", "weak", "apart"}
    for cell in corpus.cells:
        if cell.data_set in flat:
            assert corpus.tables[cell.data_set].column(cell.column)[cell.row] == pa.scalar(cell.text)


def cell_of(text: str, *labels: tuple[int, int]) -> Cell:
    return Cell("text", 0, "Args", "", "x", text, tuple(Label(*label, "user", "x") for label in labels), ())


@pytest.mark.parametrize(
    ("text", "output", "replaced"),
    [
        ("a bob c", "a UR_1 c", [(2, 5, "user", "UR_1")]),
        ("a/bob/bob/c", "a/UR_1/UR_1/c", [(2, 5, "user", "UR_1"), (6, 9, "user", "UR_1")]),
        ("nothing", "nothing", []),
        ("bob", "(secret)", [(0, 3, "secret", "(secret)")]),
    ],
)
def test_output_is_laid_over_input(text: str, output: str, replaced: list[tuple[int, int, str, str]]) -> None:
    assert aligned(cell_of(text), output) == tuple(Replaced(*one) for one in replaced)


def test_what_changed_otherwise_cannot_be_laid_over() -> None:
    assert aligned(cell_of("a bob c"), "a UR_1 d") is None
    assert aligned(cell_of("a bob c"), "") is None


def test_a_name_in_part_is_no_find_and_too_much_is_not_right() -> None:
    cell = cell_of("x annak y", (2, 7))
    assert by_shape([(cell, aligned(cell, "x UR_1k y"))])["x"] == Score(1, 0, 1, 1, 0)
    assert by_shape([(cell, aligned(cell, "UR_1 y"))])["x"] == Score(1, 1, 1, 0, 0)
    assert by_shape([(cell, None)])["x"] == Score(1, 0, 0, 0, 1)
