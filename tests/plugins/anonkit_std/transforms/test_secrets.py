from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from anonkit_std.options.secrets import SecretsOptions
from anonkit_std.transforms.secrets import Secrets

import anonkit
from anonkit.api import Transform
from anonkit.arrow.segments import Segments, merge_segments
from anonkit.testing import TransformContract

SCHEMA = pa.schema(
    [("Cmd", pa.string()), ("Args", pa.list_(pa.struct([("a", pa.large_string())]))), ("n", pa.int64())],
)
BATCH = pa.RecordBatch.from_pylist(
    [
        {"Cmd": "run --password hunter2", "Args": [{"a": "TOKEN=hunter2"}, {"a": None}, None], "n": 1},
        {"Cmd": "PASSWORD=hunter2", "Args": [{"a": "x"}]},
        {"Cmd": None, "Args": None},
        {"Cmd": "ls", "Args": []},
    ],
    SCHEMA,
)


class TestContract(TransformContract):
    @pytest.fixture
    def transform(self) -> Transform:
        return Secrets(SecretsOptions())

    @pytest.fixture
    def batch(self) -> pa.RecordBatch:
        return BATCH


def test_secrets_in_nested_text_are_replaced() -> None:
    made = Secrets(SecretsOptions(placeholder="***"))
    assert made(BATCH).to_pylist() == [
        {"Cmd": "run --password ***", "Args": [{"a": "TOKEN=***"}, {"a": None}, None], "n": 1},
        {"Cmd": "PASSWORD=***", "Args": [{"a": "x"}], "n": None},
        {"Cmd": None, "Args": None, "n": None},
        {"Cmd": "ls", "Args": [], "n": None},
    ]
    assert made.changes(SCHEMA) == {"Cmd": "secrets blanked", "Args": "secrets blanked"}


ENTRIES = [("DB_PASSWORD", "hunter2"), ("TOKEN_FILE", "/x"), ("A", None), ("TOKEN", "/tmp/x"), ("x", "--token hunter2")]
BLANKED = [
    ("DB_PASSWORD", "(secret)"),
    ("TOKEN_FILE", "/x"),
    ("A", None),
    ("TOKEN", "/tmp/x"),
    ("x", "--token (secret)"),
]
PAIR = pa.struct([("Name", pa.string()), ("Value", pa.large_string())])


@pytest.mark.parametrize(
    ("type_", "value", "blanked"),
    [
        (pa.map_(pa.string(), pa.string()), ENTRIES, BLANKED),
        (pa.struct([(name, pa.string()) for name, _ in ENTRIES]), dict(ENTRIES), dict(BLANKED)),
        (
            pa.list_(PAIR),
            [{"Name": name, "Value": value} for name, value in ENTRIES],
            [{"Name": name, "Value": value} for name, value in BLANKED],
        ),
        (pa.list_(pa.string()), ["DB_PASSWORD=hunter2", "A=1", None], ["DB_PASSWORD=(secret)", "A=1", None]),
        (pa.list_(pa.string(), 1), ["DB_PASSWORD=hunter2"], ["DB_PASSWORD=(secret)"]),
        (
            pa.struct([("env", pa.struct([("apiKey", pa.string()), ("n", pa.int64())]))]),
            {"env": {"apiKey": "hunter2", "n": 1}},
            {"env": {"apiKey": "(secret)", "n": 1}},
        ),
    ],
)
def test_secrets_in_an_environment_of_any_type_are_replaced(type_: pa.DataType, value: object, blanked: object) -> None:
    made = Secrets(SecretsOptions())
    for rows, expected in (([None, value, value], [None, blanked, blanked]), ([value], [blanked])):
        batch = pa.record_batch({"Environment": pa.array(rows, type_)})
        changed = made(batch)
        changed.validate(full=True)
        assert changed.column("Environment").to_pylist() == expected
        part = made(batch.slice(len(rows) - 1))
        assert part.column("Environment").to_pylist() == expected[-1:]


