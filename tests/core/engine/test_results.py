"""The result of a run is a table in notebooks, in which no name is markup."""

from __future__ import annotations

from anonkit.engine.results import RunResult
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
