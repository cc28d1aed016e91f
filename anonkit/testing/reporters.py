"""What every reporter has to keep, as a test class."""

from __future__ import annotations

import pickle
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

import attrs
import pyarrow.parquet as pq
import pytest

from anonkit.auditing.findings import AuditError
from anonkit.demo import write_demo
from anonkit.file_names import MANIFEST
from anonkit.plugin.contracts import Batch, Listing, Reporter, RunContext
from anonkit.testing.contract import Contract, broken, check_options, pickled
from anonkit.testing.recording import Recorder, Written, cut, joined, part, written
from anonkit.testing.runs import run_plugins

__all__ = ["ReporterContract"]


@attrs.frozen
class Reference:
    """A run in one process: its outputs, and the batches that the reporter got, as one."""

    outputs: dict[str, bytes]
    _batch: Batch
    context: RunContext
    _reporter: Reporter[Any, Any]

    @property
    def batch(self) -> Batch:
        """The rows as one batch, which is no other test's."""
        return attrs.evolve(self._batch, data=self._batch.data, identities=dict(self._batch.identities))

    @cached_property
    def expected(self) -> Written:
        """What the reporter writes when all rows are one batch."""
        return _folded(self._reporter, [self.batch], self.context)


class ReporterContract(Contract, ABC):
    """The laws of a fold: how the rows are cut must not show in what is written.

    Override `data_dir` when the reporter needs other columns than job records have.
    """

    rows = 120
    """Rows of the generated data."""
    writes_originals = False
    """Whether the reporter is meant to write originals."""

    _references: dict[bytes, Reference]

    @pytest.fixture
    @abstractmethod
    def reporter(self) -> Reporter[Any, Any]:
        """The reporter to test."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls._references = {}

    @pytest.fixture
    def data_dir(self, tmp_path: Path) -> Path:
        """A folder of parquet files, with the same rows for each test."""
        write_demo(tmp_path / "data", rows=self.rows, files=3)
        return tmp_path / "data"

    @pytest.fixture
    def reference(self, reporter: Reporter[Any, Any], request: pytest.FixtureRequest, tmp_path: Path) -> Reference:
        """The run that all else is compared with; it runs once for the class and the reporter."""
        key = pickle.dumps(pickled(reporter, "the reporter"))
        if key not in self._references:
            data_dir: Path = request.getfixturevalue("data_dir")
            self._references[key] = _reference(reporter, data_dir, tmp_path / "reference")
        return self._references[key]

    @pytest.fixture
    def expected(self, reference: Reference) -> Written:
        """What the reporter writes when all rows are one batch."""
        return reference.expected

    def test_the_run_writes_what_one_batch_gives(self, reference: Reference, expected: Written) -> None:
        """The engine, which merges states of tasks, writes the same files."""
        for name, data in expected.files.items():
            if reference.outputs.get(name) != data:
                broken(
                    f"a run writes another {name} than all rows in one batch: start, consume and merge do not fit "
                    "each other, or write depends on something else than the result"
                )

    @pytest.mark.parametrize("size", [1, 7, 50])
    def test_batches_do_not_show(
        self, reporter: Reporter[Any, Any], reference: Reference, expected: Written, size: int
    ) -> None:
        """Batches of one row, and of some, give the same."""
        parts = cut(reference.batch, range(0, self.rows, size))
        _compare(
            expected,
            _folded(reporter, parts, reference.context),
            f"batches of {size} rows give another result than all rows at once: "
            f"{'render or ' if isinstance(reporter, Listing) else ''}consume depends on where a batch ends",
        )

    def test_merging_is_consuming(self, reporter: Reporter[Any, Any], reference: Reference, expected: Written) -> None:
        """Two halves merged are the whole, in order."""
        parts = cut(reference.batch, [self.rows // 2])
        found = _merged(reporter, parts, reference.context, from_left=True)
        _compare(
            expected,
            found,
            "merge(left, right) is not what consume gives for the rows of both: it loses or adds something, "
            "or takes the right state's rows for the first ones",
        )

    def test_merge_is_associative(self, reporter: Reporter[Any, Any], reference: Reference, expected: Written) -> None:
        """From the left or from the right, states of three parts come to the same."""
        parts = cut(reference.batch, [self.rows // 5, self.rows // 2])
        for from_left in (True, False):
            _compare(
                expected,
                _merged(reporter, parts, reference.context, from_left=from_left),
                f"merge is not associative: three states merged from the {'left' if from_left else 'right'} give "
                "another result than all rows at once",
            )

    @pytest.mark.parametrize("side", ["left", "right"])
    def test_an_empty_state_changes_nothing(
        self, reporter: Reporter[Any, Any], reference: Reference, expected: Written, side: str
    ) -> None:
        """`merge(start, s)` and `merge(s, start)` are s."""
        context = reference.context
        state = reporter.consume(reporter.start(context), reference.batch)
        pair = (reporter.start(context), state) if side == "left" else (state, reporter.start(context))
        found = written(reporter, [reference.batch], reporter.merge(*pair), context)
        call = "merge(start, s)" if side == "left" else "merge(s, start)"
        _compare(expected, found, f"{call} is not s: the state before any row must change nothing")

    def test_states_are_their_own(self, reporter: Reporter[Any, Any], reference: Reference) -> None:
        """One state's rows are in no other, and in nothing of the reporter's."""
        context = reference.context
        nothing = written(reporter, [], reporter.start(context), context)
        before = pickle.dumps(reporter)
        other = reporter.start(context)
        reporter.consume(reporter.start(context), reference.batch)
        law = "start gives a state that others share: rows of one state are in another one"
        _compare(nothing, written(reporter, [], other, context), f"{law}; return a new object each time")
        _compare(nothing, written(reporter, [], reporter.start(context), context), law)
        if pickle.dumps(reporter) != before:
            broken("consume changes the reporter itself; all that it learns belongs into the state")

    def test_a_state_can_be_sent(self, reporter: Reporter[Any, Any], reference: Reference) -> None:
        """States are pickled between processes."""
        pickled(reporter.consume(reporter.start(reference.context), reference.batch), "the state")
        pickled(reporter.start(reference.context), "the state before any row")

    def test_the_batch_given_stays_as_it_is(self, reporter: Reporter[Any, Any], reference: Reference) -> None:
        """Others get the same memory."""
        batch = reference.batch
        _folded(reporter, [batch], reference.context)
        if batch.identities != reference.batch.identities or batch.data.to_pylist() != reference.batch.data.to_pylist():
            broken("the reporter changes the batch that it is given, which other reporters get too")

    def test_processes_do_not_show(
        self, reporter: Reporter[Any, Any], data_dir: Path, tmp_path: Path, reference: Reference
    ) -> None:
        """Two processes, with a task for each file, give the same bytes."""
        outputs = run_plugins(data_dir, tmp_path / "two", reporters=[reporter], workers=2, task_rows=self.rows // 3)
        if _published(outputs) != reference.outputs:
            broken("a run in two processes writes other files than one in a single process")

    def test_no_rows_are_fine(self, reporter: Reporter[Any, Any], reference: Reference, expected: Written) -> None:
        """A batch may be empty."""
        nothing = part(reference.batch, 0, 0)
        found = _folded(reporter, [nothing, reference.batch, nothing], reference.context)
        _compare(expected, found, "a batch without a row changes what is written")

    def test_a_run_without_rows_is_fine(self, reporter: Reporter[Any, Any], data_dir: Path, tmp_path: Path) -> None:
        """Input without a row is input."""
        empty = tmp_path / "empty"
        empty.mkdir()
        first = sorted(data_dir.rglob("*.parquet"))[0]
        pq.write_table(pq.read_schema(first).empty_table(), empty / "none.parquet")
        assert MANIFEST in run_plugins(empty, tmp_path / "nothing", reporters=[reporter])

    def test_originals_are_written_on_purpose_only(self, reporter: Reporter[Any, Any]) -> None:
        """`writes_originals` of the reporter is that of this class."""
        if reporter.writes_originals != self.writes_originals:
            broken(
                f"writes_originals of the reporter is {reporter.writes_originals}; if that is meant, "
                f"set writes_originals = {reporter.writes_originals} in {type(self).__name__}"
            )

    def test_options_are_documented(self, reporter: Reporter[Any, Any]) -> None:
        """Each has a type, a default and a help."""
        check_options(reporter)

    def test_the_reporter_can_be_sent(self, reporter: Reporter[Any, Any]) -> None:
        """It is picklable."""
        assert isinstance(pickled(reporter, "the reporter"), type(reporter))


def _reference(reporter: Reporter[Any, Any], data_dir: Path, folder: Path) -> Reference:
    recorder = Recorder(reporter)
    try:
        outputs = run_plugins(data_dir, folder, reporters=[recorder, reporter])
    except AuditError as error:
        broken(f"the outputs hold an identity, or a text of the reporter's own that static_text does not name: {error}")
    assert recorder.context is not None
    return Reference(_published(outputs), joined(recorder.batches), recorder.context, reporter)


def _published(outputs: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the outputs without the manifest, which says how many reporters there are."""
    return {name: data for name, data in outputs.items() if name != MANIFEST}


