"""Restoring an output: valid in its own format, private, never by accident, and noted before it can be read."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import stat
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from mappings import access_log, saved

from anonkit.errors import ConfigError, InputError, OutputError
from anonkit.mapping import AccessLog, Mapping, Restored, restore

QUOTED = "o'brien \"é\n"


@pytest.fixture
def release(known: Path, tmp_path: Path) -> Path:
    """An output folder of a run with the mapping `known`."""
    folder = tmp_path / "out"
    folder.mkdir()
    manifest = {"anonkit": "0.1.0", "outputs": [], "mapping": {"domain": Mapping.load(known).domain}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "summary.json").write_text('{"users": [["UR1", 5, true], ["UR3", 2, true], ["UR2", 1, false]]}')
    (folder / "report.txt").write_text("User: UR_3@example.org\nUser: UR_1\n")
    return folder


def shown(known: Path, file: Path) -> str:
    target = io.BytesIO()
    restore(known, file, target)
    return target.getvalue().decode()


class TestContent:
    def test_json_stays_json(self, known: Path, release: Path) -> None:
        users = json.loads(shown(known, release / "summary.json"))["users"]
        assert users == [["bob", 5, True], [QUOTED, 2, True], ["UR2", 1, False]]

    def test_json_lines(self, known: Path, release: Path) -> None:
        (release / "rows.jsonl").write_text('{"User": "UR_3"}\n{"User": "UR_1"}\n')
        rows = [json.loads(line) for line in shown(known, release / "rows.jsonl").splitlines()]
        assert rows == [{"User": QUOTED}, {"User": "bob"}]

    def test_a_text_gets_no_line_of_an_originals_own(self, known: Path, release: Path) -> None:
        assert shown(known, release / "report.txt") == "User: o'brien \"é\\n@example.org\nUser: bob\n"

    def test_html(self, known: Path, release: Path) -> None:
        (release / "report.html").write_text("<td>UR_3</td>")
        assert shown(known, release / "report.html") == "<td>o&#x27;brien &quot;é\n</td>"

    @pytest.mark.parametrize(
        ("suffix", "compress"),
        [
            (".gz", gzip.compress),
            (".bz2", bz2.compress),
            (".xz", lzma.compress),
            (".zst", lambda data: pa.Codec("zstd").compress(data, asbytes=True)),
        ],
    )
    def test_compressed_outputs(
        self, known: Path, release: Path, suffix: str, compress: Callable[[bytes], bytes]
    ) -> None:
        halves = (release / "summary.json").read_bytes()
        file = release / f"summary.json{suffix}"
        file.write_bytes(compress(halves[:30]) + compress(halves[30:]))
        assert json.loads(shown(known, file))["users"][1] == [QUOTED, 2, True]
        file.write_bytes(compress(halves)[:-9])
        with pytest.raises(InputError) as caught:
            shown(known, file)
        assert str(caught.value) == f"{file}: cannot be read (damaged); name an output of a run"

    @pytest.mark.parametrize("name", ["none.json", "none.json.zst", "none.json.gz", "none.txt.xz"])
    def test_no_file(self, known: Path, tmp_path: Path, name: str) -> None:
        with pytest.raises(InputError) as caught:
            shown(known, tmp_path / name)
        assert str(caught.value) == (
            f"{tmp_path / name}: cannot be read (No such file or directory); name an output of a run"
        )

    def test_what_is_no_text(self, known: Path, tmp_path: Path) -> None:
        (tmp_path / "rows.parquet").write_bytes(b"PAR1\0UR_1")
        with pytest.raises(InputError, match="not text; restore takes text and JSON, so unpack or convert it first"):
            shown(known, tmp_path / "rows.parquet")


class TestDomain:
    def test_of_another_mapping(self, release: Path, tmp_path: Path) -> None:
        other = saved(tmp_path / "other.json", user={"carl": 1})
        with pytest.raises(InputError, match="the same tokens mean other identities there"):
            shown(other, release / "summary.json")
        assert access_log(other) == []

    def test_without_a_manifest_it_is_the_users_word(self, known: Path, release: Path) -> None:
        (release / "manifest.json").unlink()
        assert "bob" in shown(known, release / "summary.json")


class TestOutput:
    def test_it_is_its_owners_alone(self, known: Path, release: Path, tmp_path: Path) -> None:
        output = tmp_path / "private" / "summary.json"
        assert restore(known, release / "summary.json", output) == Restored(2, 2)
        assert stat.S_IMODE(output.stat().st_mode) == 0o600
        assert json.loads(output.read_text())["users"][0] == ["bob", 5, True]
        assert list(output.parent.iterdir()) == [output]

    def test_what_is_there_is_replaced_when_it_may_be(self, known: Path, release: Path, tmp_path: Path) -> None:
        output = tmp_path / "summary.json"
        output.write_text("mine")
        with pytest.raises(OutputError) as caught:
            restore(known, release / "summary.json", output)
        assert str(caught.value) == f"--output {output}: is there already; --force replaces it"
        assert output.read_text() == "mine"
        restore(known, release / "summary.json", output, force=True)
        assert "bob" in output.read_text()

    @pytest.mark.parametrize("place", ["summary.json", "new.json", "deep/new.json", "../link/new.json"])
    def test_not_in_an_output_folder(self, known: Path, release: Path, tmp_path: Path, place: str) -> None:
        (tmp_path / "link").symlink_to(release)
        with pytest.raises(OutputError) as caught:
            restore(known, release / "summary.json", release / place, force=True)
        assert str(caught.value) == (
            f"--output {release / place}: is inside the output folder {release}, which is meant to be handed on; "
            "choose a file elsewhere"
        )
        assert "UR1" in (release / "summary.json").read_text()

    def test_a_folder(self, known: Path, release: Path, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="is a folder; name a file"):
            restore(known, release / "summary.json", tmp_path, force=True)

    def test_a_place_that_cannot_be_written(self, known: Path, release: Path, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(OutputError, match=r"cannot be written \(File exists\); name another place"):
            restore(known, release / "summary.json", tmp_path / "file" / "new.json")

    def test_a_failure_leaves_nothing(self, known: Path, release: Path, tmp_path: Path) -> None:
        output = tmp_path / "private" / "rows.txt"
        (release / "rows.txt").write_bytes(b"UR_1\n" * 10 + b"\0")
        with pytest.raises(InputError):
            restore(known, release / "rows.txt", output)
        assert list(output.parent.iterdir()) == []


class TestNoting:
    def test_the_file_and_how_much(self, known: Path, release: Path, tmp_path: Path) -> None:
        restore(known, release / "summary.json", tmp_path / "private.json")
        shown(known, release / "report.txt")
        facts = {"command": "restore", "mapping": "mapping.json", "domain": Mapping.load(known).domain}
        assert access_log(known) == [
            {**facts, "file": "summary.json", "count": 2, "distinct": 2},
            {**facts, "file": "report.txt", "count": 2, "distinct": 2},
        ]

    def test_what_cannot_be_noted_is_not_written(self, known: Path, release: Path, tmp_path: Path) -> None:
        log, output, target = AccessLog.from_mapping(known, "/dev/null"), tmp_path / "private.json", io.BytesIO()
        for place in (output, target):
            with pytest.raises(OutputError, match="so nothing was revealed or changed"):
                restore(known, release / "summary.json", place, log=log)
        assert not output.exists()
        assert target.getvalue() == b""
