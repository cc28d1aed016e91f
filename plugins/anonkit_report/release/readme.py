"""README.md of a release, for readers that have the release alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anonkit.api import printable
from anonkit_report.release.about import About
from anonkit_report.release.contents import content_of
from anonkit_report.release.folder import ADDED, Folder

__all__ = ["readme"]

_MARKUP = re.compile(r"[^\w ,;.()'/:-]|(?<![^\W_])_|_(?![^\W_])")


def readme(folder: Folder, about: About) -> str:
    """Return README.md; nothing in a name is taken for markup."""
    return "\n".join(_lines(folder, about)) + "\n"


def _lines(folder: Folder, about: About) -> Iterator[str]:
    manifest = folder.manifest
    yield from (f"# {_plain(about.title)}", "", _plain(about.description), "")
    people = ", ".join(f"{count:,} of the kind {kind}" for kind, count in manifest.get("identities", {}).items())
    yield f"{manifest.get('rows', 0):,} jobs; identities: {people or 'none'}."
    if "selection" in manifest:
        yield "They are a part of the records: see `selection` in manifest.json."
    yield from ("", "## Files", "", "| file | content |", "|---|---|")
    for output in folder.outputs:
        yield f"| {_plain(output['name'])} | {_plain(content_of(output).summary)} |"
    yield "| manifest.json | versions, settings, and size and SHA-256 of each output; the figures of the audit |"
    yield f"| {', '.join(ADDED[1:])} | checksums; the same as metadata for machines |"
    yield from _tokens()
    yield from _lists(folder)
    yield from _columns(folder)
    yield from ("", "## Licence and citation", "")
    yield f"Licence: {_plain(about.licence) or 'none is given; ask before you use or pass on this release'}."
    yield f"Cite as: {_plain(about.cite or about.creator) or 'no citation is given'}."
    yield from ("", "## What may not be tried", "")
    yield "Do not try to find out whom a token stands for, alone or with other data, and do not publish what would help"
    yield "others to. If you come to know somebody by accident, tell the publisher of this release, and nobody else."
    yield from ("", f"Made with anonkit {_plain(str(manifest.get('anonkit', '')))}.")


def _tokens() -> Iterator[str]:
    yield from ("", "## Tokens", "")
    yield "People and other identities are tokens: `UR1` in lists and `UR_1` in rows and text are one user, `IP1` is an"
    yield "address, `EX_1` an experiment. A token is the same in all files. `(withheld)` is a value that was taken out."


def _lists(folder: Folder) -> Iterator[str]:
    """Yield a table for the keys of each JSON output; listings of sites, which are alike, share one."""
    tables = {tuple(content_of(output).keys.items()): output["name"] for output in reversed(folder.outputs)}
    named = [(name, keys) for keys, name in tables.items() if keys]
    for name, keys in reversed(named):
        yield from ("", f"## Lists in {_plain(name)}", "", "| key | content |", "|---|---|")
        yield from (f"| {key} | {_plain(meaning)} |" for key, meaning in keys)


def _columns(folder: Folder) -> Iterator[str]:
    if not folder.columns:
        return
    yield from (
        "",
        "## Columns of the data set",
        "",
        "| column | unit | meaning | what was done |",
        "|---|---|---|---|",
    )
    for column in folder.columns:
        cells = (column["name"], column["unit"], column["meaning"], "; ".join(column["done"]))
        yield f"| {' | '.join(map(_plain, cells))} |"


def _plain(text: str) -> str:
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", printable(text))
