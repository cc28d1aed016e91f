"""A fault of the replacement is found by the audit: nothing is published, or values are withheld."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from anonkit_std.options.reporters import SummaryOptions
from anonkit_std.options.tokenizers import UserOptions
from anonkit_std.reporters.summary import SummaryReporter
from anonkit_std.tokenizers.user import UserTokenizer
from audited import REPORTERS, ROWS, failure, write_jobs

from anonkit.auditing.findings import AuditError
from anonkit.engine import anonymizer
from anonkit.plugin.contracts import Boundary, Outputs, RunContext
from anonkit.testing import run_plugins
from anonkit.text import replace as garble
from anonkit.text.spellings import Literal, Literals


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_jobs(tmp_path / "data")


def test_a_column_that_is_not_garbled(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = garble.TextReplacer.__call__
    monkeypatch.setattr(
        garble.TextReplacer, "__call__", lambda self, array: array if _mentions(array, "/run_") else whole(self, array)
    )
    told = failure(data)
    assert "cmd_env_report.txt, byte " in told
    assert "user UR_1, plain" in told


def _mentions(array: pa.Array, text: str) -> bool:
    return pa.types.is_string(array.type) and any(text in (value or "") for value in array.to_pylist())


def _with_literals(monkeypatch: pytest.MonkeyPatch, change: Callable[[Literal], Literal | None]) -> None:
    """Have text searched for changed literals; None leaves a literal out."""
    whole = Literals.from_literals.__func__  # type: ignore[attr-defined]

    def changed(cls: type[Literals], literals: Iterable[Literal]) -> Literals:
        made: Literals = whole(cls, [one for one in map(change, literals) if one is not None])
        return made

    monkeypatch.setattr(Literals, "from_literals", classmethod(changed))


def _with_replaced(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[str | None, str | None], str | None], text: str
) -> None:
    """Have text that mentions `text` come out as `change` makes it of what went in and what should come out."""
    whole = garble.TextReplacer.__call__

    def changed(self: garble.TextReplacer, array: pa.Array) -> pa.Array:
        replaced = whole(self, array)
        if not _mentions(array, text):
            return replaced
        pairs = zip(array.to_pylist(), replaced.to_pylist(), strict=True)
        return pa.array([change(before, after) for before, after in pairs], replaced.type)

    monkeypatch.setattr(garble.TextReplacer, "__call__", changed)


def test_letter_case_that_is_overlooked(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_replaced(
        monkeypatch, lambda before, after: before and before.replace("/annakowal/", "/UR_1/"), "run_ANNAKOWAL"
    )
    assert "user UR_1, plain" in failure(data)


def test_a_rule_that_is_too_narrow(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_literals(monkeypatch, lambda literal: attrs.evolve(literal, rule=Boundary.WORD))
    pq.write_table(
        pa.Table.from_pylist([{**ROWS[0], "Cmd": "/x/annakowalx", "Environment": "A=1"}]), data / "jobs.parquet"
    )
    assert "user UR_1, plain" in failure(data)


def test_an_alias_that_is_dropped(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_literals(monkeypatch, lambda literal: None if "mülle" in literal.text else literal)
    assert re.search(r"user UR_\d, plain", failure(data))


@pytest.mark.parametrize("workers", [1, 2])
def test_values_with_an_identity_are_withheld(data: Path, monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    _with_literals(monkeypatch, lambda literal: None if "mülle" in literal.text else literal)
    options = {"on_find": "withhold", "workers": workers}
    outputs = run_plugins(data, data.parent / "out", reporters=REPORTERS, **options)
    text = b"".join(outputs.values()).decode()
    assert "müller" not in text.casefold()
    assert "(withheld)" in outputs["cmd_env_report.txt"].decode()
    assert "/home/UR_1/run_UR_1.sh" in text
    withheld = json.loads(outputs["manifest.json"])["withheld"]
    assert {entry["column"] for entry in withheld} == {"Cmd", "Environment"}
    assert {entry["values"] for entry in withheld} == {1}


def test_too_many_withheld_values_publish_nothing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_literals(monkeypatch, lambda literal: None if "mülle" in literal.text else literal)
    output = data.parent / "out"
    with pytest.raises(AuditError, match=r"(?s)nothing was published.*in 2 of \d+ values.*max_withheld = 0 "):
        run_plugins(data, output, reporters=REPORTERS, on_find="withhold", max_withheld=0.0)
    assert not any(output.iterdir())


def test_an_identity_outside_of_values_is_refused(data: Path) -> None:
    class Careless(SummaryReporter):
        def write(self, result: Any, outputs: Outputs, context: RunContext) -> None:
            outputs.write("careless.txt", b"annakowal")

    with pytest.raises(AuditError, match=r"careless.txt, byte 0: user UR_1, plain"):
        run_plugins(data, data.parent / "out", reporters=[Careless(SummaryOptions())], on_find="withhold")


def test_a_token_that_is_put_before_the_name(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_replaced(monkeypatch, lambda before, after: after and after.replace("UR_1", "UR_1annakowal"), "/run_")
    assert "user UR_1, plain" in failure(data)


def test_batches_of_which_the_last_row_is_forgotten(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = garble.TextReplacer.__call__

    def forgetful(self: garble.TextReplacer, array: pa.Array) -> pa.Array:
        if not _mentions(array, "/"):
            return whole(self, array)
        done = len(array) - 1
        return pa.concat_arrays([whole(self, array.slice(0, done)), array.slice(done)])

    monkeypatch.setattr(garble.TextReplacer, "__call__", forgetful)
    assert re.search(r"user UR_\d, plain", failure(data))


def test_a_cell_that_keeps_the_original(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UserTokenizer, "residual", lambda self, cells: cells)
    monkeypatch.setattr(anonymizer.TextReplacer, "__call__", lambda self, array: array)
    assert "user UR_1, plain" in failure(data, tokenizers=[UserTokenizer(UserOptions())])
