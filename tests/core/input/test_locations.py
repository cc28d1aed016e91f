from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import fs

from anonkit.errors import InputError
from anonkit.input.locations import find_remote, is_uri, open_remote, out_of_reach, shown, size_of

SECRET = "wJalrXUtnFEMI"


@pytest.mark.parametrize("location", ["s3://bucket/a", "https://example.org/a.parquet", "file:///data", "HDFS://h/a"])
def test_uris(location: str) -> None:
    assert is_uri(location)


@pytest.mark.parametrize("location", ["data", "/data/*.parquet", "C://data", "a/b://c", "", "run:1/data"])
def test_paths(location: str) -> None:
    assert not is_uri(location)


@pytest.mark.parametrize(
    ("location", "told"),
    [
        (f"s3://anna:{SECRET}@bucket/jobs?secret_key={SECRET}#{SECRET}", "s3://bucket/jobs"),
        ("https://example.org:8443/a.parquet?token=x", "https://example.org:8443/a.parquet"),
        ("/data/a?b", "/data/a?b"),
    ],
)
def test_what_is_shown_holds_no_credentials(location: str, told: str) -> None:
    assert shown(location) == told


def test_files_of_a_folder(tmp_path: Path) -> None:
    for name in ("b.parquet", "2023/a.parquet", "2023/.notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        pq.write_table(pa.table({"n": [1, 2]}), tmp_path / name)
    uri = tmp_path.as_uri()
    assert find_remote(uri) == [
        (str(tmp_path / "2023/a.parquet"), "2023/a.parquet"),
        (str(tmp_path / "b.parquet"), "b.parquet"),
    ]
    assert find_remote(f"{uri}/b.parquet") == [(str(tmp_path / "b.parquet"), "b.parquet")]
    path, _ = find_remote(uri)[0]
    assert size_of(path, uri) == size_of(path, "") == Path(path).stat().st_size
    with open_remote(path, uri) as file:
        assert pq.read_table(file).to_pydict() == {"n": [1, 2]}


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"/nothing: no such file, and no file below it; check --data-dir"):
        find_remote(f"{tmp_path.as_uri()}/nothing?x={SECRET}")


def test_an_unknown_scheme() -> None:
    with pytest.raises(InputError) as caught:
        find_remote(f"gopher://anna:{SECRET}@example.org/jobs")
    told = str(caught.value)
    assert told.startswith("gopher://example.org/jobs: pyarrow cannot open a gopher:// location (ArrowInvalid); s3, gs")
    assert SECRET not in told


def test_the_web_without_its_packages() -> None:
    def missing(uri: str) -> NoReturn:
        assert uri == "fsspec+https://example.org/missing.parquet"
        raise ImportError("aiohttp")

    with pytest.raises(InputError, match=r"^https://example\.org/missing\.parquet: .*; install anonkit\[http\]$"):
        find_remote("https://example.org/missing.parquet", missing)


def test_one_that_cannot_be_reached() -> None:
    def refused(*_: object) -> None:
        raise RuntimeError(f"403 for key {SECRET}")

    class Refusing(fs.LocalFileSystem):
        get_file_info = refused

    with pytest.raises(InputError) as caught:
        find_remote(f"s3://bucket/jobs?secret_key={SECRET}", lambda uri: (Refusing(), "/jobs"))
    assert str(caught.value) == str(out_of_reach("s3://bucket/jobs", RuntimeError()))
    assert str(caught.value).startswith("s3://bucket/jobs: cannot be read (RuntimeError); check that it exists and is")
