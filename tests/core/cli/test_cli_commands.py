"""The commands besides `anonkit run`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from sample_plugins import registry

from anonkit.cli.new_plugin import KINDS
from anonkit.config.schema import Schema
from anonkit.config.template import render_template
from anonkit.demo.formats import FORMATS
from anonkit.errors import ConfigError
from anonkit.mapping import Revealed
from anonkit.options import option
from anonkit.plugin.hooks import ReporterSpec
from anonkit.plugin.registry import Broken, Registry

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Call = Callable[..., Any]


@attrs.frozen(kw_only=True)
class Named:
    words: tuple[str, ...] = option(tuple(f"word{place}" for place in range(30)), help="words")
    one: tuple[str, ...] = option(("ä",), help="one word")
    unset: str | None = option(None, help="a word")


class TestDemo:
    def test_it_says_what_it_wrote_and_what_to_try_next(self, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[Any] = []

        def write_demo(
            output: Path, *, rows: int, seed: int, files: int, all_attributes: bool, form: str
        ) -> list[Path]:
            asked.append((output, rows, seed, files, all_attributes, form))
            output.mkdir()
            (output / "jobs.parquet").write_bytes(b"x" * 1500)
            return [output / "jobs.parquet"]

        monkeypatch.setattr("anonkit.demo.write_demo", write_demo)
        said = call("demo", "my data", "--rows", "5000", "--seed", "3", "--files", "1")
        assert asked == [(Path("my data"), 5000, 3, 1, False, "parquet")]
        assert said.out.splitlines() == [
            "my data/jobs.parquet  1.5 kB",
            "",
            "5,000 rows. To anonymize them:",
            "",
            "  anonkit run --data-dir 'my data' --output-dir ./Output",
        ]

    def test_defaults(self, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[Any] = []
        monkeypatch.setattr("anonkit.demo.write_demo", lambda output, **more: asked.append(more) or [])
        assert call("demo", "out").status == 0
        assert asked == [{"rows": 200_000, "seed": 0, "files": 6, "all_attributes": False, "form": "parquet"}]

    def test_the_help_names_every_format_that_is_written(self, call: Call) -> None:
        # The command lists them itself, since help imports no Arrow.
        text = " ".join(call("demo", "--help").out.split())
        listed = text.partition("Format of the files: ")[2].partition(";")[0].split(", ")
        assert sorted(listed) == sorted(["parquet", "duckdb", "sqlite", *FORMATS])


class TestInit:
    template = render_template(Schema.from_registry(registry()))

    def test_it_writes_the_file(self, call: Call) -> None:
        said = call("init")
        assert said.status == 0
        assert Path("anonkit.toml").read_text(encoding="utf-8") == self.template
        assert said.out == "anonkit.toml is written; remove the '# ' before the options that you change\n"

    def test_it_prints_it_instead(self, call: Call) -> None:
        assert call("init", "--stdout").out == self.template
        assert not Path("anonkit.toml").exists()

    def test_it_replaces_nothing_unasked(self, call: Call) -> None:
        Path("mine.toml").write_text("mine")
        said = call("init", "mine.toml")
        assert said.status == 1
        assert said.err == "anonkit: mine.toml: exists already; --force replaces it, --stdout prints the new one\n"
        assert Path("mine.toml").read_text() == "mine"
        assert call("init", "--force", "mine.toml").status == 0
        assert Path("mine.toml").read_text(encoding="utf-8") == self.template

    def test_a_place_that_cannot_be_written(self, call: Call) -> None:
        said = call("init", "nowhere/anonkit.toml")
        assert said.status == 1
        assert said.err == (
            "anonkit: nowhere/anonkit.toml: cannot be written: No such file or directory; name another place\n"
        )


class TestPlugins:
    def test_the_table(self, call: Call) -> None:
        assert call("plugins").out.splitlines() == [
            "name     kind       status     package            summary",
            "host     tokenizer  on         their-package 1.0  hosts",
            "round    transform  off        their-package 1.0  rounds numbers",
            "tally    reporter   on         their-package 1.0  counts",
            "quiet    reporter   off        their-package 1.0  says nothing",
            "cluster  executor   available  their-package 1.0  elsewhere",
        ]

    def test_the_status_is_what_the_configuration_says(self, call: Call) -> None:
        Path("anonkit.toml").write_text(
            '[run]\nexecutor = "cluster"\n[reporters.quiet]\nenabled = true\n[reporters.tally]\nenabled = false\n'
        )
        plugins = json.loads(call("plugins", "--json").out)["plugins"]
        assert {plugin["name"]: plugin["status"] for plugin in plugins} == {
            "host": "on", "round": "off", "tally": "off", "quiet": "on", "cluster": "on",
        }  # fmt: skip

    def test_what_is_not_offered_comes_last_with_the_reason(
        self, installed: Callable[[Registry], None], call: Call
    ) -> None:
        broken = (
            Broken("theirs", "ImportError: no\x1b module"),
            Broken("one", "the name 'graph' is claimed by one and two", "reporters.graph", clashes=True),
        )
        installed(registry(broken=broken))
        assert call("plugins", "--check").status == 1
        said = call("plugins")
        assert said.status == 0
        assert said.out.splitlines()[-3:] == [
            "not offered:",
            "  failed: theirs: ImportError: no\\x1b module",
            "  left out: one: reporters.graph: the name 'graph' is claimed by one and two",
        ]
        states = json.loads(call("plugins", "--json").out)["plugins"][-2:]
        assert [(state["name"], state["status"]) for state in states] == [("theirs", "failed"), ("graph", "left out")]
        assert states[1]["reason"] == "the name 'graph' is claimed by one and two"
        said = call("plugins", "graph")
        assert said.status == 1
        assert "graph is not offered: one: reporters.graph: the name" in said.err

    def test_without_any(self, installed: Callable[[Registry], None], call: Call) -> None:
        installed(Registry())
        assert call("plugins").out == ""

    def test_one_is_shown_with_its_options_and_its_table(self, call: Call) -> None:
        said = call("plugins", "tally")
        assert said.status == 0
        assert said.out == call("plugins", "show", "reporters.tally").out
        lines = said.out.splitlines()
        assert lines[:2] == ["tally: counts", "reporter of their-package 1.0, on"]
        [row] = [line for line in lines if line.startswith("top ")]
        assert row.split() == ["top", "a", "whole", "number", "10", "--top", "how", "many", "to", "list"]
        assert "[reporters.tally]  # counts (their-package)" in lines
        assert "# top = 10" in lines

    def test_the_table_of_options_is_brief_and_that_to_paste_complete(
        self, installed: Callable[[Registry], None], call: Call
    ) -> None:
        installed(registry(ReporterSpec(name="named", summary="s", options=Named, factory="nowhere:Named")))
        lines = call("plugins", "named").out.splitlines()
        rows = {line.split()[0]: line for line in lines if line.startswith(("words ", "one ", "unset "))}
        assert "a list of texts  30 entries, see below" in rows["words"]
        assert '["ä"]' in rows["one"]
        assert "not set" in rows["unset"]
        assert f"# words = {json.dumps([f'word{place}' for place in range(30)])}" in lines

    def test_one_is_shown_as_json(self, call: Call) -> None:
        [shown] = json.loads(call("plugins", "tally", "--json").out)
        assert shown["table"] == "reporters.tally"
        [style] = [option for option in shown["options"] if option["key"] == "style"]
        assert style == {
            "key": "style", "type": "one of 'long', 'short'", "default": "long", "flag": "--style",
            "variable": "ANONKIT_REPORTERS_TALLY_STYLE", "help": "how to write it",
        }  # fmt: skip

    def test_an_unknown_one(self, call: Call) -> None:
        said = call("plugins", "taly")
        assert said.status == 2
        assert said.err == (
            "anonkit: no plugin 'taly' is installed (did you mean 'tally'?); `anonkit plugins` lists them\n"
        )


class TestNewPlugin:
    @pytest.mark.parametrize("kind", KINDS)
    def test_a_package_of_each_kind_is_python_and_toml(self, call: Call, kind: str) -> None:
        said = call("plugins", "new", "job-hours", "--kind", kind)
        assert said.status == 0
        folder = Path("anonkit-job-hours")
        assert f"  cd {folder}" in said.out.splitlines()
        modules = list(folder.rglob("*.py"))
        assert {module.name for module in modules} >= {f"{kind}.py", f"test_{kind}.py", "test_package.py"}
        for module in modules:
            compile(module.read_text(), str(module), "exec")
        project = tomllib.loads((folder / "pyproject.toml").read_text())
        assert project["project"]["entry-points"]["anonkit"] == {"job_hours": "anonkit_job_hours"}
        assert 'name="job_hours",' in (folder / "anonkit_job_hours" / "__init__.py").read_text()
        assert "$" not in (folder / "README.md").read_text()

    def test_nothing_is_overwritten(self, call: Call) -> None:
        Path("there/anonkit-mine").mkdir(parents=True)
        said = call("plugins", "new", "mine", "--kind", "reader", "--into", "there")
        assert said.status == 1
        assert said.err == (
            "anonkit: there/anonkit-mine: exists already; choose another name, or another folder with --into\n"
        )
        assert list(Path("there/anonkit-mine").iterdir()) == []

    @pytest.mark.parametrize("name", ["Mine", "1st", "../up", "a b", "class.x", ""])
    def test_a_name_that_is_none(self, call: Call, name: str) -> None:
        said = call("plugins", "new", name, "--kind", "reader")
        assert said.status == 2
        assert "is not a name for a package; use lower-case letters, digits and dashes." in said.err
        assert list(Path().iterdir()) == []

    def test_a_kind_is_needed(self, call: Call) -> None:
        assert "Missing option '--kind'" in call("plugins", "new", "mine").err

    def test_a_place_that_cannot_be_written(self, call: Call) -> None:
        Path("file").write_text("")
        said = call("plugins", "new", "mine", "--kind", "reader", "--into", "file/below")
        assert said.status == 1
        assert "cannot be written" in said.err


class TestConfigShow:
    def test_it_is_json_with_value_and_source(self, call: Call) -> None:
        Path("anonkit.toml").write_text("[reporters.tally]\ntop = 3\n[anonymizers.host]\nnames = ['annak']")
        shown = json.loads(call("config", "show", "--format", "json", "--style", "short").out)
        assert shown["reporters.tally"]["top"] == {"value": 3, "source": "anonkit.toml"}
        assert shown["reporters.tally"]["style"] == {"value": "short", "source": "--style"}
        assert shown["run"]["workers"] == {"value": 0, "source": "default"}
        assert shown["anonymizers.host"]["names"] == {"source": "anonkit.toml", "secret": True}
        secrets = json.loads(call("config", "show", "--format", "json", "--show-secrets").out)
        assert secrets["anonymizers.host"]["names"] == {"value": ["annak"], "source": "anonkit.toml"}

    def test_it_shows_what_flags_would_do(self, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
        Path("mine.toml").write_text("[reporters.tally]\ntop = 3")
        monkeypatch.setenv("ANONKIT_WORKERS", "2")
        said = call("config", "show", "--config", "mine.toml", "--style", "short", "--set", "run.order=shuffled")
        assert said.status == 0
        assert "top = 3  # mine.toml\n" in said.out
        assert "workers = 2  # ANONKIT_WORKERS\n" in said.out
        assert 'style = "short"  # --style\n' in said.out
        assert 'order = "shuffled"  # --set run.order\n' in said.out
        assert tomllib.loads(said.out)["reporters"]["tally"]["top"] == 3

    def test_secrets_are_shown_when_asked_for(self, call: Call) -> None:
        assert "alice" not in call("config", "show", "--hosts", "alice").out
        assert 'names = ["alice"]  # --hosts\n' in call("config", "show", "--hosts", "alice", "--show-secrets").out

    def test_mistakes(self, call: Call) -> None:
        said = call("config", "show", "--top", "x")
        assert (said.status, said.err) == (2, "anonkit: --top: expected a whole number, found the text 'x'\n")


class TestReveal:
    def test_a_line_for_each_token(self, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
        found = [Revealed("UR1", "user", "alice"), Revealed("IP1", "ip", None), Revealed("UR2", "user", "a\tb\x1b\nc")]
        asked: list[Any] = []
        monkeypatch.setattr("anonkit.mapping.reveal", lambda path, tokens, **_: asked.append((path, tokens)) or found)
        said = call("reveal", "UR1", "IP1", "UR2", "--mapping", "m.json")
        assert asked == [(Path("m.json"), ("UR1", "IP1", "UR2"))]
        assert said.out == "UR1\tuser\talice\nIP1\tip\t\nUR2\tuser\ta\\tb\\x1b\\nc\n"

    def test_unknown_tokens(self, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
        def reveal(path: Path, tokens: tuple[str, ...], **_: Any) -> list[Revealed]:
            raise ConfigError([f"{token}: no such token" for token in tokens])

        monkeypatch.setattr("anonkit.mapping.reveal", reveal)
        said = call("reveal", "X1", "X2", "--mapping", "m.json")
        assert said.status == 2
        assert said.err == "anonkit: 2 mistakes in the configuration\n  X1: no such token\n  X2: no such token\n"

    def test_a_token_is_needed(self, call: Call) -> None:
        assert call("reveal", "--mapping", "m.json").status == 2
