"""Files of every kind are unpacked, whoever wrote them."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import anonkit
from anonkit.auditing.findings import AuditResult
from anonkit.auditing.readers import DAMAGED, streams
from anonkit.errors import ConfigError, InputError

NAME = "annakowal"
Compress = Callable[[bytes], bytes]


def zstd(data: bytes) -> bytes:
    compressed: bytes = pa.Codec("zstd").compress(data, asbytes=True)
    return compressed


CODECS: dict[str, Compress] = {"zst": zstd, "gz": gzip.compress, "xz": lzma.compress, "bz2": bz2.compress}


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.json"
    kinds = {"user": {"prefix": "UR", "text_prefix": "UR_", "identities": [[NAME, 1], [None, 2], ["root", 3]]}}
    kinds["team"] = {"prefix": "TE", "text_prefix": "TE_", "identities": [["bluefish", 4]]}
    path.write_text(json.dumps({"format": "anonkit-mapping-1", "kinds": kinds}))
    return path


@pytest.fixture
def look(tmp_path: Path, mapping: Path) -> Callable[[bytes], AuditResult]:
    def looked(data: bytes) -> AuditResult:
        (tmp_path / "file").write_bytes(data)
        return anonkit.audit(tmp_path / "file", mapping, {"run": {"workers": 1}})

    return looked


Look = Callable[[bytes], AuditResult]


def told(result: AuditResult) -> list[tuple[str, int, str, str]]:
    return [(find.output, find.offset, find.variant, find.token) for find in result.finds]


def test_plain_files(look: Look) -> None:
    result = look(f"by {NAME}, by root".encode())
    assert told(result) == [("file", 3, "plain", "UR_1")]
    assert (result.files, result.bytes, result.identities, result.clean) == (1, 21, 2, False)
    assert look(b"UR_1 and UR_3").clean
    assert look(b"").clean


def test_kinds_without_a_tokenizer_are_looked_for(look: Look) -> None:
    assert told(look(b"by BlueFish")) == [("file", 3, "plain", "TE_4")]


@pytest.mark.parametrize("codec", CODECS)
def test_compressed_files_of_several_frames(look: Look, codec: str) -> None:
    compress = CODECS[codec]
    data = compress(b"first ") + compress(f"then {NAME[:4]}".encode()) + compress(NAME[4:].encode())
    assert told(look(data)) == [("file", 11, "plain", "UR_1")]


@pytest.mark.parametrize("codec", ["", *CODECS])
def test_tars(look: Look, codec: str) -> None:
    data = tar({"a.txt": b"nobody", "b.txt": f"x {NAME}".encode(), f"of-{NAME}": b""})
    result = look(CODECS[codec](data) if codec else data)
    assert ("b.txt in file", 2, "plain", "UR_1") in told(result)
    assert not any(NAME in find.output for find in result.finds)
    assert {"the name of a member in file", "the head of a member in file"} <= {find.output for find in result.finds}


def test_zips_and_what_is_compressed_in_them(look: Look) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.gz", gzip.compress(f"x {NAME}".encode()))
        archive.comment = NAME.encode()
    assert {find.output for find in look(packed.getvalue()).finds} == {
        "inner.gz in file",
        "the heads of the members in file",
    }


def test_zips_that_cannot_be_unpacked(look: Look) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(NAME, b"nobody")
    data = packed.getvalue()
    for encrypted, method in ((1, 0), (0, 99)):
        entry = data.index(b"PK\x01\x02")
        changed = data[: entry + 8] + bytes([encrypted, 0, method, 0]) + data[entry + 12 :]
        with pytest.raises(InputError, match="file: cannot be unpacked to its end") as raised:
            look(changed)
        assert NAME not in str(raised.value)


def tar(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


@pytest.mark.parametrize("compression", ["none", "snappy", "zstd", "gzip", "lz4", "brotli"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("dictionary", [True, False])
def test_parquet(look: Look, compression: str, version: str, dictionary: bool) -> None:
    table = pa.table({"User": ["UR_1", f"by {NAME}", None], "n": range(3)})
    stored = io.BytesIO()
    pq.write_table(
        table, stored, compression=compression, data_page_version=version, use_dictionary=dictionary,
        write_statistics=False,
    )  # fmt: skip
    places = {find.output for find in look(stored.getvalue()).finds}
    assert places == {"pages of column 1 in file", "values of column 1 in file"}


def test_a_value_that_only_a_dictionary_page_holds(look: Look) -> None:
    left = pa.DictionaryArray.from_arrays(pa.array([0, 0], pa.int32()), pa.array(["UR_1", NAME]))
    stored = io.BytesIO()
    pq.write_table(pa.table({"User": left}), stored, write_statistics=False, store_schema=False)
    assert [find.output for find in look(stored.getvalue()).finds] == ["pages of column 1 in file"]


def test_what_else_a_parquet_file_tells(look: Look) -> None:
    clean = pa.table({"User": ["UR_1", "UR_2"], "n": [1, 2]})

    def finds(table: pa.Table) -> set[str]:
        stored = io.BytesIO()
        pq.write_table(table, stored)
        return {find.output for find in look(stored.getvalue()).finds}

    assert finds(clean) == set()
    assert finds(clean.replace_schema_metadata({"owner": NAME})) == {"its metadata in file"}
    field = clean.schema.field("n").with_metadata({"note": f"by {NAME}"})
    assert finds(clean.cast(pa.schema([clean.schema.field("User"), field]))) == {"its metadata in file"}
    assert finds(clean.set_column(1, "n", pa.array([[NAME], []]))) >= {"values of column 2 in file"}


@pytest.mark.parametrize(
    "data", [gzip.compress(b"x" * 9000, mtime=0)[:-9], b"PAR1 and no more", b"\x28\xb5\x2f\xfd damaged", b"PK\x03\x04"]
)
def test_what_cannot_be_unpacked_is_not_clean(look: Look, data: bytes) -> None:
    with pytest.raises(InputError, match="file: cannot be unpacked to its end, so nothing is proved of it"):
        look(data)


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_damaged_pages_are_told_as_damaged(version: str) -> None:
    """Whichever byte of a page's header is another, reading ends, and by no other error."""
    stored = io.BytesIO()
    pq.write_table(pa.table({"User": ["UR_1", "b", None] * 5}), stored, data_page_version=version, compression="zstd")
    whole = stored.getvalue()
    metadata = pq.read_metadata(stored).row_group(0).column(0)
    told = 0
    for place in range(metadata.dictionary_page_offset, metadata.dictionary_page_offset + 40):
        for other in (0x00, 0x15, 0x7F, 0xFF):
            damaged = whole[:place] + bytes([other]) + whole[place + 1 :]
            try:
                for stream in streams(("file",), lambda damaged=damaged: io.BytesIO(damaged)):  # type: ignore[misc]
                    list(stream.pieces())
            except DAMAGED:
                told += 1
    assert told > 40


