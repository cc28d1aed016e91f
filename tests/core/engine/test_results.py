"""Results are tables in notebooks, in which no name is markup."""

from __future__ import annotations

from anonkit.auditing.findings import AuditResult, Finding, Unread
from anonkit.engine.preview import Change, Preview, Replaced, Unchanged
from anonkit.engine.results import PlanSummary, RunResult
from anonkit.output.output_info import OutputInfo
from anonkit.plugin.contracts import Identities


def test_a_result_is_a_table() -> None:
    users = Identities(kind="user", tokens=("UR1",), text_tokens=("UR_1",), counts=(3,), valid=(True,))
    result = RunResult(
        output_dir="out",
        outputs=(OutputInfo(name="a<b>.json", size=1500, sha256="0", reporter="tally", garbled=False),),
        rows=1234,
        rows_of_input=1234,
        preset="fife, by default",
        identities={"user": users},
        highlights=(("busiest users", "UR1 (3 rows)"),),
    )
    html = result._repr_html_()
    assert "<tr><th>rows</th><td>1,234</td></tr><tr><th>users</th><td>1</td></tr>" in html
    assert "<th>busiest users</th><td>UR1 (3 rows)</td>" in html
    assert "<th>a&lt;b&gt;.json</th><td>1.5 kB, ORIGINALS</td>" in html


def test_a_plan_is_a_table() -> None:
    plan = PlanSummary(
        files=2,
        rows=1234,
        rows_taken=34,
        bytes=1500,
        preset="fife, by default",
        columns=("User", "<i>"),
        identity_columns={"user": ("User",)},
        text_columns=("<i>",),
        anonymizers=("user",),
        reporters=("summary",),
        raw_reporters=(),
        workers=1,
    )
    html = plan._repr_html_()
    assert "<th>input</th><td>2 files, 34 of 1,234 rows, 1.5 kB</td>" in html
    assert "<th>identities: user</th><td>User</td>" in html
    assert "<th>columns</th><td>User, &lt;i&gt;</td>" in html
    assert "<th>raw reporters</th><td>none</td>" in html


def test_the_result_of_an_audit_is_a_table() -> None:
    finding = Finding("a<b>.txt", 7, "user", "plain", "UR_1", "around ann")
    html = AuditResult(
        files=2,
        bytes=1500,
        identities=3,
        patterns=40,
        findings=(finding,),
        total=1,
        unread=(Unread("x.bin", "is odd"),),
    )._repr_html_()
    assert "<th>bytes</th><td>1.5 kB</td>" in html
    assert "<th>finding</th><td>a&lt;b&gt;.txt, byte 7: user UR_1, plain</td>" in html
    assert "<th>not read</th><td>x.bin: not read: it is odd</td>" in html
    assert "around" not in html


def test_a_preview_is_a_table() -> None:
    html = Preview(
        1500,
        (Change(0, "Cmd", "<ann>", "<UR_1>"),),
        (Replaced("ann", "UR_1", "Cmd", 1200),),
        (Unchanged("Site", (("CERN", 5),), 1),),
        (),
    )._repr_html_()
    assert html.startswith("<p>ORIGINALS, for the operator alone; 1,500 rows were looked at.</p><table>")
    assert "<th>Cmd, row 1</th><td>&lt;ann&gt;</td><td>&lt;UR_1&gt;</td>" in html
    assert "<th>ann</th><td>UR_1</td><td>Cmd</td><td>1,200</td>" in html
    assert "<th>Site</th><td>CERN</td>" in html
