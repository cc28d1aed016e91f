from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from anonkit_std.options.reporters import CmdEnvReportOptions
from anonkit_std.reporters.text_report.reporter import CmdEnvReport
from hypothesis import given
from hypothesis import strategies as st
from reporter_kit import check_fold_laws, cut, make_batch, run

from anonkit.api import Roles


def report(batch: Any, **options: Any) -> str:
    reporter = CmdEnvReport(CmdEnvReportOptions(**options))
    return run(reporter, [batch]).files["cmd_env_report.txt"].decode()


def jobs(**columns: Any) -> Any:
    rows = max(len(values) for values in columns.values())
    nothing = pa.array([None] * rows, pa.string())
    return make_batch({"Cmd": nothing, "Environment": nothing} | columns)


HEAD = "Job Command & Environment Report\nTotal rows: {}\n================================\n"


def test_report() -> None:
    batch = make_batch(
        {
            "User": ["UR_1@example.org", None],
            "JobsubClientIpAddress": ["IP1", None],
            "CumulativeSlotTime": [727.0, 0.5],
            "DAG_NodesFailed": pa.array([None, 2], pa.int64()),
            "NumJobStarts": [1, 0],
            "NumJobCompletions": ["0", None],
            "Cmd": ["/path/that/is/wrapped", None],
            "Environment": ["GRID_USER=UR_1 EXPERIMENT=EX_1 a='b c'", None],
        }
    )
    assert report(batch) == HEAD.format(2) + (
        "\n— Job #1 —\nUser: UR_1@example.org\nJobsubClientIpAddress: IP1\nCumulativeSlotTime: 727\n"
        "NumJobStarts: 1\nNumJobCompletions: 0\n"
        "Cmd:\n  /path/that/is/wrapped\nEnvironment:\n  a=b c\n  EXPERIMENT=EX_1\n  GRID_USER=UR_1\n"
        "\n— Job #2 —\nCumulativeSlotTime: 0.5\nDAG_NodesFailed: 2\nNumJobStarts: 0\n"
        "Cmd:\n  (none)\nEnvironment:\n  (none)\n"
    )


def test_without_meta() -> None:
    text = report(jobs(User=["UR_1"], Cmd=["c"]), include_meta=False)
    assert text == HEAD.format(1) + "\n— Job #1 —\nCmd:\n  c\nEnvironment:\n  (none)\n"


def test_column_beside_the_record_is_no_meta_line() -> None:
    batch = make_batch({"User": ["UR_1"], "Cmd": ["c"], "Environment": ["A=1"]}, beside=("User", "Cmd"))
    assert report(batch) == HEAD.format(1) + "\n— Job #1 —\nCmd:\n  c\nEnvironment:\n  A=1\n"


def test_no_rows() -> None:
    batch = jobs(Cmd=pa.array([], pa.string()))
    assert report(batch) == report(batch, group_by="Cmd") == HEAD.format(0)
    assert run(CmdEnvReport(CmdEnvReportOptions()), [], batch.context).files == {
        "cmd_env_report.txt": HEAD.format(0).encode()
    }


def test_whole_numbers_of_a_mixed_column_have_no_fraction() -> None:
    fields = [("Cmd", {}), ("Environment", {}), ("CumulativeSlotTime", {"anonkit.numeric": "mixed"})]
    schema = pa.schema([pa.field(name, pa.string(), metadata=metadata) for name, metadata in fields])
    columns = {"Cmd": ["c"] * 3, "Environment": [None] * 3, "CumulativeSlotTime": ["727.0", "0.5", "1.0x"]}
    text = report(make_batch(pa.record_batch(columns, schema=schema)))
    assert [line for line in text.split("\n") if line.startswith("Cumu")] == [
        "CumulativeSlotTime: 727",
        "CumulativeSlotTime: 0.5",
        "CumulativeSlotTime: 1.0x",
    ]


def test_long_texts_wrap() -> None:
    text = report(jobs(Cmd=["x" * 50], User=["u" * 40], Environment=["K=" + "v" * 40]), wrap=30)
    assert text == HEAD.format(1) + (
        f"\n— Job #1 —\nUser: {'u' * 24}\n      {'u' * 16}\nCmd:\n  {'x' * 28}\n  {'x' * 22}\n"
        f"Environment:\n  K={'v' * 26}\n    {'v' * 14}\n"
    )


