"""Numbers in groups: no token is given twice, and those that are known stay, whatever was forgotten."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from anonkit.identities.numbering import next_numbers, next_numbers_in_groups, numeral

NAMES = st.none() | st.text("abc", min_size=1, max_size=3)


def group(name: str) -> str | None:
    """The first letter; who begins with a c is in no group."""
    return None if name[0] == "c" else name[0]


def shown(numbers: dict[str | None, int]) -> dict[str | None, str]:
    return {one: numeral(number, grouped=True) for one, number in numbers.items()}


def test_groups_and_their_members_are_numbered_as_they_come() -> None:
    fresh = ["ax", "b", "ay", None, "c", "cc", "bz", "az"]
    assert shown(next_numbers_in_groups(fresh, {}, (), group)) == {
        "ax": "1.1", "b": "2.1", "ay": "1.2", None: "3", "c": "4", "cc": "5", "bz": "2.2", "az": "1.3",
    }  # fmt: skip


def test_known_numbers_are_continued() -> None:
    known = next_numbers_in_groups(["ax", "b", "ay"], {}, (), group)
    assert shown(next_numbers_in_groups(["bz", "az", "c"], known, (), group)) == {"bz": "2.2", "az": "1.3", "c": "3"}


def test_a_number_that_was_forgotten_is_not_given_again() -> None:
    known = next_numbers_in_groups(["ax", "ay", "b"], {}, (), group)
    gone = {known.pop("ay"), known.pop("b")}
    assert shown(next_numbers_in_groups(["ay", "az", "b"], known, gone, group)) == {
        "ay": "1.3",
        "az": "1.4",
        "b": "3.1",
    }


def test_without_groups_numbers_go_up() -> None:
    assert next_numbers(["a", None], {"b": 3}, {7}) == {"a": 8, None: 9}
    assert next_numbers(["a"], {}, ()) == {"a": 1}
    assert numeral(3_000_000_007, grouped=False) == "3000000007"


@given(st.lists(st.lists(NAMES, unique=True, max_size=6), max_size=4), st.data())
def test_over_many_runs_no_token_is_given_twice(runs: list[list[str | None]], data: st.DataObject) -> None:
    known: dict[str | None, int] = {}
    retired: set[int] = set()
    ever: set[str] = set()
    for run in runs:
        fresh = [one for one in run if one not in known]
        given_now = next_numbers_in_groups(fresh, known, retired, group)
        assert list(given_now) == fresh
        tokens = set(shown(given_now).values())
        assert len(tokens) == len(fresh)
        assert not tokens & ever
        ever |= tokens
        known |= given_now
        for name in "ab":
            # Who is known of a group has its number, and no other.
            assert len({number // 10**9 for one, number in known.items() if one and one[0] == name}) <= 1
        for one in data.draw(st.sets(st.sampled_from(sorted(known, key=str)), max_size=2)) if known else ():
            retired.add(known.pop(one))
