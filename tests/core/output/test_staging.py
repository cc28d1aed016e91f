"""Outputs are published all together or not at all; an earlier result stays until then."""

from __future__ import annotations

import errno
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from output_runs import Boom, content, publish, run

from anonkit.errors import AnonkitError, OutputError, PluginError
from anonkit.file_names import MANIFEST
from anonkit.output import staging as staging_module
from anonkit.output.reporter_outputs import ReporterOutputs
from anonkit.output.staging import Staging


class TestStaging:
    def test_nothing_shows_before_it_is_published(self, folder: Path, outputs: ReporterOutputs) -> None:
        outputs.write("a.txt", b"a")
        (hidden,) = folder.iterdir()
        assert hidden.name.startswith(".anonkit-staging-")
        assert hidden.stat().st_mode & 0o777 == 0o700
        publish(outputs.staging)
        assert content(folder) == {"a.txt": b"a"}

    def test_nothing_is_left_behind(self, folder: Path) -> None:
        run(folder, a_txt=b"a")
        assert {path.name for path in folder.iterdir()} == {"a.txt", MANIFEST}

    @pytest.mark.parametrize("error", [Boom, OSError, KeyboardInterrupt, PluginError])
    def test_nothing_is_left_behind_after_an_error(self, folder: Path, error: type[BaseException]) -> None:
        def failing() -> None:
            with Staging.at(folder, []) as staging:
                ReporterOutputs(staging, "r", True).write("a.txt", b"a")
                raise error

        with pytest.raises(OutputError if error is OSError else error):
            failing()
        assert list(folder.iterdir()) == []

    def test_nothing_is_left_after_two_interrupts(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        remove = staging_module.shutil.rmtree

        def interrupted(path: Path, **options: bool) -> None:
            signal.raise_signal(signal.SIGINT)
            remove(path, **options)

        monkeypatch.setattr(staging_module.shutil, "rmtree", interrupted)

        def failing() -> None:
            with Staging.at(folder, []) as staging:
                ReporterOutputs(staging, "r", True).write("a.txt", b"a")
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            failing()
        assert list(folder.iterdir()) == []

    def test_a_full_disk(self, folder: Path) -> None:
        def failing() -> None:
            with Staging.at(folder, []) as staging:
                (staging.work / "000001").symlink_to("/dev/full")
                ReporterOutputs(staging, "r", True).write("a.txt", b"a")

        with pytest.raises(OutputError) as caught:
            failing()
        assert str(caught.value) == (
            f"{folder}: cannot be written to (No space left on device); nothing was published. "
            "Check free space and permissions, or choose another --output-dir"
        )

    def test_an_output_folder_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(OutputError, match=rf"^{tmp_path / 'file'}: cannot be written to \(File exists\)"):
            run(tmp_path / "file")

    def test_folders_are_made(self, tmp_path: Path) -> None:
        run(tmp_path / "a" / "b", a_txt=b"a")
        assert content(tmp_path / "a" / "b") == {"a.txt": b"a"}

    def test_warnings_name_the_reporter(self, outputs: ReporterOutputs) -> None:
        outputs.warn("no such site")
        assert outputs.staging.warnings == ["rows: no such site"]


class TestPublishing:
    def test_an_earlier_result_is_taken_away(self, folder: Path) -> None:
        run(folder, a_txt=b"1", b_txt=b"1")
        (folder / "notes.txt").write_bytes(b"mine")
        run(folder, b_txt=b"2", c_txt=b"2")
        assert content(folder) == {"b.txt": b"2", "c.txt": b"2", "notes.txt": b"mine"}

    def test_an_archive_of_an_earlier_run_is_taken_away(self, folder: Path) -> None:
        run(folder, all_tar=b"1")
        manifest = json.loads((folder / MANIFEST).read_bytes())
        (folder / MANIFEST).write_text(json.dumps({**manifest, "outputs": [], "archive": manifest["outputs"][0]}))
        run(folder, b_txt=b"2")
        assert content(folder) == {"b.txt": b"2"}

    def test_a_file_that_no_run_published_stays_unless_forced(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "a.txt").write_bytes(b"mine")
        (folder / "b.txt").symlink_to(folder / "nowhere")
        with pytest.raises(OutputError, match=r"holds 'a.txt', not as a run of anonkit published it there; .* --force"):
            run(folder, a_txt=b"1", b_txt=b"2")
        assert content(folder) == {"a.txt": b"mine"}
        run(folder, force=True, a_txt=b"1", b_txt=b"2")
        assert content(folder) == {"a.txt": b"1", "b.txt": b"2"}
        assert not (folder / "b.txt").is_symlink()

    def test_an_output_that_was_changed_is_neither_replaced_nor_taken_away(self, folder: Path) -> None:
        run(folder, a_txt=b"1", b_txt=b"1")
        (folder / "a.txt").write_bytes(b"mine")
        run(folder, b_txt=b"2")
        assert content(folder) == {"a.txt": b"mine", "b.txt": b"2"}
        with pytest.raises(OutputError, match="nothing was published"):
            run(folder, a_txt=b"3", b_txt=b"3")
        assert content(folder) == {"a.txt": b"mine", "b.txt": b"2"}

    def test_a_folder_in_the_way_stops_everything(self, folder: Path) -> None:
        run(folder, a_txt=b"1")
        (folder / "b.txt").mkdir()
        with pytest.raises(OutputError, match=r"cannot be written to \(Is a directory\); nothing was published"):
            run(folder, a_txt=b"2", b_txt=b"2")
        assert (folder / "a.txt").read_bytes() == b"1"
        assert {path.name for path in folder.iterdir()} == {"a.txt", "b.txt", MANIFEST}

    @pytest.mark.parametrize(
        "hostile", ["../mine", "/etc/mine", "..", ".", "", "a\0b", "x" * 300, "\ud800", "sub", 7, None, ["a"]]
    )
    def test_a_manifest_may_say_anything(self, folder: Path, hostile: object) -> None:
        (folder / "sub").mkdir(parents=True)
        (folder.parent / "mine").write_bytes(b"mine")
        (folder / MANIFEST).write_text(json.dumps({"anonkit": "1", "outputs": [{"name": hostile}]}))
        run(folder, a_txt=b"1")
        assert (folder.parent / "mine").read_bytes() == b"mine"
        assert {path.name for path in folder.iterdir()} == {"sub", "a.txt", MANIFEST}

    @pytest.mark.parametrize(
        "manifest",
        [
            b"", b"no JSON", b"\xff", b"[]", b"7", b"null", b'"anonkit"', b'["anonkit"]', b"[" * 100_000,
            b'{"outputs": [{"name": "mine"}]}', b'{"anonkit": 1}', b'{"anonkit": 1, "outputs": 3}',
            b'{"anonkit": 1, "outputs": [{}]}', b'{"anonkit": 1, "outputs": [], "archive": "mine"}',
        ],
    )  # fmt: skip
    def test_a_manifest_of_something_else_takes_nothing_away(self, folder: Path, manifest: bytes) -> None:
        folder.mkdir()
        (folder / "mine").write_bytes(b"mine")
        (folder / MANIFEST).write_bytes(manifest)
        run(folder, force=True, a_txt=b"1")
        assert content(folder) == {"mine": b"mine", "a.txt": b"1"}
        assert [one["name"] for one in json.loads((folder / MANIFEST).read_bytes())["outputs"]] == ["a.txt"]


def failing_move(monkeypatch: pytest.MonkeyPatch, fails: Callable[[int, Path, Path], bool]) -> None:
    """Make those moves fail for which `fails(number, source, target)`."""
    moved = Path.replace
    calls = iter(range(1, 1_000))

    def replace(self: Path, target: Path) -> Path:
        if fails(next(calls), self, Path(target)):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return moved(self, target)

    monkeypatch.setattr(Path, "replace", replace)


class TestRollBack:
    @pytest.fixture
    def before(self, folder: Path) -> dict[str, bytes]:
        run(folder, a_txt=b"1", b_txt=b"1")
        (folder / "notes").write_bytes(b"mine")
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    @pytest.mark.parametrize("number", range(1, 7))
    def test_a_move_that_fails_midway(
        self, folder: Path, before: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, number: int
    ) -> None:
        """Three files leave, three come: whichever move fails, all is as it was."""
        failing_move(monkeypatch, lambda call, *_: call == number)
        with pytest.raises(OutputError, match=r"cannot be written to \(Input/output error\); nothing was published"):
            run(folder, b_txt=b"2", c_txt=b"2")
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before

    def test_an_interrupt_midway(self, folder: Path, before: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted(call: int, *_: Path) -> bool:
            if call == 5:
                raise KeyboardInterrupt
            return False

        failing_move(monkeypatch, interrupted)
        with pytest.raises(KeyboardInterrupt):
            run(folder, b_txt=b"2", c_txt=b"2")
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before

    def test_what_cannot_be_put_back_keeps_nothing_else_away(
        self, folder: Path, before: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        failing_move(monkeypatch, lambda call, source, target: call == 6 or (target == folder / "b.txt" and call > 6))
        with pytest.raises(AnonkitError):
            run(folder, b_txt=b"2", c_txt=b"2")
        assert (folder / "a.txt").read_bytes() == b"1"
        assert (folder / MANIFEST).read_bytes() == before[MANIFEST]
        assert not (folder / "c.txt").exists()

    def test_moves_are_six(self, folder: Path, before: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
        """So that the tests above reach the last one."""
        failing_move(monkeypatch, lambda call, *_: call > 6)
        run(folder, b_txt=b"2", c_txt=b"2")
        assert content(folder) == {"b.txt": b"2", "c.txt": b"2", "notes": b"mine"}


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    abandoned = out / ".anonkit-staging-abandoned"
    abandoned.mkdir(parents=True)
    (abandoned / "in-use").touch()
    (abandoned / "000001").write_text("an original")
    with Staging.at(out, ()) as first:
        assert not abandoned.exists()
        # A run that is at work holds its lock.
        with Staging.at(out, ()) as second:
            assert first.work.exists()
            assert second.work != first.work
    assert not list(out.iterdir())
