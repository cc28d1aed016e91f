"""Strong names that are in most rows of most others are counted in a sample that no cut of batches changes."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pytest

from anonkit.arrow.rows import Rows
from anonkit.identities.shared_names import SharedNames, describe_shared, sampled, shared_tokens
from anonkit.identities.token_table import KindTable

PEOPLE = ("annak", "bertold", "cecilia", "dorothea", "zorblat")
TABLE = KindTable(
    kind="user",
    prefix="UR",
    text_prefix="UR_",
    identities=PEOPLE,
    numbers=(1, 2, 3, 4, 5),
    counts=(1,) * 5,
    valid=(True,) * 5,
    spellings=((),) * 5,
)
NAMES = SharedNames(TABLE, ("Cmd", "Environment"))


def counts(texts: list[str | None], owners: list[int], cut: int) -> Counter[tuple[str, int, str]]:
    batch = pa.record_batch({"Cmd": pa.array(texts, pa.string())})
    people = pa.array([[owner] for owner in owners], pa.list_(pa.int32()))
    found: Counter[tuple[str, int, str]] = Counter()
    for first, size in ((0, cut), (cut, len(texts) - cut)):
        found.update(NAMES(Rows(batch.slice(first, size)), people.slice(first, size), first))
    return found


@pytest.mark.parametrize("cut", [0, 1, 3])
def test_a_name_in_most_rows_of_most_others_is_told(cut: int) -> None:
    texts = ["/x/UR_5 UR_1", "UR_5/UR_5", "UR_2", "y UR_5 UR_3", "UR_50", None]
    found = counts(texts, [0, 1, 1, 2, 3, 4], cut)
    assert found["user", 1, ""] == 2
    assert found["user", 1, "UR_5"] == 1
    assert shared_tokens(found, {"user": TABLE}, ()) == []
    more = found + counts(["UR_5 a"], [1], 0)
    assert shared_tokens(more, {"user": TABLE}, ()) == ["UR_5"]
    assert shared_tokens(more, {"user": TABLE}, ("UR_5",)) == []


def test_two_others_are_too_few() -> None:
    assert shared_tokens(counts(["UR_5", "UR_5"], [0, 1], 0), {"user": TABLE}, ()) == []


def test_the_sample_is_the_same_for_every_cut() -> None:
    whole = sampled(0, 10_000).tolist()
    assert whole == [*sampled(0, 5000).tolist(), *(5000 + row for row in sampled(5000, 5000).tolist())]
    assert len(whole) == 4096 + len(range(4096, 10_000, 256))


def test_the_warning_names_tokens() -> None:
    assert "UR_5, UR_6;" in describe_shared(["UR_5", "UR_6"])
    assert "UR_10 and 1 more" in describe_shared([f"UR_{number}" for number in range(1, 12)])
