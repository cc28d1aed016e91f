"""What `load` makes of its layers."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest
from config_loading import PATHS, loaded, mistakes, tally
from sample_plugins import CLUSTER, HOST, QUIET, ROUND, TALLY, HostOptions, TallyOptions, registry

from anonkit.config import load, load_resolved
from anonkit.plugin.hooks import EncoderSpec, RoleSpec
from anonkit.plugin.registry import Installed


class TestLayers:
    def test_defaults(self) -> None:
        config = loaded()
        assert [choice.name for choice in config.anonymizers] == ["host"]
        assert [choice.name for choice in config.reporters] == ["tally"]
        assert tally(config) == TallyOptions()
        assert config.executor is None
        assert config.sources == {}

    def test_each_layer_wins_over_those_before(self) -> None:
        toml = "[run]\nworkers = 1\nbatch_rows = 1\norder = 'shuffled'\ndata_dir = 'a'\nexecutor = 'cluster'\n"
        config = loaded(
            toml,
            {"ANONKIT_RUN_BATCH_ROWS": "2", "ANONKIT_ORDER": "appearance", "ANONKIT_DATA_DIR": "b"},
            {"run": {"order": "shuffled", "data_dir": "c"}},
            flags={"run.data_dir": "d"},
            assignments=("run.columns=X",),
        )
        run = config.run
        assert (run.workers, run.batch_rows, run.order, run.data_dir, run.columns) == (1, 2, "shuffled", "d", ("X",))
        assert config.sources == {
            "run.workers": "anonkit.toml",
            "run.batch_rows": "ANONKIT_RUN_BATCH_ROWS",
            "run.order": "Python",
            "run.data_dir": "--data-dir",
            "run.columns": "--set run.columns",
            "run.executor": "anonkit.toml",
        }

    def test_a_choice_knows_its_package(self) -> None:
        [choice] = loaded().reporters
        assert (choice.package, choice.version, choice.type, choice.garble) == ("their-package", "1.0", TALLY, True)

    def test_the_process_environment_counts_when_no_other_is_given(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ANONKIT_WORKERS", "7")
        assert load(registry=registry(), complete=False).run.workers == 7
        assert load(registry=registry(), complete=False, environ={}).run.workers == 0

    def test_the_installed_plugins_count_when_no_others_are_given(self) -> None:
        config = load({"run": PATHS, "reporters": {"site_jobs": {"sites": ["X"]}}}, environ={})
        [options] = [choice.options for choice in config.reporters if choice.name == "site_jobs"]
        assert options.sites == ("X",)

    def test_python_may_give_paths_and_tuples(self) -> None:
        config = loaded(values={"run": {"data_dir": Path("a"), "columns": ("X", "Y")}})
        assert config.run.data_dir == "a"
        assert config.run.columns == ("X", "Y")

    def test_every_kind_of_flag(self) -> None:
        config = loaded(
            flags={
                "reporters.tally.top": "3",
                "reporters.tally.style": "short",
                "reporters.tally.bold": True,
                "reporters.tally.meta": False,
                "reporters.tally.sites": ("a,b", "c"),
                "reporters.tally.columns": "a,b",
            }
        )
        assert tally(config) == TallyOptions(
            top=3, style="short", bold=True, meta=False, sites=("a,b", "c"), columns=("a", "b")
        )
        assert config.sources["reporters.tally.meta"] == "--no-tally-meta"

    def test_a_long_variable(self) -> None:
        assert loaded(environ={"ANONKIT_ROLES_USER": "Owner"}).roles.user == "Owner"
        assert tally(loaded(environ={"ANONKIT_REPORTERS_TALLY_TOP": "4"})).top == 4

    def test_an_assignment_wins_over_a_flag(self) -> None:
        assert tally(loaded(flags={"reporters.tally.top": "3"}, assignments=("reporters.tally.top=4",))).top == 4

    def test_a_file_is_named_by_a_variable_or_a_parameter(self) -> None:
        Path("other.toml").write_text("[run]\nworkers = 5")
        Path("anonkit.toml").write_text("[run]\nworkers = 6")
        assert loaded(environ={"ANONKIT_CONFIG": "other.toml"}).run.workers == 5
        assert loaded(environ={"ANONKIT_CONFIG": ""}).run.workers == 6
        config = load(file=Path("other.toml"), environ={}, registry=registry(), complete=False)
        assert config.sources == {"run.workers": "other.toml"}


class TestPlugins:
    def test_mentioning_a_table_switches_nothing(self) -> None:
        config = loaded("[reporters.quiet]\n[reporters.tally]\n[anonymizers.round]")
        assert [choice.name for choice in config.reporters] == ["tally"]
        assert [choice.name for choice in config.anonymizers] == ["host"]

    def test_enabled_switches(self) -> None:
        config = loaded("[reporters.quiet]\nenabled = true\n[reporters.tally]\nenabled = false")
        assert [choice.type for choice in config.reporters] == [QUIET]

    def test_the_order_is_that_of_the_file(self) -> None:
        toml = "[anonymizers.round]\nenabled = true\n[reporters.quiet]\nenabled = true\n[anonymizers.host]\n"
        config = loaded(toml)
        assert [choice.type for choice in config.anonymizers] == [ROUND, HOST]
        assert [choice.type for choice in config.reporters] == [QUIET, TALLY]

    def test_the_order_of_python_goes_before_that_of_the_file(self) -> None:
        config = loaded("[anonymizers.round]\nenabled = true\n[anonymizers.host]", values={"anonymizers": {"host": {}}})
        assert [choice.type for choice in config.anonymizers] == [HOST, ROUND]

    def test_the_command_line_switches(self) -> None:
        config = loaded(enable=("quiet", "anonymizers.round"), disable=("reporters.tally",))
        assert [choice.type for choice in config.reporters] == [QUIET]
        assert [choice.type for choice in config.anonymizers] == [HOST, ROUND]
        assert config.sources["reporters.quiet.enabled"] == "--enable quiet"

    def test_garble_is_what_the_run_says(self) -> None:
        [choice] = loaded(flags={"run.garble": False}).reporters
        assert not choice.garble

    def test_garble_of_a_reporter_wins(self) -> None:
        config = loaded("[reporters.tally]\ngarble = false\n[reporters.quiet]\nenabled = true")
        assert {choice.name: choice.garble for choice in config.reporters} == {"tally": False, "quiet": True}
        [choice] = loaded("[run]\ngarble = false\n[reporters.tally]\ngarble = true").reporters
        assert choice.garble

    def test_the_executor_is_chosen_by_name(self) -> None:
        config = loaded("[run]\nexecutor = 'cluster'\n[executors.cluster]\naddress = 'here'")
        assert config.executor is not None
        assert config.executor.type is CLUSTER
        assert config.executor.options.address == "here"

    def test_options_of_a_disabled_plugin_are_checked(self) -> None:
        assert mistakes("[reporters.tally]\nenabled = false\ntop = 'x'\n[executors.cluster]\naddress = 1") == [
            "anonkit.toml: [reporters.tally] top: expected a whole number, found the text 'x'",
            "anonkit.toml: [executors.cluster] address: expected a text, found the number 1",
        ]

    def test_a_plugin_may_check_its_options_as_a_whole(self) -> None:
        assert mistakes("[run]\nexecutor = 'cluster'\n[executors.cluster]\naddress = 'nowhere'") == [
            "[executors.cluster]: address: nowhere is no place; name a host"
        ]


class TestEncoders:
    """They had been among the reporters, and their old names still work."""

    squeeze = EncoderSpec(name="squeeze", summary="", options=TallyOptions, factory="nowhere:Squeeze")

    def test_the_old_table_works_and_is_warned_of(self) -> None:
        config = loaded("[reporters.squeeze]\nenabled = true\ntop = 3", plugins=registry(self.squeeze))
        assert config.encoders[0].options.top == 3
        assert config.warnings == (
            "anonkit.toml: line 2, column 1: [reporters.squeeze] enabled: the table is now [encoders.squeeze]; "
            "write enabled there",
            "anonkit.toml: line 3, column 1: [reporters.squeeze] top: the table is now [encoders.squeeze]; "
            "write top there",
        )

    def test_old_names_on_the_command_line_and_in_variables(self) -> None:
        plugins = registry(self.squeeze)
        config = loaded(enable=("reporters.squeeze",), assignments=("reporters.squeeze.top=4",), plugins=plugins)
        assert config.encoders[0].options.top == 4
        assert config.warnings == ("--set reporters.squeeze.top: the table is now [encoders.squeeze]; write top there",)
        variables = {"ANONKIT_REPORTERS_SQUEEZE_TOP": "5", "ANONKIT_ENCODERS_SQUEEZE_ENABLED": "yes"}
        config = loaded(environ=variables, plugins=plugins)
        assert config.encoders[0].options.top == 5
        assert len(config.warnings) == 1

    def test_the_present_table_is_not_warned_of(self) -> None:
        assert loaded("[encoders.squeeze]\ntop = 3", plugins=registry(self.squeeze)).warnings == ()


class TestRoles:
    plugins = attrs.evolve(
        registry(),
        roles={
            "queue": Installed(
                "theirs", "1", RoleSpec(name="queue", column="Queue", help="column of the queue", flag="--queue-col")
            )
        },
    )

    def test_a_plugin_adds_a_role(self) -> None:
        assert loaded(plugins=self.plugins).roles["queue"] == "Queue"
        assert loaded('[roles]\nqueue = "Q"\nuser = "Owner"', plugins=self.plugins).roles.columns["queue"] == "Q"
        assert loaded('[roles]\nqueue = "Q"\nuser = "Owner"', plugins=self.plugins).roles.user == "Owner"

    def test_it_has_a_flag_and_a_variable(self) -> None:
        assert loaded(flags={"roles.queue": "F"}, plugins=self.plugins).roles["queue"] == "F"
        assert loaded(environ={"ANONKIT_ROLES_QUEUE": "V"}, plugins=self.plugins).roles["queue"] == "V"


def test_resolved_has_the_values_of_disabled_plugins() -> None:
    resolved = load_resolved(
        {"reporters": {"tally": {"enabled": False, "top": 3}}}, environ={}, registry=registry(), complete=False
    )
    assert resolved.values["reporters.tally.top"].value == 3
    assert resolved.values["reporters.tally.top"].source == "Python"
    assert resolved.values["anonymizers.host.prefix"].value == HostOptions().prefix
    assert resolved.values["anonymizers.host.prefix"].source == ""
