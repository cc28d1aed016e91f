"""What every plugin has to keep, as test classes."""

from __future__ import annotations

import io
import pickle
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonkit.demo import write_demo
from anonkit.plugin.contracts import Alias, Boundary, Encoding, OutputEncoder, Reporter, Roles, Tokenizer, Transform
from anonkit.testing.runs import run_plugins

__all__ = ["EncoderContract", "ReporterContract", "TokenizerContract", "TransformContract"]


class ReporterContract(ABC):
    """The laws of a fold, seen from outside: how the rows are cut must not show in what is written.

    Override `data_dir` when the reporter needs other columns than job records have.
    """

    rows = 120
    """Rows of the generated data."""

    @pytest.fixture
    @abstractmethod
    def reporter(self) -> Reporter[Any, Any]:
        """The reporter to test."""

    _expected: dict[bytes, dict[str, bytes]]

    def __init_subclass__(cls) -> None:
        cls._expected = {}

    @pytest.fixture
    def data_dir(self, tmp_path: Path) -> Path:
        """A folder of parquet files, with the same rows for each test."""
        write_demo(tmp_path / "data", rows=self.rows, files=3)
        return tmp_path / "data"

    @pytest.fixture
    def expected(self, reporter: Reporter[Any, Any], data_dir: Path, tmp_path: Path) -> dict[str, bytes]:
        """What the reporter writes when every file is one batch; it runs once for the class and the reporter."""
        key = pickle.dumps(reporter)
        if key not in self._expected:
            self._expected[key] = run_plugins(data_dir, tmp_path / "expected", reporters=[reporter])
        return self._expected[key]

    @pytest.mark.parametrize("batch_rows", [1, 7])
    def test_batches_do_not_show(
        self, reporter: Reporter[Any, Any], data_dir: Path, tmp_path: Path, expected: dict[str, bytes], batch_rows: int
    ) -> None:
        """Batches of one row, and of a few, give the same bytes."""
        assert run_plugins(data_dir, tmp_path / "cut", reporters=[reporter], batch_rows=batch_rows) == expected

    def test_workers_do_not_show(
        self, reporter: Reporter[Any, Any], data_dir: Path, tmp_path: Path, expected: dict[str, bytes]
    ) -> None:
        """Three workers with a task for each file give the same bytes, so states can be sent and merged."""
        outputs = run_plugins(data_dir, tmp_path / "workers", reporters=[reporter], workers=3, task_rows=1)
        assert outputs == expected

    def test_no_rows_are_fine(self, reporter: Reporter[Any, Any], data_dir: Path, tmp_path: Path) -> None:
        """Input without a row is input."""
        empty = tmp_path / "empty"
        empty.mkdir()
        first = sorted(data_dir.rglob("*.parquet"))[0]
        pq.write_table(pq.read_schema(first).empty_table(), empty / "none.parquet")
        assert "manifest.json" in run_plugins(empty, tmp_path / "nothing", reporters=[reporter])

    def test_the_reporter_can_be_sent(self, reporter: Reporter[Any, Any]) -> None:
        """It is picklable."""
        assert isinstance(pickle.loads(pickle.dumps(reporter)), type(reporter))


class TokenizerContract(ABC):
    """A tokenizer is a set of pure functions over columns."""

    cells: tuple[Any, ...] = ()
    """Raw cells of its column, as different as they come; nulls among them."""
    texts: tuple[str | None, ...] = ("nothing to see here", "", None)
    """Texts that mention identities, and some that do not."""

    @pytest.fixture
    @abstractmethod
    def tokenizer(self) -> Tokenizer:
        """The tokenizer to test."""

    @pytest.fixture
    def column(self) -> pa.Array:
        """The cells as a column."""
        return pa.array(list(self.cells)) if self.cells else pa.array(["a", None], pa.string())

    def test_a_cell_is_identified_by_itself(self, tokenizer: Tokenizer, column: pa.Array) -> None:
        """Neither a cell's neighbours nor the slice it stands in matter."""
        whole = tokenizer.identify(column).to_pylist()
        assert len(whole) == len(column)
        assert [tokenizer.identify(column.slice(place, 1)).to_pylist()[0] for place in range(len(column))] == whole

    def test_validity_is_told_for_each_identity(self, tokenizer: Tokenizer, column: pa.Array) -> None:
        """One bool each, no nulls."""
        identities = pa.array(_identities(tokenizer, column), pa.string())
        verdicts = tokenizer.valid(identities)
        assert verdicts.type == pa.bool_()
        assert len(verdicts) == len(identities)
        assert not verdicts.null_count

    def test_aliases_are_texts_with_a_rule(self, tokenizer: Tokenizer, column: pa.Array) -> None:
        """Every alias is text, and its rule or `match` tells where it may sit."""
        for identity in _identities(tokenizer, column):
            for alias in tokenizer.aliases(identity):
                text = alias.text if isinstance(alias, Alias) else alias
                assert isinstance(text, str)
                assert text
                assert isinstance(alias.boundary if isinstance(alias, Alias) else tokenizer.boundary(text), Boundary)

    def test_mentions_name_rows_and_identities(self, tokenizer: Tokenizer) -> None:
        """Rows lie in the column; every spelling is one that `identify` understands."""
        text = pa.array(list(self.texts), pa.string())
        found = tokenizer.mentions(text, Roles().env, Roles())
        if found is None:
            return
        assert len(found.rows) == len(found.spellings)
        assert all(self.texts[row] is not None for row in found.rows.to_pylist())
        identities = tokenizer.identify(found.spellings) if found.identities is None else found.identities
        assert len(identities) == len(found.spellings)
        assert found.tentative is None or len(found.tentative) == len(found.spellings)

    def test_a_written_cell_holds_the_token(self, tokenizer: Tokenizer, column: pa.Array) -> None:
        """The token stands in the cell, in as many cells as there are."""
        identified = tokenizer.identify(column)
        token = ["T1", "T2"] if pa.types.is_list(identified.type) else "T1"
        tokens = pa.array([token] * len(column))
        written = tokenizer.render_cell(tokens, tokenizer.residual(column.fill_null(""))).to_pylist()
        assert len(written) == len(column)
        assert all("T1" in cell for cell in written)

    def test_the_tokenizer_can_be_sent(self, tokenizer: Tokenizer) -> None:
        """It is picklable."""
        assert isinstance(pickle.loads(pickle.dumps(tokenizer)), type(tokenizer))


