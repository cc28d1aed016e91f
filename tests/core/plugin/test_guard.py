"""What a plugin raises, prints and gives names the plugin."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from fakes import Count, Gzip, Handles, context

from anonkit.demo import write_demo
from anonkit.errors import PluginConflictError, PluginError
from anonkit.plugin.contracts import Batch, Encoding, Reporter, RunContext
from anonkit.plugin.guard import Guard, debugging, plugin_errors
from anonkit.plugin.guarded import guarded
from anonkit.plugin.hooks import ExecutorSpec, NoOptions
from anonkit.plugin.kinds import check_tokenizers
from anonkit.plugin.making import made

SECRET = "annakowal"
OWN = __name__.partition(".")[0]


def test_exits_are_failures_and_interrupts_are_not() -> None:
    with (
        pytest.raises(PluginError, match=r"^reporter x failed: SystemExit at test_guard\.py:"),
        plugin_errors("reporter x"),
    ):
        sys.exit(0)
    with pytest.raises(KeyboardInterrupt), plugin_errors("reporter x"):
        raise KeyboardInterrupt


def test_prints_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with plugin_errors("reporter x"):
        print("noise")
    print("result")
    assert capsys.readouterr() == ("result\n", "noise\n")


def test_an_error_of_the_disk_below_anonkits_own_code_stays_one() -> None:
    with pytest.raises(OSError, match="Not a directory"), plugin_errors("reporter x"):
        write_demo(Path(__file__) / "folder", rows=1, files=1)


def test_the_plugins_own_innermost_line_is_shown() -> None:
    with (
        pytest.raises(PluginError, match=r"ArrowInvalid at test_guard\.py:\d+ in "),
        plugin_errors(Guard("x", OWN)),
    ):
        pa.array(["a"]).cast(pa.int64())


def test_the_original_exception_is_shown_for_debugging_alone() -> None:
    with pytest.raises(PluginError) as hidden, plugin_errors("reporter x"):
        raise ValueError(SECRET)
    assert (hidden.value.details, hidden.value.__cause__) == ("", None)
    with debugging(), pytest.raises(PluginError) as shown, plugin_errors("reporter x"):
        raise ValueError(SECRET)
    assert SECRET not in str(shown.value)
    assert isinstance(shown.value.__cause__, ValueError)
    assert SECRET in pickle.loads(pickle.dumps(shown.value)).details


class Forgetful(Count):
    def consume(self, state: int, batch: Batch) -> int:  # type: ignore[return]
        pass


def test_a_state_that_is_lost_is_refused() -> None:
    reporter: Reporter[int, int] = guarded(Forgetful(), Guard("reporter x"))
    rows = pa.record_batch({"User": ["a"]})
    with pytest.raises(PluginError, match="reporter x: consume gave None instead of the state"):
        reporter.consume(0, Batch(data=rows, first_row=0, identities={}, context=context()))


def test_an_encoders_failure_names_the_encoder() -> None:
    class Broken(Gzip):
        def encoding(self, name: str) -> Encoding | None:
            return Encoding(".x", lambda block: block.missing, lambda file: file)  # type: ignore[attr-defined]

    encoding = guarded(Broken(), Guard("encoder x")).encoding("a")
    with pytest.raises(PluginError, match=r"^encoder x failed: AttributeError"), plugin_errors("reporter y"):
        encoding.compress(b"")


def test_an_executor_that_is_none_is_refused() -> None:
    spec = ExecutorSpec(name="none", summary="", factory=lambda options, workers: None)  # type: ignore[arg-type,return-value]
    with pytest.raises(PluginError, match="executor none: its factory made a NoneType"):
        made(spec, NoOptions(), 2)


NAMES = ["anonymizer mine", "anonymizer yours"]


def test_two_tokenizers_of_one_kind_or_with_one_prefix_are_refused() -> None:
    class Others(Handles):
        kind = "other"
        prefix = "UR"

    with pytest.raises(PluginConflictError, match=r"^anonymizer mine and anonymizer yours are both of the kind 'user'"):
        check_tokenizers([Handles(), Handles()], NAMES)
    with pytest.raises(
        PluginConflictError, match=r"^anonymizer mine and anonymizer yours both give tokens that begin with"
    ):
        check_tokenizers([Handles(), Others()], NAMES)


def test_a_reporter_needs_no_fold() -> None:
    class Nothing(Reporter[None, None]):
        def write(self, result: None, outputs: object, context: RunContext) -> None:
            """Write nothing."""

    reporter = Nothing()
    assert reporter.finish(reporter.merge(reporter.start(context()), None), context()) is None
