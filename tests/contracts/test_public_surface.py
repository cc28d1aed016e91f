"""The public surface changes on purpose only, and the changelog says how."""

from __future__ import annotations

import difflib

from tests.contracts.public_surface import STORED, surface


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
