"""Values that are withheld: the text written for them, their numbers, and how many there may be."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "ALWAYS_ALLOWED", "TOO_LONG", "WITHHELD", "WithheldCells", "describe_long", "describe_withheld", "excess_withheld",
]  # fmt: skip

WITHHELD = "(withheld)"
"""Written instead of a value that is withheld."""

TOO_LONG = "too long"
"""The reason why a value was withheld, in the place of a token: it has more than `[run] max_value_bytes`."""

ALWAYS_ALLOWED = 20
"""So many values may be withheld whatever share of the input they are."""

WithheldCells = Mapping[tuple[str, str], int]
"""How many values of a column were withheld because of a token: by (column, token)."""


def excess_withheld(withheld: WithheldCells, cells: int, max_share: float) -> str:
    """Return a message when more than a share `max_share` of the `cells` of a run was withheld, else an empty text.

    A few values (`ALWAYS_ALLOWED`) may be withheld in a small input, of which they are a large share.
    """
    values = sum(withheld.values())
    if values <= max(max_share * cells, ALWAYS_ALLOWED if max_share else 0):
        return ""
    return (
        f"They are in {values:,} of {cells:,} values, more than [run] max_withheld = {max_share:g} allows to withhold: "
        f"{describe_withheld(withheld)}."
    )


def describe_withheld(withheld: WithheldCells) -> str:
    """Return the withheld values in words: ``Cmd: 2 (UR_1); Environment: 1 (EX_1)``."""
    return "; ".join(f"{column}: {cells:,} ({token})" for (column, token), cells in sorted(withheld.items()))


def describe_long(withheld: WithheldCells, max_value_bytes: int) -> tuple[str, ...]:
    """Return a warning about the values that were withheld because of their length, none if there are none."""
    long = {cell: count for cell, count in withheld.items() if cell[1] == TOO_LONG}
    if not long:
        return ()
    limit = f"{max_value_bytes:,} bytes ([run] max_value_bytes)"
    return (f"values longer than {limit} were withheld: {describe_withheld(long)}",)
