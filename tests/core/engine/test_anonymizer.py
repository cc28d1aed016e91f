"""One raw batch becomes one anonymized batch: cells tokenized, text garbled, transforms applied, no more than that."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from fakes import Handles, Projects
from hypothesis import given
from hypothesis import strategies as st

from anonkit.arrow.mixed_numbers import MIXED
from anonkit.engine.anonymizer import Anonymizer
from anonkit.engine.operations import transformed_schema
from anonkit.errors import InputError, PluginConflictError, PluginError
from anonkit.identities.mentions import text_columns
from anonkit.identities.survey import IdentityFinder
from anonkit.identities.token_table import TokenTable, literals, number
from anonkit.input.column_roles import ColumnRoles
from anonkit.plugin.contracts import Roles, Tokenizer, Transform
from anonkit.plugin.guard import Guard
from anonkit.plugin.guarded import guarded
from anonkit.text.replace import TextReplacer

SCHEMA = pa.schema(
    [
        ("User", pa.string()),
        ("Owner", pa.string()),
        ("Cmd", pa.string()),
        ("Args", pa.list_(pa.string())),
        ("n", pa.int64()),
    ]
)


def batch(*rows: Sequence[Any], schema: pa.Schema = SCHEMA) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([dict(zip(schema.names, row, strict=False)) for row in rows], schema)


def anonymizer(
    data: pa.RecordBatch,
    *tokenizers: Tokenizer,
    transforms: Sequence[Transform] = (),
    record: Sequence[str] | None = None,
) -> Anonymizer:
    """An anonymizer that knows everybody in `data`."""
    column_roles = ColumnRoles.from_schema(
        data.schema, data.schema.names if record is None else record, tokenizers, Roles()
    )
    table: TokenTable = {}
    for tokenizer in tokenizers:
        texts = text_columns(column_roles.texts(tokenizers, data))
        finder = IdentityFinder.from_tokenizer(tokenizer, Roles())
        found = finder.survey(data, column_roles.identity[tokenizer.kind], texts, 0)
        table[tokenizer.kind] = number(tokenizer, found, {})
    replacer = TextReplacer(literals(tokenizers, table))
    return Anonymizer(tuple(tokenizers), tuple(transforms), column_roles, table, replacer)


def anonymized(data: pa.RecordBatch, *tokenizers: Tokenizer, transforms: Sequence[Transform] = ()) -> pa.RecordBatch:
    made = anonymizer(data, *tokenizers, transforms=transforms)
    changed = made(data).data
    changed.validate(full=True)
    expected = transformed_schema(transforms, made.column_roles.tokenized(data.schema))
    assert changed.schema.equals(expected, check_metadata=True)
    return changed


class TestColumnRoles:
    def test_every_column_has_its_part(self) -> None:
        column_roles = ColumnRoles.from_schema(
            SCHEMA, ["User", "Cmd"], [Handles(own=("User", "Owner")), Projects()], Roles()
        )
        assert column_roles == ColumnRoles(
            record=("User", "Cmd"),
            extra=("Owner", "Args", "n"),
            identity={"user": ("User", "Owner"), "project": ()},
            text=("Cmd", "Args"),
        )

    def test_unclaimed_text_is_garbled(self) -> None:
        assert ColumnRoles.from_schema(SCHEMA, SCHEMA.names, [], Roles()).text == ("User", "Owner", "Cmd", "Args")

    def test_a_column_of_two_anonymizers(self) -> None:
        class Others(Handles):
            kind = "other"

        with pytest.raises(PluginConflictError) as caught:
            ColumnRoles.from_schema(SCHEMA, SCHEMA.names, [Handles(), Others()], Roles())
        assert str(caught.value) == (
            "column 'User' is claimed by the anonymizers user and other; give it to one of them"
        )

    def test_optional_columns_are_identities_if_no_other_tokenizer_claims_them(self) -> None:
        class Further(Handles):
            kind = "further"

            def optional_columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
                return ("Owner", "User", "Args", "Nowhere", "Owner")

        alone = ColumnRoles.from_schema(SCHEMA, SCHEMA.names, [Further(own=("Cmd",))], Roles())
        assert alone.identity == {"further": ("Cmd", "Owner", "User")}
        assert alone.text == ("Args",)
        others = ColumnRoles.from_schema(SCHEMA, SCHEMA.names, [Further(own=()), Handles()], Roles())
        assert others.identity == {"further": ("Owner",), "user": ("User",)}

    def test_a_column_that_an_anonymizer_names_twice_is_one_column(self) -> None:
        column_roles = ColumnRoles.from_schema(SCHEMA, SCHEMA.names, [Handles(own=("User", "Owner", "User"))], Roles())
        assert column_roles.identity == {"user": ("User", "Owner")}

    def test_a_column_that_does_not_exist(self) -> None:
        with pytest.raises(InputError) as caught:
            ColumnRoles.from_schema(SCHEMA, SCHEMA.names, [Handles(own=("User", "Ownr"))], Roles())
        assert str(caught.value) == (
            "anonymizer user needs a column 'Ownr', and no input file has it (did you mean 'Owner'?)"
        )

    def test_a_column_of_lists(self) -> None:
        with pytest.raises(InputError) as caught:
            ColumnRoles.from_schema(SCHEMA, SCHEMA.names, [Handles(own=("Args",))], Roles())
        assert str(caught.value) == (
            "column 'Args' holds lists or structs, and anonymizer user needs text or numbers; "
            "name another column, or convert the files"
        )


class TestCells:
    def test_cells_become_tokens_and_nulls_stay(self) -> None:
        data = batch(["Bob@example.org"], ["anna"], [None], ["bob@example.com"], [" "])
        assert anonymized(data, Handles()).column("User").to_pylist() == [
            "UR_1@example.org", "UR_2", None, "UR_1@example.com", "UR_3"
        ]  # fmt: skip

    def test_the_residual_of_a_cell_is_garbled(self) -> None:
        data = batch(["bob@anna.example.org"], ["anna"])
        assert anonymized(data, Handles()).column("User").to_pylist() == ["UR_1@UR_2.example.org", "UR_2"]

    def test_several_identities_in_a_cell(self) -> None:
        data = batch(["bob,anna"], ["anna"], [None], [","])
        assert anonymized(data, Handles(several=True)).column("User").to_pylist() == ["UR_2+UR_1", "UR_1", None, "UR_3"]

    def test_a_cell_is_written_as_the_tokenizer_likes_it(self) -> None:
        class Plain(Handles):
            residual = Tokenizer.residual
            render_cell = Tokenizer.render_cell

        data = batch(["bob@x,anna"], ["anna@x"])
        assert anonymized(data, Plain(several=True)).column("User").to_pylist() == ["UR_2, UR_1", "UR_1"]
        assert anonymized(data, Plain()).column("User").to_pylist() == ["UR_1", "UR_2"]

    def test_further_columns(self) -> None:
        data = batch(["bob", "anna@x"], ["carl", None], ["carl", "@x"])
        changed = anonymized(data, Handles(own=("User", "Owner")))
        assert changed.column("User").to_pylist() == ["UR_2", "UR_3", "UR_3"]
        assert changed.column("Owner").to_pylist() == ["UR_1@x", None, "UR_4@x"]

    def test_numbers_as_identities_become_text(self) -> None:
        schema = pa.schema([pa.field("User", pa.int64(), metadata=MIXED), pa.field("n", pa.int64())])
        changed = anonymized(batch([7, 1], [None, 2], [7, 3], schema=schema), Handles())
        assert changed.column("User").to_pylist() == ["UR_1", None, "UR_1"]
        assert changed.schema.field("User").type == pa.string()

    def test_nothing_but_nulls(self) -> None:
        assert anonymized(batch([None], [None]), Handles()).column("User").to_pylist() == [None, None]

    def test_no_rows(self) -> None:
        for several in (False, True):
            assert len(anonymized(batch(), Handles(several=several), Projects())) == 0

    def test_an_identity_that_pass_one_did_not_find(self) -> None:
        made = anonymizer(batch(["bob"]), Handles())
        secret = batch(["annakovaleva"])
        for call in (made, made.codes):
            with pytest.raises(InputError) as caught:
                call(secret)
            assert str(caught.value) == (
                "an input file changed while it was being read: it holds a user that was not there before; "
                "run again when the files are complete"
            )


class TestText:
    def test_text_is_garbled_wherever_it_is(self) -> None:
        data = batch(["bob", "bob", "run BOB /nova/x", ["bob", None, "x"], 1], ["anna", None, None, None, None])
        changed = anonymized(data, Handles(), Projects())
        assert changed.to_pylist() == [
            {"User": "UR_1", "Owner": "UR_1", "Cmd": "run UR_1 /PR_1/x", "Args": ["UR_1", None, "x"], "n": 1},
            {"User": "UR_2", "Owner": None, "Cmd": None, "Args": None, "n": None},
        ]

    def test_other_columns_and_their_metadata_stay(self) -> None:
        fields = [pa.field("User", pa.string()), pa.field("m", pa.string(), metadata=MIXED), pa.field("b", pa.bool_())]
        data = batch(["bob", "7", True], schema=pa.schema(fields, metadata={b"k": b"v"}))
        changed = anonymized(data, Handles())
        assert changed.schema.field("m").metadata == MIXED
        assert changed.column("b").to_pylist() == [True]


class TestPositions:
    def test_the_place_in_the_table(self) -> None:
        data = batch(["bob"], [None], ["anna"], ["bob"], [" "])
        made = anonymizer(data, Handles(), Projects())
        assert made.table["user"].identities == ("bob", None, "anna")
        for identities in (made(data).identities, made.codes(data)):
            assert list(identities) == ["user"]
            assert identities["user"].type == pa.list_(pa.int32())
            assert identities["user"].to_pylist() == [[0], [1], [2], [0], [1]]

    def test_the_first_column_is_the_one_that_counts(self) -> None:
        data = batch(["bob", "anna"], [None, "bob"])
        made = anonymizer(data, Handles(own=("User", "Owner")))
        assert made.table["user"].identities == ("anna", "bob", None)
        assert made(data).identities["user"].to_pylist() == [[1], [2]]
        assert made.codes(data)["user"].to_pylist() == [[1], [2]]

    def test_several_in_a_cell(self) -> None:
        data = batch(["carl,bob,carl"], [None], ["bob"])
        made = anonymizer(data, Handles(several=True))
        for identities in (made(data).identities, made.codes(data)):
            assert identities["user"].type == pa.list_(pa.int32())
            assert identities["user"].to_pylist() == [[1, 0], [2], [0]]

    @given(
        st.lists(st.none() | st.lists(st.sampled_from("abc"), max_size=3).map(",".join), max_size=6), st.integers(0, 3)
    )
    def test_the_codes_are_those_of_the_cells(self, cells: list[str | None], skip: int) -> None:
        tokenizer = Handles(several=True)
        data = batch(*([cell] for cell in cells))
        made = anonymizer(data, tokenizer)
        part = data.slice(skip)
        known = made.table["user"].identities
        codes = made.codes(part)["user"].to_pylist()
        held = [[known[one] for one in code] for code in codes]
        expected: list[list[str | None]] = [[*dict.fromkeys(tokenizer.of_cell(cell))] for cell in cells[skip:]]
        assert held == [one or [None] for one in expected]


class Renamed(Transform):
    def schema(self, schema: pa.Schema) -> pa.Schema:
        return pa.schema([field.with_name(field.name.lower()) for field in schema])

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        return batch.rename_columns([name.lower() for name in batch.schema.names])


class Doubled(Transform):
    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        doubled = pc.multiply(batch.column("n"), 2)
        return batch.set_column(batch.schema.get_field_index("n"), "n", doubled)


class Short(Transform):
    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        return batch.slice(1)


class Undeclared(Renamed):
    schema = Transform.schema


class TestTransforms:
    def test_they_see_tokens_and_follow_each_other(self) -> None:
        data = batch(["bob", None, None, None, 4])
        changed = anonymized(data, Handles(), transforms=[Doubled(), Renamed()])
        assert changed.select(["user", "n"]).to_pylist() == [{"user": "UR_1", "n": 8}]

    @pytest.mark.parametrize("transform", [Short(), Undeclared()])
    def test_a_transform_that_breaks_its_word(self, transform: Transform) -> None:
        with pytest.raises(PluginError) as caught:
            anonymized(batch(["bob"]), Handles(), transforms=[guarded(transform, Guard("anonymizer odd"))])
        assert str(caught.value) == (
            "anonymizer odd: it returned other rows or another schema than it declares; "
            "report it to the plugin's author"
        )


def test_it_can_be_sent() -> None:
    data = batch(["bob", None, "bob"])
    made = pickle.loads(pickle.dumps(anonymizer(data, Handles(), Projects())))
    assert made(data).data.column("Cmd").to_pylist() == ["UR_1"]
