"""A run does not read what anonkit itself wrote, nor hidden files."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from anonkit.errors import InputError
from anonkit.file_names import MANIFEST, STAGING_PREFIX
from anonkit.input.own_outputs import without_own_outputs
from anonkit.input.source import find_files


def touch(root: Path, *names: str) -> list[Path]:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return [root / name for name in names]


def manifest(folder: Path, *outputs: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / MANIFEST).write_text(json.dumps({"anonkit": "0.2.0", "outputs": [{"name": name} for name in outputs]}))


def test_a_folder_with_a_manifest_is_passed_over_with_a_warning(tmp_path: Path) -> None:
    files = touch(tmp_path, "a.parquet", "out/dataset.parquet", "out/more/b.parquet", "other/c.parquet")
    manifest(tmp_path / "out", "dataset.parquet")
    inputs = without_own_outputs(tmp_path, files)
    assert inputs.files == (files[0], files[3])
    assert inputs.warnings == ("passed over out: 2 files in it are anonkit's own outputs (by its manifest.json)",)


def test_of_the_input_folder_itself_only_the_listed_outputs_are_passed_over(tmp_path: Path) -> None:
    files = touch(tmp_path, "a.parquet", "dataset.parquet", "below/dataset.parquet")
    manifest(tmp_path, "dataset.parquet")
    assert without_own_outputs(tmp_path, files).files == (files[0], files[2])


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"outputs": []}', b'{"anonkit": 1}', b"\xff", b"[" * 100_000])
def test_the_manifest_of_another_program_means_nothing(tmp_path: Path, content: bytes) -> None:
    files = touch(tmp_path, "out/a.parquet")
    (tmp_path / "out" / MANIFEST).write_bytes(content)
    assert without_own_outputs(tmp_path, files).files == tuple(files)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_for_a_manifest_is_not_waited_for(tmp_path: Path) -> None:
    files = touch(tmp_path, "out/a.parquet")
    os.mkfifo(tmp_path / "out" / MANIFEST)
    assert without_own_outputs(tmp_path, files).files == tuple(files)


def test_hidden_files_and_folders_are_passed_over_with_a_warning_but_not_about_staging(tmp_path: Path) -> None:
    files = touch(tmp_path, ".a.parquet", ".trash/b.parquet", f"{STAGING_PREFIX}0/complete/c.parquet", "d.parquet")
    inputs = without_own_outputs(tmp_path, files)
    assert inputs.files == (files[3],)
    assert inputs.warnings == ("passed over 2 hidden files; to read one, name it with --data-dir",)


def test_a_hidden_input_folder_and_an_output_named_by_itself_are_read(tmp_path: Path) -> None:
    touch(tmp_path, ".jobs/a.parquet")
    manifest(tmp_path / ".jobs", "a.parquet")
    touch(tmp_path, ".jobs/b.parquet")
    assert [name for _, name in find_files(str(tmp_path / ".jobs"))[0]] == ["b.parquet"]
    assert [name for _, name in find_files(str(tmp_path / ".jobs" / "a.parquet"))[0]] == ["a.parquet"]


def test_an_input_of_outputs_alone_is_an_error_that_says_so(tmp_path: Path) -> None:
    touch(tmp_path, "dataset.parquet")
    manifest(tmp_path, "dataset.parquet")
    with pytest.raises(InputError, match=r"but those that are passed over .*own outputs"):
        find_files(str(tmp_path))
