"""A name that quotes, backslashes and line breaks split is read once, and ends where the definition says."""

from __future__ import annotations

import re
from functools import partial

from call_counts import count_calls
from hypothesis import assume, given
from hypothesis import strategies as st

from anonkit.auditing.views import Squeezed


def slow_end_of_split(name: str, text: str) -> int | None:
    """The definition: each way to put a gap between two characters of a name is tried."""
    gap = r"(?:['\"\\]|[\r\n][ \t]*)*"
    signs = [f"(?i:{re.escape(sign)})" for sign in name]
    ends = (end for end in range(len(text) + 1) if re.fullmatch(gap.join(signs), text[:end]))
    return next((len(text[:end].encode()) for end in ends), None)


GAPS = st.text(st.sampled_from("'\"\\nr\n \tx"), max_size=5)


@given(st.lists(st.tuples(st.sampled_from("anAN' \u00fc\\"), GAPS), min_size=2, max_size=5), st.booleans())
def test_a_name_that_is_split_ends_where_the_definition_says(signs: list[tuple[str, str]], line_breaks: bool) -> None:
    name, text = "".join(sign for sign, _ in signs).lower(), "".join(sign + gap for sign, gap in signs)
    # A name is looked for from its first byte on that is not left out.
    assume(name[0] not in "' \\")
    end = Squeezed(text.encode(), line_breaks=line_breaks).end_of_split(name.encode(), 0)
    assert end == slow_end_of_split(name, re.sub(r"\\[nr]", "\n\n", text) if line_breaks else text)


def test_a_name_in_a_text_of_its_own_letters_is_compared_at_once() -> None:
    name, text = "a" * 200, ("a" + "'" * 8) * 500
    view = Squeezed(text.encode())
    assert view.end_of_split(name.encode(), 9) == (9 + 199) * 9 + 1
    few, many = (count_calls(partial(view.end_of_split, name[:size].encode(), 9)) for size in (100, 200))
    assert few == many
