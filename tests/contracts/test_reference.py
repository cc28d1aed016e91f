"""The reference has every command, option, hook and public name."""

from __future__ import annotations

import pytest

import anonkit
from anonkit import api
from tests.contracts.reference import FOLDER, pages
from tests.contracts.reference.commands import command_names
from tests.contracts.reference.options import setting_flags


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return pages()


@pytest.mark.parametrize("page", ["commands.md", "options.md", "api.md", "python.md"])
def test_the_reference_is_current(made: dict[str, str], page: str) -> None:
    stored = (FOLDER / page).read_text(encoding="utf-8")
    assert stored == made[page], f"docs/reference/{page} is not current: run `make reference`"


def test_it_has_everything(made: dict[str, str]) -> None:
    assert all(f"\n## `{name}`\n" in made["commands.md"] for name in command_names())
    assert all(f"| `{flag}` |" in made["options.md"] for flag in setting_flags())
    assert all(f"\n### `{name}`\n" in made["api.md"] for name in api.__all__)
    assert all(f"\n## `{name}`\n" in made["python.md"] for name in dir(anonkit))


def test_it_has_signatures_and_texts(made: dict[str, str]) -> None:
    assert "| `workers` | a whole number | `0` | `--workers` |" in made["options.md"]
    assert (
        "- `columns(schema: pa.Schema, roles: Roles) -> Sequence[str]` *required*: Return the columns" in made["api.md"]
    )
    assert "- `spellings: pa.Array`: string, no nulls, same length." in made["api.md"]
    assert "| `register_readers` | Return the formats" in made["api.md"]
    assert "anonkit plugins new [OPTIONS] NAME\n" in made["commands.md"]


def test_help_fits_a_terminal_of_80_columns(made: dict[str, str]) -> None:
    """Blocks are set four columns in, and in the help of a command six."""
    blocks = [line for line in made["commands.md"].splitlines() if line.startswith("    ")]
    assert blocks
    assert not [line for line in blocks if len(line) > 78]
