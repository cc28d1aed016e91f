"""Options of every type, in TOML, in variables, as flags, shown, in the template and in the JSON Schema."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Literal

import jsonschema
import pyarrow as pa
import pytest
from sample_plugins import registry

from anonkit.api import ReporterSpec, Size, option, options
from anonkit.config import Overrides, load, load_resolved
from anonkit.config.json_schema import json_schema
from anonkit.config.schema import Schema
from anonkit.config.show import described_values, render_values
from anonkit.config.template import render_template
from anonkit.errors import ConfigError
from anonkit.output.public_options import PublicOptions

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class Order(Enum):
    FIRST = "first"
    LATEST = "latest"


@options
class UsageOptions:
    folder: Path = option(Path("there"), help="a folder", flag="--usage-folder")
    spare: Path | None = option(None, help="another folder")
    most: Size = option(Size(1000), help="bytes at most", flag="--usage-most", minimum=10)
    wait: timedelta = option(timedelta(hours=1), help="shortest wait", flag="--usage-wait")
    steps: tuple[int, ...] = option((1, 2), help="steps", flag="--usage-steps")
    modes: tuple[Literal["hour", "day"], ...] = option(("hour",), help="by what", flag="--usage-modes")
    shares: dict[str, float] = option({"a": 0.5}, help="shares")
    order: Order = option(Order.FIRST, help="in which order", flag="--usage-order")
    sites: list[str] = option(["North"], help="sites", flag="--usage-sites")


PLUGINS = registry(ReporterSpec(name="usage", summary="", options=UsageOptions, factory="nowhere:Usage", enabled=True))
WANTED = UsageOptions(
    folder=Path("/x y"), most=Size(64_000_000), wait=timedelta(minutes=90), steps=(3, 4), modes=("day", "hour"),
    shares={"b": 2.0}, order=Order.LATEST, sites=["East", "West"],
)  # fmt: skip


def usage(values: Any = None, **more: Any) -> Any:
    config = load(values, registry=PLUGINS, complete=False, **{"environ": {}, **more})
    return config.reporters[0].options


def test_in_toml() -> None:
    text = """
    [reporters.usage]
    folder = "/x y"
    most = "64 MB"
    wait = "1h30m"
    steps = [3, 4]
    modes = ["day", "hour"]
    shares = { b = 2 }
    order = "latest"
    sites = ["East", "West"]
    """
    document = tomllib.loads(text)
    assert usage(document) == WANTED
    assert jsonschema.Draft202012Validator(json_schema(Schema.from_registry(PLUGINS))).is_valid(document)
    assert usage({"reporters": {"usage": {"most": 64, "folder": Path("/x")}}}).most == 64
    assert usage({"reporters": {"usage": {"order": Order.LATEST}}}).order is Order.LATEST


def test_in_variables_and_as_flags() -> None:
    texts = {"folder": "/x y", "most": "64 MB", "wait": "1h30m", "steps": "3,4", "modes": "day, hour"}
    texts |= {"order": "latest", "sites": "East,West"}
    variables = {f"ANONKIT_REPORTERS_USAGE_{key.upper()}": text for key, text in texts.items()}
    shares = {"ANONKIT_REPORTERS_USAGE_SHARES": "{ b = 2 }"}
    assert usage(environ={**variables, **shares}) == WANTED
    flags = {f"reporters.usage.{key}": text for key, text in texts.items()}
    assert usage(environ=shares, overrides=Overrides(flags=flags)) == WANTED


def test_what_is_shown_gives_the_same() -> None:
    resolved = load_resolved(
        {"reporters": {"usage": {"most": "2 kB", "wait": "2d"}}}, registry=PLUGINS, environ={}, complete=False
    )
    shown = tomllib.loads(render_values(resolved))
    assert usage(shown) == usage({"reporters": {"usage": {"most": 2000, "wait": "2d"}}})
    described = json.loads(json.dumps(described_values(resolved)))["reporters.usage"]
    assert described["wait"] == {"value": "2d", "source": "Python"}
    assert described["order"] == {"value": "first", "source": "default"}
    assert described["folder"] == {"value": "there", "source": "default"}


def test_the_template_has_the_defaults() -> None:
    lines = render_template(Schema.from_registry(PLUGINS)).splitlines()
    for line in (
        '# folder = "there"',
        "# most = 1000",
        '# wait = "1h"',
        "# steps = [1, 2]",
        "# shares = { a = 0.5 }",
        '# order = "first"',
        '# sites = ["North"]',
    ):
        assert line in lines
    assert '#   a duration like "1h30m"; flag --usage-wait' in lines
    assert "#   a list of whole numbers; flag --usage-steps" in lines
    assert "#   one of 'first', 'latest'; flag --usage-order" in lines


@pytest.mark.parametrize(
    ("key", "value", "mistake"),
    [
        ("most", "64 XB", """expected a size like "64 MB", found the text '64 XB'"""),
        ("most", -1, 'expected a size like "64 MB", found the number -1'),
        ("most", 5, "expected at least 10, found 5"),
        ("wait", 90, 'expected a duration like "1h30m", found the number 90'),
        ("wait", "soon", """expected a duration like "1h30m", found the text 'soon'"""),
        ("folder", "", "expected a path, found the text ''"),
        ("folder", 3, "expected a path, found the number 3"),
        ("steps", ["x"], "expected a whole number, found the text 'x'"),
        ("modes", ["week"], "expected one of 'hour', 'day', found the text 'week'"),
        ("order", "last", "expected one of 'first', 'latest', found the text 'last'"),
        ("sites", "North", "expected a list of texts, found the text 'North'"),
        ("shares", {"a": "x"}, "expected a number, found the text 'x'"),
    ],
)
def test_wrong_ones(key: str, value: Any, mistake: str) -> None:
    document = {"reporters": {"usage": {key: value}}}
    with pytest.raises(ConfigError) as error:
        usage(document)
    assert mistake in error.value.mistakes[0]
    assert not jsonschema.Draft202012Validator(json_schema(Schema.from_registry(PLUGINS))).is_valid(document)


def test_a_list_is_of_its_own_in_each_instance() -> None:
    first = UsageOptions()
    first.sites.append("South")
    assert UsageOptions().sites == ["North"]


def test_the_manifest_has_the_text_of_a_member() -> None:
    public = PublicOptions(lambda texts: texts, frozenset())
    assert public.options(UsageOptions())["order"] == "first"
    assert public.options(WANTED)["order"] == "latest"
    garbled = PublicOptions(lambda texts: pa.array(["UR1"] * len(texts)), frozenset())
    assert garbled.value(Order.FIRST, Order.FIRST) == "first"
