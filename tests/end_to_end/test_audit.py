"""The audit of a whole run says where an identity is found, but not which, and takes nothing else for one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import attrs
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from anonkit_std.encoders.compression import Compression
from anonkit_std.options.reporters import CompressionOptions, SummaryOptions
from anonkit_std.reporters.summary import SummaryReporter
from audited import REPORTERS, ROWS, Leaky, failure, parquet, write_jobs
from command import Command

from anonkit.config import load
from anonkit.engine.coordinator import run
from anonkit.engine.results import Stage
from anonkit.errors import PluginError
from anonkit.plugin.contracts import OutputEncoder, Outputs, RunContext
from anonkit.testing import run_plugins


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_jobs(tmp_path / "data")


def test_whole_runs_pass(data: Path, tmp_path: Path) -> None:
    outputs = run_plugins(data, tmp_path / "out", reporters=REPORTERS)
    entry = json.loads(outputs["manifest.json"])["audit"]
    size = sum(len(held) for name, held in outputs.items() if name != "manifest.json")
    assert entry == {**entry, "done": True, "outputs": 3, "bytes": size, "exempt": [], "finds": 0}
    assert entry["patterns"] > entry["identities"] >= 5


@pytest.mark.parametrize(
    ("name", "content", "variant"),
    [
        ("a.json", rb'{"x": "\u0061nnakowal"}', "percent-encoded, as entities or as escapes"),
        ("a.json", b'{"x": "o\\"\\\\\'brien"}', "split by quotes, backslashes or line breaks"),
        ("a.txt", b"616e6e616b6f77616c", "hex of its UTF-8 bytes"),
        ("a.txt", b"YW5uYWtvd2Fs", "base64"),
        ("a.txt", b"lawokanna", "reversed"),
        ("a.txt", b"by annakowa.", "cut short"),
        ("a.txt", b"x=3221225985", "address as a number"),
        ("of-annakowal.txt", b"", "plain"),
        ("a.parquet", parquet(residue=True), "plain"),
        ("a.parquet", parquet(residue=False), "plain"),
    ],
)
@pytest.mark.parametrize("packed", [None, "zstd", "all.tar.gz", "all.zip"])
def test_a_reporter_that_leaks(data: Path, name: str, content: bytes, variant: str, packed: str | None) -> None:
    archive = packed if packed and packed.startswith("all") else None
    encoders: Sequence[OutputEncoder] = [Compression(CompressionOptions(archive=archive))] if packed else []
    told = failure(data, Leaky(name, content), *encoders)
    assert f", {variant}" in told
    assert ("the name of output" in told) == name.startswith("of-")


def test_outputs_that_are_asked_for_raw_are_exempt(data: Path, tmp_path: Path) -> None:
    raw = SummaryReporter(SummaryOptions(include_originals=True))
    outputs = run_plugins(data, tmp_path / "out", reporters=[raw, *REPORTERS[1:]])
    assert b"annakowal" in outputs["summary.json"]
    assert json.loads(outputs["manifest.json"])["audit"]["exempt"] == ["summary.json"]


@attrs.frozen
class Unable(Leaky):
    """Writes nothing, and cannot tell its labels."""

    def static_text(self, context: RunContext) -> list[str]:
        raise ValueError("annakowal")

    def write(self, result: None, outputs: Outputs, context: RunContext) -> None:
        return None


def test_a_reporter_that_cannot_tell_its_labels(data: Path, tmp_path: Path) -> None:
    with pytest.raises(
        PluginError, match=r"^reporter \w+ failed: ValueError at test_audit\.py:\d+ in static_text"
    ) as raised:
        run_plugins(data, tmp_path / "out", reporters=[Unable("", b"")])
    assert "annakowal" not in str(raised.value)
    assert not any((tmp_path / "out").iterdir())


def test_columns_that_a_reporter_alone_takes_may_be_coarsened(anonkit: Command, tmp_path: Path) -> None:
    """The audit of files takes the run's configuration as it is, without the data that it was made for."""
    (tmp_path / "data").mkdir()
    pq.write_table(pa.Table.from_pylist([{**row, "Mood": 1234} for row in ROWS]), tmp_path / "data" / "jobs.parquet")
    (tmp_path / "anonkit.toml").write_text(
        '[reporters.dataset]\nenabled = true\ncolumns = ["Mood"]\n'
        '[anonymizers.coarsen]\nenabled = true\ncolumns = {Mood = "100"}\n'
    )
    anonkit("run", "--data-dir", "data", "--output-dir", "out", "--mapping", "m.json")
    assert anonkit("audit", "out", "--mapping", "m.json").stdout.splitlines()[-1].split() == ["findings", "0"]


LABELS = (
    "environment",
    "plain",
    "user",
    "cmd",
    "total",
    "valid",
    "meta",
    "job",
    "jobs",
    "summary",
    "token",
    "exact",
    "true",
    "rows",
)


