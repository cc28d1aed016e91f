from __future__ import annotations

import re
from pathlib import Path

import attrs
from sample_plugins import registry

from anonkit.config import load_resolved
from anonkit.config.schema import Schema
from anonkit.config.template import render_template
from anonkit.plugin.discovery import discover
from anonkit.plugin.registry import SECTIONS, Registry

REPOSITORY = Path(__file__).parents[3]
ASSIGNMENT = re.compile(r"^# (?=\w+ = )", re.MULTILINE)


def shipped() -> Registry:
    """The plugins of this repository, whatever else is installed."""
    found = discover()
    own = {
        section: {name: one for name, one in found.section(section).items() if one.package == "anonkit"}
        for section in SECTIONS
    }
    return Registry(**own)


def check_uncommented(found: Registry, folder: Path) -> None:
    text = render_template(Schema.from_registry(found))
    as_is, taken = folder / "as_is.toml", folder / "taken.toml"
    as_is.write_text(text)
    taken.write_text(ASSIGNMENT.sub("", text))
    untouched = load_resolved(file=as_is, environ={}, registry=found, complete=False)
    uncommented = load_resolved(file=taken, environ={}, registry=found, complete=False)
    assert untouched.config.sources == {}
    assert attrs.evolve(uncommented.config, sources={}) == untouched.config
    not_set = {name for name, value in untouched.values.items() if value.value is None}
    assert set(uncommented.config.sources) == set(untouched.values) - not_set


def test_uncommenting_everything_changes_nothing(tmp_path: Path) -> None:
    check_uncommented(shipped(), tmp_path)


def test_so_it_is_for_a_strangers_plugins(tmp_path: Path) -> None:
    check_uncommented(registry(), tmp_path)


def test_examples_replace_values_that_are_not_set() -> None:
    text = render_template(Schema.from_registry(registry()))
    assert '#   not set; for example: mapping = "FILE"' in text
    assert "#   not set; for example: level = 1" in text
    assert '#   not set; for example: tone = "dry"' in text
    assert '#   not set; for example: columns = ["…"]' in text


def test_every_option_is_listed_with_its_type_and_flag() -> None:
    text = render_template(Schema.from_registry(registry()))
    assert "#   how many to list\n#   a whole number; at least 1; flag --top\n# top = 10\n" in text
    assert "#   how to write it\n#   one of 'long', 'short'; flag --style\n# style = \"long\"\n" in text
    assert "[anonymizers.host]  # hosts (their-package)\n" in text


def test_the_file_in_the_repository_is_current() -> None:
    current = (REPOSITORY / "anonkit.toml").read_text(encoding="utf-8")
    assert current == render_template(Schema.from_registry(shipped())), "run: anonkit init --force"
