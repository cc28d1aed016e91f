from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from sample_plugins import registry

from anonkit.cli import main as program
from anonkit.cli.lazy import LazyGroup
from anonkit.cli.main import commands, main
from anonkit.errors import (
    ConfigError,
    InputError,
    OutputError,
    PluginConflictError,
    PluginLoadError,
    UnknownPluginError,
)
from anonkit.plugin.hooks import resolve
from anonkit.plugin.registry import Broken, Registry

RUN = ("run", "--data-dir", "data", "--output-dir", "out")


def python(code: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, **environ}, check=False
    )


HEAVY = (
    "pyarrow",
    "duckdb",
    "numpy",
    "rich",
    "ahocorasick_rs",
    "hyperscan",
    "pyrage",
    "anonkit_std.transforms.coarse_steps",
)


@pytest.mark.parametrize(
    ("calls", "absent"),
    [
        ((), (*HEAVY, "anonkit_std", "cattrs", "anonkit.engine.coordinator")),
        ((("--version",),), (*HEAVY, "anonkit_std", "cattrs", "anonkit.engine.coordinator")),
        (
            (("--help",),),
            (*HEAVY, "cattrs", "anonkit.config", "anonkit.options", "anonkit.plugin.contracts", "anonkit_std.options"),
        ),
        (
            (
                ("run", "--help"),
                ("plugins",),
                ("config", "show"),
                ("init", "--stdout"),
                ("restore", "--help"),
                ("mapping", "forget", "--help"),
                ("audit", "--help"),
                ("catalogue", "--help"),
            ),
            (*HEAVY, "anonkit.engine.coordinator"),
        ),
    ],
)
def test_help_costs_no_import_of_what_runs_need(calls: tuple[tuple[str, ...], ...], absent: tuple[str, ...]) -> None:
    # After each call those before it have been imported too.
    code = f"""
import sys
from anonkit.cli import main
def imported():
    return [name for name in {absent!r} if name in sys.modules]
for call in {calls!r}:
    assert main(list(call)) == 0
    print(call, imported(), file=sys.stderr)
print(imported(), file=sys.stderr)
"""
    done = python(code)
    assert done.stderr == "".join(f"{call} []\n" for call in calls) + "[]\n"


def test_the_table_of_commands_says_what_the_commands_say() -> None:
    for name, lazy in commands.lazy.items():
        command: Any = resolve(lazy.place)
        assert command.name == name
        assert command.get_short_help_str(limit=100) == lazy.summary.removesuffix(".") + "."


def _commands(parent: click.Context) -> Iterator[click.Context]:
    """Yield the context of each command that does something, with those of plugins and of groups."""
    group = parent.command
    assert isinstance(group, LazyGroup)
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=parent)
        yield from _commands(context) if isinstance(command, LazyGroup) else (context,)


def test_the_help_of_every_command_has_examples_with_flags_of_it() -> None:
    for context in _commands(click.Context(commands, info_name="anonkit", **commands.context_settings)):
        path = context.command_path
        _, title, rest = inspect.cleandoc(context.command.help or "").partition("\nExamples:\n")
        assert title, path
        lines = [line.strip() for line in rest.partition("\n\n")[0].splitlines() if "anonkit " in line]
        assert lines, path
        flags = {
            flag for option in context.command.get_params(context) for flag in (*option.opts, *option.secondary_opts)
        }
        for line in lines:
            assert f"{path} " in f"{line} ", line
            used = [word.partition("=")[0] for word in line.split() if word.startswith("--")]
            assert flags.issuperset(used), line


def test_help_lists_every_command(call: Callable[..., Any]) -> None:
    said = call("--help")
    assert said.status == 0
    names = (
        "run",
        "preview",
        "demo",
        "init",
        "catalogue",
        "plugins",
        "config",
        "audit",
        "reveal",
        "lookup",
        "restore",
        "completion",
        "mapping",
    )
    assert [name for name in names if f"\n  {name} " in said.out] == [*commands.lazy]


