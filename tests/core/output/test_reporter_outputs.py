"""What a reporter writes: names of outputs, streams, and how encoders store them."""

from __future__ import annotations

import gzip
import hashlib
import io
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, BinaryIO

import pytest
from fakes import Gzip, Rows, context, gzipped
from hypothesis import given
from hypothesis import strategies as st
from output_runs import Boom, content, publish, run

from anonkit.errors import PluginConflictError, PluginError
from anonkit.file_names import is_plain_name
from anonkit.output.reporter_outputs import ReporterOutputs
from anonkit.output.staged_file import StagedFile, write_all
from anonkit.output.staging import Staging
from anonkit.plugin.contracts import Encoding


def as_it_is(file: BinaryIO) -> IO[bytes]:
    return file


class TestNames:
    @pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../a", "/a", "a\\b", "a\0b"])
    def test_a_name_is_no_path(self, outputs: ReporterOutputs, name: str) -> None:
        assert not is_plain_name(name)
        with pytest.raises(PluginError) as caught:
            outputs.open(name)
        assert str(caught.value) == "reporter rows: the name of an output must be a plain file name, without folders"

    @pytest.mark.parametrize(
        "name", ["a", ".a", "...", "a b", "é.txt", "a:b", "-", "earlier", "parts", "000001", "000002"]
    )
    def test_any_other_name_will_do(self, folder: Path, name: str) -> None:
        assert is_plain_name(name)
        with Staging.at(folder, []) as staging:
            outputs = ReporterOutputs(staging, "r", True)
            with outputs.open(name) as first, outputs.open("other") as second:
                first.write(b"1")
                second.write(b"2")
                first.close()
                second.write(b"2")
            publish(staging)
        assert content(folder) == {name: b"1", "other": b"22"}

    @pytest.mark.parametrize("name", ["a.txt", "A.TXT", "manifest.json.gz", "MANIFEST.JSON"])
    def test_a_name_is_given_once(self, folder: Path, name: str) -> None:
        def twice() -> None:
            with Staging.at(folder, []) as staging:
                for reporter, given in (("one", "a.txt"), ("one", "manifest.json.gz"), ("two", name)):
                    ReporterOutputs(staging, reporter, True).write(given, b"")

        with pytest.raises(PluginConflictError) as caught:
            twice()
        owner = "anonkit itself" if name == "MANIFEST.JSON" else "reporter one"
        assert (
            str(caught.value)
            == f"reporter two: the output {name!r} is written already, by {owner}; give one of the two another name"
        )

    def test_names_are_compared_as_they_are_stored(self, outputs: ReporterOutputs) -> None:
        outputs.write("a.json", b"")
        with pytest.raises(PluginConflictError, match=r"'a\.json\.gz' is written already"):
            outputs.write("a.json.gz", b"")

    def test_the_manifest_is_not_a_reporters(self, folder: Path) -> None:
        with pytest.raises(PluginConflictError, match=r"'manifest\.json' is written already"):
            run(folder, manifest_json=b"")


