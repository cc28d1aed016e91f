"""The lock: one at a time, and nothing of it is left, however a run ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from mappings import saved

from anonkit.errors import OutputError
from anonkit.mapping import Keys, Mapping, reveal
from anonkit.mapping.lock import lock

HOLD = """
import sys, pathlib
from anonkit.mapping.lock import lock
with lock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holding(path: Path) -> subprocess.Popen[bytes]:
    """Start another process that holds the mapping until its input ends."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    process.communicate()
    assert process.returncode is not None


def test_the_message_names_the_other_process_and_a_remedy(known: Path) -> None:
    other = holding(known)
    try:
        with pytest.raises(OutputError) as caught, Mapping.locked(known, Keys()):
            pass
    finally:
        end(other)
    assert str(caught.value) == (
        f"--mapping {known}: in use by another run (process {other.pid} on {socket.gethostname()}); tokens would not "
        "agree. Wait until it has ended and run again, or name another mapping"
    )
    with Mapping.locked(known, Keys()) as mapping:
        assert mapping.numbers("ip") == {"192.0.2.1": 1}


def test_a_process_that_was_killed_holds_nothing(known: Path) -> None:
    other = holding(known)
    other.send_signal(signal.SIGKILL)
    end(other)
    assert known.with_name("mapping.json.lock").exists()
    with lock(known):
        pass
    assert list(known.parent.iterdir()) == [known]


def test_a_child_that_outlives_it_holds_nothing(known: Path) -> None:
    leave, stay = os.pipe()
    with lock(known):
        child = os.fork()
        if not child:
            os.close(stay)
            os.read(leave, 1)
            os._exit(0)
    with lock(known):
        pass
    os.close(stay)
    os.close(leave)
    os.waitpid(child, 0)


def test_reading_needs_no_lock(known: Path) -> None:
    with lock(known):
        assert reveal(known, ["UR1"])[0].identity == "bob"


def test_two_names_of_one_mapping_are_one(known: Path, tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to(known)
    with lock(known), pytest.raises(OutputError, match="in use by another run"), lock(tmp_path / "link.json"):
        pass


def test_two_mappings_are_two(tmp_path: Path) -> None:
    with lock(tmp_path / "a.json"):
        saved(tmp_path / "b.json", user={"bob": 1})


def test_a_lock_that_says_nothing_of_its_holder(known: Path) -> None:
    with lock(known):
        known.with_name("mapping.json.lock").write_text("")
        with pytest.raises(OutputError, match="in use by another run; tokens"), lock(known):
            pass


def test_it_ends_with_an_error(known: Path) -> None:
    with pytest.raises(KeyError), lock(known):
        raise KeyError
    with lock(known):
        pass
    assert list(known.parent.iterdir()) == [known]


def test_a_lock_that_was_taken_away_while_it_was_waited_for(known: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever held it removed the file between the opening and the locking: the lock on it would be nobody's."""
    beside = known.with_name("mapping.json.lock")
    opened = os.open
    times = []

    def opens(*arguments: object) -> int:
        handle = opened(*arguments)  # type: ignore[arg-type]
        times.append(handle)
        if len(times) == 1:
            beside.unlink()
        return handle

    monkeypatch.setattr("os.open", opens)
    with lock(known):
        assert len(times) == 2
        assert beside.exists()


def test_a_link_in_its_place_empties_no_other_file(known: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("mine")
    known.with_name("mapping.json.lock").symlink_to(tmp_path / "other")
    with pytest.raises(OutputError, match="cannot be locked"), lock(known):
        pass
    assert (tmp_path / "other").read_text() == "mine"


def test_a_folder_that_cannot_hold_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError) as caught, lock(tmp_path / "file" / "mapping.json"):
        pass
    assert str(caught.value) == (
        f"--mapping {tmp_path / 'file' / 'mapping.json'}: cannot be locked (File exists); check its folder"
    )