class TransformContract(ABC):
    """What becomes of a row depends on nothing but the row, and is what the transform declares."""

    @pytest.fixture
    @abstractmethod
    def transform(self) -> Transform:
        """The transform to test."""

    @pytest.fixture
    @abstractmethod
    def batch(self) -> pa.RecordBatch:
        """Anonymized rows, as different as they come; nulls among them."""

    def test_the_schema_is_as_declared(self, transform: Transform, batch: pa.RecordBatch) -> None:
        """As many rows, of the declared schema, in valid arrays."""
        changed = transform(batch)
        changed.validate(full=True)
        assert changed.schema.equals(transform.schema(batch.schema), check_metadata=True)
        assert len(changed) == len(batch)

    def test_a_row_is_changed_by_itself(self, transform: Transform, batch: pa.RecordBatch) -> None:
        """Neither a row's neighbours nor the slice it stands in matter."""
        whole = transform(batch).to_pylist()
        assert [transform(batch.slice(row, 1)).to_pylist()[0] for row in range(len(batch))] == whole

    def test_no_rows_are_fine(self, transform: Transform, batch: pa.RecordBatch) -> None:
        """A batch may be empty, and a column nothing but nulls."""
        assert len(transform(batch.slice(0, 0))) == 0
        nulls = [pa.nulls(2, field.type) for field in batch.schema]
        assert len(transform(pa.RecordBatch.from_arrays(nulls, schema=batch.schema))) == 2

    def test_the_rows_given_stay_as_they_are(self, transform: Transform, batch: pa.RecordBatch) -> None:
        """Others may have the same memory."""
        before = batch.to_pylist()
        transform(batch)
        assert batch.to_pylist() == before

    def test_what_is_changed_is_told(self, transform: Transform, batch: pa.RecordBatch) -> None:
        """Each column whose cells come out otherwise, or do not come out, is in `changes`, with a few words."""
        changes = transform.changes(batch.schema)
        changed = transform(batch)
        others = {
            name
            for name in batch.schema.names
            if name not in changed.schema.names or not changed.column(name).equals(batch.column(name))
        }
        assert others <= changes.keys() <= {*batch.schema.names, *changed.schema.names}
        assert all(changes.values())

    def test_a_copy_does_the_same(self, transform: Transform, batch: pa.RecordBatch) -> None:
        """It is picklable, and what was drawn at random goes with it."""
        copy = pickle.loads(pickle.dumps(transform))
        assert isinstance(copy, type(transform))
        assert copy(batch).equals(transform(batch))


class EncoderContract(ABC):
    """An encoding and its inverse: what was stored comes back, and a file that is damaged is not taken for whole."""

    output = "report.txt"
    """The name of an output that the encoder stores otherwise."""
    blocks: tuple[bytes, ...] = (b"one", b"", bytes(range(256)) * 300, b"\0" * 70_000)

    @pytest.fixture
    @abstractmethod
    def encoder(self) -> OutputEncoder:
        """The encoder to test."""

    @pytest.fixture
    def encoding(self, encoder: OutputEncoder) -> Encoding:
        """How the output is stored."""
        encoding = encoder.encoding(self.output)
        assert encoding is not None, f"the encoder leaves {self.output} as it is; set `output` to another name"
        return encoding

    @pytest.fixture
    def stored(self, encoding: Encoding) -> bytes:
        """A file of all blocks."""
        return b"".join(map(encoding.compress, self.blocks))

    def test_blocks_come_back(self, encoding: Encoding, stored: bytes) -> None:
        """All at once, and in small parts."""
        plain = b"".join(self.blocks)
        with encoding.decompress(io.BytesIO(stored)) as stream:
            assert stream.read() == plain
        with encoding.decompress(io.BytesIO(stored)) as stream:
            assert b"".join(iter(lambda: stream.read(1000), b"")) == plain

    def test_nothing_comes_back_as_nothing(self, encoding: Encoding) -> None:
        """An empty output is stored as one empty block."""
        with encoding.decompress(io.BytesIO(encoding.compress(b""))) as stream:
            assert stream.read() == b""

    def test_a_block_is_stored_alike_at_any_time(self, encoding: Encoding, stored: bytes) -> None:
        """The same input gives the same bytes, here and in a process that got a copy."""
        copy = pickle.loads(pickle.dumps(encoding))
        assert b"".join(map(copy.compress, self.blocks)) == stored
        assert copy.decompress(io.BytesIO(stored)).read() == b"".join(self.blocks)

    def test_the_suffix_is_one(self, encoding: Encoding) -> None:
        """It is appended to a file's name."""
        assert encoding.suffix.startswith(".")
        assert not {"/", "\\", "\0"} & {*encoding.suffix}


def _identities(tokenizer: Tokenizer, column: pa.Array) -> list[str]:
    identified = tokenizer.identify(column)
    flat = identified.flatten() if pa.types.is_list(identified.type) else identified
    return [identity for identity in flat.unique().to_pylist() if identity is not None]
