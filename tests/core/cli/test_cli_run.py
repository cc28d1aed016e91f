from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import click
import pytest
from sample_plugins import HOST, TallyOptions, registry, reporter

from anonkit.cli.main import commands
from anonkit.cli.settings import SettingsCommand
from anonkit.config.schema import COMMAND_FLAGS
from anonkit.options import option
from anonkit.output.output_info import OutputInfo
from anonkit.plugin.hooks import resolve
from anonkit.plugin.registry import Broken, Registry

Call = Callable[..., Any]
RUN = ("run", "--data-dir", "data", "--output-dir", "out")


def tally(engine: SimpleNamespace) -> TallyOptions:
    [options] = [choice.options for choice in engine.configs[-1].reporters if choice.name == "tally"]
    assert isinstance(options, TallyOptions)
    return options


class TestFlags:
    def test_what_is_given_reaches_the_run(self, call: Call, engine: SimpleNamespace) -> None:
        more = ["--top", "3", "--style", "short", "--bold", "--no-tally-meta", "--by", "a,b", "--user-col", "Owner"]
        said = call(*RUN, *more, "--tally-site", "x,y", "--tally-site", "z", "--set", "reporters.tally.level=2")
        assert said.status == 0, said.err
        assert tally(engine) == TallyOptions(
            top=3, style="short", bold=True, meta=False, columns=("a", "b"), sites=("x,y", "z"), level=2
        )
        assert engine.configs[-1].roles.user == "Owner"
        assert engine.configs[-1].run.data_dir == "data"

    def test_what_is_not_given_hides_nothing(
        self, call: Call, engine: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Path("anonkit.toml").write_text("[reporters.tally]\ntop = 7\nbold = true\nsites = ['x']\nmeta = false\n")
        monkeypatch.setenv("ANONKIT_REPORTERS_TALLY_STYLE", "short")
        assert call(*RUN).status == 0
        assert tally(engine) == TallyOptions(top=7, bold=True, sites=("x",), meta=False, style="short")

    def test_a_flag_wins_over_a_variable_and_a_file(
        self, call: Call, engine: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Path("anonkit.toml").write_text("[reporters.tally]\ntop = 7\nmeta = false\n")
        monkeypatch.setenv("ANONKIT_REPORTERS_TALLY_TOP", "8")
        call(*RUN, "--top", "9", "--tally-meta")
        assert (tally(engine).top, tally(engine).meta) == (9, True)

    def test_the_configuration_file_is_named(self, call: Call, engine: SimpleNamespace) -> None:
        Path("mine.toml").write_text("[reporters.tally]\ntop = 7\n")
        call(*RUN, "--config", "mine.toml")
        assert tally(engine).top == 7

    def test_plugins_are_switched(self, call: Call, engine: SimpleNamespace) -> None:
        call(*RUN, "--enable", "quiet", "--enable", "round", "--disable", "tally")
        assert [choice.name for choice in engine.configs[-1].reporters] == ["quiet"]
        assert [choice.name for choice in engine.configs[-1].anonymizers] == ["host", "round"]

    def test_all_mistakes_are_reported_at_once(self, call: Call) -> None:
        said = call("run", "--data-dir", "d", "--top", "x", "--workers", "-1", "--style", "shrt", "--set", "run.x=1")
        assert said.status == 2
        lines = said.err.splitlines()
        assert lines[0] == "anonkit: 5 mistakes in the configuration"
        assert [line.split(": ")[0] for line in lines[1:]] == [
            "  --top",
            "  --set run.x",
            "  --workers",
            "  --style",
            "  run.output_dir",
        ]

    def test_two_plugins_with_one_flag_are_left_out(self, installed: Callable[[Registry], None], call: Call) -> None:
        @attrs.frozen(kw_only=True)
        class Options:
            hosts: str = option("", help="", flag="--hosts")

        installed(registry(HOST, reporter("other", Options)))
        said = call("run", "--help-all")
        assert said.status == 0
        assert "--hosts" not in said.out
        assert "the flag --hosts is claimed by" in call("plugins").out


class TestPlaces:
    def test_in_and_out_are_short_for_two_flags(self, call: Call, engine: SimpleNamespace) -> None:
        assert call("run", "data", "out").status == 0
        assert (engine.configs[-1].run.data_dir, engine.configs[-1].run.output_dir) == ("data", "out")

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("data",), "IN is given without OUT; write `anonkit run IN OUT`"),
            (("data", "out", "--output-dir", "x"), "IN and OUT are given, and --output-dir as well; give one of the"),
        ],
    )
    def test_half_of_them_or_twice_is_wrong(self, call: Call, arguments: tuple[str, ...], message: str) -> None:
        said = call("run", *arguments)
        assert said.status == 2
        assert message in said.err