def test_a_folder_is_searched_to_the_bottom(tmp_path: Path, mapping: Path) -> None:
    below = tmp_path / "out" / "below"
    below.mkdir(parents=True)
    (below / f"{NAME}.txt").write_text(f"{NAME}")
    (tmp_path / "out" / "clean").write_text("nobody")
    result = anonkit.audit(tmp_path / "out", mapping, {"run": {"workers": 2}})
    assert (result.files, result.total) == (2, 2)
    assert {find.output for find in result.finds} == {"the name of output 1", "output 1"}


def test_spans_of_a_file_do_not_show(tmp_path: Path, mapping: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anonkit.auditing.windows._SPAN", 10)
    monkeypatch.setattr("anonkit.auditing.windows.PIECE", 4)
    (tmp_path / "file").write_text(f"1234567 {NAME} 12345 ann%61kowal anna\n  kowal")
    result = anonkit.audit(tmp_path / "file", mapping, {"run": {"workers": 1}})
    assert [find.offset for find in result.finds] == [8, 24, 36]


def test_mistakes_are_told(tmp_path: Path, mapping: Path) -> None:
    with pytest.raises(ConfigError, match="no such file; name the file that the run was given with --mapping"):
        anonkit.audit(tmp_path, tmp_path / "other.json")
    with pytest.raises(ConfigError, match="no file is there to look through"):
        anonkit.audit(tmp_path / "none", mapping)
