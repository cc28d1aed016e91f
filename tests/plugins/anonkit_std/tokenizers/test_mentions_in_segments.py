"""What the tokenizers find in the segments of a text is what they find in the text."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from anonkit_std.tokenizers.experiment import ExperimentTokenizer
from anonkit_std.tokenizers.ip import IpTokenizer
from hypothesis import given
from hypothesis import strategies as st

from anonkit.api import Mentions, Roles, Tokenizer
from anonkit.identities.mentions import TextColumn, TextSearch

ROLES = Roles()
WORDS = st.sampled_from(
    [
        *(
            "EXPERIMENT",
            "SAM_EXPERIMENT",
            "MY_EXPERIMENT",
            "=",
            " = ",
            "= ",
            ": ",
            " :",
            ":",
            '"',
            "'",
            '\\"',
            ",",
            "{",
        ),
        *(" ", "  ", ";", "; ", "\n", "nova", "gm2", "A=", "LONG_NAME_OF_A_VARIABLE=1", "x" * 30),
        *("192.0.2.1", "198.51.100", ".7", "2001:db8::1", "::", "fe80", "1", "ab"),
    ]
)
TEXTS = st.lists(st.none() | st.lists(WORDS, max_size=8).map("".join), min_size=1, max_size=5)


@pytest.mark.parametrize("tokenizer", [ExperimentTokenizer(), IpTokenizer()], ids=lambda one: one.kind)
@given(texts=TEXTS)
def test_mentions_in_segments_are_those_in_the_whole_text(tokenizer: Tokenizer, texts: list[str | None]) -> None:
    array = pa.array(texts * 3, pa.string())
    search = TextSearch.from_tokenizer(tokenizer, ROLES.env, ROLES)
    found = TextColumn(ROLES.env, array, np.arange(len(array)), probe=2).mentions(search)
    assert search.separators is not None
    assert _pairs(found) == _pairs(tokenizer.mentions(array, ROLES.env, ROLES))


def _pairs(mentions: Mentions | None) -> list[tuple[int, str]]:
    assert mentions is not None
    return sorted(zip(mentions.rows.to_pylist(), mentions.spellings.to_pylist(), strict=True))
