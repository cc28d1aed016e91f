"""`anonkit plugins new`: a whole plugin package that can be installed, runs and passes its own tests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from string import Template
from types import MappingProxyType

import attrs
import click

from anonkit.errors import OutputError
from anonkit.plugin.api_version import API_VERSION

__all__ = ["KINDS", "command", "package_files"]

_FILES = files("anonkit.cli") / "new_plugin_files"
_NAME = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*\Z")


@attrs.frozen
class _Kind:
    hook: str
    spec: str
    """The class of its specification."""
    summary: str
    usage: str = "--enable $name"
    """How it is switched on in `anonkit run`."""
    note: str = ""
    """A line of the README."""


KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        "reader": _Kind(
            "readers",
            "ReaderSpec",
            "user, group and site in each line",
            usage="",
            note="Files `*.$entry` are read wherever they are in DATA: a user, a group and a site in each line.",
        ),
        "tokenizer": _Kind(
            "anonymizers", "TokenizerSpec", "tokens for groups", note="`--$flag-col COL` names the column of groups."
        ),
        "transform": _Kind(
            "anonymizers",
            "TransformSpec",
            "rounds a column of numbers down",
            note="`--$flag-step N` says how coarsely numbers are rounded.",
        ),
        "reporter": _Kind("reporters", "ReporterSpec", "sites by jobs", note="`$name.json` lists the busiest sites."),
        "listing": _Kind(
            "reporters", "ReporterSpec", "user and site of each job", note="`$name.txt` has a line for each job."
        ),
        "encoder": _Kind(
            "encoders", "EncoderSpec", "outputs compressed by gzip", note="Outputs are stored as `summary.json.gz`."
        ),
        "executor": _Kind(
            "executors",
            "ExecutorSpec",
            "workers that start anew",
            usage="--set run.executor=$name",
            note='`[run] executor = "$name"` runs both passes in processes of their own.',
        ),
    }
)
"""The kinds of plugins that can be generated, in the order of the generated modules."""


@click.command(name="new")
@click.argument("name")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(list(KINDS)),
    multiple=True,
    required=True,
    help="Sort of the plugin; repeat it for several in one package.",
)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Folder in which the package's folder is made, by default this one.",
)
def command(name: str, kinds: tuple[str, ...], into: Path) -> None:
    """Write a plugin package that works, to be changed.

    \b
    Examples:
      anonkit plugins new batch-names --kind tokenizer
      anonkit plugins new usage --kind reporter --kind listing --into ~/src
    """
    if not _NAME.match(name):
        raise click.UsageError(f"{name!r} is not a name for a package; use lower-case letters, digits and dashes.")
    folder = into / f"anonkit-{_dashed(name)}"
    if folder.exists():
        raise OutputError(f"{folder}: exists already; choose another name, or another folder with --into")
    written = package_files(name, kinds)
    _write(folder, written)
    click.echo(f"{folder} is written, {len(written)} files. What to do next:\n")
    use = " ".join(_usages(_names(name, kinds)))
    for line in (f"cd {folder}", "pip install -e '.[test]'", "pytest", f"anonkit run DATA OUTPUT {use}".rstrip()):
        click.echo(f"  {line}")


def package_files(name: str, kinds: Sequence[str]) -> dict[str, str]:
    """Return the text of each file of a package, by its path in the package's folder."""
    named = _names(name, kinds)
    words = _words(name, named)
    package = words["package"]
    return {
        "README.md": _filled("readme.txt", words),
        "pyproject.toml": _filled("pyproject.txt", words),
        ".github/workflows/test.yml": (_FILES / "ci.txt").read_text(),
        f"{package}/__init__.py": _hooks(words, named),
        **{
            f"{package}/{kind}.py": _filled(f"{kind}/module.txt", _words_of(words, plugin))
            for kind, plugin in named.items()
        },
        f"{package}/py.typed": "",
        "tests/test_package.py": _filled("test_package.txt", words),
        **{
            f"tests/test_{kind}.py": _filled(f"{kind}/test.txt", _words_of(words, plugin))
            for kind, plugin in named.items()
        },
    }


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _names(name: str, kinds: Sequence[str]) -> dict[str, str]:
    """Return the plugin's name by kind; of several plugins each has its kind in its name."""
    plain = name.replace("-", "_")
    chosen = [kind for kind in KINDS if kind in kinds]
    return {kind: plain if len(chosen) == 1 else f"{plain}_{kind}" for kind in chosen}


