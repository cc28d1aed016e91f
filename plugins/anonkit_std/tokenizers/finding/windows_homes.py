"""Full names as the names of home folders, which Windows makes of them: ``C:/Users/Anna Example/x``.

Backslashes are slashes here (`anonkit_std.tokenizers.finding.escaped_paths`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from anonkit_std.tokenizers.finding.certificates import Subject
from anonkit_std.tokenizers.finding.person_names import person_name
from anonkit_std.tokenizers.finding.scan import Scan

__all__ = ["MARKS", "WHOLE_TEXTS", "in_windows_homes"]

WHOLE_TEXTS = ("\\Users\\", "\\\\Users\\\\")
"""Marks of texts that may hold such a folder."""

_FOLDER = b":/Users/"
MARKS = (_FOLDER,)
"""Every text with such a folder holds one of these."""
_NAME = re.compile(r"""([^\W\d_][^/"<>|:*?=;,\r\n]{0,30} [^/"<>|:*?=;,\r\n]{1,40})/""")
# Folders of everybody.
_SHARED = frozenset(("All Users", "Default User"))


def in_windows_homes(scan: Scan) -> Iterator[tuple[int, Subject]]:
    """Yield row and person of each home folder that is named with a full name."""
    for row, _, after in scan.around(_FOLDER):
        folder = _NAME.match(after.decode("utf-8", "ignore"))
        names = person_name(folder[1]).names if folder and folder[1] not in _SHARED else ()
        if names:
            yield row, Subject(None, names)
