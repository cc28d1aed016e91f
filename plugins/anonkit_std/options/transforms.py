"""The options of the transforms."""

from __future__ import annotations

import attrs

from anonkit.api import option

__all__ = ["CoarsenOptions", "SuppressOptions", "TimeShiftOptions"]

_MOST_WEEKS = 1040


@attrs.frozen(kw_only=True)
class SuppressOptions:
    """`[anonymizers.suppress]`."""

    columns: tuple[str, ...] = option(
        (), help="columns that are blanked: null in every row", flag="--suppress", metavar="a,b,c"
    )
    drop: tuple[str, ...] = option(
        (), help="columns that are left out of the rows altogether", flag="--drop", metavar="a,b,c"
    )

    def __attrs_post_init__(self) -> None:
        for name in self.columns:
            if name in self.drop:
                raise ValueError(f"{name!r} is in columns and in drop; remove it from one of them")


@attrs.frozen(kw_only=True)
class TimeShiftOptions:
    """`[anonymizers.time_shift]`."""

    columns: tuple[str, ...] = option(
        (),
        help="more columns that hold times, besides those of a time type, the attributes in which HTCondor keeps "
        "times, and columns of numbers that turn out to be times",
        flag="--shift-times",
        metavar="a,b,c",
    )
    weeks: int = option(520, help="times are put back by one number of weeks, from 1 to this many", minimum=1)
    secret: str | None = option(
        None, help="a text that decides the number of weeks, for several runs with the same; not set: at random",
        secret=True,
    )  # fmt: skip

    def __attrs_post_init__(self) -> None:
        if self.weeks > _MOST_WEEKS:
            raise ValueError(f"weeks: {self.weeks} is too far back; give at most {_MOST_WEEKS}, which is 20 years")
        if self.secret == "":
            raise ValueError("secret: expected a text that cannot be guessed; leave it out to shift at random")


@attrs.frozen(kw_only=True)
class CoarsenOptions:
    """`[anonymizers.coarsen]`."""

    columns: dict[str, str] = option(
        {},
        help='how columns are rounded down: column = "100", "2 digits", "10%", "15min", "1d", "1w" or "<=5000"',
        flag="--coarsen",
        metavar="TABLE",
    )

    def __attrs_post_init__(self) -> None:
        # Imported only where columns are coarsened.
        from anonkit_std.transforms.coarse_steps import parse_steps

        mistakes = []
        for name, text in self.columns.items():
            try:
                parse_steps(text)
            except ValueError as error:
                mistakes.append(f"columns: {name}: {error}")
        if mistakes:
            raise ValueError("; ".join(mistakes))
