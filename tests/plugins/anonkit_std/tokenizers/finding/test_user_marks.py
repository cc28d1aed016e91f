"""Users are found in texts with a mark alone: what is found among all texts is the same."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest
from anonkit_std.tokenizers.finding.addressed_names import in_addresses
from anonkit_std.tokenizers.finding.commands import in_commands
from anonkit_std.tokenizers.finding.data_sets import in_data_sets
from anonkit_std.tokenizers.finding.folders import in_folders
from anonkit_std.tokenizers.finding.handles import Found, in_principals, in_user_ids
from anonkit_std.tokenizers.finding.keyed_handles import in_keys
from anonkit_std.tokenizers.finding.scan import Scan
from anonkit_std.tokenizers.finding.subjects import in_name_variables, in_text
from anonkit_std.tokenizers.finding.user_marks import MARKS
from anonkit_std.tokenizers.finding.windows_homes import in_windows_homes
from hypothesis import given
from hypothesis import strategies as st

Mentioned = list[tuple[object, ...]]

PARTS = (
    "annak", "Anna Example", "annak@example.org", "annak@EXAMPLE.ORG", "/", "=", '"', "'", " ", ":", ",", "x", "7", "é",
    "@node1", "GIT_AUTHOR_NAME=Anna Example", "231231_200812", "user.annak", "-l annak", "CN=UID:annak", "\n",
)  # fmt: skip


def _pairs(finder: Callable[[Scan], Found]) -> Callable[[Scan], Mentioned]:
    def found(scan: Scan) -> Mentioned:
        mentions = finder(scan)
        return list(zip(mentions.rows.tolist(), mentions.handles.to_pylist(), strict=True))

    return found


def _people(scan: Scan) -> Mentioned:
    found = in_folders(scan)
    return [(row, found.people[code]) for row, code in zip(found.rows.tolist(), found.codes.tolist(), strict=True)]


FINDERS: dict[str, Callable[[Scan], Mentioned]] = {
    **{finder.__name__: _pairs(finder) for finder in (in_principals, in_user_ids, in_data_sets, in_commands, in_keys)},
    "in_folders": _people,
    "in_subjects": lambda scan: list(in_text(scan)),
    "in_name_variables": lambda scan: list(in_name_variables(scan)),
    "in_addresses": lambda scan: list(in_addresses(scan)),
    "in_windows_homes": lambda scan: list(in_windows_homes(scan)),
}


@pytest.mark.parametrize("finder", FINDERS.values(), ids=FINDERS)
@given(
    texts=st.lists(
        st.none() | st.lists(st.sampled_from((*PARTS, *(mark.decode() for mark in MARKS))), max_size=6).map("".join),
        max_size=8,
    )
)
def test_texts_without_a_mark_mention_nobody(finder: Callable[[Scan], Mentioned], texts: list[str | None]) -> None:
    array = pa.array(["", *texts], pa.string())[1:]
    assert finder(Scan.from_text(array, MARKS)) == finder(Scan.from_text(array))


def test_texts_without_a_mark_are_left_out() -> None:
    scan = Scan.from_text(pa.array(["x", None, "user=annak", "y", "UID"]), (b"user=", b"UID"))
    assert (scan.data, scan.numbers.tolist()) == (b"user=annak\nUID\n", [2, 4])
    assert list(scan.texts_with(b"=")) == [(2, b"user=annak")]
    assert [row for row, _, _ in scan.around(b"UID")] == [4]
