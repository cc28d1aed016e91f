"""Who is in the data: the fold is the same however the rows are cut, and numbers follow from the rows alone."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import attrs
import pyarrow as pa
import pytest
from fakes import Handles, Projects
from hypothesis import given, settings
from hypothesis import strategies as st
from survey_reference import Known, met, numbered, rows_of

from anonkit.identities.batch_identities import identity_codes
from anonkit.identities.kind_survey import Identity, IdentityFacts, KindSurvey, merge
from anonkit.identities.mentions import text_columns
from anonkit.identities.survey import IdentityFinder
from anonkit.identities.token_table import KindTable, TokenTable, literals, number, shuffler
from anonkit.plugin.contracts import Alias, Boundary, Mentions, Roles, Tokenizer
from anonkit.text.search import SLICE_BYTES
from anonkit.text.segmentation import PROBE
from anonkit.text.spellings import Literals

Row = Mapping[str, Any]

SCHEMA = pa.schema(
    [
        ("User", pa.string()),
        ("Owner", pa.string()),
        ("Cmd", pa.string()),
        ("Env", pa.string()),
        ("Args", pa.list_(pa.struct([("key", pa.string()), ("values", pa.list_(pa.string()))]))),
        ("Vars", pa.map_(pa.string(), pa.string())),
    ]
)
TEXT = ("Cmd", "Env", "Args", "Vars")


NAMED = r"~(\w+)([:?])(\w+)"


def surveyed(
    tokenizer: Tokenizer, rows: Sequence[Row], first_row: int = 0, *, probe: int = PROBE, slice_bytes: int = SLICE_BYTES
) -> KindSurvey:
    batch = pa.RecordBatch.from_pylist([dict(row) for row in rows], SCHEMA)
    columns = tokenizer.columns(SCHEMA, Roles())
    texts = text_columns(((column, batch.column(column)) for column in TEXT), probe=probe)
    finder = IdentityFinder.from_tokenizer(tokenizer, Roles())
    if finder.keywords is not None:
        finder = attrs.evolve(finder, keywords=attrs.evolve(finder.keywords, slice_bytes=slice_bytes))
    return finder.survey(batch, columns, texts, first_row)


def row(user: str | None = None, owner: str | None = None, cmd: str | None = None, env: str | None = None) -> Row:
    return {"User": user, "Owner": owner, "Cmd": cmd, "Env": env, "Args": None, "Vars": None}


def table(tokenizer: Tokenizer, *rows: Row, known: Mapping[Identity, int] | None = None) -> KindTable:
    return number(tokenizer, surveyed(tokenizer, rows), known or {})


def counts(table: KindTable) -> dict[Identity, int]:
    return dict(zip(table.identities, table.counts, strict=True))


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


class TestNumbers:
    def test_numbers_follow_the_first_appearance(self) -> None:
        rows = [row("carl"), row("anna"), row(None), row("bob"), row("anna")]
        assert table(Handles(), *rows).identities == ("carl", "anna", None, "bob")

    def test_identities_of_one_row_are_numbered_as_text_sorts(self) -> None:
        found = table(Handles(several=True, own=("User", "Owner")), row("carl,é,bob", "anna,Zoe", cmd="~aa"))
        assert found.identities == ("aa", "anna", "bob", "carl", "zoe", "é")

    def test_the_null_identity_comes_first_in_its_row(self) -> None:
        assert table(Handles(own=("User", "Owner")), row(None, "anna")).identities == (None, "anna")
        assert table(Handles(own=("User", "Owner")), row("anna", "@")).identities == (None, "anna")

    def test_a_mapping_is_continued(self) -> None:
        found = table(Handles(), row("dora"), row("bob"), row(None), row("anna"), known={"bob": 7, "carl": 3, None: 5})
        assert found.identities == (None, "bob", "dora", "anna")
        assert found.numbers == (5, 7, 8, 9)
        assert found.absent == (("carl", 3),)
        assert found.known() == {None: 5, "bob": 7, "dora": 8, "anna": 9, "carl": 3}

    def test_the_null_identity_of_a_mapping_is_not_looked_for(self) -> None:
        assert table(Handles(), row("bob"), known={None: 2}).absent == ()

    def test_shuffled_numbers_are_the_same_numbers(self) -> None:
        found = surveyed(Handles(), [row(name) for name in ("anna", "bob", "carl")])
        turned = number(Handles(), found, {"dora": 4}, shuffle=list.reverse)
        assert turned.identities == ("carl", "bob", "anna")
        assert turned.numbers == (5, 6, 7)

    def test_a_shuffle_leaves_known_numbers_alone(self) -> None:
        found = surveyed(Handles(), [row(name) for name in ("anna", "bob", "carl")])
        turned = number(Handles(), found, {"bob": 1}, shuffle=list.reverse)
        assert dict(zip(turned.identities, turned.numbers, strict=True)) == {"bob": 1, "carl": 2, "anna": 3}

    def test_the_shuffle_has_the_same_identities_in_another_order(self) -> None:
        """The chance that a thousand come back in order is one in 1000!."""
        names: list[Identity] = [f"u{n}" for n in range(1_000)]
        shuffled = list(names)
        shuffler()(shuffled)
        assert shuffled != names
        assert sorted(map(str, shuffled)) == sorted(map(str, names))


class TestKindTable:
    TABLE = KindTable(
        kind="user",
        prefix="UR",
        text_prefix="UR_",
        identities=("anna", None),
        numbers=(2, 5),
        counts=(7, 1),
        valid=(True, False),
        spellings=(("Anna",), ()),
        absent=(("carl", 1),),
    )

    def test_reporters_see_tokens_only(self) -> None:
        published = self.TABLE.published(originals=False)
        assert published.tokens == ("UR2", "UR5")
        assert published.text_tokens == ("UR_2", "UR_5")
        assert (published.kind, published.counts, published.valid) == ("user", (7, 1), (True, False))
        assert published.originals is None
        assert "anna" not in repr(published).lower()

    def test_an_audit_sees_originals(self) -> None:
        assert self.TABLE.published(originals=True).originals == ("anna", None)

    def test_arrays_run_in_parallel(self) -> None:
        assert self.TABLE.known_identities.to_pylist() == ["anna", None]
        assert self.TABLE.text_tokens.to_pylist() == ["UR_2", "UR_5"]

    def test_it_can_be_sent(self) -> None:
        assert pickle.loads(pickle.dumps(self.TABLE)) == self.TABLE


class Aliased(Handles):
    def aliases(self, identity: str) -> Sequence[str]:
        return {"root": (), "anna": ("anna", "annak", "")}.get(identity, (identity,))


@attrs.frozen(kw_only=True)
class Named(Handles):
    """Says whose each spelling is: ``~annak:Anna_Example``; with a question mark, it guesses."""

    own: tuple[str, ...] = ()

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions:
        found = [
            (row, *match) for row, value in enumerate(text.to_pylist()) for match in re.findall(NAMED, value or "")
        ]
        return Mentions(
            pa.array([row for row, *_ in found], pa.int64()),
            pa.array([spelling for *_, spelling in found], pa.string()),
            pa.array([identity for _, identity, *_ in found], pa.string()),
            pa.array([sign == "?" for *_, sign, _ in found], pa.bool_()),
        )

    def aliases(self, identity: str) -> Iterable[str | Alias]:
        yield identity
        yield Alias(f"{identity}-x", Boundary.ANYWHERE)
        yield Alias(identity[:3], Boundary.END)


def spelled_plainly(tokenizers: Sequence[Tokenizer], tables: TokenTable) -> Literals:
    """Return the literals without those that are encoded forms."""
    found = literals(tokenizers, tables)
    plain = [place for place, pattern in enumerate(found.patterns) if pattern not in found.encoded]
    patterns, rules, tokens = (
        tuple(values[place] for place in plain) for values in (found.patterns, found.rules, found.tokens)
    )
    return Literals(patterns, rules, tokens, places=found.places)


class TestLiterals:
    def rules(self, *rows: Row) -> dict[str, tuple[str, Boundary]]:
        spelled = spelled_plainly([Named()], {"user": table(Named(own=("User",)), *rows)})
        tokens = zip(spelled.tokens, spelled.rules, strict=True)
        return {pattern.decode(): one for pattern, one in zip(spelled.patterns, tokens, strict=True)}

    def test_an_alias_may_have_a_rule_of_its_own(self) -> None:
        assert self.rules(row("annak", cmd="~annak:Anna")) == {
            "annak": ("UR_1", Boundary.WORD), "annak-x": ("UR_1", Boundary.ANYWHERE), "anna": ("UR_1", Boundary.WORD),
            "ann": ("UR_1", Boundary.END),
        }  # fmt: skip

    def test_a_guess_is_a_word_and_never_cut_short(self) -> None:
        assert self.rules(row(None, cmd="~annak?anna")) == {
            "annak": ("UR_2", Boundary.WORD), "annak-x": ("UR_2", Boundary.WORD), "anna": ("UR_2", Boundary.WORD),
        }  # fmt: skip

    def test_a_name_cut_short_gives_way_to_a_whole_one(self) -> None:
        assert self.rules(row("annak"), row("ann"))["ann"] == ("UR_2", Boundary.END)
        assert self.rules(row("annak"), row("bob", cmd="~bob:ann"))["ann"] == ("UR_2", Boundary.END)
        assert self.rules(row("annak"), row("annab"))["ann"] == ("UR_1", Boundary.END)

    def test_an_identity_gives_way_to_one_of_another_kind(self) -> None:
        class Addresses(Named):
            kind = "address"

            def defers_to(self, identity: str) -> str:
                return identity.removesuffix("_x")

        rows = [row("anna", cmd="~Anna_x:Anna_x ~bob_x:bob_x ~carl:carl")]
        own, others = Addresses(), Projects(("anna",))
        for tokenizers in ([own, others], [others, own]):
            tables = {one.kind: number(one, surveyed(one, rows), {"dora_x": 9}) for one in tokenizers}
            found = {pattern.decode() for pattern in literals(tokenizers, tables).patterns}
            assert {"anna", "bob_x", "carl", "dora_x"} <= found
            assert not {"anna_x", "anna_x-x"} & found

    def test_an_alias_wins_over_a_spelling_in_text(self) -> None:
        assert self.rules(row("annak", cmd="~annak:benno"), row("benno"))["benno"] == ("UR_2", Boundary.WORD)
        assert self.rules(row("annak", cmd="~annak:x ~bob:x"), row("bob"))["x"] == ("UR_1", Boundary.WORD)

    def found(
        self, *tokenizers: Tokenizer, rows: Sequence[Row], known: Mapping[Identity, int] | None = None
    ) -> dict[str, str]:
        tables = {one.kind: number(one, surveyed(one, rows), known or {}) for one in tokenizers}
        spelled = spelled_plainly(tokenizers, tables)
        return {pattern.decode(): token for pattern, token in zip(spelled.patterns, spelled.tokens, strict=True)}

    def test_identities_aliases_and_spellings(self) -> None:
        rows = [row("anna", cmd="~Bob~é"), row(None)]
        assert self.found(Aliased(), rows=rows).items() >= {
            "anna": "UR_1", "annak": "UR_1", "bob": "UR_2", "é": "UR_3", "É": "UR_3"
        }.items()  # fmt: skip

    def test_what_has_no_alias_is_not_looked_for(self) -> None:
        assert self.found(Aliased(), rows=[row("root", cmd="~ROOT")]) == {}

    def test_identities_of_the_mapping_are_looked_for(self) -> None:
        assert self.found(Handles(), rows=[row("anna")], known={"carl": 3, None: 4}) == {"anna": "UR_5", "carl": "UR_3"}

    def test_a_shared_spelling_goes_to_the_anonymizer_that_comes_first(self) -> None:
        rows = [row("nova", cmd="nova dune")]
        assert self.found(Handles(), Projects(), rows=rows) == {"nova": "UR_1", "dune": "PR_1"}
        assert self.found(Projects(), Handles(), rows=rows) == {"nova": "PR_2", "dune": "PR_1"}

    def test_a_shared_spelling_goes_to_the_lower_number(self) -> None:
        rows = [row("annak"), row("anna")]
        assert self.found(Aliased(), rows=rows) == {"annak": "UR_1", "anna": "UR_2"}
        assert self.found(Aliased(), rows=rows[::-1]) == {"annak": "UR_1", "anna": "UR_1"}

    def test_identities_are_looked_for_in_disguise(self) -> None:
        found = literals([Named()], {"user": table(Named(own=("User",)), row("annakov"))}).patterns
        assert {b"annakov".hex().encode(), b"vokanna"} < set(found)
        assert b"nna" not in found


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