def _folded(reporter: Reporter[Any, Any], batches: Sequence[Batch], context: RunContext) -> Written:
    state = reporter.start(context)
    for batch in batches:
        state = reporter.consume(state, batch)
    return written(reporter, batches, state, context)


def _merged(reporter: Reporter[Any, Any], batches: Sequence[Batch], context: RunContext, *, from_left: bool) -> Written:
    states = [pickled(reporter.consume(reporter.start(context), batch), "the state") for batch in batches]
    while len(states) > 1:
        place = 0 if from_left else len(states) - 2
        states[place : place + 2] = [reporter.merge(states[place], states[place + 1])]
    return written(reporter, batches, states[0], context)


def _compare(expected: Written, found: Written, law: str) -> None:
    for name in sorted(expected.files.keys() | found.files.keys()):
        if expected.files.get(name) != found.files.get(name):
            _differs(law, name, expected.files.get(name), found.files.get(name))
    if expected.warnings != found.warnings:
        _differs(law, "the warnings", expected.warnings, found.warnings)
    if expected.highlights != found.highlights:
        _differs(law, "highlights", expected.highlights, found.highlights)


def _differs(law: str, what: str, expected: object, found: object) -> NoReturn:
    broken(f"{law}\n  {what}:\n    expected {_shown(expected)}\n    found    {_shown(found)}")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]}…"