def test_handles_that_are_words_of_the_reports(anonkit: Command, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    rows = [
        {**ROWS[0], "User": f"{label}@example.org", "Cmd": f"/home/{label}/x", "Environment": "A=1"} for label in LABELS
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "data" / "jobs.parquet")
    anonkit("run", "--data-dir", "data", "--output-dir", "out", "--site", "FermiGrid", "--mapping", "m.json")
    anonkit("audit", "out", "--mapping", "m.json")
    (tmp_path / "out" / "more.txt").write_text("\nEnvironment:\n  HOME=/home/environment\n")
    told = anonkit("audit", "out", "--mapping", "m.json", status=1)
    assert "more.txt, byte 27: user UR_1, plain" in told.stderr


@pytest.mark.parametrize("kind", ["user", "ip", "experiment"])
def test_a_disabled_tokenizer(anonkit: Command, demo: Path, kind: str, tmp_path: Path) -> None:
    more = ("--disable", "failed_users", "--disable", "summary") if kind == "user" else ()
    off = ("run", "--data-dir", demo, "--output-dir", "out", "--disable", f"anonymizers.{kind}", *more)
    told = anonkit(*off, status=1).stderr
    assert f"{kind} ({kind}, switched off), plain" in told
    assert f"{kind} is switched off, and the outputs hold identities that it would have replaced" in told
    assert not any((tmp_path / "out").iterdir())
    done = anonkit(*off, "--no-audit")
    assert "the outputs were not audited (--no-audit)" in done.stderr
    assert "off: nothing was proved" in done.stdout
    assert json.loads((tmp_path / "out" / "manifest.json").read_bytes())["audit"] == {"done": False}


def test_the_survey_reads_the_input_once(data: Path, tmp_path: Path) -> None:
    done: list[int] = []

    def note(stage: Stage, rows: int, total: int) -> None:
        if stage == "survey":
            done.append(rows)

    off = {"experiment": {"enabled": False}}
    config = load({"run": {"data_dir": str(data), "output_dir": str(tmp_path / "out")}, "anonymizers": off})
    run(config, progress=note)
    assert config.disabled_tokenizers
    assert done == [len(ROWS)]


def test_without_garbling_there_is_nothing_to_survey(anonkit: Command, demo: Path, tmp_path: Path) -> None:
    told = anonkit("run", "--data-dir", demo, "--output-dir", "out", "--no-garble", "--disable", "ip").stdout
    assert "no output was meant to be anonymous" in told
    entry = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["audit"]
    assert entry == {**entry, "done": True, "outputs": 0, "bytes": 0}
    assert len(entry["exempt"]) == 3


def test_the_command_tells_files_bytes_and_needles(anonkit: Command, demo: Path, tmp_path: Path) -> None:
    told = anonkit("run", "--data-dir", demo, "--output-dir", "out", "--mapping", "m.json").stdout
    entry = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["audit"]
    assert f"nothing found: {entry['identities']:,} identities in {entry['patterns']:,} forms, " in told
    clean = anonkit("audit", "out", "--mapping", "m.json").stdout
    assert [line.split()[0] for line in clean.splitlines()] == ["files", "bytes", "identities", "patterns", "findings"]
    (tmp_path / "out" / "manifest.json").write_text("from 192.0.2.1")
    assert "no mapping is named; give --mapping FILE" in anonkit("audit", "out", status=2).stderr
    assert "does not exist" in anonkit("audit", "nowhere", "--mapping", "m.json", status=2).stderr
    assert "no such file" in anonkit("audit", "out", "--mapping", "other.json", status=2).stderr


NUMBERS = ("1", "7", "1234", "12345")
WORDS = ("ip", "ur", "ex", "md", "never", "quasi", "catalogue", "arrow", "parquet")


@pytest.mark.parametrize("group", ["User", "RequestMemory"])
def test_handles_that_are_numbers_or_words_of_formats(anonkit: Command, tmp_path: Path, group: str) -> None:
    (tmp_path / "data").mkdir()
    handles = (*NUMBERS, *WORDS)
    rows = [
        {
            **ROWS[0],
            "User": f"{handle}@example.org",
            "RequestMemory": 1234567,
            "CumulativeSlotTime": 1712345.0,
            "Cmd": f"/home/{handle}/x",
            "Environment": "A=1",
        }
        for handle in handles
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "data" / "jobs.parquet")
    anonkit(
        "run",
        "--data-dir",
        "data",
        "--output-dir",
        "out",
        "--all-sites",
        "--report-group-by",
        group,
        "--enable",
        "dataset",
    )
    report = (tmp_path / "out" / "cmd_env_report.txt").read_text()
    assert "RequestMemory: 1234567" in report or group == "User"
    assert not any(f"/home/{handle}/" in report for handle in handles)


def test_a_number_is_found_where_text_names_a_person(data: Path) -> None:
    pq.write_table(pa.Table.from_pylist([{**ROWS[0], "User": "12345@example.org"}]), data / "jobs.parquet")
    told = failure(data, Leaky("more.txt", b"12345 rows, at /home/12345/x\n"))
    assert "more.txt, byte 21: user UR_1, plain" in told


def test_columns_that_jobs_added_leak_nothing_into_the_dictionary(anonkit: Command, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    rows = [{**ROWS[0], "annakowal_note": "x", "mood_annakowal": 3}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "data" / "jobs.parquet")
    anonkit(
        "run", "--data-dir", "data", "--output-dir", "out", "--enable", "dataset", "--dataset-columns", "*",
    )  # fmt: skip
    left = json.loads((tmp_path / "out" / "dataset.json").read_bytes())["left_out"]
    assert [one["name"] for one in left if one["class"] == "not in the catalogue"] == ["UR_1_note", "mood_UR_1"]
    assert "annakowal" not in (tmp_path / "out" / "dataset.md").read_text()


def test_escapes_with_braces_are_undone(data: Path, tmp_path: Path) -> None:
    text = "A=\\u{61}nnakowal"
    pq.write_table(pa.Table.from_pylist([{**ROWS[0], "Cmd": text, "Environment": text}]), data / "jobs.parquet")
    outputs = run_plugins(data, tmp_path / "out", reporters=REPORTERS)
    assert outputs["cmd_env_report.txt"].count(b"A=UR_1") == 2
