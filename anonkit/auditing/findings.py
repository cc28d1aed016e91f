"""What is told of a find. Never an original, and nothing of what stands around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from anonkit.errors import AnonkitError

__all__ = ["AuditError", "AuditResult", "Find", "message"]

SHOWN = 10


@attrs.frozen
class Find:
    """A place where somebody can be found."""

    output: str
    """The file, and the member of an archive: by number where the name itself holds a find."""
    offset: int
    """In bytes from the beginning, of the decompressed stream."""
    kind: str
    variant: str
    token: str

    def __str__(self) -> str:
        return f"{self.output}, byte {self.offset:,}: {self.kind} {self.token}, {self.variant}"


@attrs.frozen(kw_only=True)
class AuditResult:
    """What an audit has found, and in how much."""

    files: int
    bytes: int
    """Of all streams, decompressed."""
    identities: int
    patterns: int
    """Forms of identities that were looked for."""
    finds: tuple[Find, ...] = ()
    """The first ones; by file, and by place in it."""
    total: int = 0
    """Of all finds."""
    exempt: tuple[str, ...] = ()
    """Outputs that hold originals because that was asked for; they were not looked at."""

    @property
    def clean(self) -> bool:
        """Whether nobody was found."""
        return not self.total


class AuditError(AnonkitError):
    """Somebody can be found in what was written."""


def message(finds: Sequence[Find], total: int, advice: Iterable[str]) -> str:
    """Return what is told when somebody was found: the first finds, how many there are, what to do."""
    shown = [str(find) for find in finds[:SHOWN]]
    more = [f"and {total - len(shown):,} more"] if total > len(shown) else []
    return "\n".join((*shown, *more, *advice))
