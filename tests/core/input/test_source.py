"""Files are found, and every row of them is read once, in order, with unified types."""

from __future__ import annotations

import math
import os
import pickle
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fakes import NULLS, write_parquet

from anonkit.arrow.mixed_numbers import MIXED
from anonkit.errors import DamagedFile, InputError
from anonkit.input.batches import BatchLimits, read
from anonkit.input.normalize import CellNormalizer
from anonkit.input.source import Source, find_files
from anonkit.input.tasks import cut_tasks

CELLS = CellNormalizer(NULLS)
SECRET = "annakovaleva"


def opened(folder: Path, *, skip: bool = False) -> Source:
    return Source.open(str(folder), skip_damaged=skip)


def table(source: Source, columns: list[str], *, workers: int = 1, batch_rows: int = 1000) -> dict[str, list[Any]]:
    """All rows of a source, read task by task."""
    schema = source.schema(columns)
    found: dict[str, list[Any]] = {column: [] for column in columns}
    row = 0
    for task in cut_tasks(source.files, workers):
        for first_row, batch in read(task, schema, CELLS, BatchLimits(batch_rows)):
            assert first_row == row
            assert 0 < len(batch) <= batch_rows
            assert batch.schema.equals(schema, check_metadata=True)
            row += len(batch)
            for column in columns:
                found[column] += batch.column(column).to_pylist()
    assert row == source.rows
    return found


class TestFindFiles:
    def names(self, where: object) -> list[str]:
        return [name for _, name in find_files(str(where))[0]]

    def test_a_folder_is_searched_to_the_bottom_in_order_of_the_paths(self, tmp_path: Path) -> None:
        names = ["b.parquet", "a/z.parquet", "a/b/c.parquet", "a.parquet", "B.parquet", "c/10.parquet", "c/9.parquet"]
        for name in [*names, "a/.notes.txt", ".c.parquet"]:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).touch()
        expected = [
            "B.parquet", "a/b/c.parquet", "a/z.parquet", "a.parquet", "b.parquet", "c/10.parquet", "c/9.parquet"
        ]  # fmt: skip
        assert self.names(tmp_path) == expected
        assert [path for path, _ in find_files(str(tmp_path))[0]] == [str(tmp_path / name) for name in expected]

    def test_a_folder_named_like_a_file_is_searched_too(self, tmp_path: Path) -> None:
        (tmp_path / "jobs.parquet").mkdir()
        (tmp_path / "jobs.parquet" / "part-0.parquet").touch()
        assert self.names(tmp_path) == ["jobs.parquet/part-0.parquet"]

    def test_one_file_of_any_name(self, tmp_path: Path) -> None:
        (tmp_path / "jobs.pq").touch()
        assert find_files(str(tmp_path / "jobs.pq"))[0] == [(str(tmp_path / "jobs.pq"), "jobs.pq")]

    def test_a_glob(self, tmp_path: Path) -> None:
        for name in ("2023/01/b.parquet", "2023/01/a.parquet", "2022/12/c.parquet", "2022/12/d.txt"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).touch()
        (tmp_path / "2023" / "e.parquet").mkdir()
        assert self.names(tmp_path / "2023/*/*.parquet") == ["01/a.parquet", "01/b.parquet"]
        assert self.names(tmp_path / "**/*.parquet") == ["2022/12/c.parquet", "2023/01/a.parquet", "2023/01/b.parquet"]
        assert self.names(tmp_path / "2022/12/?.t[xy]t") == ["d.txt"]

    def test_a_glob_below_the_working_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "a.parquet").touch()
        # Absolute, since workers may run elsewhere.
        assert find_files("*.parquet")[0] == [(str(tmp_path / "a.parquet"), "a.parquet")]

    def test_a_folder_with_the_signs_of_a_glob_is_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "run[1]").mkdir()
        (tmp_path / "run[1]" / "a.parquet").touch()
        assert self.names(tmp_path / "run[1]") == ["a.parquet"]

    @pytest.mark.parametrize(
        ("where", "message"),
        [
            ("", "no file in this folder or below it; check --data-dir"),
            ("nowhere", "no such file or folder; check --data-dir"),
            ("*.parquet", "no file matches; check --data-dir"),
        ],
    )
    def test_nothing_found(self, tmp_path: Path, where: str, message: str) -> None:
        with pytest.raises(InputError, match=rf".*{where.replace('*', '[*]')}: {message}$"):
            find_files(str(tmp_path / where))


