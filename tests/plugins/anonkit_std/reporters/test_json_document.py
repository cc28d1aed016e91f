from __future__ import annotations

import json

from anonkit_std.reporters.json_document import document
from hypothesis import given
from hypothesis import strategies as st

VALUES = st.none() | st.booleans() | st.integers() | st.text()
CONTENT = st.dictionaries(st.text(), VALUES | st.lists(st.lists(VALUES)) | st.dictionaries(st.text(), VALUES))


def test_layout() -> None:
    content = {"users": [["UR1", 3, True], ["UR2", 1, False]], "ips": [], "meta": {"total_rows": 4, "none": {}}}
    assert document(content).decode() == (
        '{\n  "users": [\n    ["UR1", 3, true],\n    ["UR2", 1, false]\n  ],\n'
        '  "ips": [],\n  "meta": {\n    "total_rows": 4,\n    "none": {}\n  }\n}\n'
    )


@given(CONTENT)
def test_content_comes_back(content: dict[str, object]) -> None:
    assert json.loads(document(content)) == content