class TestFlagsOfPluginsThatAreOff:
    def test_the_flag_switches_its_plugin_on(self, call: Call, engine: SimpleNamespace) -> None:
        Path("anonkit.toml").write_text("[reporters.tally]\nenabled = false\n")
        assert call(*RUN, "--top", "3").status == 0
        assert tally(engine).top == 3

    @pytest.mark.parametrize("name", ["tally", "reporters.tally"])
    def test_disable_wins(self, call: Call, engine: SimpleNamespace, name: str) -> None:
        call(*RUN, "--top", "3", "--disable", name)
        assert "tally" not in [choice.name for choice in engine.configs[-1].reporters]

    def test_a_flag_that_says_no_switches_nothing_on(self, call: Call, engine: SimpleNamespace) -> None:
        Path("anonkit.toml").write_text("[reporters.tally]\nenabled = false\n")
        call(*RUN, "--no-tally-meta")
        assert "tally" not in [choice.name for choice in engine.configs[-1].reporters]


class TestQuietAndVerbose:
    def test_quiet_prints_warnings_alone(self, call: Call, engine: SimpleNamespace) -> None:
        engine.result = attrs.evolve(engine.result, warnings=("no column Iwd",))
        said = call(*RUN, "-q")
        assert (said.out, said.err) == ("", "anonkit: warning: no column Iwd\n")

    def test_verbose_prints_the_plan_first(self, call: Call, engine: SimpleNamespace) -> None:
        said = call(*RUN, "-v")
        assert said.out.index("garbled reporters") < said.out.index("tally.json")


class TestHelp:
    def test_help_fits_a_screen_and_names_every_flag(self, call: Call) -> None:
        text, whole = (call("run", flag).out for flag in ("-h", "--help-all"))
        assert len(text.splitlines()) < 60
        assert "--data-dir PATH" in text
        assert "More flags, which --help-all explains:" in text
        assert "  Reporter tally (their-package): --tally-file --top " in text
        flags = {word for word in whole.replace(",", " ").split() if word.startswith("--") and "no-" not in word}
        assert not [flag for flag in flags if flag not in text and flag != "--"]

    def test_options_are_listed_below_their_owner(self, call: Call) -> None:
        text = call("run", "--help-all").out
        titles = [line for line in text.splitlines() if line.endswith(":") and not line.startswith(" ")]
        assert titles == [
            "Options:",
            "Input and output:",
            "Encryption of the mapping:",
            "Column roles:",
            "Anonymizer host (their-package):",
            "Reporter tally (their-package):",
        ]
        assert text.index("Input and output:") < text.index("--data-dir PATH") < text.index("Column roles:")
        assert text.index("Reporter tally") < text.index("--top N")

    def test_values_choices_and_defaults(self, call: Call) -> None:
        text = " ".join(call("run", "--help-all").out.split())
        assert "--top N how many to list [default: 10]" in text
        assert "--style [long|short] how to write it [default: long]" in text
        assert "--tally-file NAME name of the output [default: tally.json]" in text
        assert "--hosts A,B,… hosts by name [default: a,b]" in text
        assert "--tally-site TEXT a site to count" in text
        assert "--bold write it bold --tally-meta / --no-tally-meta write what it is [default: tally-meta]" in text

    @pytest.mark.parametrize(
        "place", ["anonkit.cli.run:command", "anonkit.cli.config_show:show", "anonkit.cli.preview:command"]
    )
    def test_the_commands_own_flags_are_known_as_such(self, place: str) -> None:
        command: Any = resolve(place)
        assert isinstance(command, SettingsCommand)
        with click.Context(command, **commands.context_settings) as context:
            parameters = click.Command.get_params(command, context)
            own = {flag for one in parameters if isinstance(one, click.Option) for flag in one.opts}
        assert own <= set(COMMAND_FLAGS)


