"""The JSON Schema says of a configuration what loading it says, by a validator that is not anonkit's."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from sample_plugins import registry

from anonkit.cli import main
from anonkit.config import load
from anonkit.config.json_schema import json_schema
from anonkit.config.schema import Schema
from anonkit.errors import AnonkitError
from anonkit.plugin.discovery import discover

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
_FENCED = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?:\A|\n)\n((?:    .*\n|\n(?=    ))+)")


def toml_blocks(text: str) -> list[str]:
    """The blocks that are TOML: those that say so, and indented ones that begin with a table."""
    indented = [textwrap.dedent(block).strip() for block in _INDENTED.findall(text)]
    return [*_FENCED.findall(text), *(block for block in indented if re.match(r"\[[a-z_.]+\] *(#.*)?$", block, re.M))]


EXAMPLES = [
    pytest.param(block, id=f"{path.name}-{number}")
    for path in DOCUMENTS
    for number, block in enumerate(toml_blocks(path.read_text()))
]


@pytest.fixture(scope="module")
def installed() -> jsonschema.Draft202012Validator:
    """Of the plugins that are installed."""
    return jsonschema.Draft202012Validator(json_schema(Schema.from_registry(discover())))


@pytest.fixture(scope="module")
def sample() -> jsonschema.Draft202012Validator:
    """Of plugins with an option of every type."""
    return jsonschema.Draft202012Validator(json_schema(Schema.from_registry(registry())))


def test_the_command_prints_a_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "schema"]) == 0
    printed = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(printed)
    workers = printed["properties"]["run"]["properties"]["workers"]
    assert workers == {
        "type": "integer", "default": 0, "minimum": 0, "description": "worker processes; 0: one for each core",
    }  # fmt: skip


@pytest.mark.parametrize("text", EXAMPLES)
def test_examples_of_the_docs_are_valid(installed: jsonschema.Draft202012Validator, text: str) -> None:
    document = tomllib.loads(text)
    if "project" not in document:  # of a package, not of anonkit
        assert [error.message for error in installed.iter_errors(document)] == []


def test_the_template_with_every_default_is_valid(installed: jsonschema.Draft202012Validator) -> None:
    text = re.sub(r"^# (\w+ = )", r"\1", (ROOT / "anonkit.toml").read_text(), flags=re.MULTILINE)
    document = tomllib.loads(text)
    assert len(document["reporters"]) > 3
    assert [error.message for error in installed.iter_errors(document)] == []


@pytest.mark.parametrize(
    "document",
    [
        {"run": {"workers": 2, "columns": ["User"], "garble": False, "mapping": "m.json", "max_withheld": 1}},
        {"reporters": {"tally": {"style": "short", "labels": {"a": "b"}, "columns": ["a"], "share": 1, "level": 3}}},
        {"anonymizers": {"host": {"domains": {"a": ["b", "c"]}, "enabled": False}, "round": {"enabled": True}}},
        {"executors": {"cluster": {"address": "x"}}, "roles": {"user": "Owner"}},
    ],
)
def test_right_ones(sample: jsonschema.Draft202012Validator, document: dict[str, Any]) -> None:
    assert [error.message for error in sample.iter_errors(document)] == []
    load(document, environ={}, registry=registry(), complete=False)


@pytest.mark.parametrize(
    "document",
    [
        {"run": {"workers": "2"}},
        {"run": {"workers": -1}},
        {"run": {"garble": "false"}},
        {"run": {"columns": "User"}},
        {"run": {"worker": 2}},
        {"rnu": {}},
        {"run": 3},
        {"run": {"columns": [1]}},
        {"reporters": {"tally": {"style": "shor"}}},
        {"reporters": {"tally": {"top": 0}}},
        {"reporters": {"tally": {"top": 1.5}}},
        {"reporters": {"tally": {"top": True}}},
        {"reporters": {"tally": {"file": "a/b"}}},
        {"reporters": {"tally": {"labels": {"a": 1}}}},
        {"reporters": {"taly": {}}},
        {"reporters": {"host": {}}},
        {"anonymizers": {"host": {"domains": {"a": "b"}}}},
        {"executors": {"cluster": {"enabled": True}}},
    ],
)
def test_wrong_ones(sample: jsonschema.Draft202012Validator, document: dict[str, Any]) -> None:
    assert not sample.is_valid(document)
    with pytest.raises(AnonkitError):
        load(document, environ={}, registry=registry(), complete=False)
