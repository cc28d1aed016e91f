"""Numbers follow from the rows alone, and the literals of a table from its identities."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence

from fakes import Handles, Projects
from surveying import Named, Row, row, surveyed, table

from anonkit.identities.kind_survey import Identity
from anonkit.identities.token_table import KindTable, TokenTable, literals, number, shuffler
from anonkit.plugin.contracts import Boundary, Tokenizer
from anonkit.text.spellings import Literals


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
