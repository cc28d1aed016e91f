"""Lists of which the input has some pages only, such as the first answer of a search engine.

Pages of one list say the same number of rows. Where they are in the input does not matter, as long as the list is
complete; pages that would make it longer than it is begin another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from anonkit.errors import some
from anonkit.plugin.contracts import Contents, Page

__all__ = ["incomplete_lists"]


@attrs.define
class _List:
    """Pages of one list."""

    first: Page
    rows: int = 0
    longest: int = 0
    shortest: int = 0
    files: dict[str, None] = attrs.field(factory=dict)

    def add(self, name: str, page: Page) -> None:
        self.shortest = min(self.shortest, page.rows) if self.files else page.rows
        self.longest = max(self.longest, page.rows)
        self.rows += page.rows
        self.files[name] = None

    def has_room(self, page: Page) -> bool:
        return self.first.at_least or self.rows + page.rows <= self.first.total

    def is_whole(self) -> bool:
        ended = not self.first.at_least or self.shortest < self.longest
        return ended and self.rows >= self.first.total

    def warning(self) -> str:
        bound = "at least " if self.first.at_least else ""
        advice = f"; {self.first.advice}" if self.first.advice else ""
        return f"{some(list(self.files), 3)}: {self.rows:,} of {bound}{self.first.total:,} rows of a list{advice}"


def incomplete_lists(files: Iterable[tuple[str, Contents]]) -> Iterator[str]:
    """Yield a warning for each list that the files, given with their names, do not complete."""
    lists: dict[tuple[int, bool], _List] = {}
    for name, contents in files:
        for page in contents.pages:
            key = page.total, page.at_least
            if key in lists and not lists[key].has_room(page):
                yield from _warning(lists.pop(key))
            lists.setdefault(key, _List(page)).add(name, page)
    for pages in lists.values():
        yield from _warning(pages)


def _warning(pages: _List) -> Iterator[str]:
    if not pages.is_whole():
        yield pages.warning()
