"""The user tokenizer: the text before the first `@` of a cell is the handle."""

from __future__ import annotations

import re

import attrs
import numpy as np
import pyarrow as pa
import pytest
from anonkit_std.options.tokenizers import UserOptions
from anonkit_std.tokenizers.user import UserTokenizer
from hypothesis import given
from hypothesis import strategies as st

from anonkit.api import Boundary, Mentions, Roles
from anonkit.identities.mentions import TextColumn, TextSearch

TOKENIZER = UserTokenizer()
cells_of_users = st.lists(st.none() | st.text("aB.+-@@ \t\n\0é\u00a0$^[(\\", max_size=8), max_size=6)
WITH_DOMAIN = re.compile(r"([A-Za-z][\w.-]{1,30}\\{1,2})(\w.*)", re.ASCII | re.DOTALL)


def parted(cell: str) -> tuple[str, str, str]:
    """Return a domain of Windows, the handle after it, and the rest of a cell."""
    before, sign, after = cell.partition("@")
    found = WITH_DOMAIN.fullmatch(before.strip())
    return found[1] if found else "", found[2] if found else before.strip(), sign + after


def written(cells: pa.Array) -> list[str | None]:
    tokens = pa.array([None if cell is None else "UR_1" for cell in cells.to_pylist()], pa.string())
    found: list[str | None] = TOKENIZER.render_cell(tokens, TOKENIZER.residual(cells)).to_pylist()
    return found


@pytest.mark.parametrize(
    ("cell", "handle", "token"),
    [
        ("anna@example.org", "anna", "UR_1@example.org"),
        ("anna", "anna", "UR_1"),
        ("anna@", "anna", "UR_1@"),
        ("  anna \t@example.org", "anna", "UR_1@example.org"),
        ("\u00a0anna\u2003", "anna", "UR_1"),
        ("anna.b+jobs@example.org", "anna.b+jobs", "UR_1@example.org"),
        ("Anna@example.org", "Anna", "UR_1@example.org"),
        ("a b@example.org", "a b", "UR_1@example.org"),
        (r"\d+(.*)$@example.org", r"\d+(.*)$", "UR_1@example.org"),
        ("anna@example.org@example.net", "anna", "UR_1@example.org@example.net"),
        ("anna\nb@example.org\nx", "anna\nb", "UR_1@example.org\nx"),
        ("an\0na@example.org", "an\0na", "UR_1@example.org"),
        ("é@example.org", "é", "UR_1@example.org"),
        ("@example.org", None, "UR_1@example.org"),
        (" @example.org", None, "UR_1@example.org"),
        ("@", None, "UR_1@"),
        ("", None, "UR_1"),
        ("  ", None, "UR_1"),
        (None, None, None),
        (r"EXAMPLE\anna", "anna", r"EXAMPLE\UR_1"),
        (r" example.org\anna@node1", "anna", r"example.org\UR_1@node1"),
        (r"EXAMPLE\\anna", "anna", r"EXAMPLE\\UR_1"),
        (r"EXAMPLE\a\b", r"a\b", r"EXAMPLE\UR_1"),
        ("EXAMPLE\\", "EXAMPLE\\", "UR_1"),
        (r"x\anna", r"x\anna", "UR_1"),
    ],
)
def test_the_token_replaces_the_handle_of_a_cell(cell: str | None, handle: str | None, token: str | None) -> None:
    cells = pa.array([cell], pa.string())
    assert TOKENIZER.identify(cells).to_pylist() == [handle]
    assert written(cells) == [token]


@given(cells_of_users)
def test_handles_and_cells_equal_those_of_the_reference(cells: list[str | None]) -> None:
    array = pa.array(cells, pa.string())
    parts = [None if cell is None else parted(cell) for cell in cells]
    assert TOKENIZER.identify(array).to_pylist() == [part and (part[1] or None) for part in parts]
    assert TOKENIZER.residual(array).to_pylist() == [part and part[0] + part[2] for part in parts]
    assert written(array) == [part and f"{part[0]}UR_1{part[2]}" for part in parts]


@given(cells_of_users, st.integers(0, 3))
def test_a_slice_is_read_like_the_rows_it_shows(cells: list[str | None], skip: int) -> None:
    part = pa.array(cells, pa.string()).slice(min(skip, len(cells)))
    alone = pa.array(part.to_pylist(), pa.string())
    assert TOKENIZER.identify(part).to_pylist() == TOKENIZER.identify(alone).to_pylist()
    assert TOKENIZER.residual(part).to_pylist() == TOKENIZER.residual(alone).to_pylist()


def test_numbers_are_handles_too() -> None:
    numbers = pa.array([1001, None], pa.int64())
    assert TOKENIZER.identify(numbers).to_pylist() == ["1001", None]
    assert written(numbers) == ["UR_1", None]


def test_every_handle_is_valid() -> None:
    assert TOKENIZER.valid(pa.array(["anna", "-"])).to_pylist() == [True, True]


