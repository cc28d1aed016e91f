"""The parts of a cell that names a user: the handle, the domain after it, and a domain of Windows before it."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["domains", "handle", "handles", "rendered"]

# Before a handle, which begins with a letter, a digit or an underscore: `EXAMPLE\annak`.
_WINDOWS_DOMAIN = r"[A-Za-z][\w.-]{1,30}\\{1,2}"
_BEFORE_HANDLE = re.compile(rf"{_WINDOWS_DOMAIN}(?=\w)", re.ASCII)


def handle(cell: str) -> str:
    """Return the handle of a cell: the text before the first `@`, trimmed, without a domain of Windows."""
    before_at = cell.partition("@")[0].strip()
    domain = _BEFORE_HANDLE.match(before_at)
    return before_at[domain.end() :] if domain else before_at


def handles(cells: pa.Array) -> pa.Array:
    """Return the handle of each cell (string)."""
    before_at = pc.utf8_trim_whitespace(pc.list_element(pc.split_pattern(cells, "@", max_splits=1), 0))
    return pc.replace_substring_regex(before_at, rf"^{_WINDOWS_DOMAIN}(\w)", r"\1")


def domains(cells: pa.Array) -> pa.Array:
    r"""Return the rest of each cell: ``@example.org``, ``EXAMPLE\``; empty for a handle alone."""
    trimmed = pc.utf8_ltrim_whitespace(cells)
    return pc.replace_substring_regex(trimmed, rf"^(?:({_WINDOWS_DOMAIN})\w)?[^@]*", r"\1")


def rendered(tokens: pa.Array, domains: pa.Array) -> pa.Array:
    r"""Return token and domain: ``UR_1@example.org``, ``EXAMPLE\UR_1``."""
    before = pc.replace_substring_regex(domains, rf"(?s)^({_WINDOWS_DOMAIN})?.*", r"\1")
    after = pc.replace_substring_regex(domains, f"^{_WINDOWS_DOMAIN}", "")
    # Where a name that was replaced in the domain began with the `@`, it is written again.
    parted = pc.or_(pc.equal(after, ""), pc.starts_with(after, "@"))
    return pc.binary_join_element_wise(before, tokens, pc.if_else(parted, "", "@"), after, "")
