"""The reference of commands, options and the API, from the code: `make reference` writes it into docs/reference."""

from __future__ import annotations

from pathlib import Path

from tests.contracts.reference.commands import commands_page
from tests.contracts.reference.names import api_page, python_page
from tests.contracts.reference.options import options_page

__all__ = ["FOLDER", "pages"]

FOLDER = Path(__file__).parents[3] / "docs" / "reference"


def pages() -> dict[str, str]:
    """Return the text of each page that is made from the code, by file name."""
    return {
        "commands.md": commands_page(),
        "options.md": options_page(),
        "api.md": api_page(),
        "python.md": python_page(),
    }
