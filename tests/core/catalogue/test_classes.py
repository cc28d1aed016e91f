"""What the operator says of columns, and that no column of class `never` is read unless it is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fakes import Count, Handles

import anonkit
from anonkit.api import AttributeClass, Column, Reporter, Roles
from anonkit.catalogue import CatalogueOptions, Classes
from anonkit.config.model import Choice, Config, RunOptions
from anonkit.errors import ConfigError
from anonkit.input.column_selection import Chosen, choose
from anonkit.plugin.hooks import NoOptions, ReporterSpec

NAMES = ("User", "message", "Cmd", "ClaimId", "Weight")
TYPE = ReporterSpec(name="rows", summary="", options=NoOptions, factory="fakes:Rows")


def chosen(
    *reporters: Reporter[Any, Any],
    names: tuple[str, ...] = NAMES,
    own: tuple[str, ...] = ("User",),
    catalogue: CatalogueOptions = CatalogueOptions(),  # noqa: B008  # frozen
    **run: Any,
) -> Chosen:
    config = Config(run=RunOptions(**{"columns": ("User", "Cmd"), **run}), catalogue=catalogue)
    choices = [(Choice(TYPE, NoOptions()), reporter) for reporter in reporters]
    return choose(config, [Handles(own=own)], choices, names)


def mistakes(*reporters: Reporter[Any, Any], **given: Any) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        chosen(*reporters, **given)
    return list(caught.value.mistakes)


class Needs(Count):
    """A reporter that cannot do without a column."""

    def __init__(self, column: str) -> None:
        self.column = column

    def columns(self, roles: Roles) -> tuple[str, ...]:
        return (self.column,)


class TakesAll(Count):
    """A reporter that takes what it can get."""

    def optional_columns(self, columns: Any, roles: Roles) -> list[str]:
        return [column.name for column in columns if not column.is_refused]


class TestClasses:
    def test_the_catalogue_holds_where_the_operator_says_nothing(self) -> None:
        found = Classes().classify("message")
        assert (found.cls, found.allowed, found.is_refused) == (AttributeClass.NEVER, False, True)
        assert Classes().classify("Owner").cls is AttributeClass.IDENTITY

    def test_an_unknown_attribute(self) -> None:
        assert Classes().classify("Weight") == Column(name="Weight", cls=None, attribute=None)

    @pytest.mark.parametrize(
        ("options", "name", "expected"),
        [
            ({"never": ("Weight",)}, "Weight", AttributeClass.NEVER),
            ({"never": ("Weight",)}, "weight", AttributeClass.NEVER),
            ({"plain": ("Weight",)}, "Weight", AttributeClass.PLAIN),
            ({"quasi_identifier": ("Cmd",)}, "Cmd", AttributeClass.QUASI_IDENTIFIER),
            ({"text": ("message",)}, "message", AttributeClass.TEXT),
            ({"plain": ("Q*",), "never": ("*Date",)}, "QDate", AttributeClass.NEVER),
            ({"plain": ("QDate",), "never": ("*Date",)}, "QDate", AttributeClass.PLAIN),
            ({"plain": ("Q*",), "text": ("QDa*",)}, "QDate", AttributeClass.TEXT),
        ],
    )
    def test_the_operator_wins(self, options: Mapping[str, Any], name: str, expected: AttributeClass) -> None:
        assert Classes(CatalogueOptions(**options)).classify(name).cls is expected

    def test_allowing_leaves_the_class(self) -> None:
        found = Classes(allow=("Message",)).classify("message")
        assert (found.cls, found.is_refused) == (AttributeClass.NEVER, False)

    def test_a_column_in_two_lists_is_a_mistake(self) -> None:
        with pytest.raises(ConfigError) as caught:
            anonkit.load({"catalogue": {"never": ["Weight"], "plain": ["weight"]}}, environ={}, complete=False)
        assert caught.value.mistakes == ("[catalogue]: 'weight' is in never and in plain; take it out of one of them",)


class TestRefusal:
    def test_in_the_row_record(self) -> None:
        assert mistakes(columns=("User", "message", "ClaimId")) == [
            "[run] columns names the column 'message', which must not be passed on (the whole record as raw text, "
            "every secret and name in it); leave it out, or allow it with --allow message, "
            "or allow = ['message'] below [run]",
            "[run] columns names the column 'ClaimId', which must not be passed on (claim on a slot: whoever holds it "
            "may command the slot); leave it out, or allow it with --allow ClaimId, or allow = ['ClaimId'] below [run]",
        ]

    def test_asked_for_by_a_reporter(self) -> None:
        [told] = mistakes(Needs("message"))
        assert told.startswith("reporter rows asks for the column 'message', which must not be passed on (the whole")

    def test_asked_for_by_a_tokenizer(self) -> None:
        [told] = mistakes(own=("User", "ClaimId"))
        assert told.startswith("anonymizer user asks for the column 'ClaimId'")

    def test_as_the_operator_says(self) -> None:
        [told] = mistakes(catalogue=CatalogueOptions(never=("Cmd",)))
        assert "'Cmd', which must not be passed on ([catalogue] never names it);" in told

    def test_a_name_that_a_shell_would_take_apart(self) -> None:
        [told] = mistakes(names=("User", "my ClaimId"), columns=("User", "my ClaimId"))
        assert "--allow 'my ClaimId'," in told

    def test_the_message_names_the_missing_parts(self) -> None:
        assert len(mistakes(Needs("Cmdd"), columns=("message",))) == 2

    @pytest.mark.parametrize(
        "given",
        [
            {"allow": ("message",)},
            {"allow": ("MESSAGE",)},
            {"catalogue": CatalogueOptions(text=("message",))},
        ],
    )
    def test_allowed(self, given: Mapping[str, Any]) -> None:
        assert chosen(columns=("User", "message"), **given).record == ("User", "message")

    def test_an_allowed_column_is_not_read_for_that(self) -> None:
        found = chosen(allow=("message",))
        assert (found.record, found.extra) == (("User", "Cmd"), ())

    def test_an_allowed_column_that_is_not_there(self) -> None:
        assert chosen(allow=("mesage",)).warnings == (
            "[run] allow: no input file has a column 'mesage' (did you mean 'message'?)",
        )


class TestFurtherColumns:
    def test_behind_those_that_are_needed(self) -> None:
        found = chosen(Needs("Weight"), TakesAll())
        assert (found.record, found.extra) == (("User", "Cmd"), ("Weight",))
        assert list(found.known) == list(NAMES)

    def test_all_of_the_input_in_its_order(self) -> None:
        found = chosen(TakesAll(), names=("b", "a", "User", "message"), columns=("User",), allow=("message",))
        assert found.extra == ("b", "a", "message")


class TestRuns:
    @pytest.fixture
    def data(self, tmp_path: Path) -> Path:
        table = pa.table({"User": ["annak@example.org", "bob@example.org"], "message": ["by annak", "of bob"]})
        (tmp_path / "data").mkdir()
        pq.write_table(table, tmp_path / "data" / "jobs.parquet")
        return tmp_path / "data"

    def test_an_allowed_column_is_garbled(self, data: Path) -> None:
        tables = {"anonymizers": {"ip": {"enabled": False}}, "run": {"allow": ["message"]}}
        anonymized = anonkit.anonymize(pq.read_table(data / "jobs.parquet"), tables).read_all()
        assert anonymized["message"].to_pylist() == ["by UR_1", "of UR_2"]

    def test_a_stream_with_such_a_column_is_refused(self, data: Path) -> None:
        with pytest.raises(ConfigError) as caught:
            anonkit.anonymize(pq.read_table(data / "jobs.parquet"), {"anonymizers": {"ip": {"enabled": False}}})
        assert caught.value.mistakes == (
            "anonymize: the column 'message' must not be passed on (the whole record as raw text, every secret and "
            "name in it); leave it out of the data, or allow it with {'run': {'allow': ['message']}}",
        )

    def test_grouping_by_such_a_column_is_refused(self, data: Path) -> None:
        config = anonkit.load(
            {
                "run": {"data_dir": str(data), "output_dir": str(data.parent / "out")},
                "reporters": {"cmd_env_report": {"group_by": "message"}, "failed_users": {"enabled": False}},
                "anonymizers": {"ip": {"enabled": False}},
                "roles": {"cmd": "User", "env": "User", "ip": "User"},
            },
            environ={},
        )
        with pytest.raises(ConfigError, match="reporter cmd_env_report asks for the column 'message', which must not"):
            anonkit.run(config)
        assert not (data.parent / "out" / "manifest.json").exists()
