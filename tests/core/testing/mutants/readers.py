"""Readers of lines `NAME NUMBER`, each with one thing wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pyarrow as pa
import pytest

from anonkit.api import BadRecord, Contents, DataFile, FileHead, Reader, Run
from anonkit.testing import ReaderContract

SCHEMA = pa.schema([("User", pa.string()), ("n", pa.int64())])


class Pairs(Reader):
    """Runs of two lines: nothing is wrong."""

    words: ClassVar[str] = ""
    first_line: ClassVar[int] = 1

    def recognizes(self, head: FileHead) -> bool:
        return head.name.endswith(".pairs")

    def contents(self, file: DataFile) -> Contents:
        good, bad = self.lines(file)
        runs = tuple(Run(len(good[at : at + 2]), at, at + 2) for at in range(0, len(good), 2))
        return Contents(SCHEMA, runs, bad, len(bad))

    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        good, _ = self.lines(file)
        for run in runs or [Run(len(good), 0, len(good))]:
            part = good[run.start : run.end]
            for at in range(0, len(part), rows):
                yield pa.RecordBatch.from_pylist(part[at : at + rows], SCHEMA)

    def lines(self, file: DataFile) -> tuple[list[dict[str, Any]], tuple[BadRecord, ...]]:
        good, bad = [], []
        with file.failures("damaged"), file.open() as stream:
            words = [line.decode("utf-8", "replace").split() for line in stream]
        for number, pair in enumerate(words, self.first_line):
            if len(pair) == 2 and pair[1].isdigit():
                good.append({"User": pair[0], "n": int(pair[1])})
            elif not file.skip_bad_records:
                raise file.refuse(BadRecord("no pair", number))
            else:
                bad.append(BadRecord("no pair", number))
        return good, tuple(bad)


class CountsWrongly(Pairs):
    words = "contents counts 6 rows in its runs, and batches yields 5"

    def contents(self, file: DataFile) -> Contents:
        found = super().contents(file)
        return attrs.evolve(found, runs=tuple(attrs.evolve(run, rows=2) for run in found.runs))


class CutsOverlap(Pairs):
    words = "contents counts 5 rows in its runs, and batches yields 7"

    def contents(self, file: DataFile) -> Contents:
        found = super().contents(file)
        return attrs.evolve(found, runs=tuple(attrs.evolve(run, start=max(run.start - 1, 0)) for run in found.runs))


class ReadsAllForEachRun(Pairs):
    words = "and 5 when it is read alone: its start or end is off"

    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        return super().batches(file, (), columns, rows)


class NeedsEveryColumn(Pairs):
    words = "has other cells when it is read without the others"

    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        for batch in super().batches(file, runs, columns, rows):
            alone = columns is not None and "User" not in columns.names
            yield batch.set_column(1, "n", pa.nulls(len(batch), pa.int64())) if alone else batch


class DropsTheRestOfABatch(Pairs):
    words = "its start or end is off"

    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        return (
            batch for place, batch in enumerate(super().batches(file, runs, columns, rows)) if rows > 1 or not place
        )


class AnotherColumn(Pairs):
    words = "batches yields a column extra that contents does not have"

    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        for batch in super().batches(file, runs, columns, rows):
            yield batch.append_column("extra", pa.nulls(len(batch), pa.string()))


class RecognizesEverything(Pairs):
    words = "recognizes says yes to a file of zeros"

    def recognizes(self, head: FileHead) -> bool:
        return True


class RecognizesNothing(Pairs):
    words = "recognizes says no to jobs.pairs"

    def recognizes(self, head: FileHead) -> bool:
        return False


class WrongLine(Pairs):
    words = "the record in line 2 cannot be read, and the message says"
    first_line = 0


class SkipsSilently(Pairs):
    words = "contents must count 1 bad record and list line 2"

    def contents(self, file: DataFile) -> Contents:
        return attrs.evolve(super().contents(file), bad=(), bad_records=0)


class OpensThePath(Pairs):
    words = "a compressed file has other"

    def lines(self, file: DataFile) -> tuple[list[dict[str, Any]], tuple[BadRecord, ...]]:
        data = Path(file.random_access()).read_bytes()
        if data.startswith(b"\x1f\x8b"):
            return [], ()
        return super().lines(file)


READERS = [
    Pairs, CountsWrongly, CutsOverlap, ReadsAllForEachRun, NeedsEveryColumn, DropsTheRestOfABatch, AnotherColumn,
    RecognizesEverything, RecognizesNothing, WrongLine, SkipsSilently, OpensThePath,
]  # fmt: skip


class TestReaders(ReaderContract):
    bad_record = (b"anna 1\nbob x\ncid 3\n", 2)

    @pytest.fixture(params=READERS, ids=lambda plugin: plugin.__name__)
    def reader(self, request: pytest.FixtureRequest) -> Reader:
        made: Reader = request.param()
        return made

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        (tmp_path / "jobs.pairs").write_text("anna 1\nbob 2\ncid 3\ndan 4\neve 5\n")
        return tmp_path / "jobs.pairs"
