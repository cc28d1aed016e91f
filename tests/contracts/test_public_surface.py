"""The public surface changes on purpose only, and the changelog says how."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

from tests.contracts.public_surface import STORED, surface

RELEASED = Path(__file__).with_name("released_surface.txt")
"""The surface of the last release: `public_surface.txt` is copied onto it when one is made."""
CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"


def test_the_surface_is_the_stored_one() -> None:
    stored, found = STORED.read_text(encoding="utf-8"), surface()
    changes = "\n".join(difflib.unified_diff(stored.splitlines(), found.splitlines(), "stored", "found", lineterm=""))
    assert stored == found, (
        'the surface that plugins use changed: write it into CHANGELOG.md below "For authors of plugins", raise '
        "API_VERSION in anonkit/plugin/api_version.py (the first number when something was taken away or means "
        f"something else), and run `python -m tests.contracts.public_surface`:\n{changes}"
    )


def test_the_surface_has_signatures() -> None:
    text = surface()
    assert "class Reporter(Fold, ABC)" in text
    assert "    merge(self, left: S, right: S) -> S" in text
    assert "def option(default: T, *, help: str, flag: str | None = None" in text


def names(text: str) -> dict[str, set[str]]:
    """The public names of a surface, each with the names of its members that are no tests."""
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        name = re.match(r"(?:class |def | {4})?(\w+)", line)
        if name and line.startswith("    "):
            found[next(reversed(found))] |= set() if name[1].startswith("test_") else {name[1]}
        elif name:
            found[name[1]] = set()
    return found


def test_the_changelog_has_what_changed_since_the_release() -> None:
    released, now = names(RELEASED.read_text(encoding="utf-8")), names(surface())
    changed = released.keys() ^ now.keys()
    for name in released.keys() & now.keys():
        changed |= {f"{name}.{member}" for member in released[name] ^ now[name]}
    newest = CHANGELOG.read_text(encoding="utf-8").split("\n## ")[1]
    mentioned = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`]+`", newest))))
    silent = sorted(name for name in changed if name.rpartition(".")[2] not in mentioned)
    assert silent == [], 'write these names into CHANGELOG.md, below "For authors of plugins"'
