"""The options of the data set."""

from __future__ import annotations

import attrs

from anonkit.api import AttributeClass, nearest, option

__all__ = ["DatasetOptions"]

_ACCEPTED = tuple(cls.value for cls in AttributeClass if cls is not AttributeClass.NEVER)
_HIGHEST_LEVEL = 22


@attrs.frozen(kw_only=True)
class DatasetOptions:
    """`[reporters.dataset]`."""

    file: str = option("dataset.parquet", help="name of the output", file_name=True)
    columns: tuple[str, ...] = option(
        (),
        help="columns of the data set; empty: those of a row record; * for all that the catalogue knows",
        flag="--dataset-columns",
        metavar="A,B,…",
    )
    accept: tuple[str, ...] = option(
        _ACCEPTED, help="classes of columns that need not be named one by one to be passed on"
    )
    partition_by: str | None = option(
        None, help="column by which the rows are split into files", flag="--dataset-by", metavar="COL"
    )
    sort_by: tuple[str, ...] = option((), help="columns by which the rows of a row group are sorted")
    row_group_rows: int = option(131_072, help="most rows in a row group", minimum=1)
    compression_level: int | None = option(None, help="level of zstd, 1 to 22; the codec's own default when not set")

    def __attrs_post_init__(self) -> None:
        for name in self.accept:
            if name not in _ACCEPTED:
                raise ValueError(
                    f"accept: {name!r} is not a class that can be accepted{nearest(name, _ACCEPTED)}; "
                    f"there is {', '.join(_ACCEPTED)}"
                )
        level = self.compression_level
        if level is not None and not 1 <= level <= _HIGHEST_LEVEL:
            raise ValueError(f"compression_level: expected 1 to {_HIGHEST_LEVEL}, found {level}")