class TestResult:
    def test_the_table_as_text(self, call: Call, engine: SimpleNamespace) -> None:
        said = call(*RUN)
        assert said.status == 0
        assert said.err == ""
        long = "a" * 120 + "\\x1b.txt"
        assert [line.rstrip() for line in said.out.splitlines()] == [
            "rows           206,874",
            "preset         fife, by default",
            "users          3",
            "ips            2",
            "busiest users  UR1 [bold]x[/bold]",
            "audit          nothing found: 5 identities in 1,070 forms, 1.2 MB read",
            "",
            f"{'output'.ljust(128)}  size    content",
            f"{'tally.json'.ljust(128)}  1.2 MB  garbled",
            f"{long}  12 B    garbled",
            "",
            "in out",
        ]

    def test_what_was_skipped_and_warned_of_goes_to_stderr(self, call: Call, engine: SimpleNamespace) -> None:
        engine.result = attrs.evolve(engine.result, skipped=("file 3: damaged",), warnings=("no\x1b column",))
        assert call(*RUN).err == "anonkit: skipped: file 3: damaged\nanonkit: warning: no\\x1b column\n"

    def test_a_broken_package_is_warned_of(
        self, installed: Callable[[Registry], None], call: Call, engine: SimpleNamespace
    ) -> None:
        installed(registry(broken=(Broken("theirs", "ImportError: x"),)))
        assert call(*RUN).err == (
            "anonkit: warning: the plugin package theirs could not be loaded and is left out: ImportError: x\n"
        )


class TestOriginals:
    def test_a_raw_run_is_warned_of_before_and_after(self, call: Call, engine: SimpleNamespace) -> None:
        raw = tuple(
            OutputInfo(name=f"{number}.json", size=1, sha256="", reporter="tally", garbled=False) for number in range(7)
        )
        engine.result = attrs.evolve(engine.result, outputs=raw)
        said = call(*RUN, "--no-garble")
        assert said.err.splitlines() == [
            "anonkit: WARNING: garbling is off: the outputs will hold originals, for internal use only",
            "anonkit: WARNING: outputs with originals, which must not be handed on: "
            "0.json, 1.json, 2.json, 3.json, 4.json and 2 more",
        ]
        assert said.out.count("ORIGINALS") == 7

    def test_one_raw_reporter_is_named(self, call: Call, engine: SimpleNamespace) -> None:
        said = call(*RUN, "--set", "reporters.tally.garble=false")
        assert said.err == (
            "anonkit: WARNING: originals will be given to tally: their outputs are for internal use only\n"
        )

    def test_the_warning_comes_even_if_the_run_fails(self, call: Call, engine: SimpleNamespace) -> None:
        engine.error = KeyboardInterrupt()
        assert "WARNING: garbling is off" in call(*RUN, "--no-garble").err


def test_a_dry_run_prints_the_plan(call: Call, engine: SimpleNamespace) -> None:
    said = call(*RUN, "--dry-run")
    assert said.status == 0
    assert said.out.splitlines() == [
        "input                   6 files, 206,874 rows, 250.0 MB",
        "preset                  slurm, found by the columns",
        "columns                 User, Cmd",
        "identities: user        User",
        "identities: experiment  none",
        "text                    Cmd",
        "anonymizers             user, experiment",
        "garbled reporters       tally",
        "raw reporters           quiet",
        "workers                 4",
    ]
    assert said.err == "anonkit: skipped: file 3: damaged\nanonkit: warning: no column Iwd\n"


def test_a_dry_run_needs_what_a_run_needs(call: Call) -> None:
    said = call("run", "--dry-run")
    assert said.status == 2
    assert "--data-dir PATH" in said.err
    assert "--output-dir DIR" in said.err
