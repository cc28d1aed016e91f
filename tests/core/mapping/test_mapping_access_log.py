"""The access log: a line for each use, at the end of what is there, or an error."""

from __future__ import annotations

import errno
import json
import os
import re
from pathlib import Path

import pytest

from anonkit.errors import OutputError
from anonkit.mapping import AccessLog


def test_a_line_has_time_user_and_command(path: Path) -> None:
    AccessLog.from_mapping(path).note("reveal", domain="d", tokens=["UR1"], count=1)
    [line] = path.with_name("mapping.json.access.log").read_text().splitlines()
    found = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found["time"])
    assert found["uid"] == os.getuid()
    assert {key: found[key] for key in ("command", "mapping", "domain", "tokens", "count")} == {
        "command": "reveal",
        "mapping": "mapping.json",
        "domain": "d",
        "tokens": ["UR1"],
        "count": 1,
    }


def test_variables_do_not_change_the_user(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(variable, "somebody-else")
    AccessLog.from_mapping(path).note("reveal", domain="d")
    assert "somebody-else" not in AccessLog.from_mapping(path).path.read_text()


def test_lines_are_appended_and_the_file_is_its_owners_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        for command in ("reveal", "forget", "rekey"):
            AccessLog.from_mapping(path).note(command, domain=None)
    finally:
        os.umask(before)
    log = AccessLog.from_mapping(path).path
    assert [json.loads(line)["command"] for line in log.read_text().splitlines()] == ["reveal", "forget", "rekey"]
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_mapping_has_one_log_by_any_path(path: Path, tmp_path: Path) -> None:
    path.touch()
    (tmp_path / "link.json").symlink_to(path)
    assert AccessLog.from_mapping(tmp_path / "link.json").path == AccessLog.from_mapping(path).path


def test_another_place(path: Path, tmp_path: Path) -> None:
    AccessLog.from_mapping(path, str(tmp_path / "uses.log")).note("reveal", domain=None)
    assert [one.name for one in tmp_path.iterdir()] == ["uses.log"]


@pytest.mark.parametrize("place", ["none/uses.log", "."])
def test_a_place_that_cannot_be_written(path: Path, tmp_path: Path, place: str) -> None:
    log = AccessLog.from_mapping(path, str(tmp_path / place))
    with pytest.raises(OutputError) as caught:
        log.note("reveal", domain=None)
    reason = "Is a directory" if place == "." else "No such file or directory"
    assert str(caught.value) == (
        f"access log {tmp_path / place}: cannot be written ({reason}), so nothing was revealed or changed; correct "
        "that, or name another file: [mapping] access_log"
    )


def test_what_keeps_nothing_is_no_log(path: Path) -> None:
    with pytest.raises(OutputError, match=r"^access log /dev/null: cannot be written \(Invalid argument\)"):
        AccessLog.from_mapping(path, "/dev/null").note("reveal", domain=None)


@pytest.mark.parametrize("step", ["write", "fsync"])
def test_a_full_disk(path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(f"os.{step}", full)
    with pytest.raises(OutputError, match=r"cannot be written \(No space left on device\)"):
        AccessLog.from_mapping(path).note("reveal", domain=None)


def test_a_line_of_which_a_part_was_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.write", lambda handle, line: len(line) - 1)
    with pytest.raises(OutputError, match=r"cannot be written \(only a part of the line was written\)"):
        AccessLog.from_mapping(path).note("reveal", domain=None)