def _words(name: str, named: Mapping[str, str]) -> dict[str, str]:
    """Return the words that replace `$word` in the templates; `named` are the names of the plugins by kind."""
    entry = name.replace("-", "_")
    return {
        "distribution": f"anonkit-{_dashed(name)}",
        "package": f"anonkit_{entry}",
        "entry": entry,
        "Class": "".join(part.capitalize() for part in entry.split("_")),
        "PREFIX": entry.replace("_", "").upper(),
        "names": ", ".join(f"{plugin} ({kind})" for kind, plugin in named.items()),
        "enable": " ".join(_usages(named)),
        "notes": "\n".join(_notes(entry, named)),
    }


def _usages(named: Mapping[str, str]) -> Iterator[str]:
    yield from (
        Template(KINDS[kind].usage).substitute(name=plugin) for kind, plugin in named.items() if KINDS[kind].usage
    )


def _notes(entry: str, named: Mapping[str, str]) -> Iterator[str]:
    for kind, plugin in named.items():
        words = {"name": plugin, "flag": _dashed(plugin), "entry": entry}
        yield f"- {Template(KINDS[kind].note).substitute(words)}"


def _words_of(words: Mapping[str, str], plugin: str) -> dict[str, str]:
    """Return the words of the package with those of one of its plugins."""
    return {**words, "name": plugin, "flag": _dashed(plugin)}


def _filled(file: str, words: Mapping[str, str]) -> str:
    """Return the text of a template with its words."""
    return Template((_FILES / file).read_text(encoding="utf-8")).substitute(words)


def _hooks(words: Mapping[str, str], named: Mapping[str, str]) -> str:
    """Return the module of the hooks, with the options of all plugins."""
    specs = sorted({KINDS[kind].spec for kind in named}, key=str.casefold)
    options = [_filled(f"{kind}/options.txt", _words_of(words, plugin)) for kind, plugin in named.items()]
    hooks = dict.fromkeys(KINDS[kind].hook for kind in named)
    parts = [
        f'"""Hooks of {words["distribution"]}. Every help page imports this module, so it must stay cheap."""\n',
        "from __future__ import annotations\n",
        _imports((*specs, "hookimpl", "option", "options")),
        f'ANONKIT_API = "{API_VERSION}"\n"""The version of the plugin API that this package is made for."""\n\n',
        "\n\n".join(options),
    ]
    of_hooks = ({kind: name for kind, name in named.items() if KINDS[kind].hook == hook} for hook in hooks)
    return "\n".join((*parts, *(_hook(hook, words, some) for hook, some in zip(hooks, of_hooks, strict=True))))


def _imports(names: Sequence[str]) -> str:
    return "".join(("from anonkit.api import (\n", *(f"    {name},\n" for name in names), ")\n"))


def _hook(hook: str, words: Mapping[str, str], named: Mapping[str, str]) -> str:
    kinds = " | ".join(dict.fromkeys(KINDS[kind].spec for kind in named))
    lines = [
        "\n@hookimpl",
        f"def register_{hook}() -> list[{kinds}]:",
        f'    """Return the {" and the ".join(named)}."""',
        "    return [",
        *(line for kind, plugin in named.items() for line in _spec(kind, plugin, words)),
        "    ]",
    ]
    return "\n".join(lines) + "\n"


def _spec(kind: str, plugin: str, words: Mapping[str, str]) -> Iterator[str]:
    made = f"{words['entry']}_executor" if kind == "executor" else f"{words['Class']}{kind.capitalize()}"
    yield f"        {KINDS[kind].spec}("
    yield f'            name="{plugin}",'
    yield f'            summary="{KINDS[kind].summary}",'
    yield f"            options={words['Class']}{kind.capitalize()}Options,"
    yield f'            factory="{words["package"]}.{kind}:{made}",'
    if kind == "reader":
        yield f'            patterns=("*.{words["entry"]}",),'
    yield "        ),"


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    try:
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}; name another place with --into") from None
