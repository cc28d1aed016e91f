"""Packages that are broken in one way each, all installed: no command that does not use them minds."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from anonkit.cli import main
from anonkit.demo import write_demo

HEAD = """
import attrs, sys
from anonkit.api import *

@attrs.frozen(kw_only=True)
class Options:
    word: str = option("a", help="a word", flag={flag!r})

class Quitter(Reporter):
    def __init__(self, options): pass
    def consume(self, state, batch): sys.exit(0)
    def write(self, result, outputs, context): outputs.write("quit.txt", b"")

@hookimpl
def register_reporters():
    return [ReporterSpec(name={name!r}, summary="", options=Options, factory=Quitter)]
"""
KINDS = """
from anonkit.api import *

class Plain(Reporter):
    def __init__(self, options): pass
    def write(self, result, outputs, context): outputs.write("plain.txt", b"x")

class Unfinished(Reporter):
    def __init__(self, options): pass

class Thief(Plain):
    def write(self, result, outputs, context): outputs.write("summary.json", b"x")

class Forgetful(Plain):
    def start(self, context): return 0
    def consume(self, state, batch): pass

class Climber(Plain):
    def write(self, result, outputs, context): outputs.write("../../evil.txt", b"x")

class Texts(Listing):
    def __init__(self, options): pass
    def render(self, batch): return {"t.txt": "text"}

class Disk(Plain):
    def write(self, result, outputs, context): raise OSError("disk")

class Second(Tokenizer):
    kind = "user"
    def __init__(self, options): pass
    def columns(self, schema, roles): return []
    def identify(self, cells): return cells

class Shorter(Transform):
    def __init__(self, options): pass
    def __call__(self, batch): return batch.slice(1)

def unset(options): raise ConfigError("set the word")

def reporter(name, factory): return ReporterSpec(name=name, summary="", factory=factory)

@hookimpl
def register_reporters():
    given = {"thief": Thief, "forgetful": Forgetful, "climber": Climber, "texts": Texts, "disk": Disk}
    nowhere = reporter("nowhere", "kinds_of_broken:Nobody")
    more = {"unfinished": Unfinished, "unset": unset}
    return [*(reporter(name, factory) for name, factory in {**given, **more}.items()), nowhere]

@hookimpl
def register_anonymizers():
    return [
        TokenizerSpec(name="second", summary="", factory=Second),
        TransformSpec(name="shorter", summary="", factory=Shorter),
    ]
"""
GREETER = """
from anonkit.api import *

@hookimpl
def register_commands():
    return [CommandSpec(name="greet", summary="Greets a name.", place="greeter_command:greet")]
"""
GREET = """
import click

@click.command()
@click.option("--name", required=True)
def greet(name):
    click.echo(f"good day, {name}" if name != "boom" else 1 / 0)
"""
PACKAGES = {
    "greeter": GREETER,
    "kinds_of_broken": KINDS,
    "sad_import": "import no_such_module_anywhere",
    "sad_exit": "import sys; sys.exit(7)",
    "sad_spelling": "from anonkit.api import hookimpl\n@hookimpl\ndef register_reporter(): return []",
    "sad_name": HEAD.format(flag=None, name="summary"),
    "sad_flag": HEAD.format(flag="--site", name="sited"),
    "twin_one": HEAD.format(flag=None, name="twin"),
    "twin_two": HEAD.format(flag=None, name="twin"),
    "quits": "print('noise')" + HEAD.format(flag="--quits-word", name="quits"),
}
REASONS = (
    "sad-import: ModuleNotFoundError",
    "sad-exit: SystemExit: 7",
    "there is no hook 'register_reporter' (did you mean 'register_reporters'?)",
    "reporters.summary: the name 'summary' is taken by a plugin that comes with anonkit",
    "reporters.sited: the flag --site is taken by anonkit",
    "reporters.twin: the name 'twin' is claimed by twin-one and twin-two",
)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Some rows in a folder beside which every package is installed."""
    for name, source in PACKAGES.items():
        info = tmp_path / "installed" / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info.parent / f"{name}.py").write_text(source)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[anonkit]\n{name} = {name}\n")
        monkeypatch.delitem(sys.modules, name, raising=False)
    (tmp_path / "installed" / "greeter_command.py").write_text(GREET)
    monkeypatch.syspath_prepend(str(tmp_path / "installed"))
    monkeypatch.chdir(tmp_path)
    write_demo(tmp_path / "data", rows=50, files=1)
    return tmp_path / "data"


@pytest.mark.parametrize(
    "arguments",
    [
        "--help", "run --help", "config show", "init --stdout", "catalogue User", "demo more --rows 5", "plugins",
        "run --data-dir data --output-dir out --workers 1",
    ],
)  # fmt: skip
def test_commands_work(arguments: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments.split()) == 0
    assert "noise" not in capsys.readouterr().out


def test_what_is_left_out_is_listed_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plugins", "--check"]) == 1
    listed = capsys.readouterr().out
    assert [reason for reason in REASONS if reason not in listed] == []
    assert main(["--block", "sad-import", "--block", "sad_exit", "plugins"]) == 0
    listed = capsys.readouterr().out
    assert "blocked: sad-exit, sad-import" in listed
    assert REASONS[0] not in listed


FAULTS = {
    "thief": "is written already, by reporter thief",
    "forgetful": "reporter forgetful: consume gave None instead of the state",
    "climber": "reporter climber: the name of an output must be a plain file name",
    "texts": "reporter texts: render gave a str for a stream, not bytes",
    "disk": "reporter disk failed: OSError at kinds_of_broken.py:",
    "unfinished": "reporter unfinished: its class Unfinished does not implement write",
    "unset": "reporter unset: set the word",
    "nowhere": "reporter nowhere: cannot be loaded (AttributeError",
    "second": "anonymizer second and anonymizer user are both of the kind 'user'",
    "shorter": "anonymizer shorter: it returned other rows",
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_run_with_a_broken_plugin_names_it_and_publishes_nothing(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ["run", "--data-dir", "data", "--output-dir", "out", "--workers", "1", "--enable", name]
    assert main(run) in (1, 2)
    shown = capsys.readouterr().err
    assert FAULTS[name] in " ".join(shown.split())
    assert "Traceback" not in shown
    assert not Path("out").exists() or not [path for path in Path("out").iterdir() if path.is_file()]


def test_a_command_of_a_package_is_a_command_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert re.search(r"^  greet +Greets a name\.$", capsys.readouterr().out, re.MULTILINE)
    assert main(["greet", "--name", "Anna"]) == 0
    assert capsys.readouterr().out == "good day, Anna\n"
    assert main(["greet", "--nam"]) == 2
    assert "No such option" in capsys.readouterr().err
    assert main(["greet", "--name", "boom"]) == 1
    shown = capsys.readouterr().err
    assert "command greet failed: ZeroDivisionError at greeter_command.py:" in shown
    assert "Traceback" not in shown


def test_an_exit_in_the_middle_of_a_run_is_a_failure_that_names_the_plugin(capsys: pytest.CaptureFixture[str]) -> None:
    run = ["run", "--data-dir", "data", "--output-dir", "out", "--workers", "1", "--enable", "quits"]
    assert main(run) == 1
    shown = capsys.readouterr().err
    assert "reporter quits failed: SystemExit at quits.py:" in shown
    assert "Traceback" not in shown
    assert main(["--debug", *run]) == 1
    assert "Traceback" in capsys.readouterr().err
    assert not [path for path in Path("out").iterdir() if path.is_file()]