def test_version(call: Callable[..., Any]) -> None:
    assert re.fullmatch(r"anonkit \d+\.\d+\.\d+\n", call("--version").out)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("rnu",), "No such command 'rnu' (did you mean 'run'?)."),
        (("config", "shwo"), "No such command 'shwo' (did you mean 'show'?)."),
        (("--verison",), "--version"),
        (("run", "--wrokers", "3"), "--workers"),
        (("run", "--workers"), "requires an argument"),
        (("reveal", "UR1"), "--mapping"),
        (("mapping", "froget", "m.json"), "No such command 'froget' (did you mean 'forget'?)."),
        (("mapping", "merge", "a", "b"), "--output"),
        (("demo", "out", "--rows", "0"), "--rows"),
    ],
)
def test_wrong_usage_suggests_the_nearest_word(
    call: Callable[..., Any], arguments: tuple[str, ...], message: str
) -> None:
    said = call(*arguments)
    assert said.status == 2
    assert message in said.err


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (InputError("data: no parquet files"), 1, "anonkit: data: no parquet files\n"),
        (OutputError("first\nsecond"), 1, "anonkit: first\n  second\n"),
        (PluginLoadError("x\x1b[2J"), 1, "anonkit: x\\x1b[2J\n"),
        (UnknownPluginError("x"), 2, "anonkit: x\n"),
        (PluginConflictError("x"), 2, "anonkit: x\n"),
        (ConfigError("x"), 2, "anonkit: x\n"),
        (ConfigError(["x", "y\nz"]), 2, "anonkit: 2 mistakes in the configuration\n  x\n  y\\nz\n"),
        (InputError(), 1, "anonkit: InputError\n"),
        (KeyboardInterrupt(), 130, "anonkit: interrupted\n"),
    ],
)
def test_an_expected_failure(
    call: Callable[..., Any], engine: SimpleNamespace, error: BaseException, status: int, message: str
) -> None:
    engine.error = error
    said = call(*RUN)
    assert (said.status, said.out, said.err) == (status, "", message)


class TestBugs:
    @pytest.fixture(autouse=True)
    def _temporary(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    @pytest.mark.parametrize(
        "error", [KeyError("alice"), EOFError("alice"), OSError("alice"), BrokenPipeError(32, "alice")]
    )
    def test_a_bug_is_reported_without_its_message(
        self, call: Callable[..., Any], engine: SimpleNamespace, tmp_path: Path, error: Exception
    ) -> None:
        engine.error = error
        said = call(*RUN)
        [report] = tmp_path.glob("anonkit-*.txt")
        assert said.status == 3
        assert said.err.startswith("anonkit: this is a bug, in anonkit or in a plugin (")
        assert str(report) in said.err
        assert "alice" not in said.err + said.out + report.read_text()

    def test_without_a_place_for_the_report(
        self, call: Callable[..., Any], engine: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tempfile.tempdir", "/no/such/folder")
        engine.error = KeyError("alice")
        said = call(*RUN)
        assert said.status == 3
        assert "where it happened could not be written: No such file or directory" in said.err
        assert "alice" not in said.err


def test_a_reader_that_leaves_is_no_failure_to_tell() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; from anonkit.cli import main; sys.exit(main(['run', '--help']))"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait() == 1


def test_a_terminal_that_cannot_show_a_character_gets_its_escape() -> None:
    done = python("from anonkit.cli import main; main(['init', '→.toml'])", PYTHONIOENCODING="latin-1")
    assert done.stdout.startswith("\\u2192.toml is written")


def test_completion_of_the_shell() -> None:
    done = python(
        "from anonkit.cli import main; main([])",
        _ANONKIT_COMPLETE="bash_complete",
        COMP_WORDS="anonkit pl",
        COMP_CWORD="1",
    )
    assert "plugins" in done.stdout


def test_the_arguments_of_the_process_count_when_none_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["anonkit", "--version"])
    assert main() == 0


def test_the_entry_point_is_main() -> None:
    assert program is main


def test_a_broken_package_spoils_no_help(installed: Callable[[Registry], None], call: Callable[..., Any]) -> None:
    installed(registry(broken=(Broken("theirs", "ImportError: x"),)))
    for arguments in (("--help",), ("run", "--help"), ("plugins",), ("config", "show"), ("init", "--stdout")):
        assert call(*arguments).status == 0
