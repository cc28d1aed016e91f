from __future__ import annotations

import sys
from pathlib import Path

import pytest
from sample_plugins import registry

from anonkit.config import load
from anonkit.config.toml_places import Places
from anonkit.errors import ConfigError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DOCUMENT = '''\
# [comment]
run.workers = 2 # = [x]
  "odd key" = "a ] [ # b"

[ reporters . "tally" ]
labels = { a = "}", b = "x" }
columns = [
  "top = 1",  # ]
  'x',
]
long = """
[roles]
top = 3 \\"""
"""
raw = \'\'\'
[mapping]
\\\'\'\'
  top=5
[[many]]
a.b.c = 1
'''


def test_every_table_and_key_has_its_place() -> None:
    tomllib.loads(DOCUMENT)
    assert Places.from_text(DOCUMENT).by_path == {
        ("run",): (2, 1), ("run", "workers"): (2, 1), ("odd key",): (3, 3), ("reporters", "tally"): (5, 2),
        ("reporters", "tally", "labels"): (6, 1), ("reporters", "tally", "columns"): (7, 1),
        ("reporters", "tally", "long"): (11, 1), ("reporters", "tally", "raw"): (15, 1),
        ("reporters", "tally", "top"): (18, 3), ("many",): (19, 2), ("many", "a"): (20, 1), ("many", "a", "b"): (20, 1),
        ("many", "a", "b", "c"): (20, 1),
    }  # fmt: skip


def test_what_has_no_place_is_where_the_table_around_it_is() -> None:
    places = Places.from_text(DOCUMENT)
    assert places.describe(("reporters", "tally", "labels", "a")) == "line 6, column 1"
    assert places.describe(("reporters", "tally")) == "line 5, column 2"
    assert places.describe(("nowhere",)) == ""


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("\n[run]\n  workers = 'x'\n", "line 3, column 3: [run] workers: expected a whole number, found the text 'x'"),
        ("[run]\nworker = 1\n", "line 2, column 1: [run] worker: no such key (did you mean 'workers'?)"),
        ("# x\n[rnu]\n", "line 2, column 1: [rnu]: no such table (did you mean 'run'?)"),
        ("reporters.tally.top = 0", "line 1, column 1: [reporters.tally] top: expected at least 1, found 0"),
        (
            "[reporters]\ntally = { file = 'x/y' }",
            "line 2, column 1: [reporters.tally] file: expected a plain file name",
        ),
        ("\n\nworkers = 4", "line 3, column 1: workers: a key outside all tables; it belongs below [run]"),
        ("[reporters.taly]", "line 1, column 1: [reporters.taly]: no plugin 'taly' is installed"),
    ],
)
def test_a_mistake_has_line_and_column(text: str, mistake: str) -> None:
    Path("anonkit.toml").write_text(text)
    with pytest.raises(ConfigError) as error:
        load(environ={}, registry=registry(), complete=False)
    assert error.value.mistakes[0].startswith(f"anonkit.toml: {mistake}")
