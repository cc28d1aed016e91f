"""Who is in the data: the fold is the same however the rows are cut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

import pyarrow as pa
import pytest
from fakes import Handles, Projects
from hypothesis import given, settings
from hypothesis import strategies as st
from survey_reference import Known, met, numbered, rows_of
from surveying import TEXT, Named, Row, counts, row, surveyed, table

from anonkit.identities.batch_identities import identity_codes
from anonkit.identities.kind_survey import Identity, IdentityFacts, KindSurvey, merge
from anonkit.identities.token_table import number
from anonkit.plugin.contracts import Boundary, Tokenizer

# Few names, so that rows share them; awkward in letter case, in blanks, as several in a cell, as parts of each other.
NAMES = st.sampled_from(["anna", "Anna", " bob ", "al", "alb", "?x", "", "  ", "@example.org", "bob@example.org", "é"])
SEVERAL = st.lists(NAMES, min_size=1, max_size=3).map(",".join)
CELL = st.none() | NAMES | SEVERAL
WORDS = st.sampled_from(["~anna", "~Bob", "~", "al", "ALB", "alb ", "xal", " ", "nova", "~é", "Ü"])
TEXTS = st.none() | st.lists(WORDS, max_size=4).map("".join)
ARGS = st.none() | st.lists(
    st.none() | st.fixed_dictionaries({"key": TEXTS, "values": st.none() | st.lists(TEXTS, max_size=2)}), max_size=2
)
VARS = st.none() | st.lists(st.tuples(TEXTS.map(lambda text: text or "k"), TEXTS), max_size=2)
ROWS = st.lists(
    st.fixed_dictionaries({"User": CELL, "Owner": CELL, "Cmd": TEXTS, "Env": TEXTS, "Args": ARGS, "Vars": VARS}),
    max_size=8,
)
TOKENIZERS = st.builds(
    Handles,
    own=st.sampled_from([("User",), ("User", "Owner"), ("Owner", "User"), ()]),
    words=st.sampled_from([(), ("al", "ALB", "nova"), ("é", "ü")]),
    several=st.booleans(),
    rule=st.sampled_from([Boundary.WORD, Boundary.PREFIX, Boundary.ANYWHERE]),
)
KNOWN = st.dictionaries(
    st.none() | st.sampled_from(["anna", "bob", "carl", "al"]), st.integers(1, 99), max_size=4
).filter(lambda known: len(set(known.values())) == len(known))


def merged_somehow(draw: st.DrawFn, parts: list[KindSurvey]) -> KindSurvey:
    """Merge neighbours in any order until one is left."""
    while len(parts) > 1:
        place = draw(st.integers(0, len(parts) - 2))
        parts[place : place + 2] = [merge(parts[place], parts[place + 1])]
    return parts[0]


@st.composite
def folds(draw: st.DrawFn) -> tuple[Handles, list[Row], KindSurvey]:
    tokenizer = draw(TOKENIZERS)
    rows: list[Row] = [*draw(ROWS)]
    cuts = sorted(draw(st.lists(st.integers(0, len(rows)), max_size=4)))
    bounds = [0, *cuts, len(rows)]
    parts = [surveyed(tokenizer, rows[low:high], low) for low, high in pairwise(bounds)]
    return tokenizer, rows, merged_somehow(draw, parts)


@given(folds(), KNOWN)
def test_any_cut_and_any_order_of_merging_gives_the_table_of_the_reference(
    fold: tuple[Handles, list[Row], KindSurvey], known: Mapping[Identity, int]
) -> None:
    tokenizer, rows, found = fold
    expected = met(tokenizer, rows, TEXT)
    assert {one: Known(seen.first_row, seen.count, seen.spellings) for one, seen in found.items()} == expected
    numbers = number(tokenizer, found, known)
    assert rows_of(numbers) == numbered(expected, known)
    assert (
        numbers.known() == {**known, **{one: place for one, place, _, _ in numbered(expected, known)}} or None in known
    )


@settings(max_examples=30)
@given(folds())
def test_the_survey_does_not_depend_on_how_text_is_cut_for_the_search(
    fold: tuple[Handles, list[Row], KindSurvey],
) -> None:
    tokenizer, rows, found = fold
    assert surveyed(tokenizer, rows, slice_bytes=3) == found


@given(TOKENIZERS, ROWS, st.booleans())
def test_the_survey_does_not_depend_on_segmentation(tokenizer: Handles, rows: list[Row], words: bool) -> None:
    repeated = rows * 3
    whole = surveyed(tokenizer, repeated)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Handles, "mentions_are_words", lambda *_: words)
        assert surveyed(tokenizer, repeated, probe=2) == whole


class TestCells:
    def test_an_identity_counts_once_a_row(self) -> None:
        found = table(Handles(several=True), row("anna,bob,anna"), row("bob"), row(None))
        assert counts(found) == {"anna": 1, "bob": 2, None: 1}

    def test_a_row_without_anyone_holds_the_null_identity(self) -> None:
        found = table(Handles(), row("anna"), row(" "), row(None), row("@example.org"))
        assert counts(found) == {"anna": 1, None: 3}
        assert found.valid == (True, False)

    def test_counts_add_up_to_the_rows(self) -> None:
        rows = [row(user) for user in ("anna", None, "bob", "?x", "", "anna")]
        assert sum(table(Handles(), *rows).counts) == len(rows)

    def test_a_second_column_numbers_but_does_not_count(self) -> None:
        found = table(Handles(own=("User", "Owner")), row("bob", "anna"), row("anna", None), row("carl", "dora"))
        assert rows_of(found) == [("anna", 1, 1, []), ("bob", 2, 1, []), ("carl", 3, 1, []), ("dora", 4, 0, [])]

    def test_a_null_in_a_second_column_is_no_identity(self) -> None:
        assert counts(table(Handles(own=("User", "Owner")), row("bob", None))) == {"bob": 1}

    def test_a_blank_in_a_second_column_needs_a_token(self) -> None:
        assert counts(table(Handles(own=("User", "Owner")), row("bob", "@example.org"))) == {None: 0, "bob": 1}

    def test_validity_is_the_tokenizers_word(self) -> None:
        found = table(Handles(), row("?x"), row("anna"), row(None))
        assert dict(zip(found.identities, found.valid, strict=True)) == {"?x": False, "anna": True, None: False}

    def test_no_rows(self) -> None:
        assert table(Handles()).identities == ()


class TestMentions:
    def test_a_mention_in_two_columns_counts_the_row_once(self) -> None:
        found = table(Projects(), row(cmd="nova nova", env="NOVA=1"), row(cmd="dune"), row(env="innova"))
        assert counts(found) == {"nova": 1, "dune": 1}

    def test_a_kind_with_a_column_does_not_count_mentions(self) -> None:
        assert counts(table(Handles(), row("anna", cmd="~bob"), row("bob"))) == {"anna": 1, "bob": 1}

    def test_spellings_are_unchanged(self) -> None:
        found = table(Handles(own=()), row(cmd="~Bob ~BOB", env="~bob"))
        assert rows_of(found) == [("bob", 1, 1, ["BOB", "Bob", "bob"])]

    def test_a_spelling_without_identity_is_dropped(self) -> None:
        assert table(Handles(own=()), row(cmd="~ ~")).identities == ()

    def test_text_in_lists_structs_and_maps_is_read(self) -> None:
        args = [None, {"key": "~anna", "values": ["x", "~bob nova"]}, {"key": None, "values": None}]
        rows = [row(), {**row(), "Args": args, "Vars": [("~carl", None), ("k", "~dora")]}]
        found = table(Handles(own=(), words=("nova",)), *rows)
        assert counts(found) == {"anna": 1, "bob": 1, "carl": 1, "dora": 1, "nova": 1}
        assert {seen.first_row for seen in surveyed(Handles(own=()), rows, 40).values()} == {41}


class TestWhoseSpellings:
    """What a tokenizer that says whom each spelling means, or that it guesses, makes of text."""

    def test_a_spelling_belongs_to_the_identity_that_the_mention_names(self) -> None:
        found = table(Named(), row(cmd="~annak:Anna_Example ~annak:anna_e"), row(cmd="~bob:Anna_Example"))
        assert rows_of(found) == [("annak", 1, 1, ["Anna_Example", "anna_e"]), ("bob", 2, 1, ["Anna_Example"])]

    def test_an_identity_with_a_sure_mention_is_not_tentative(self) -> None:
        found = table(Named(own=("User",)), row("anna", cmd="~anna?anna ~bob?bob ~carl?carl", env="~carl:carl"))
        assert found.identities == ("anna", "bob", "carl")
        assert found.tentative == {"bob"}

    @given(st.lists(st.sampled_from(["~anna?anna", "~anna:a", "~bob:b", "~bob?b", "~bob?bo", "x", ""]), max_size=8))
    def test_where_rows_are_cut_changes_nothing(self, texts: list[str]) -> None:
        rows = [row(cmd=text, env=text) for text in texts]
        whole = surveyed(Named(), rows)
        parts: KindSurvey = {}
        for place, one in enumerate(rows):
            merge(parts, surveyed(Named(), [one], place))
        assert parts == whole
        for identity, seen in whole.items():
            said = [spelling for text in texts for spelling in re.findall(rf"~{identity}[:?](\w+)", text)]
            assert seen.spellings == set(said)
            assert seen.is_tentative == (not any(f"~{identity}:" in text for text in texts))


class TestIdentityCodes:
    def codes(self, tokenizer: Tokenizer, cells: pa.Array) -> list[tuple[int, Identity]]:
        rows, codes, identities = identity_codes(tokenizer, cells)
        assert (rows.type, codes.type) == (pa.int64(), pa.int64())
        known = identities.to_pylist()
        assert len(set(known)) == len(known)
        return [(row, known[code]) for row, code in zip(rows.to_pylist(), codes.to_pylist(), strict=True)]

    def test_one_identity_a_cell(self) -> None:
        cells = pa.array(["Anna@x", None, "anna", " "])
        assert self.codes(Handles(), cells) == [(0, "anna"), (1, None), (2, "anna"), (3, None)]
        assert self.codes(Handles(), cells.slice(1, 2)) == [(0, None), (1, "anna")]
        assert self.codes(Handles(), cells.slice(4)) == []

    def test_several_identities_a_cell(self) -> None:
        cells = pa.array(["b,a", None, "a", ",", "a,b"])
        expected = [(0, "b"), (0, "a"), (1, None), (2, "a"), (3, None), (4, "a"), (4, "b")]
        assert self.codes(Handles(several=True), cells) == expected
        assert self.codes(Handles(several=True), cells.slice(2, 2)) == [(0, "a"), (1, None)]
        assert self.codes(Handles(several=True), cells.slice(5)) == []

    def test_an_identity_that_a_cell_repeats_is_there_once(self) -> None:
        assert self.codes(Handles(several=True), pa.array(["b,a,B,b", "a"])) == [(0, "b"), (0, "a"), (1, "a")]

    def test_numbers_can_be_identities(self) -> None:
        assert self.codes(Handles(), pa.array([7, None, 7])) == [(0, "7"), (1, None), (2, "7")]
        assert self.codes(Handles(), pa.array([1.5, None])) == [(0, "1.5"), (1, None)]


def test_what_is_known_of_both_parts() -> None:
    left: KindSurvey = {"anna": IdentityFacts(3, 2, {"a"}), None: IdentityFacts(1, 1)}
    right: KindSurvey = {"anna": IdentityFacts(9, 1, {"b"}), "bob": IdentityFacts(8)}
    assert merge(left, right) == {
        "anna": IdentityFacts(3, 3, {"a", "b"}),
        None: IdentityFacts(1, 1),
        "bob": IdentityFacts(8),
    }
    assert merge({}, {"bob": IdentityFacts(8)}) == {"bob": IdentityFacts(8)}
