"""Names that another program has cut short, to fit a column or a file name: they still betray whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anonkit.api import FORMS, Alias, Boundary, Form

__all__ = ["cut_short"]

# Shorter beginnings are those of too many words. Longer ones than file systems and databases allow are for the audit.
_SHORTEST, _LONGEST = FORMS[Form.CUT_SHORT].shortest, 256
# The beginning of a numbered account is that of all the others: `prod001`, `prod002`.
_NUMBERED = re.compile(r".*[^0-9](?:0[0-9]+|[0-9]{3,})", re.DOTALL)


def cut_short(name: str) -> Iterator[Alias]:
    """Yield the beginnings of a name of more than 8 characters, none of several words or a numbered account."""
    if not any(map(str.isspace, name)) and not _NUMBERED.fullmatch(name):
        for length in range(_SHORTEST, min(len(name), _LONGEST)):
            yield Alias(name[:length], Boundary.END)
