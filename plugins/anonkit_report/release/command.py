"""`anonkit package`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from anonkit.api import printable

__all__ = ["command"]


@click.command(name="package")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("archive", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--title", help="Title of the release.")
@click.option("--description", help="What it is, in a sentence.")
@click.option("--licence", "--license", help="Name or URL of the licence.")
@click.option("--creator", help="Publisher of the release.")
@click.option("--cite", help="Citation of the release, as text.")
@click.option("--url", help="Address of the release on the web.")
@click.option("--published", metavar="DATE", help="Date of publication: 2026-11-29.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(folder: Path, archive: Path | None, as_json: bool, **about: str | None) -> None:
    """Complete the folder of a run so that it explains itself, and pack it.

    README.md, SHA256SUMS, datapackage.json (Frictionless) and croissant.json (Croissant) are written into FOLDER, and
    all is packed into ARCHIVE, a zip file; by default FOLDER.zip. The same files give the same bytes. An output that
    is not as the run wrote it, or that holds originals, is refused.

    \b
    Examples:
      anonkit package Output
      anonkit package Output jobs.zip --title "Jobs of 2025" --licence CC-BY-4.0
    """
    from anonkit_report.release.folder import digest_of
    from anonkit_report.release.packing import package

    made = package(folder, archive, {key: text for key, text in about.items() if text is not None})
    if as_json:
        click.echo(json.dumps({"archive": str(made), "size": made.stat().st_size, "sha256": digest_of(made)}, indent=2))
    else:
        click.echo(f"packed into {printable(str(made))}")