def test_groups() -> None:
    batch = jobs(User=["UR_2", "UR_1", None, "UR_2"], Cmd=["a", "b", "c", "d"])
    text = report(batch, group_by="User", include_meta=False)
    rest = "Environment:\n  (none)\n"
    assert text == HEAD.format(4) + (
        f"\n## User: UR_2  (jobs: 2)\n------------------------\n"
        f"\n— Job #1 —\nCmd:\n  a\n{rest}\n— Job #2 —\nCmd:\n  d\n{rest}"
        f"\n## User: UR_1  (jobs: 1)\n------------------------\n\n— Job #1 —\nCmd:\n  b\n{rest}"
        f"\n## User: (none)  (jobs: 1)\n--------------------------\n\n— Job #1 —\nCmd:\n  c\n{rest}"
    )


def test_group_names_are_distinct_and_escaped() -> None:
    text = report(jobs(User=["a\n## User: b", None, "null", "\0", "x" * 200]), group_by="User")
    headers = [line for line in text.split("\n") if line.startswith("## ")]
    assert headers[:4] == [
        "## User: a\\n## User: b  (jobs: 1)",
        "## User: (none)  (jobs: 1)",
        "## User: null  (jobs: 1)",
        "## User: \\x00  (jobs: 1)",
    ]
    assert max(len(line) for line in text.split("\n") if line.startswith("--")) == 100


def test_any_type_can_group() -> None:
    text = report(jobs(CumulativeSlotTime=[1.0, 2.5, 1.0]), group_by="CumulativeSlotTime")
    assert "## CumulativeSlotTime: 1  (jobs: 2)\n" in text


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), min_size=1), st.sampled_from([None, "User"]))
def test_a_job_cannot_forge_a_line_or_drive_a_terminal(rows: list[tuple[str, str, str]], group: str | None) -> None:
    users, commands, environments = ([row[n] for row in rows] for n in range(3))
    text = report(jobs(User=users, Cmd=commands, Environment=environments), group_by=group)
    assert text.replace("\n", "").isprintable()
    lines = text.split("\n")
    assert len([line for line in lines if line.startswith("— Job #")]) == len(rows)
    assert len([line for line in lines if line == "Environment:"]) == len(rows)
    assert len([line for line in lines if line.startswith("##")]) == (len(set(users)) if group else 0)


@pytest.mark.parametrize("forged", ["x\n\n— Job #2 —\nUser: UR_9", "x\u2028— Job #2 —", "\x1b[2J\x9b", "\x00"])
def test_forgeries(forged: str) -> None:
    text = report(jobs(User=[forged], Cmd=[forged], Environment=[f"A='{forged}'"]))
    assert "\n— Job #2" not in text
    assert text.replace("\n", "").isprintable()


def test_columns_of_other_types() -> None:
    batch = make_batch({"Cmd": [1.0], "Environment": [["A=x y", "B=2"]]})
    assert report(batch).endswith("Cmd:\n  1\nEnvironment:\n  A=x y\n  B=2\n")


def test_needs() -> None:
    grouped = CmdEnvReport(CmdEnvReportOptions(group_by="Owner"))
    assert grouped.optional_roles == ("cmd", "env")
    assert grouped.columns(Roles()) == ("Cmd", "Environment", "Owner")


def test_an_empty_group_by_is_refused() -> None:
    with pytest.raises(ValueError, match="group_by: the name of a column is empty; name a column, or leave"):
        CmdEnvReportOptions(group_by="")


WORDS = st.none() | st.sampled_from(["A=1 B=2", "A='x y'", "x", "x" * 120]) | st.text(max_size=5)


@given(
    st.lists(st.tuples(WORDS, WORDS, WORDS), max_size=12),
    st.lists(st.integers(0, 12), max_size=3),
    st.sampled_from([None, "User"]),
)
def test_fold_laws(rows: list[Any], places: list[int], group: str | None) -> None:
    users, commands, environments = (pa.array([row[n] for row in rows], pa.string()) for n in range(3))
    batch = make_batch({"User": users, "Cmd": commands, "Environment": environments})
    check_fold_laws(CmdEnvReport(CmdEnvReportOptions(group_by=group)), batch, places)


def test_file_name_is_an_option() -> None:
    batch = jobs(Cmd=["c", "d"])
    outputs = run(CmdEnvReport(CmdEnvReportOptions(file="other.txt")), cut(batch, [1]))
    assert list(outputs.files) == ["other.txt"]
