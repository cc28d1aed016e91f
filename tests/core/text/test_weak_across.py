"""Weak names are replaced where the text that names a person is in segments before theirs."""

from __future__ import annotations

import pyarrow as pa
import pytest

from anonkit.arrow.offsets import value_ends
from anonkit.plugin.contracts import Boundary, Place
from anonkit.text.matches import TextMatcher
from anonkit.text.replace import TextReplacer
from anonkit.text.segmentation import SEPARATORS, segment_text
from anonkit.text.spellings import Literal, Literals

PLACES = (
    Place(r"\(by user ", r"(?:[)]|$)"),
    Place(r"(?:sudo|squeue) -u \\?[\"']?", r"(?:[\"'\s]|$)"),
    Place("--group="),
    Place("jobsub_[a-z]{1,12} (?:-G |--group )"),
)
LITERALS = Literals.from_literals([Literal("prod", Boundary.NAMED, "UR_1", places=PLACES)])


def garbled(text: str) -> str:
    """Return a text garbled as a value of a column that is cut into segments."""
    array = pa.array([f"COMMON={'x' * 100} {number} {text}" for number in range(8)], pa.string())
    assert segment_text(array, SEPARATORS, probe=4) is not None
    found = TextReplacer(LITERALS, probe=4)(array).to_pylist()
    assert found == TextReplacer(LITERALS)(array).to_pylist()
    return str(found[0]).partition(" 0 ")[2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("via condor_rm (by user prod)", "via condor_rm (by user UR_1)"),
        ("sudo -u prod ls", "sudo -u UR_1 ls"),
        ("squeue -u 'prod' -h", "squeue -u 'UR_1' -h"),
        ("jobsub_submit -G prod", "jobsub_submit -G UR_1"),
        ("jobsub_submit --group prod --group=prod", "jobsub_submit --group UR_1 --group=UR_1"),
        ("the prod (by user annak)", "the prod (by user annak)"),
        ("by user prod", "by user prod"),
        ("sudo -u x prod /data/prod", "sudo -u x prod /data/prod"),
    ],
)
def test_text_before_a_cut_decides(text: str, expected: str) -> None:
    assert garbled(text) == expected


@pytest.mark.parametrize(
    ("segment", "is_undecided"), [("prod) ", True), ("'prod' ", True), ("x", False), ("--group=prod ", False)]
)
def test_segments_are_undecided_where_a_weak_name_is_left(segment: str, is_undecided: bool) -> None:
    texts = pa.array([segment], pa.string())
    matches = TextMatcher(LITERALS)(texts.buffers()[2], value_ends(texts), whole=False)
    assert matches.undecided.tolist() == [0] * is_undecided


def test_a_name_far_from_the_begin_of_its_segment_is_decided() -> None:
    texts = pa.array([f"/{'x' * 80}/prod "], pa.string())
    assert not TextMatcher(LITERALS)(texts.buffers()[2], value_ends(texts), whole=False).undecided.size