def test_secrets_in_segments_are_replaced() -> None:
    texts = pa.array(["run --password hunter2 x", None, "run -x PASSWORD='hunter2 a' x", "run -x a", "x"])
    distinct = ["run ", "-x ", "--password ", "hunter2 ", "PASSWORD='hunter2 ", "a' ", "x", "a"]
    codes, ends = np.array([0, 2, 3, 6, 0, 1, 4, 5, 6, 0, 1, 7, 6]), np.array([0, 4, 4, 9, 12, 13])
    lists = Segments(pa.array(distinct), codes, ends).to_lists(texts)
    assert merge_segments(lists).equals(texts)
    made = Secrets(SecretsOptions())
    assert made.accepts_segments
    batch = pa.record_batch({"Cmd": lists})
    changed = made(batch)
    changed.validate(full=True)
    assert changed.schema.equals(made.schema(batch.schema))
    assert made.changes(batch.schema) == {"Cmd": "secrets blanked"}
    assert merge_segments(changed.column("Cmd")).to_pylist() == [
        "run --password (secret) x", None, "run -x PASSWORD='(secret)' x", "run -x a", "x",
    ]  # fmt: skip
    harmless = batch.slice(3)
    assert made(harmless).column("Cmd").equals(harmless.column("Cmd"))


@pytest.mark.parametrize("enabled", [True, False])
def test_a_run_blanks_secrets_in_every_output_by_default(tmp_path: Path, enabled: bool) -> None:
    environments = ["A=1 DB_PASSWORD='hunter2 x' B=2", '{"DB_PASSWORD": "hunt\\u0065r2 x"}', None]
    columns = {
        "User": ["annak"] * 3, "MATCH_EXP_JOB_Site": ["Here"] * 3, "Environment": environments,
        "Cmd": ["x --api-key hunter2", "x", None], "NumJobStarts": [1] * 3, "NumJobCompletions": ["0"] * 3,
    }  # fmt: skip
    (tmp_path / "data").mkdir()
    pq.write_table(pa.table(columns), tmp_path / "data" / "a.parquet")
    config = {
        "run": {"data_dir": str(tmp_path / "data"), "output_dir": str(tmp_path / "out"), "workers": 1},
        "anonymizers": {} if enabled else {"secrets": {"enabled": False}},
        "reporters": {"site_jobs": {"all_sites": True}},
    }
    anonkit.run(anonkit.load(config))
    written = {path.name: path.read_text() for path in (tmp_path / "out").iterdir()}
    assert any("hunter2" in text for text in written.values()) is not enabled
    if enabled:
        assert "DB_PASSWORD=(secret)" in written["cmd_env_report.txt"]
        jobs = json.loads(written["jobs_at_Here.json"])["jobs_at_site"]
        assert [job["Environment"] for job in jobs] == [
            "A=1 DB_PASSWORD='(secret)' B=2", '{"DB_PASSWORD": "(secret)"}', None
        ]  # fmt: skip
        assert jobs[0]["Cmd"] == "x --api-key (secret)"


def test_a_placeholder_that_is_a_user_s_name_too_is_no_finding(tmp_path: Path) -> None:
    rows = [
        {"User": "redacted@example.org", "JobsubClientIpAddress": "192.0.2.1", "Cmd": "run --password hunter2",
         "Environment": "A=1", "NumJobStarts": 1, "NumJobCompletions": 1, "MATCH_EXP_JOB_Site": "A"},
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "jobs.parquet")
    run = {"data_dir": str(tmp_path / "jobs.parquet"), "output_dir": str(tmp_path / "out"), "workers": 1}
    result = anonkit.run({"run": run, "anonymizers": {"secrets": {"placeholder": "REDACTED"}}})
    assert result.audit is not None
    assert result.audit.clean
    assert not result.withheld
    assert "run --password REDACTED" in (tmp_path / "out" / "cmd_env_report.txt").read_text()
