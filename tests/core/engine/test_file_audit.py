"""Files of every kind are unpacked, whoever wrote them."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import attrs
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import anonkit
from anonkit.auditing.exclusions import Tokens
from anonkit.auditing.findings import AuditResult
from anonkit.auditing.patterns import Known
from anonkit.auditing.readers import streams
from anonkit.auditing.run import RunAudit
from anonkit.auditing.streams import DAMAGED
from anonkit.auditing.windows import FileToAudit
from anonkit.engine.file_audit import FileAudit
from anonkit.errors import ConfigError
from anonkit.plugin.contracts import Boundary
from anonkit.runtime.task_runner import local_runner

NAME = "annakowal"
Compress = Callable[[bytes], bytes]


def zstd(data: bytes) -> bytes:
    compressed: bytes = pa.Codec("zstd").compress(data, asbytes=True)
    return compressed


CODECS: dict[str, Compress] = {"zst": zstd, "gz": gzip.compress, "xz": lzma.compress, "bz2": bz2.compress}


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mapping") / "mapping.json"
    kinds = {"user": {"prefix": "UR", "text_prefix": "UR_", "identities": [[NAME, 1], [None, 2], ["root", 3]]}}
    kinds["team"] = {"prefix": "TE", "text_prefix": "TE_", "identities": [["bluefish", 4]]}
    path.write_text(json.dumps({"format": "anonkit-mapping-1", "kinds": kinds}))
    return path


@pytest.fixture(scope="module")
def audit(mapping: Path) -> FileAudit:
    return FileAudit.from_mapping(mapping, {"run": {"workers": 1}})


@pytest.fixture
def look(tmp_path: Path, audit: FileAudit) -> Callable[[bytes], AuditResult]:
    def looked(data: bytes) -> AuditResult:
        (tmp_path / "file").write_bytes(data)
        return audit(tmp_path / "file")

    return looked


Look = Callable[[bytes], AuditResult]


NO_TEXT = "is neither text nor gzip, zstd, xz, bz2, tar, zip or parquet"
DAMAGE = ("file", "cannot be unpacked to its end: it is damaged, or not what it begins as")


def unread(result: AuditResult) -> list[tuple[str, str]]:
    return [(file.output, file.reason) for file in result.unread]


def told(result: AuditResult) -> list[tuple[str, int, str, str]]:
    return [(find.output, find.offset, find.variant, find.token) for find in result.findings]


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
    assert not any(NAME in find.output for find in result.findings)
    assert {"the name of a member in file", "the head of a member in file"} <= {find.output for find in result.findings}


def test_zips_and_what_is_compressed_in_them(look: Look) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.gz", gzip.compress(f"x {NAME}".encode()))
        archive.comment = NAME.encode()
    assert {find.output for find in look(packed.getvalue()).findings} == {
        "inner.gz in file",
        "the heads of the members in file",
    }


@pytest.mark.parametrize("size", [0, 1, 300])
def test_a_part_of_a_zstd_file_that_programs_skip(look: Look, size: int) -> None:
    skipped = struct.pack("<II", 0x184D2A53, len(NAME)) + NAME.encode()
    text = zstd(b"x" * size) + zstd(bytes(range(32, 127)) * 4000)
    assert look(text).clean
    for data in (text + skipped, zstd(b"a") + skipped + text):
        assert unread(look(data)) == [("file", "holds a part that programs skip")]


def test_the_head_of_a_gzip_file(look: Look) -> None:
    packed = io.BytesIO()
    with gzip.GzipFile(f"{NAME}.txt", "wb", fileobj=packed) as file:
        file.write(b"nobody")
    assert told(look(packed.getvalue())) == [("its head in file", 0, "plain", "UR_1")]
    assert look(gzip.compress(b"nobody")).clean


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_bytes_between_the_members_of_a_zip(look: Look, method: int) -> None:
    class Unseekable(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, offset: int, whence: int = 0) -> int:
            raise io.UnsupportedOperation

    for packed in (io.BytesIO(), Unseekable()):
        with zipfile.ZipFile(packed, "w", method) as archive:
            archive.writestr("a.txt", "nobody")
            archive.writestr("b.txt", "no one")
        data = packed.getvalue()
        assert look(data).clean
        directory, place = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
        (start,) = struct.unpack_from("<I", data, place + 16)
        moved = data[place : place + 16] + struct.pack("<I", start + 9) + data[place + 20 :]
        before_directory = data[:directory] + b"annakowal" + data[directory:place] + moved
        assert unread(look(before_directory)) == [("file", "holds bytes between the members of its archive")]


def test_zips_that_cannot_be_unpacked(look: Look) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(NAME, b"nobody")
    data = packed.getvalue()
    for encrypted, method in ((1, 0), (0, 99)):
        entry = data.index(b"PK\x01\x02")
        changed = data[: entry + 8] + bytes([encrypted, 0, method, 0]) + data[entry + 12 :]
        result = look(changed)
        assert unread(result) == [DAMAGE]
        assert NAME not in str(result.unread)


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
    places = {find.output for find in look(stored.getvalue()).findings}
    assert places == {"pages of column 1 in file", "values of column 1 in file"}


def test_a_value_that_only_a_dictionary_page_holds(look: Look) -> None:
    left = pa.DictionaryArray.from_arrays(pa.array([0, 0], pa.int32()), pa.array(["UR_1", NAME]))
    stored = io.BytesIO()
    pq.write_table(pa.table({"User": left}), stored, write_statistics=False, store_schema=False)
    assert [find.output for find in look(stored.getvalue()).findings] == ["pages of column 1 in file"]


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("with_null", [False, True])
def test_numbers_of_dictionary_entries_are_no_text(look: Look, version: str, *, nested: bool, with_null: bool) -> None:
    """Of 200 values each number is a byte: the numbers from 97 on spell the name."""
    values = [f"value {number}" for number in range(200)]
    column = [*values, *(values[letter] for letter in NAME.encode()), *([None] if with_null else [])]
    stored = io.BytesIO()
    table = pa.table({"User": [[value] for value in column] if nested else column})
    pq.write_table(table, stored, data_page_version=version, compression="none", write_statistics=False)
    assert NAME.encode() in stored.getvalue()
    assert not look(stored.getvalue()).findings


def test_what_else_a_parquet_file_tells(look: Look) -> None:
    clean = pa.table({"User": ["UR_1", "UR_2"], "n": [1, 2]})

    def finds(table: pa.Table) -> set[str]:
        stored = io.BytesIO()
        pq.write_table(table, stored)
        return {find.output for find in look(stored.getvalue()).findings}

    assert finds(clean) == set()
    assert finds(clean.replace_schema_metadata({"owner": NAME})) == {"its metadata in file"}
    field = clean.schema.field("n").with_metadata({"note": f"by {NAME}"})
    assert finds(clean.cast(pa.schema([clean.schema.field("User"), field]))) == {"its metadata in file"}
    assert finds(clean.set_column(1, "n", pa.array([[NAME], []]))) >= {"values of column 2 in file"}


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(b"x" * 9000, mtime=0)[:-9],
        b"PAR1 \x00\x01 and no more",
        b"\x28\xb5\x2f\xfd damaged",
        b"PK\x03\x04",
    ],
    ids=["gzip", "parquet", "zstd", "zip"],
)
def test_what_cannot_be_unpacked_is_not_clean(look: Look, data: bytes) -> None:
    result = look(data)
    assert unread(result) == [DAMAGE]
    assert not result.clean


def test_text_that_begins_as_an_archive_does_is_text(look: Look) -> None:
    for data in (f"BZh is no archive, {NAME}", f"PAR1 {NAME}", f"{'x' * 257}ustar {NAME}"):
        result = look(data.encode())
        assert told(result) == [("file", data.index(NAME), "plain", "UR_1")]
        assert not result.unread


SCRAMBLED = bytes(byte ^ 0x5A for byte in f"User: {NAME}, from 192.0.2.1\n".encode() * 40)


@pytest.mark.parametrize(
    "data",
    [SCRAMBLED, f"by {NAME}".encode("utf-16"), bytes(range(256)) * 8, b"text " * 9000 + bytes(range(256)) * 32],
    ids=["scrambled", "utf-16", "binary", "text and binary"],
)
@pytest.mark.parametrize("pack", ["", *CODECS, "tar", "tar.gz"])
def test_what_is_not_text_is_named_as_not_read(look: Look, data: bytes, pack: str) -> None:
    packed = tar({"inner": data}) if "tar" in pack else data
    codec = pack.rpartition(".")[2]
    result = look(CODECS[codec](packed) if codec in CODECS else packed)
    assert unread(result) == [("inner in file" if "tar" in pack else "file", NO_TEXT)]
    assert not result.clean


@pytest.mark.parametrize(
    "data",
    [
        "caf\u00e9 \u2014 \u65e5\u672c\u8a9e ".encode() * 3000,
        "M\u00fcller and Jos\u00e9 go home ".encode("latin-1") * 3000,
    ],
    ids=["utf-8", "latin-1"],
)
def test_text_beyond_ascii_is_read(look: Look, data: bytes) -> None:
    assert look(data).clean


def test_a_name_in_what_is_not_text_is_found_all_the_same(look: Look) -> None:
    result = look(bytes(range(256)) * 4 + f" {NAME} ".encode())
    assert [finding.variant for finding in result.findings] == ["plain"]
    assert unread(result) == [("file", NO_TEXT)]


@pytest.mark.parametrize("codec", CODECS)
def test_what_is_packed_in_a_compressed_file_is_unpacked(look: Look, codec: str) -> None:
    stored = io.BytesIO()
    pq.write_table(pa.table({"User": [f"by {NAME}"] * 3}), stored, compression="snappy", write_statistics=False)
    packed = CODECS[codec](CODECS["gz"](stored.getvalue()))
    assert {find.output for find in look(packed).findings} == {
        "pages of column 1 in file",
        "values of column 1 in file",
    }


def test_a_file_that_is_packed_without_end_is_not_read(look: Look) -> None:
    data = b"nobody"
    for _ in range(12):
        data = gzip.compress(data)
    assert unread(look(data)) == [("file", "is packed too many times")]


def test_binary_columns_have_to_hold_text(look: Look) -> None:
    stored = io.BytesIO()
    pq.write_table(pa.table({"blob": pa.array([gzip.compress(NAME.encode())]), "text": ["\x00\x01"]}), stored)
    assert unread(look(stored.getvalue())) == [("values of column 1 in file", NO_TEXT)]


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_damaged_pages_are_reported_as_damaged(version: str) -> None:
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
                    list(stream.chunks())
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
    assert {find.output for find in result.findings} == {"the name of output 1", "output 1"}


def test_spans_of_a_file_do_not_show(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(f"1234567 {NAME} 12345 ann%61kowal anna\n  kowal")
    known = Known("user", "UR_1", NAME, ((NAME, Boundary.ANYWHERE),), 1)
    audit = attrs.evolve(RunAudit.from_known([known], Tokens(("UR_",))), span_bytes=10, chunk_bytes=4)
    with local_runner(1) as runner:
        result = audit.files([FileToAudit(tmp_path / "file", "file", 1)], runner)
    assert [find.offset for find in result.findings] == [8, 24, 36]


def test_mistakes_are_reported(tmp_path: Path, mapping: Path) -> None:
    with pytest.raises(ConfigError, match="no such file; name the file that the run was given with --mapping"):
        anonkit.audit(tmp_path, tmp_path / "other.json")
    with pytest.raises(ConfigError, match="no file is there to look through"):
        anonkit.audit(tmp_path / "none", mapping)
