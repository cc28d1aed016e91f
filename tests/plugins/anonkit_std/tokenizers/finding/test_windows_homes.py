"""Home folders of Windows that are named with a full name."""

from __future__ import annotations

import pyarrow as pa
import pytest
from anonkit_std.tokenizers.finding.scan import Scan
from anonkit_std.tokenizers.finding.windows_homes import in_windows_homes


def names(text: str) -> list[str]:
    return [
        name for _, one in in_windows_homes(Scan.from_text(pa.array([None, text], pa.string()))) for name in one.names
    ]


@pytest.mark.parametrize("text", ["C:/Users/Anna Example/x", '"D:/Users/Anna Example/AppData/x.exe" /y'])
def test_a_full_name(text: str) -> None:
    assert names(text) == ["Anna Example"]


@pytest.mark.parametrize("text", ["C:/Users/annak/x y/z", "C:/Users/annak x", "C:/Users/Default User/x", "/Users/A B/"])
def test_nobody(text: str) -> None:
    assert names(text) == []
