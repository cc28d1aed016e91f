"""The tables of presets: those that come with anonkit, and those of the user."""

from __future__ import annotations

from typing import Any

import pytest

from anonkit.catalogue import AttributeClass, Steps
from anonkit.config.presets import SHIPPED, read_presets, shipped_presets
from anonkit.plugin.contracts import Roles


def read(*tables: Any) -> tuple[Any, list[str]]:
    mistakes: list[str] = []
    presets = read_presets([(f"{place}.toml", table) for place, table in zip("ab", tables, strict=False)], mistakes)
    return presets, mistakes


def test_the_roles_of_the_first_preset_are_the_defaults() -> None:
    preset = shipped_presets()[SHIPPED[0]]
    assert {role: (column,) for role, column in Roles().columns.items()} == preset.roles


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_preset_has_a_time_and_columns_for_the_roles(name: str) -> None:
    preset = shipped_presets()[name]
    assert preset.summary
    assert preset.needs
    assert preset.time
    assert set(preset.roles) == set(Roles().columns)
    assert set(preset.roles["user"]) & set(preset.columns)


@pytest.mark.parametrize(("name", "columns"), [("slurm", 122), ("swf", 19)])
def test_every_column_of_the_program_is_classed(name: str, columns: int) -> None:
    preset = shipped_presets()[name]
    assert len(preset.attributes) == columns
    assert all(one.meaning for one in preset.attributes.values())
    used = {*preset.columns, *preset.time, *(column for names in preset.roles.values() for column in names)}
    assert {column.casefold() for column in used} <= set(preset.attributes)


@pytest.mark.parametrize("column", ["UID", "AssocID"])
def test_numbers_that_name_the_user_are_not_passed_on(column: str) -> None:
    assert shipped_presets()["slurm"].attributes[column.casefold()].cls is AttributeClass.NEVER


def test_a_preset_of_the_user() -> None:
    table = {
        "needs": ["owner", "node"],
        "roles": {"user": "owner", "ip": "", "site": ["pool", "queue"]},
        "attributes": {"mem": {"class": "plain", "type": "real", "unit": "GiB", "meaning": "memory"}},
        "steps": {"column": "id", "mark": "/"},
        "options": {"reporters.failed_users.column": "end"},
    }
    presets, mistakes = read({"mine": table})
    mine = presets["mine"]
    assert mistakes == []
    assert mine.fits(["OWNER", "node", "x"])
    assert not mine.fits(["owner"])
    assert mine.roles == {"user": ("owner",), "ip": (), "site": ("pool", "queue")}
    assert mine.attributes["mem"].unit == "GiB"
    assert mine.steps == Steps(column="id", mark="/")


def test_a_table_changes_a_shipped_preset_and_another_starts_from_one() -> None:
    tables = {"slurm": {"time_zone": "Europe/Berlin"}, "ours": {"like": "slurm", "roles": {"site": "Partition"}}}
    presets, mistakes = read(tables)
    assert mistakes == []
    assert presets["slurm"].time_zone == "Europe/Berlin"
    assert presets["slurm"].columns == shipped_presets()["slurm"].columns
    assert presets["ours"].roles["site"] == ("Partition",)
    assert presets["ours"].roles["user"] == ("User",)
    assert presets["ours"].time_zone == "Europe/Berlin"


def test_a_later_layer_wins() -> None:
    presets, _ = read({"mine": {"summary": "first", "needs": ["x"]}}, {"mine": {"summary": "second"}})
    assert (presets["mine"].summary, presets["mine"].needs) == ("second", ("x",))


@pytest.mark.parametrize(
    ("table", "mistake"),
    [
        ({"need": ["x"]}, "a.toml: [presets.p] need: no such key (did you mean 'needs'?)"),
        ({"needs": "x"}, "a.toml: [presets.p] needs: expected a list of texts, found the text 'x'; write [\"x\"]"),
        ({"steps": {"column": "x"}}, "a.toml: [presets.p] steps: expected the keys column and mark"),
        ({"like": "slrum"}, "a.toml: [presets.p] like: no preset 'slrum' to start from (did you mean 'slurm'?)"),
        ({"time_zone": "Berlin"}, 'a.toml: [presets.p] time_zone: no zone \'Berlin\'; write one as in "Europe/Berlin"'),
        ({"options": "x"}, 'a.toml: [presets.p] options: expected a table: "reporters.failed_users.column" = "State"'),
        (
            {"attributes": {"x": {"class": "plane"}}},
            "a.toml: [presets.p] attributes['x'] class: expected one of identity, text, quasi-identifier, plain, "
            "never, found 'plane' (did you mean 'plain'?)",
        ),
        (
            {"attributes": {"x": {"type": "number"}}},
            "a.toml: [presets.p] attributes['x'] type: expected one of string, word, integer, real, boolean, "
            "time, expression, found 'number'",
        ),
        (
            {"attributes": {"x": {"units": "s"}}},
            "a.toml: [presets.p] attributes['x'] units: no such key (did you mean 'unit'?)",
        ),
        (
            {"attributes": {"x": {"class": "identity"}}},
            "a.toml: [presets.p] attributes['x']: an identity needs a kind: kind = \"user\"",
        ),
    ],
)  # fmt: skip
def test_messages_name_the_place_of_a_mistake(table: Any, mistake: str) -> None:
    assert read({"p": table})[1] == [mistake]


def test_what_is_no_table() -> None:
    assert read("x")[1] == ["a.toml: [presets]: expected a table for each preset: [presets.NAME]"]
    assert read({"p": 1})[1] == ["a.toml: [presets.p]: expected a table"]


def test_presets_that_start_from_each_other() -> None:
    _, mistakes = read({"p": {"like": "q"}, "q": {"like": "p"}})
    assert any("no preset 'p' to start from" in mistake for mistake in mistakes)