class TestWriting:
    def test_the_facts_about_an_output(self, outputs: ReporterOutputs) -> None:
        outputs.write("a.txt", b"abc")
        ReporterOutputs(outputs.staging, "audit", False).write("b.json", b"[]")
        plain, packed = outputs.staging.outputs
        assert (plain.name, plain.size, plain.reporter, plain.garbled) == ("a.txt", 3, "rows", True)
        assert plain.sha256 == hashlib.sha256(b"abc").hexdigest()
        stored = gzipped(b"[]")
        assert (packed.name, packed.size, packed.reporter, packed.garbled) == ("b.json.gz", len(stored), "audit", False)
        assert packed.sha256 == hashlib.sha256(stored).hexdigest()
        assert (outputs.staging.folder / "b.json.gz").read_bytes() == stored

    def test_a_stream_is_a_file(self, outputs: ReporterOutputs) -> None:
        with outputs.open("a.txt") as file:
            assert file.writable()
            assert not file.readable()
            assert file.write(memoryview(b"ab")) == 2
            assert file.write(bytearray(b"c")) == 1
            assert file.write(b"") == 0
            file.writelines([b"d", b"e"])
            with io.TextIOWrapper(file, encoding="utf-8") as text:
                text.write("é")
        assert (outputs.staging.folder / "a.txt").read_bytes() == "abcdeé".encode()

    def test_closing_twice_is_closing_once(self, outputs: ReporterOutputs) -> None:
        file = outputs.open("a.json")
        file.close()
        file.close()
        assert len(outputs.staging.outputs) == 1

    def test_a_closed_stream_takes_nothing(self, outputs: ReporterOutputs) -> None:
        with outputs.open("a.txt") as file:
            file.write(b"a")
        with pytest.raises(ValueError, match="closed"):
            file.write(b"b")
        assert (outputs.staging.folder / "a.txt").read_bytes() == b"a"

    @pytest.mark.parametrize("name", ["a.txt", "a.json"])
    def test_an_output_that_failed_is_none(self, outputs: ReporterOutputs, name: str) -> None:
        """A reporter may catch its own error; the half-written file must not come back when it is collected."""

        def failing() -> None:
            with outputs.open(name) as file:
                file.write(b"half")
                raise Boom

        with pytest.raises(Boom):
            failing()
        assert outputs.staging.outputs == []

    def test_a_file_that_was_not_closed_stays_as_it_is(self, staging: Staging) -> None:
        """The staging folder may be gone when the file is collected."""
        file = staging.new_file(Encoding(".gz", gzipped, gzip.open))
        file.write(b"a")
        path = file.path
        del file
        assert path.read_bytes() == b""

    def test_nothing_is_stored_as_the_encoding_stores_nothing(self, outputs: ReporterOutputs) -> None:
        outputs.write("a.json", b"")
        outputs.write("a.txt", b"")
        assert gzip.decompress((outputs.staging.folder / "a.json.gz").read_bytes()) == b""
        assert (outputs.staging.folder / "a.txt").read_bytes() == b""

    def test_the_first_encoder_with_a_say_decides(self, folder: Path) -> None:
        class Other(Gzip):
            def encoding(self, name: str) -> Encoding | None:
                return Encoding(".other", bytes.upper, as_it_is)

        run(folder, Gzip((".json",)), Other(), a_json=b"[]", a_txt=b"x")
        assert content(folder) == {"a.json.gz": gzipped(b"[]"), "a.txt.other": b"X"}

    def test_short_writes_are_continued(self) -> None:
        class Slow(io.BytesIO):
            def write(self, data: Any) -> int:
                return super().write(data[:2])

        file = Slow()
        write_all(file, b"abcde")
        assert file.getvalue() == b"abcde"

    def test_the_audit_is_given_the_inverse_and_the_bytes_before(self, outputs: ReporterOutputs) -> None:
        outputs.write("a.json", b"[1]")
        outputs.write("a.txt", b"x")
        (name,) = outputs.staging.stored
        stored = outputs.staging.stored[name]
        assert (name, stored.encoder, stored.decompress) == ("a.json.gz", "Gzip (fakes)", gzip.open)
        assert (stored.size, stored.sha256) == (3, hashlib.sha256(b"[1]").hexdigest())


@given(st.binary(max_size=60), st.lists(st.integers(0, 60), max_size=6))
def test_blocks_do_not_depend_on_how_data_was_written(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, cuts: list[int]
) -> None:
    path = tmp_path_factory.mktemp("blocks") / "file"
    bounds = [0, *sorted(cuts), len(data)]
    file = StagedFile(path, Encoding(".gz", gzipped, gzip.open), block_bytes=16)
    for low, high in pairwise(bounds):
        file.write(data[low:high])
    file.close()
    blocks = [data[at : at + 16] for at in range(0, len(data), 16)] or [b""]
    stored = b"".join(map(gzipped, blocks))
    assert path.read_bytes() == stored
    assert (file.size, file.sha256) == (len(stored), hashlib.sha256(stored).hexdigest())
    assert gzip.decompress(stored) == data


