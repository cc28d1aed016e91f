"""Full names as the values of keys of people; titles, groups and paths are none."""

from __future__ import annotations

import pyarrow as pa
import pytest
from anonkit_std.tokenizers.finding.keyed_names import in_named_keys
from anonkit_std.tokenizers.finding.scan import Scan


def names(text: str) -> list[tuple[str, ...]]:
    return [one.names for _, one in in_named_keys(Scan.from_text(pa.array([None, text], pa.string())))]


@pytest.mark.parametrize(
    "text",
    [
        '{"prodUserName": "Anna Example"}', '{"userName":"Anna Example", "n": 1}', '{\\"author\\": \\"Anna Example\\"}',
        '{"author": {"name": "Anna Example", "orcid": "x"}}', '{"authors": [{"name": "Anna Example"}]}',
        '{"creator": "Anna Example"}', '{"displayName":"Anna Example"}', "{'fullName': 'Anna Example'}",
        "prodUserName=Anna Example&x=1", "userName=Anna Example", "GlobalUserName: Anna Example",
        "GlobalUsername: Anna Example\nVO: x", "<urwg:GlobalUsername>Anna Example</urwg:GlobalUsername>",
        "gecos=Anna Example,,,", "--author='Anna Example'", 'author = "Anna Example"', "userName=Anna Example jobs=3",
    ],
)  # fmt: skip
def test_one_name(text: str) -> None:
    assert names(text) == [("Anna Example",)]


@pytest.mark.parametrize("name", ["Anna van der Example", "Jean-Luc O'Example", "Zoë K. Éxample", "Анна Пример"])
def test_names_of_every_sort(name: str) -> None:
    assert names(f'{{"userName": "{name}"}}') == [(name,)]


@pytest.mark.parametrize(
    "text",
    [
        "userName=annak", '"userName": ""', '"author": "Nova Collaboration"', '"displayName": "main window"',
        "author=Anna Example", '"UserIdentity": "/O=Example/CN=Anna"', "userName=", "GlobalUserName: /DC=org/CN=x",
        '"fullName": "data/x"', '"creator": "make_jobs 2.0"', "authorized=Yes Indeed",
    ],
)  # fmt: skip
def test_no_name(text: str) -> None:
    assert names(text) == []
