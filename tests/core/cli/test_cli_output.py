"""How text, tables, progress and crash reports come out."""

from __future__ import annotations

import io
import os
import re
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonkit.cli.crash import write_crash
from anonkit.cli.progress import progress_on
from anonkit.engine.results import silent
from anonkit.printable import printable
from anonkit.tables import count, size, write_table


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(rows: list[tuple[str, ...]], headers: tuple[str, ...] = ()) -> str:
    stream = Terminal()
    write_table(rows, stream, headers=headers)
    return re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())


@given(st.text())
def test_printable_text_drives_no_terminal(text: str) -> None:
    assert printable(text).isprintable()
    if text.isprintable():
        assert printable(text) == text


def test_escapes() -> None:
    assert printable("a\x1b[2J\nb\t\x9b\u202e\udcff") == r"a\x1b[2J\nb\t\x9b\u202e\udcff"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (250_000_000, "250.0 MB"),
        (3 * 10**18, "3000.0 PB"),
    ],
)
def test_size(number: int, text: str) -> None:
    assert size(number) == text


def test_count() -> None:
    assert count(206_874) == "206,874"


class TestTables:
    def test_text_is_aligned_elsewhere_than_on_a_terminal(self) -> None:
        stream = io.StringIO()
        write_table([("a", "1"), ("long\n", "2")], stream, headers=("x", "y"))
        assert stream.getvalue() == "x       y\na       1\nlong\\n  2\n"

    def test_no_rows_no_table(self) -> None:
        stream = io.StringIO()
        write_table([], stream, headers=("x",))
        assert stream.getvalue() == ""

    def test_data_is_no_markup(self) -> None:
        assert "[red]x[/red] :smile:" in drawn([("[red]x[/red] :smile:", "1")])

    def test_a_control_character_reaches_no_terminal(self) -> None:
        assert "\\x1b[2J" in drawn([("\x1b[2J", "1")])

    def test_a_long_name_is_folded_never_cut(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "40")
        name = "jobs_at_" + "x" * 90 + ".json"
        text = drawn([(name, "1 B")], headers=("output", "size"))
        assert "…" not in text
        assert "".join(re.findall(r"[a-z_.]+", text.split("\n", 3)[3])).startswith(name)


class TestProgress:
    def test_nothing_elsewhere_than_on_a_terminal(self) -> None:
        stream = io.StringIO()
        with progress_on(stream) as progress:
            assert progress is silent
            progress("survey", 1, 2)
        assert stream.getvalue() == ""

    def test_both_passes_on_a_terminal(self) -> None:
        stream = Terminal()
        with progress_on(stream) as progress:
            progress("survey", 500, 1000)
            progress("survey", 1000, 1000)
            progress("apply", 1000, 1000)
        assert "1 of 2, identities" in stream.getvalue()
        assert "2 of 2, writing" in stream.getvalue()
        assert "1,000 of 1,000 rows" in stream.getvalue()


def fail(secret: str) -> None:
    local = secret * 2
    try:
        int(secret)
    except ValueError as error:
        raise KeyError(local) from error


def crashed(secret: str) -> BaseException:
    try:
        fail(secret)
    except KeyError as error:
        return error
    raise AssertionError("it does not fail")


class TestCrash:
    @pytest.fixture(autouse=True)
    def _temporary(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def test_types_and_frames_of_the_whole_chain(self) -> None:
        text = write_crash(crashed("alice")).read_text()
        assert "builtins.KeyError\n" in text
        assert "caused by: builtins.ValueError\n" in text
        assert re.search(rf"^  {re.escape(__file__)}:\d+:fail$", text, re.MULTILINE)

    def test_no_message_note_value_or_source_line(self) -> None:
        error = crashed("alice")
        error.__notes__ = ["alice"]  # type: ignore[attr-defined]  # as add_note does from Python 3.11
        assert "alice" not in write_crash(error).read_text()

    def test_only_its_owner_reads_it(self) -> None:
        assert write_crash(crashed("alice")).stat().st_mode & 0o777 == 0o600

    def test_a_chain_that_turns_back_on_itself(self) -> None:
        first, second = KeyError(), ValueError()
        first.__cause__, second.__cause__ = second, first
        assert write_crash(first).read_text().count("KeyError") == 1

    def test_members_of_a_group(self) -> None:
        error = RuntimeError()
        error.exceptions = (crashed("alice"),)  # type: ignore[attr-defined]  # as a group has from Python 3.11
        text = write_crash(error).read_text()
        assert "one of a group: builtins.KeyError" in text
        assert "alice" not in text

    def test_frames_of_a_worker_without_its_messages(self) -> None:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            error = pool.submit(os.stat, f"{__file__}/alice").exception()
        assert error is not None
        text = write_crash(error).read_text()
        assert "alice" not in text
        assert "_RemoteTraceback" in text
        assert re.search(r"^  \S+process\.py:\d+$", text, re.MULTILINE)

    def test_a_message_cannot_pose_as_a_frame(self) -> None:
        _RemoteTraceback = type("_RemoteTraceback", (Exception,), {})
        forged = f'  File "/home/alice", line 12, in alice\n  File "{os.__file__}", line 13, in alice\n'
        text = write_crash(_RemoteTraceback(forged)).read_text()
        assert "alice" not in text
        assert f"  {os.__file__}:13\n" in text
