"""A change of the public keys that a mapping is encrypted to, and so of the people who can read it."""

from __future__ import annotations

from collections.abc import Iterator

from anonkit.mapping.access_log import AccessLog
from anonkit.mapping.file import Mapping

__all__ = ["note_recipients", "recipient_warnings"]


def note_recipients(mapping: Mapping, log: AccessLog) -> None:
    """Append a line to the access log when the mapping will be encrypted to other public keys. OutputError as there."""
    if mapping.has_other_recipients:
        before, after = mapping.recipients, mapping.keys.public_keys
        log.note("recipients", domain=mapping.domain, before=list(before), after=list(after))


def recipient_warnings(mapping: Mapping | None) -> Iterator[str]:
    """Yield a warning when the mapping will be encrypted to other public keys than before."""
    if mapping is not None and mapping.has_other_recipients:
        before, after = {*mapping.recipients}, {*mapping.keys.public_keys}
        added, removed = len(after - before), len(before - after)
        yield (
            f"--mapping {mapping.path}: is encrypted to other recipients than before: {added} new, {removed} removed "
            "(the access log names them); the former ones can still open a copy of the file as it was"
        )