@pytest.mark.parametrize(
    ("match", "literal", "rule"),
    [
        ("auto", "ann", Boundary.PART),
        ("auto", "anna", Boundary.PART_PREFIX),
        ("auto", "annab", Boundary.ANYWHERE),
        ("auto", "ak7", Boundary.ANYWHERE),
        ("auto", "ac7", Boundary.PART),
        ("auto", "éé", Boundary.WORD),
        ("word", "annabella", Boundary.PART),
        ("prefix", "ann", Boundary.PART_PREFIX),
        ("anywhere", "ann", Boundary.ANYWHERE),
        ("auto", "ak", Boundary.NAMED),
        ("anywhere", "Path", Boundary.NAMED),
        ("auto", "2023", Boundary.NAMED),
        ("auto", "young", Boundary.ANYWHERE),
    ],
)
def test_option_and_length_give_the_boundary(match: str, literal: str, rule: Boundary) -> None:
    assert UserTokenizer(UserOptions(match=match)).boundary(literal) is rule  # type: ignore[arg-type]


def test_options_add_aliases_and_their_spellings() -> None:
    tokenizer = UserTokenizer(UserOptions(aliases={"anna": ("a.bell", "Anna Bell"), "root": ("admin",)}))
    assert {"anna", "a.bell", "Anna Bell", "Bell, Anna", "anna_bell".title(), "AnnaBell"} <= {
        *tokenizer.aliases("anna")
    }
    assert {*tokenizer.aliases("Anna")} == {"Anna", *tokenizer.aliases("anna")} - {"anna"}
    assert tuple(tokenizer.aliases("ben")) == ("ben",)
    assert tuple(tokenizer.aliases("Root")) == ()


def test_columns_are_the_role_s_and_those_of_the_options() -> None:
    schema = pa.schema([("User", pa.string())])
    assert TOKENIZER.columns(schema, Roles(user="Owner")) == ("Owner",)
    assert UserTokenizer(UserOptions(columns=("Owner",))).columns(schema, Roles()) == ("User", "Owner")


def test_prefixes_are_options() -> None:
    assert (TOKENIZER.prefix, TOKENIZER.text_prefix) == ("UR", "UR_")
    tokenizer = UserTokenizer(UserOptions(prefix="U", text_prefix="U-"))
    assert (tokenizer.prefix, tokenizer.text_prefix) == ("U", "U-")


@pytest.mark.parametrize("handle", ["-", "--", "|", "—", "_"])
def test_a_handle_without_letter_or_digit_has_no_alias(handle: str) -> None:
    assert [*UserTokenizer().aliases(handle)] == []
    assert [*UserTokenizer().aliases(f"{handle}ü")] == [f"{handle}ü"]


def as_pairs(mentions: Mentions | None) -> set[tuple[int, str]]:
    assert mentions is not None
    return set(zip(mentions.rows.to_pylist(), mentions.spellings.to_pylist(), strict=True))


MARKS = st.sampled_from(["UID=", "uid=", "CN=UID:", "/UID=", "/home/", "/nashome/a/", "@EXAMPLE.ORG", "O=", "CN=Anna "])
SIGNS = st.text(st.sampled_from(" \t\n\v,;+/=:\"'"), max_size=3)
MARKED = st.lists(st.tuples(SIGNS, MARKS, st.sampled_from(["", "annak", "bell2"]), SIGNS).map("".join), max_size=4)


@given(st.lists(MARKED.map("".join), max_size=6))
def test_users_are_mentioned_in_segments_as_in_whole_texts(texts: list[str]) -> None:
    # What repeats itself, so that the others are cut as well.
    array = pa.array([*(f"{n} {'x' * 200}" for n in range(4)), *texts], pa.string())
    roles = Roles()
    search = TextSearch.from_tokenizer(TOKENIZER, "Cmd", roles)
    segmented = TextColumn("Cmd", array, np.arange(len(array)), probe=3).mentions(search)
    uncut = attrs.evolve(search, separators=None)
    assert as_pairs(segmented) == as_pairs(TextColumn("Cmd", array, np.arange(len(array))).mentions(uncut))


def test_words_are_weak_or_strong_as_options_say() -> None:
    tokenizer = UserTokenizer(UserOptions(strong=("Path",), weak=("Young",)))
    assert tokenizer.boundary("path") is Boundary.PART_PREFIX
    assert tokenizer.boundary("young") is Boundary.NAMED
    assert list(tokenizer.aliases("production")) == ["production"]


def test_a_token_stays_apart_from_what_follows_it() -> None:
    tokens = pa.array(["UR_1", "UR_2", "UR_3", "UR_4"])
    cells = TOKENIZER.render_cell(tokens, pa.array(["EX_1.example.org", "@example.org", "", None]))
    assert cells.to_pylist() == ["UR_1@EX_1.example.org", "UR_2@example.org", "UR_3", None]
