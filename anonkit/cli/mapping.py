"""`anonkit mapping`: merge, rekey, forget."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from anonkit.cli.json_output import json_option, print_json
from anonkit.cli.lazy import Lazy, LazyGroup
from anonkit.cli.vault import MappingCommand, Vault
from anonkit.errors import ConfigError
from anonkit.printable import printable
from anonkit.tables import count

__all__ = ["forget", "group", "merge", "rekey"]

_FILE = click.Path(path_type=Path)

group = LazyGroup(
    "mapping",
    lazy={
        "merge": Lazy("anonkit.cli.mapping:merge", "Join two copies of one mapping."),
        "rekey": Lazy("anonkit.cli.mapping:rekey", "Encrypt a mapping with other keys."),
        "forget": Lazy("anonkit.cli.mapping:forget", "Erase identities from a mapping."),
    },
    help="Merge, encrypt and prune mapping files.",
)


@click.command(cls=MappingCommand, names_file=False, name="merge")
@click.argument("first", metavar="A", type=_FILE)
@click.argument("second", metavar="B", type=_FILE)
@click.option("--output", metavar="C", type=_FILE, required=True, help="The mapping to write.")
@click.option("--force", is_flag=True, help="Replace an existing file.")
@json_option
def merge(vault: Vault, first: Path, second: Path, output: Path, force: bool, as_json: bool) -> None:
    """Join two copies of one mapping.

    They must be of one domain and agree on every number; identities that one of them has forgotten stay forgotten.

    \b
    Examples:
      anonkit mapping merge mapping.json copy.json --output both.json
    """
    from anonkit import mapping

    known = mapping.merge(first, second, output, keys=vault.keys, log=vault.log(output), force=force)
    if as_json:
        print_json({"mapping": str(output), "identities": known})
    else:
        click.echo(f"{printable(str(output))} is written; it knows {count(known)} identities")


@click.command(cls=MappingCommand, names_file=False, name="rekey")
@click.argument("path", metavar="FILE", type=_FILE)
@click.option("--new-passphrase-file", metavar="FILE", help="File with the passphrase to encrypt it with.")
@click.option("--ask-new-passphrase", is_flag=True, help="Ask for a passphrase, and encrypt the mapping with it.")
@click.option("--plain", is_flag=True, help="Write it unencrypted.")
@json_option
def rekey(
    vault: Vault,
    path: Path,
    new_passphrase_file: str | None,
    ask_new_passphrase: bool,
    plain: bool,
    as_json: bool,
) -> None:
    """Encrypt a mapping with other keys.

    It is encrypted to the given or configured recipients, or with a new passphrase, which may also be in the variable
    ANONKIT_MAPPING_NEW_PASSPHRASE. A plain mapping becomes an encrypted one.

    \b
    Examples:
      anonkit mapping rekey mapping.json --ask-new-passphrase
      anonkit mapping rekey mapping.json --mapping-recipient age1…
    """
    keys = vault.keys
    new = keys.renewed(passphrase_file=new_passphrase_file, ask=ask_new_passphrase)
    asked = [bool(vault.overrides.flags.get("mapping.recipients")), new.passphrase.is_given, plain]
    if sum(asked) > 1:
        raise ConfigError("give only one of recipients, a new passphrase and --plain")
    from anonkit import mapping

    known = mapping.rekey(path, keys=keys, new=None if plain else new, log=vault.log(path))
    if as_json:
        print_json({"mapping": str(path), "identities": known, "encrypted": not plain})
        return
    how = "as plain text" if plain else "encrypted"
    click.echo(f"{printable(str(path))} is written {how}; it knows {count(known)} identities")


@click.command(cls=MappingCommand, names_file=False, name="forget")
@click.argument("path", metavar="FILE", type=_FILE)
@click.argument("tokens", metavar="[TOKEN…]", nargs=-1)
@click.option(
    "--stdin", "from_stdin", is_flag=True, help="Read the originals to forget from standard input, one in each line."
)
@click.option("--kind", metavar="KIND", help="Forget originals of this kind only.")
@json_option
def forget(
    vault: Vault,
    path: Path,
    tokens: tuple[str, ...],
    from_stdin: bool,
    kind: str | None,
    as_json: bool,
) -> None:
    """Erase identities from a mapping.

    Give their tokens; an original would show in the list of processes and in the shell's history, so originals are read
    from standard input. Their numbers are never used again.

    \b
    Examples:
      anonkit mapping forget mapping.json UR7
      anonkit mapping forget mapping.json --stdin < names.txt
    """
    originals = _lines_of_stdin() if from_stdin else ()
    if not tokens and not originals:
        raise ConfigError("no identity to forget; give tokens, or originals on standard input with --stdin")
    from anonkit import mapping

    done = mapping.forget(path, tokens, originals=originals, kind=kind, keys=vault.keys, log=vault.log(path))
    if as_json:
        print_json({"mapping": str(path), "forgotten": list(done)})
    else:
        click.echo(f"forgotten: {printable(', '.join(done))}")


def _lines_of_stdin() -> tuple[str, ...]:
    try:
        text = sys.stdin.buffer.read().decode()
    except UnicodeDecodeError:
        raise ConfigError("standard input: not UTF-8; write the originals as text") from None
    return tuple(line for line in text.splitlines() if line)
