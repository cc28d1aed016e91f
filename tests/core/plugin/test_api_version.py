from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from types import SimpleNamespace

import pytest

from anonkit.api import API_VERSION
from anonkit.cli import main
from anonkit.plugin.api_version import OtherVersion, check_version
from anonkit.plugin.discovery import discover

HOOKS = """
from anonkit.api import ReporterSpec, hookimpl
ANONKIT_API = {version!r}

@hookimpl
def register_reporters():
    return [ReporterSpec(name="theirs", summary="", factory="nowhere:Theirs")]
"""


@pytest.mark.parametrize("version", ["1", "1.0", "1.2"])
def test_the_same_first_number_and_no_later_second_one(version: str) -> None:
    check_version(SimpleNamespace(ANONKIT_API=version), "theirs", "1.2")


def test_who_does_not_say_is_taken() -> None:
    check_version(SimpleNamespace(), "theirs")
    check_version(SimpleNamespace(ANONKIT_API=API_VERSION), "theirs")


@pytest.mark.parametrize(
    ("version", "remedy"),
    [
        ("1.3", "upgrade anonkit, or --block theirs"),
        ("2", "install a version of theirs for 1.x, or --block theirs"),
        ("0.9", "install a version of theirs for 1.x, or --block theirs"),
    ],
)
def test_another_version_has_a_remedy(version: str, remedy: str) -> None:
    with pytest.raises(OtherVersion) as error:
        check_version(SimpleNamespace(ANONKIT_API=version), "theirs", "1.2")
    assert str(error.value) == (f"made for version {version} of the plugin API, and this anonkit has 1.2; {remedy}")


@pytest.mark.parametrize("version", [1, None, "one", ""])
def test_what_is_no_version(version: object) -> None:
    with pytest.raises(TypeError, match='not a version like "1'):
        check_version(SimpleNamespace(ANONKIT_API=version), "theirs")


def test_a_package_for_another_version_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made_for_nine.py").write_text(HOOKS.format(version="9.0"))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "made_for_nine", raising=False)
    found = discover([EntryPoint("theirs", "made_for_nine", "anonkit")], block=())
    assert not found.reporters
    [fault] = found.broken
    assert fault.is_of_other_version
    assert fault.reason.startswith("made for version 9.0 of the plugin API")


def test_the_command_shows_it_as_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "made_for_nine.py").write_text(HOOKS.format(version="9.0"))
    package = tmp_path / "theirs-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text("[anonkit]\ntheirs = made_for_nine\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert main(["plugins", "--check"]) == 1
    assert "\n  left out: theirs: made for version 9.0 of the plugin API" in capsys.readouterr().out