class Named(Rows):
    """Streams named after what they will be, or not at all."""

    def __init__(self, name: str | None) -> None:
        super().__init__()
        self.name = name

    def output_name(self, stream: str) -> str | None:
        return self.name


def listing(staging: Staging, name: str | None) -> ReporterOutputs:
    return ReporterOutputs(staging, "rows", True, Named(name), context())


class TestStreams:
    def test_an_opening_then_chunks_with_a_separator_then_a_tail(self, outputs: ReporterOutputs) -> None:
        for stream, pieces in (("b", [b"1"]), ("a", [b"x", b"y"]), ("b", [b"2", b"3"])):
            outputs.append(stream, iter(pieces))
        assert outputs.streams() == ["b", "a"]
        outputs.publish("b", "b.txt", b"]\n")
        outputs.publish("a", "a.txt")
        assert outputs.streams() == []
        assert (outputs.staging.folder / "b.txt").read_bytes() == b"[1,\n23]\n"
        assert (outputs.staging.folder / "a.txt").read_bytes() == b"[xy"
        assert [output.size for output in outputs.staging.outputs] == [8, 3]

    @pytest.mark.parametrize(
        ("promised", "published"),
        [("a.json", "b.json"), (None, "b.json"), (None, "b.txt"), ("a.txt", "b.json")],
    )
    def test_a_stream_is_stored_as_its_published_name_says(
        self, folder: Path, promised: str | None, published: str
    ) -> None:
        with Staging.at(folder, [Gzip((".json",))], block_bytes=4) as staging:
            outputs = listing(staging, promised)
            for piece in (b"abc", b"defghi"):
                outputs.append("s", iter([piece]))
            outputs.publish("s", published, b"]")
            publish(staging)
        whole = b"[abc,\ndefghi]"
        packed = b"".join(gzipped(whole[at : at + 4]) for at in range(0, len(whole), 4))
        assert content(folder) == ({"b.txt": whole} if published == "b.txt" else {"b.json.gz": packed})

    def test_what_is_compressed_already_cannot_be_stored_plain(self, staging: Staging) -> None:
        outputs = listing(staging, "a.json")
        outputs.append("s", iter([b"a"]))
        with pytest.raises(PluginError) as caught:
            outputs.publish("s", "a.txt")
        assert str(caught.value) == "reporter rows: output_name and the published name are not stored alike"

    def test_a_stream_is_read_back_without_its_opening(self, staging: Staging) -> None:
        outputs = listing(staging, None)
        outputs.copy_bytes = 3
        outputs.append("s", iter([b"abc"]))
        outputs.append("s", iter([b"de"]))
        assert list(outputs.read("s")) == [b"abc", b",\nd", b"e"]

    def test_a_compressed_stream_cannot_be_read_back(self, staging: Staging) -> None:
        outputs = listing(staging, "a.json")
        outputs.append("s", iter([b"abc"]))
        with pytest.raises(PluginError, match="reporter rows: a stream with an output name cannot be read back"):
            list(outputs.read("s"))

    def test_what_is_not_published_vanishes(self, folder: Path) -> None:
        with Staging.at(folder, [Gzip()]) as staging:
            outputs = listing(staging, "a.json")
            outputs.append("s", iter([b"abc"]))
            outputs.append("t", iter([b"abc"]))
            outputs.publish("t", "t.json")
            publish(staging)
        assert content(folder).keys() == {"t.json.gz"}

    def test_the_name_of_a_stream_may_be_any_text(self, outputs: ReporterOutputs) -> None:
        outputs.append("../a/b\0", iter([b"x"]))
        outputs.publish("../a/b\0", "a.txt")
        assert (outputs.staging.folder / "a.txt").read_bytes() == b"[x"

    def test_a_stream_that_was_not_rendered(self, outputs: ReporterOutputs) -> None:
        with pytest.raises(KeyError):
            outputs.publish("none", "a.txt")
