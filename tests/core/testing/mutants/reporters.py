"""Reporters and listings, each with one thing wrong; `words` are in the message that its contract must give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import attrs
import pytest

from anonkit.api import Batch, Listing, Outputs, Reporter, RunContext, option
from anonkit.testing import ReporterContract


class Times(Reporter[list[Any], list[Any]]):
    """Lists the time of each row, in order: nothing is wrong."""

    words: ClassVar[str] = ""

    def start(self, context: RunContext) -> list[Any]:
        return []

    def consume(self, state: list[Any], batch: Batch) -> list[Any]:
        return [*state, *batch.column("CumulativeSlotTime").to_pylist()]

    def merge(self, left: list[Any], right: list[Any]) -> list[Any]:
        return left + right

    def write(self, result: list[Any], outputs: Outputs, context: RunContext) -> None:
        outputs.write("times.txt", "\n".join(map(str, result)).encode())

    def static_text(self, context: RunContext) -> Sequence[str]:
        return ["\ntimes."]


class SubtractingMerge(Reporter[int, int]):
    words = "a run writes another total.txt than all rows in one batch: start, consume and merge do not fit"

    def start(self, context: RunContext) -> int:
        return 0

    def consume(self, state: int, batch: Batch) -> int:
        return state + len(batch)

    def merge(self, left: int, right: int) -> int:
        return left - right

    def write(self, result: int, outputs: Outputs, context: RunContext) -> None:
        outputs.write("total.txt", str(result).encode())


class ForgetfulMerge(Times):
    words = "merge(left, right) is not what consume gives for the rows of both"

    def merge(self, left: list[Any], right: list[Any]) -> list[Any]:
        return left or right


class SwappedMerge(Times):
    words = "takes the right state's rows for the first ones"

    def merge(self, left: list[Any], right: list[Any]) -> list[Any]:
        return right + left


class StartNotNeutral(SubtractingMerge):
    words = "merge(start, s) is not s"

    def start(self, context: RunContext) -> int:
        return 1

    def merge(self, left: int, right: int) -> int:
        return left + right


class OneSidedMerge(Times):
    words = "merge(s, start) is not s"

    def merge(self, left: list[Any], right: list[Any]) -> list[Any]:
        return left + right if right else right


class MeanOfMeans(Reporter[float, float]):
    words = "merge is not associative"

    def start(self, context: RunContext) -> float:
        return 0.0

    def consume(self, state: float, batch: Batch) -> float:
        return (state + len(batch)) / 2

    def merge(self, left: float, right: float) -> float:
        return (left + right) / 2

    def write(self, result: float, outputs: Outputs, context: RunContext) -> None:
        outputs.write("mean.txt", str(result).encode())


class SharedStart(Times):
    words = "start gives a state that others share"
    shared: ClassVar[list[Any]] = []

    def start(self, context: RunContext) -> list[Any]:
        return self.shared

    def consume(self, state: list[Any], batch: Batch) -> list[Any]:
        state += batch.column("CumulativeSlotTime").to_pylist()
        return state


class CountsInItself(Times):
    words = "consume changes the reporter itself"

    def __init__(self) -> None:
        self.rows = 0

    def consume(self, state: list[Any], batch: Batch) -> list[Any]:
        self.rows += len(batch)
        return super().consume(state, batch)


class DropsTheLastRow(Times):
    words = "batches of 1 rows give another result than all rows at once"

    def consume(self, state: list[Any], batch: Batch) -> list[Any]:
        return [*state, *batch.column("CumulativeSlotTime").to_pylist()[:-1]]


class CountsBatches(Times):
    words = "consume depends on where a batch ends"

    def consume(self, state: list[Any], batch: Batch) -> list[Any]:
        return [*state, 1]


class StateThatCannotBeSent(Times):
    words = "the state cannot be sent to another process"

    def consume(self, state: list[Any], batch: Batch) -> list[Any]:
        return [*state, lambda: None]


class EmptyBatchRaises(Times):
    words = "IndexError"

    def consume(self, state: list[Any], batch: Batch) -> list[Any]:
        column = batch.column("CumulativeSlotTime").to_pylist()
        assert column[0] is None or column[0] >= 0
        return [*state, *column]


class ChangesIdentities(Times):
    words = "the reporter changes the batch that it is given"

    def consume(self, state: list[Any], batch: Batch) -> list[Any]:
        batch.identities.pop("user", None)  # type: ignore[attr-defined]  # the mistake
        return super().consume(state, batch)


class SaysNothingOfOriginals(Times):
    words = "writes_originals of the reporter is True; if that is meant"
    writes_originals = True


@attrs.frozen
class BareOptions:
    top: int = option(3, help="")


class OptionWithoutHelp(Times):
    words = "the option 'top' has no help"
    options = BareOptions()


class Lines(Listing[None, None]):
    """Numbers the rows: nothing is wrong."""

    words = ""
    separator = b"\n"

    def render(self, batch: Batch) -> Mapping[str, bytes]:
        return {"lines.txt": b"\n".join(str(batch.first_row + row).encode() for row in range(len(batch)))}


class NumbersEachBatch(Lines):
    words = "render or consume depends on where a batch ends"

    def render(self, batch: Batch) -> Mapping[str, bytes]:
        return {"lines.txt": b"\n".join(str(row).encode() for row in range(len(batch)))}


class ForgetsTheSeparator(Lines):
    words = "batches of 1 rows give another result"
    separator = b""


def named(plugin: type[Any]) -> str:
    return plugin.__name__


REPORTERS = [
    Times, SubtractingMerge, ForgetfulMerge, SwappedMerge, StartNotNeutral, OneSidedMerge, MeanOfMeans, SharedStart,
    CountsInItself, DropsTheLastRow, CountsBatches, StateThatCannotBeSent, EmptyBatchRaises, ChangesIdentities,
    SaysNothingOfOriginals, OptionWithoutHelp, Lines, NumbersEachBatch, ForgetsTheSeparator,
]  # fmt: skip


class TestReporters(ReporterContract):
    rows = 20

    @pytest.fixture(params=REPORTERS, ids=named)
    def reporter(self, request: pytest.FixtureRequest) -> Reporter[Any, Any]:
        made: Reporter[Any, Any] = request.param()
        return made