class TestDamagedFiles:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        write_parquet(tmp_path / "a.parquet", {"User": ["anna"]})
        write_parquet(tmp_path / "c.parquet", {"User": ["carl"]})
        return tmp_path

    @pytest.mark.parametrize("content", [b"", b"PAR1", b"User,Cmd\nanna,ls\n" * 10, b"PAR1" + b"\xff" * 40 + b"PAR1"])
    def test_no_parquet_file(self, folder: Path, content: bytes) -> None:
        (folder / "b.parquet").write_bytes(content)
        with pytest.raises(DamagedFile) as caught:
            opened(folder)
        assert str(caught.value) == (
            "b.parquet: no parquet file, or cut off: its footer cannot be read; mend or remove the file, "
            'or set on_bad_file = "skip" in [run] to leave it out'
        )

    def test_a_truncated_file(self, folder: Path) -> None:
        whole = (folder / "c.parquet").read_bytes()
        (folder / "sub").mkdir()
        (folder / "sub" / "d.parquet").write_bytes(whole[:-20])
        with pytest.raises(DamagedFile, match=r"^sub/d\.parquet: .*cut off"):
            opened(folder)

    def test_skipped_files_are_reported(self, folder: Path) -> None:
        (folder / "b.parquet").write_bytes(b"no")
        source = opened(folder, skip=True)
        assert table(source, ["User"]) == {"User": ["anna", "carl"]}
        assert [bad.name for bad in source.skipped] == ["b.parquet"]

    def test_files_known_to_be_damaged_are_left_out(self, folder: Path) -> None:
        (folder / "d.parquet").write_bytes(b"no")
        known = DamagedFile("a.parquet", "damaged")
        source = Source.open(str(folder), skip_damaged=True, without=[known])
        assert [file.name for file in source.files] == ["c.parquet"]
        assert [bad.name for bad in source.skipped] == ["a.parquet", "d.parquet"]

    def test_nothing_left(self, tmp_path: Path) -> None:
        (tmp_path / "b.parquet").write_bytes(b"no")
        with pytest.raises(InputError, match="every file in it is damaged; there is nothing to read"):
            opened(tmp_path, skip=True)

    def test_the_error_can_be_sent(self) -> None:
        damaged = pickle.loads(pickle.dumps(DamagedFile("a.parquet", "damaged")))
        assert (damaged.name, damaged.reason) == ("a.parquet", "damaged")
        assert isinstance(damaged, InputError)

    def test_a_file_that_may_not_be_read(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refused(path: str, **options: Any) -> None:
            raise PermissionError(13, f"Failed to open local file '{path}'")

        monkeypatch.setattr(pq, "ParquetFile", refused)
        with pytest.raises(InputError) as caught:
            opened(folder, skip=True)
        assert str(caught.value) == (
            "a.parquet: cannot be read (Permission denied); check that it exists and that you may read it"
        )

    def test_a_file_that_went_away(self, folder: Path) -> None:
        source = opened(folder)
        (folder / "c.parquet").unlink()
        with pytest.raises(InputError) as caught:
            table(source, ["User"])
        assert str(caught.value) == (
            "c.parquet: cannot be read (No such file or directory); check that it exists and that you may read it"
        )

    @pytest.mark.parametrize("compression", ["NONE", "SNAPPY", "ZSTD"])
    def test_a_damaged_page_says_nothing_of_the_data(self, tmp_path: Path, compression: str) -> None:
        path = tmp_path / "a.parquet"
        users = [f"{SECRET}{n}" for n in range(2_000)]
        pq.write_table(pa.table({"User": users}), path, compression=compression, write_page_checksum=True)
        chunk = pq.read_metadata(path).row_group(0).column(0)
        middle = (
            min(filter(None, (chunk.dictionary_page_offset, chunk.data_page_offset))) + chunk.total_compressed_size // 2
        )
        content = bytearray(path.read_bytes())
        content[middle : middle + 20] = bytes(byte ^ 0xFF for byte in content[middle : middle + 20])
        path.write_bytes(content)
        source = opened(tmp_path)
        with pytest.raises(DamagedFile) as caught:
            table(source, ["User"])
        assert str(caught.value).startswith("a.parquet: damaged or cut off: its data cannot be decoded; mend or remove")
        assert SECRET not in str(caught.value)

    @pytest.mark.parametrize("byte", [0x00, 0x01, 0xFF])
    def test_any_damage_in_a_footer_is_reported_as_damage(self, tmp_path: Path, byte: int) -> None:
        """Either the rows can be read or the file is named: no other error comes through."""
        path = tmp_path / "a.parquet"
        rows = pa.table({"User": ["anna", None], "s": [{"Group": "x"}, None]})
        pq.write_table(rows, path, store_schema=False, write_statistics=False)
        whole = path.read_bytes()
        told = 0
        for place in range(len(whole) - 8 - int.from_bytes(whole[-8:-4], "little"), len(whole)):
            path.write_bytes(whole[:place] + bytes([byte]) + whole[place + 1 :])
            try:
                source = opened(tmp_path)
                table(source, sorted(source.names))
            except InputError as error:
                told += 1
                assert str(error).startswith("a.parquet: ")  # noqa: PT017  # not every byte matters
        assert told > 50

    @pytest.mark.parametrize("column", ["Username", "s"])
    def test_a_column_name_that_is_no_text(self, tmp_path: Path, column: str) -> None:
        path = tmp_path / "a.parquet"
        pq.write_table(
            pa.table({"Username": ["anna"], "s": [{"Username": 1}]}).select([column]), path, store_schema=False
        )
        path.write_bytes(path.read_bytes().replace(b"Username", b"User\xff\xfe\xff\xfe"))
        with pytest.raises(DamagedFile, match=r"^a\.parquet: .*footer cannot be read"):
            opened(tmp_path)

    def test_a_file_replaced_by_a_shorter_one(self, tmp_path: Path) -> None:
        path = write_parquet(tmp_path / "a.parquet", {"User": ["anna", "bob", "carl"]}, group=1)
        source = opened(tmp_path)
        write_parquet(path, {"User": ["anna"]})
        with pytest.raises(DamagedFile, match=r"^a\.parquet: "):
            table(source, ["User"])


class TestSchema:
    def test_columns_in_the_given_order(self, tmp_path: Path) -> None:
        write_parquet(tmp_path / "a.parquet", {"b": [1], "a": ["x"], "c": [1.5]})
        assert opened(tmp_path).schema(["c", "a"]).names == ["c", "a"]
        assert opened(tmp_path).names == {"a", "b", "c"}

    def test_a_column_that_no_file_has_is_text(self, tmp_path: Path) -> None:
        write_parquet(tmp_path / "a.parquet", {"a": [1]})
        assert table(opened(tmp_path), ["b"]) == {"b": [None]}
        assert opened(tmp_path).schema(["b"]).field("b").type == pa.string()

    def test_files_that_disagree(self, tmp_path: Path) -> None:
        write_parquet(tmp_path / "a.parquet", {"n": [1, None], "only": ["x", "y"]})
        write_parquet(tmp_path / "b.parquet", {"n": ["0", "n/a", "undefined"], "more": [1, 2, 3]})
        write_parquet(tmp_path / "c.parquet", {"n": pa.array(["7", None]).dictionary_encode()})
        write_parquet(tmp_path / "d.parquet", {"n": pa.nulls(1)})
        source = opened(tmp_path)
        assert source.schema(["n"]).field("n").metadata == MIXED
        assert source.schema(["only"]).field("only").metadata is None
        assert table(source, ["only", "n", "more"]) == {
            "n": ["1", None, "0", "n/a", None, "7", None, None],
            "only": ["x", "y", *[None] * 6],
            "more": [None, None, 1, 2, 3, *[None] * 3],
        }

    def test_files_that_disagree_beyond_repair(self, tmp_path: Path) -> None:
        write_parquet(tmp_path / "a.parquet", {"Args": [["x"]]})
        write_parquet(tmp_path / "b.parquet", {"Args": ["x"]})
        with pytest.raises(InputError, match=r"column 'Args': .*disagree.*leave it out of \[run\] columns"):
            opened(tmp_path).schema(["Args"])

    def test_a_column_that_is_there_twice(self, tmp_path: Path) -> None:
        twice = pa.Table.from_arrays([pa.array([1]), pa.array(["x"]), pa.array([2])], ["n", "User", "n"])
        pq.write_table(twice, tmp_path / "a.parquet")
        source = opened(tmp_path)
        assert table(source, ["User"]) == {"User": ["x"]}
        with pytest.raises(InputError, match=r"^a\.parquet: column 'n' is there twice; rename one of them$"):
            source.schema(["n"])

    def test_names_with_dots_are_names(self, tmp_path: Path) -> None:
        columns = {"a.b": ["x"], "a": [{"b": "y", "c": "z"}], "b": ["w"]}
        write_parquet(tmp_path / "a.parquet", {"a.b": columns["a.b"], "b": columns["b"]})
        write_parquet(tmp_path / "b.parquet", {"a": columns["a"], "b": columns["b"]})
        source = opened(tmp_path)
        assert table(source, ["a.b", "a", "b"]) == {
            "a.b": ["x", None],
            "a": [None, {"b": "y", "c": "z"}],
            "b": ["w", "w"],
        }


KINDS: dict[str, tuple[pa.Array, list[Any]]] = {
    "text": (pa.array(["anna", None, "NaN", " x "]), ["anna", None, None, " x "]),
    "large": (pa.array(["anna", None, "", "x"], pa.large_string()), ["anna", None, None, "x"]),
    "view": (pa.array(["anna", None, "null", "x"], pa.string_view()), ["anna", None, None, "x"]),
    "dictionary": (pa.array(["anna", None, "None", "anna"]).dictionary_encode(), ["anna", None, None, "anna"]),
    "bytes": (pa.array([b"anna", None, b"\xe9", b"x"]), ["anna", None, "\ufffd", "x"]),
    "broken": (pa.array([b"anna", None, b"\xe9", b"x"]).view(pa.string()), ["anna", None, "\ufffd", "x"]),
    "fixed": (pa.array([b"an", None, b"\xe9a", b"xx"], pa.binary(2)), ["an", None, "\ufffda", "xx"]),
    "json": (pa.array(['{"u": 1}', None, "nan", "[]"], pa.json_()), ['{"u": 1}', None, None, "[]"]),
    "double": (pa.array([1.5, math.nan, None, 2.0]), [1.5, None, None, 2.0]),
    "half": (pa.array([1.5, None, None, 2.0], pa.float16()), [1.5, None, None, 2.0]),
    "small": (pa.array([1, None, -1, 0], pa.int8()), [1, None, -1, 0]),
    "lists": (pa.array([["anna"], None, [], [None]], pa.list_(pa.string_view())), [["anna"], None, [], [None]]),
    "structs": (pa.array([{"a": "x"}, None, {"a": None}, {"a": ""}]), [{"a": "x"}, None, {"a": None}, {"a": ""}]),
    "maps": (
        pa.array([[("k", "v")], None, [], [("l", None)]], pa.map_(pa.string(), pa.string())),
        [[("k", "v")], None, [], [("l", None)]],
    ),
    "nothing": (pa.nulls(4), [None] * 4),
    "truth": (pa.array([True, None, False, True]), [True, None, False, True]),
}


@pytest.mark.parametrize("batch_rows", [1, 3, 100])
@pytest.mark.parametrize("kind", KINDS)
def test_cells_of_every_kind(tmp_path: Path, kind: str, batch_rows: int) -> None:
    array, cells = KINDS[kind]
    write_parquet(tmp_path / "a.parquet", {"x": array}, group=3)
    write_parquet(tmp_path / "b.parquet", {"y": [1, 2]})
    write_parquet(tmp_path / "c.parquet", {"x": array.slice(1, 2)})
    assert table(opened(tmp_path), ["x"], batch_rows=batch_rows) == {"x": [*cells, None, None, *cells[1:3]]}


def test_timestamps_of_different_units(tmp_path: Path) -> None:
    for name, unit in (("a", "s"), ("b", "ms"), ("c", "us"), ("d", "ns")):
        write_parquet(
            tmp_path / f"{name}.parquet", {"t": pa.array([1_700_000_000], pa.int64()).cast(pa.timestamp(unit))}
        )
    source = opened(tmp_path)
    assert source.schema(["t"]).field("t").type == pa.timestamp("us")
    assert [stamp.microsecond for stamp in table(source, ["t"])["t"]] == [0, 0, 0, 700_000]


def test_files_without_rows(tmp_path: Path) -> None:
    empty: list[str] = []
    write_parquet(tmp_path / "a.parquet", {"User": pa.array(empty, pa.string())})
    write_parquet(tmp_path / "b.parquet", {"User": ["anna"]})
    write_parquet(tmp_path / "c.parquet", {"User": pa.array(empty, pa.string())})
    source = opened(tmp_path)
    assert len(source.files) == 3
    assert source.rows == 1
    assert table(source, ["User"]) == {"User": ["anna"]}
    assert cut_tasks(source.files[:1], 4) == []


def test_fragments_can_be_sent(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", {"User": ["anna"]})
    source = pickle.loads(pickle.dumps(opened(tmp_path)))
    assert table(source, ["User"]) == {"User": ["anna"]}
    assert source.files[0].size == os.path.getsize(tmp_path / "a.parquet")
