"""A run whose garbling is broken publishes nothing, and says where an identity is found, but not which."""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import attrs
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from anonkit_std.encoders.archives import write_tar, write_zip
from anonkit_std.encoders.compression import Compression
from anonkit_std.options.reporters import CmdEnvReportOptions, CompressionOptions, SiteJobsOptions, SummaryOptions
from anonkit_std.options.tokenizers import UserOptions
from anonkit_std.reporters.site_jobs.reporter import SiteJobsListing
from anonkit_std.reporters.summary import SummaryReporter
from anonkit_std.reporters.text_report.reporter import CmdEnvReport
from anonkit_std.tokenizers.user import UserTokenizer
from command import Command

from anonkit.auditing.findings import AuditError
from anonkit.config import load
from anonkit.engine import anonymizer
from anonkit.engine.coordinator import run
from anonkit.engine.results import Stage
from anonkit.errors import PluginError
from anonkit.plugin.contracts import Boundary, Encoding, OutputEncoder, Outputs, Reporter, RunContext
from anonkit.testing import run_plugins
from anonkit.text import replace as garble
from anonkit.text.spellings import Literal, Literals

QUOTE = "'"
HANDLES = ("annakowal", "müllerj", "o'brien", "bo")
ROWS = [
    {
        "User": f"{handle}@example.org",
        "RequestMemory": 2000,
        "JobsubClientIpAddress": "192.0.2.1",
        "MATCH_EXP_JOB_Site": "FermiGrid",
        "NumJobCompletions": 1,
        "NumJobStarts": 1,
        "Cmd": f"/home/{handle}/run_{handle.upper()}.sh",
        "Environment": f"A=1 GRID_USER={handle.replace(QUOTE, QUOTE * 2)} HOME=/home/{handle.replace(QUOTE, '')}x",
    }
    for handle in HANDLES
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    pq.write_table(pa.Table.from_pylist(ROWS), folder / "jobs.parquet")
    return folder


REPORTERS: tuple[Reporter[Any, Any], ...] = (
    SummaryReporter(SummaryOptions()),
    SiteJobsListing(SiteJobsOptions(all_sites=True)),
    CmdEnvReport(CmdEnvReportOptions()),
)


def _run(data: Path, output: Path, *plugins: Reporter[Any, Any] | OutputEncoder, **options: Any) -> dict[str, bytes]:
    encoders = [one for one in plugins if isinstance(one, OutputEncoder)]
    reporters = [one for one in plugins if isinstance(one, Reporter)]
    return run_plugins(data, output, reporters=reporters, **{"encoders": encoders, **options})


def failure(data: Path, *more: Reporter[Any, Any] | OutputEncoder, **options: Any) -> str:
    """Run; the audit must fail, publish nothing and name nobody. Return what it says."""
    output = data.parent / "out"
    with pytest.raises(AuditError) as raised:
        _run(data, output, *REPORTERS, *more, **options)
    assert not any(output.iterdir())
    told = str(raised.value)
    assert "nothing was published" in told
    assert "--no-audit" in told
    assert not any(handle in told.casefold() for handle in (*HANDLES[:3], "192.0.2.1"))
    return told


def test_whole_runs_pass(data: Path, tmp_path: Path) -> None:
    outputs = run_plugins(data, tmp_path / "out", reporters=REPORTERS)
    entry = json.loads(outputs["manifest.json"])["audit"]
    size = sum(len(held) for name, held in outputs.items() if name != "manifest.json")
    assert entry == {**entry, "done": True, "outputs": 3, "bytes": size, "exempt": [], "finds": 0}
    assert entry["patterns"] > entry["identities"] >= 5


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


@attrs.frozen
class Leaky(Reporter[None, None]):
    """Writes what the test wants, as output `name`."""

    name: str
    content: bytes

    def start(self, context: RunContext) -> None:
        return None

    def consume(self, state: None, batch: Any) -> None:
        return None

    def merge(self, left: None, right: None) -> None:
        return None

    def finish(self, state: None, context: RunContext) -> None:
        return None

    def write(self, result: None, outputs: Outputs, context: RunContext) -> None:
        outputs.write(self.name, self.content)


def parquet(residue: bool) -> bytes:
    stored = io.BytesIO()
    words = pa.DictionaryArray.from_arrays(
        pa.array([0], pa.int32()), pa.array(["UR_1", "annakowal" if residue else ""])
    )
    table = pa.table({"c": words}).replace_schema_metadata(None if residue else {"by": "annakowal"})
    pq.write_table(table, stored, write_statistics=False, store_schema=not residue)
    return stored.getvalue()


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


PACKAGE = __name__.partition(".")[0]


def scrambled(data: bytes) -> bytes:
    return bytes(byte ^ 0x5A for byte in data)


def unscrambled(file: BinaryIO) -> BinaryIO:
    return io.BytesIO(scrambled(file.read()))


def unchanged(file: BinaryIO) -> BinaryIO:
    return file


def empty(file: BinaryIO) -> BinaryIO:
    return io.BytesIO()


def failing(file: BinaryIO) -> BinaryIO:
    raise ValueError("annakowal")


def damaged(file: BinaryIO) -> BinaryIO:
    raise OSError("annakowal")


@attrs.frozen
class Scramble(OutputEncoder):
    """Stores an output in a form that only its declared inverse can read."""

    inverse: Any

    def encoding(self, name: str) -> Encoding | None:
        return Encoding(".xor", scrambled, self.inverse) if name == "a.json" else None


def test_an_output_is_audited_before_it_was_scrambled(data: Path) -> None:
    told = failure(data, Leaky("a.json", b'{"x": "annakowal"}'), Scramble(unscrambled))
    assert "a.json.xor, byte 7: user UR_1, plain" in told


def test_a_scrambled_output_without_identities_is_published(data: Path, tmp_path: Path) -> None:
    outputs = _run(data, tmp_path / "out", Leaky("a.json", b'{"x": "UR_1"}'), Scramble(unscrambled), workers=2)
    assert outputs["a.json.xor"] == scrambled(b'{"x": "UR_1"}')


@pytest.mark.parametrize(
    ("inverse", "reason"),
    [
        (unchanged, f"does not hold the bytes that were written: `decompress` of the encoder Scramble ({PACKAGE})"),
        (empty, f"does not hold the bytes that were written: `decompress` of the encoder Scramble ({PACKAGE})"),
        (damaged, "cannot be opened again: encoder encoder_0 failed: "),
        (failing, "cannot be opened again: encoder encoder_0 failed: ValueError at test_audit.py:"),
    ],
)
@pytest.mark.parametrize("content", [b'{"x": "annakowal"}', b'{"x": "UR_1"}'])
def test_an_encoding_without_an_inverse_is_refused(data: Path, inverse: Any, reason: str, content: bytes) -> None:
    told = failure(data, Leaky("a.json", content), Scramble(inverse))
    assert f"a.json.xor: not read: it {reason}" in told


def test_an_output_that_is_packed_and_then_scrambled_is_unpacked(data: Path) -> None:
    for content in (parquet(residue=True), gzip.compress(b"by annakowal")):
        assert "a.json.xor, byte " in failure(data, Leaky("a.json", content), Scramble(unscrambled))


def test_an_output_that_is_not_text_is_refused(data: Path) -> None:
    told = failure(data, Leaky("a.bin", zlib.compress(b"by annakowal, from 192.0.2.1\n")))
    assert "a.bin: not read: it is neither text nor gzip, zstd, xz, bz2, tar, zip or parquet" in told
    assert "A reporter has to write text" in told


@attrs.frozen
class Pack(OutputEncoder):
    """Packs what the test wants."""

    write_archive: Callable[[Sequence[tuple[str, Path]], BinaryIO], object]

    def encoding(self, name: str) -> Encoding | None:
        return None

    @property
    def archive(self) -> str | None:
        return "all.pack"

    def pack(self, members: Sequence[tuple[str, Path]], target: BinaryIO) -> None:
        self.write_archive(members, target)


def joined(members: Sequence[tuple[str, Path]], target: BinaryIO) -> None:
    for _, path in members:
        target.write(path.read_bytes())


def scrambled_tar(members: Sequence[tuple[str, Path]], target: BinaryIO) -> None:
    packed = io.BytesIO()
    write_tar(members, packed, compress=None)
    target.write(scrambled(packed.getvalue()))


def without_the_last(members: Sequence[tuple[str, Path]], target: BinaryIO) -> None:
    write_tar(members[:-1], target, compress=None)


def with_others(members: Sequence[tuple[str, Path]], target: BinaryIO) -> None:
    write_zip([(name, members[0][1]) for name, _ in members], target, level=1)


@pytest.mark.parametrize(
    ("pack", "reason"),
    [
        (joined, "is neither a tar, compressed or not, nor a zip: its encoder has to write one of them"),
        (scrambled_tar, "is neither "),
        (without_the_last, "does not hold exactly what was packed"),
        (with_others, "does not hold exactly what was packed"),
    ],
)
def test_an_archive_that_is_not_what_was_packed_is_refused(data: Path, pack: Any, reason: str) -> None:
    assert f"all.pack: not read: it {reason}" in failure(data, Pack(pack))


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
