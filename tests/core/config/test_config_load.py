"""What `load` makes of its layers, and every mistake that a user can make in one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest
from sample_plugins import CLUSTER, HOST, QUIET, ROUND, TALLY, HostOptions, TallyOptions, registry, reporter

from anonkit.config import Config, Overrides, load, load_resolved
from anonkit.config.model import MappingOptions
from anonkit.config.schema import Schema
from anonkit.errors import ConfigError, PluginConflictError, PluginLoadError
from anonkit.options import option
from anonkit.plugin.hooks import EncoderSpec, RoleSpec
from anonkit.plugin.registry import Broken, Installed, Registry

PATHS = {"data_dir": "data", "output_dir": "out"}


def loaded(
    toml: str = "",
    environ: Mapping[str, str] | None = None,
    values: Mapping[str, Any] | None = None,
    *,
    plugins: Registry | None = None,
    complete: bool = False,
    **overrides: Any,
) -> Config:
    if toml:
        Path("anonkit.toml").write_text(toml)
    return load(
        values,
        environ=environ or {},
        overrides=Overrides(**overrides),
        registry=plugins or registry(),
        complete=complete,
    )


# Lines and columns of tables and keys are tested in test_toml_places.py.
_PLACE = re.compile(r": line \d+, column \d+: (?=\[|\w+: a key outside)")


def mistakes(*args: Any, **kwargs: Any) -> list[str]:
    with pytest.raises(ConfigError) as error:
        loaded(*args, **kwargs)
    return [_PLACE.sub(": ", mistake) for mistake in error.value.mistakes]


def tally(config: Config) -> TallyOptions:
    [options] = [choice.options for choice in config.reporters if choice.name == "tally"]
    assert isinstance(options, TallyOptions)
    return options


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


class TestMistakesInTables:
    @pytest.mark.parametrize(
        ("toml", "mistake"),
        [
            ("[rnu]\nworkers = 1", "[rnu]: no such table (did you mean 'run'?)"),
            ("[reporter.tally]", "[reporter]: no such table (did you mean 'reporters'?)"),
            (
                "[zzz]",
                "[zzz]: no such table; choose one of run, mapping, roles, catalogue, "
                "presets.NAME, readers.NAME, anonymizers.NAME, reporters.NAME, encoders.NAME, executors.NAME",
            ),
            ("run = 1", "[run]: expected a table"),
            ("reporters = 1", "[reporters]: expected a table"),
            ("[reporters]\ntally = 1", "[reporters.tally]: expected a table"),
            ("top = 1", "top: a key outside all tables; it belongs below [reporters.tally]"),
            ("zzz = 1", "zzz: a key outside all tables"),
            ("[run]\nworker = 1", "[run] worker: no such key (did you mean 'workers'?)"),
            ("[roles]\nuzer = 'x'", "[roles] uzer: no such key (did you mean 'user'?)"),
            ("[reporters.quiet]\nzzz = 1", "[reporters.quiet] zzz: no such key; choose one of enabled, garble"),
            ("[anonymizers.round]\ntop = 1", "[anonymizers.round] top: no such key; choose enabled"),
            (
                "[reporters.taly]\n",
                "[reporters.taly]: no plugin 'taly' is installed (did you mean 'tally'?); `anonkit plugins` lists them",
            ),
            ("[reporters.host]", "[reporters.host]: no such table; the table of host is [anonymizers.host]"),
            (
                "[executors.local]",
                "[executors.local]: no plugin 'local' is installed; `anonkit plugins` lists them",
            ),
            (
                "[reporters.tally]\nenabled = 'false'",
                "[reporters.tally] enabled: expected true or false, found the text 'false'; write false",
            ),
            ("[run]\nworkers = -1", "[run] workers: expected at least 0, found -1"),
            ("[reporters.tally]\nshare = nan", "[reporters.tally] share: expected at least 0, found nan"),
            (
                "[run]\ncolumns = ['User', 1]",
                "[run] columns[1]: expected a text, found the number 1",
            ),
            (
                "[run]\nexecutor = 'clusters'",
                "[run] executor: no plugin 'clusters' is installed (did you mean 'cluster'?); "
                "`anonkit plugins` lists them; 'local' is anonkit's own",
            ),
        ],
    )
    def test_the_message_names_the_place(self, toml: str, mistake: str) -> None:
        assert mistakes(toml) == [f"anonkit.toml: {mistake}"]

    @pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/etc/x", "a\\\\b", "a\\nb", " "])
    @pytest.mark.parametrize("key", ["file", "extra_file"])
    def test_an_output_has_a_plain_file_name(self, key: str, name: str) -> None:
        [mistake] = mistakes(f'[reporters.tally]\n{key} = "{name}"')
        assert mistake.startswith(
            f"anonkit.toml: [reporters.tally] {key}: expected a plain file name, without a folder"
        )
        assert mistake.endswith("; [run] output_dir says in which folder")

    def test_messages_for_python_name_no_file(self) -> None:
        assert mistakes(values={"run": {"wokers": 1}}) == ["[run] wokers: no such key (did you mean 'workers'?)"]

    def test_toml_that_is_none(self) -> None:
        [mistake] = mistakes("[run\n")
        assert mistake.startswith("anonkit.toml: line 1, column 5: ")

    def test_a_file_that_was_named_must_be_there(self) -> None:
        assert mistakes(environ={"ANONKIT_CONFIG": "no.toml"}) == [
            "no.toml: no such file; `anonkit init no.toml` writes one"
        ]


class TestMistakesInVariables:
    @pytest.mark.parametrize(
        ("variable", "value", "mistake"),
        [
            ("ANONKIT_WROKERS", "1", "no such variable (did you mean 'ANONKIT_WORKERS'?)"),
            ("ANONKIT_CONFG", "x", "no such variable (did you mean 'ANONKIT_CONFIG'?)"),
            ("ANONKIT_RUN_WORKERS", "x", "expected a whole number, found the text 'x'"),
            ("ANONKIT_WORKERS", "-1", "expected at least 0, found -1"),
            ("ANONKIT_REPORTERS_TALLY_ENABLED", "maybe", "expected true or false, found the text 'maybe'"),
        ],
    )
    def test_the_message_names_the_variable(self, variable: str, value: str, mistake: str) -> None:
        assert mistakes(environ={variable: value}) == [f"{variable}: {mistake}"]

    def test_other_programs_variables_are_left_alone(self) -> None:
        assert loaded(environ={"PATH": "x", "ANONKIT": "x", "anonkit_workers": "x", "_ANONKIT_COMPLETE": "x"})

    def test_the_long_and_the_short_form_disagree(self) -> None:
        both = {"ANONKIT_WORKERS": "1", "ANONKIT_RUN_WORKERS": "2"}
        assert mistakes(environ=both) == [
            "ANONKIT_WORKERS: ANONKIT_RUN_WORKERS has another value; set only one of the two"
        ]
        assert loaded(environ=dict.fromkeys(both, "1")).run.workers == 1

    def test_names_that_differ_by_underscores_only(self) -> None:
        @attrs.frozen(kw_only=True)
        class Inner:
            c: int = option(0, help="")

        @attrs.frozen(kw_only=True)
        class Outer:
            b_c: int = option(0, help="")

        plugins = registry(reporter("a", Outer), reporter("a_b", Inner))
        assert mistakes(environ={"ANONKIT_REPORTERS_A_B_C": "1"}, plugins=plugins) == [
            "ANONKIT_REPORTERS_A_B_C: could mean [reporters.a] b_c or [reporters.a_b] c; "
            "set it in anonkit.toml or with --set instead"
        ]

    def test_it_may_be_that_of_a_broken_package(self) -> None:
        found = registry(broken=(Broken("theirs", "ImportError: x"),))
        assert mistakes(environ={"ANONKIT_QQQQQQQQQQQQ": "1"}, plugins=found) == [
            "ANONKIT_QQQQQQQQQQQQ: no such variable; these packages could not be loaded: theirs: ImportError: x"
        ]


class TestMistakesOnTheCommandLine:
    @pytest.mark.parametrize(
        ("overrides", "mistake"),
        [
            ({"flags": {"reporters.tally.top": "x"}}, "--top: expected a whole number, found the text 'x'"),
            ({"flags": {"reporters.tally.top": "0"}}, "--top: expected at least 1, found 0"),
            (
                {"flags": {"reporters.tally.style": "shrt"}},
                "--style: expected one of 'long', 'short', found the text 'shrt' (did you mean 'short'?)",
            ),
            (
                {"enable": ("taly",)},
                "--enable taly: no plugin of that name is installed (did you mean 'tally'?); "
                "`anonkit plugins` lists them",
            ),
            (
                {"disable": ("reporters.taly",)},
                "--disable reporters.taly: no plugin of that name is installed (did you mean 'reporters.tally'?); "
                "`anonkit plugins` lists them",
            ),
            (
                {"enable": ("cluster",)},
                "--enable cluster: no plugin of that name is installed; `anonkit plugins` lists them",
            ),
            (
                {"enable": ("quiet",), "disable": ("quiet",)},
                "--disable quiet: --enable names it as well; give one of the two",
            ),
            ({"assignments": ("workers",)}, "--set workers: expected SECTION.KEY=VALUE, as in run.workers=4"),
            (
                {"assignments": ("run.workers = 4 = 5",)},
                "--set run.workers: expected a whole number, found the text ' 4 = 5'",
            ),
            (
                {"assignments": ("run.wokers=4",)},
                "--set run.wokers: no such option (did you mean 'run.workers'?); `anonkit config show` lists them",
            ),
            (
                {"assignments": ("top=4",)},
                "--set top: no such option; choose reporters.tally.top; `anonkit config show` lists them",
            ),
        ],
    )
    def test_the_message_names_the_flag(self, overrides: dict[str, Any], mistake: str) -> None:
        assert mistakes(**overrides) == [mistake]

    def test_a_name_that_means_two_plugins(self) -> None:
        plugins = registry(HOST, reporter("host"))
        assert mistakes(enable=("host",), plugins=plugins) == [
            "--enable host: could mean anonymizers.host or reporters.host; write it in full"
        ]
        assert loaded(disable=("reporters.host",), plugins=plugins).reporters == ()


class TestSecrets:
    @pytest.mark.parametrize(
        "given",
        [
            {"toml": "[anonymizers.host]\nnames = 'alice'"},
            {"toml": "[anonymizers.host]\ndomains = {alice = ['alice', 17]}"},
            {"toml": "[anonymizers.host]\ncode = -4711"},
            {"environ": {"ANONKIT_ANONYMIZERS_HOST_DOMAINS": "{alice="}},
            {"environ": {"ANONKIT_ANONYMIZERS_HOST_CODE": "4711x"}},
            {"flags": {"anonymizers.host.names": "[alice"}},
            {"assignments": ("anonymizers.host.domains={alice=4711}",)},
            {"assignments": ("anonymizers.host.domains {alice=4711}",)},
            {"assignments": ("anonymizers.host.domains: alice",)},
        ],
    )
    def test_no_mistake_quotes_one(self, given: dict[str, Any]) -> None:
        [mistake] = mistakes(**given)
        assert "anonymizers.host" in mistake or "HOST" in mistake or "--hosts" in mistake
        for secret in ("alice", "4711", "17"):
            assert secret not in mistake


def test_all_mistakes_are_reported_at_once_in_the_order_of_the_layers() -> None:
    found = mistakes(
        "[run]\nworkers = 'x'\nwrokers = 1\n[reporters.tally]\ntop = 0\nstyle = 1",
        {"ANONKIT_ROLE_USER": "x", "ANONKIT_BATCH_ROWS": "0"},
        flags={"run.data_dir": "x", "reporters.tally.columns": "["},
        enable=("nobody",),
        complete=True,
    )
    assert [mistake.partition(": ")[0] for mistake in found] == [
        "anonkit.toml",
        "ANONKIT_ROLE_USER",
        "--by",
        "--enable nobody",
        "anonkit.toml",
        "anonkit.toml",
        "anonkit.toml",
        "ANONKIT_BATCH_ROWS",
        "run.output_dir",
    ]


class TestConsistency:
    @pytest.mark.parametrize(
        "mapping", ["out/m.json", "out/deep/m.json", "out/../out/m.json", "other/../out/x", "link/m", "out"]
    )
    def test_the_mapping_stays_out_of_the_outputs(self, mapping: str) -> None:
        Path("out").mkdir()
        Path("link").symlink_to("out")
        [mistake] = mistakes(values={"run": PATHS}, flags={"run.mapping": mapping})
        assert mistake.startswith(f"--mapping: {mapping!r} is ")
        assert mistake.endswith(("choose a file elsewhere", "is a folder; name a file"))

    @pytest.mark.parametrize("mapping", ["m.json", "../out/m.json", "outside/m.json", "out.json"])
    def test_the_mapping_may_be_anywhere_else(self, mapping: str) -> None:
        assert loaded(values={"run": {**PATHS, "mapping": mapping}}).run.mapping == mapping

    def test_the_mappings_keys_come_from_every_layer(self) -> None:
        config = loaded(
            "[mapping]\nidentity_file = 'key.txt'\naccess_log = 'uses.log'",
            environ={"ANONKIT_MAPPING_IDENTITY_FILE": "other.txt"},
            flags={"mapping.recipients": ("age1a", "ssh-ed25519 AAAA annak@example.org, of the office")},
        )
        assert config.mapping == MappingOptions(
            identity_file="other.txt",
            access_log="uses.log",
            recipients=("age1a", "ssh-ed25519 AAAA annak@example.org, of the office"),
        )

    def test_a_passphrase_is_in_no_configuration(self) -> None:
        variables = {"ANONKIT_MAPPING_PASSPHRASE": "geheim", "ANONKIT_MAPPING_NEW_PASSPHRASE": "secreto"}
        resolved = load_resolved(environ=variables, registry=registry(), complete=False)
        assert "geheim" not in repr(resolved)
        assert "secreto" not in repr(resolved)
        assert resolved.config == loaded()

    @pytest.mark.parametrize(
        "given",
        [{"values": {"mapping": {"passphrase": "geheim"}}}, {"assignments": ("mapping.passphrase=geheim",)}],
    )
    def test_a_passphrase_that_would_show_is_refused_and_not_quoted(self, given: dict[str, Any]) -> None:
        [mistake] = mistakes(**given)
        assert "passphrase: no such" in mistake
        assert "geheim" not in mistake

    def test_the_mapping_has_a_name(self) -> None:
        assert mistakes(values={"run": {**PATHS, "mapping": ""}}) == [
            "[run] mapping: expected the name of a file; leave the option out to write none"
        ]

    @pytest.mark.parametrize("key", ["identity_file", "passphrase_file", "access_log"])
    def test_what_opens_the_mapping_stays_out_of_the_outputs(self, key: str) -> None:
        found = mistakes(values={"run": PATHS, "mapping": {key: "out/x"}})
        assert found == [
            f"[mapping] {key}: 'out/x' is inside the output folder 'out', which is meant to be handed on; choose a "
            "file elsewhere"
        ]
        assert mistakes(values={"mapping": {key: ""}}) == [
            f"[mapping] {key}: expected the name of a file; leave the option out to have none"
        ]
        assert mistakes(values={"mapping": {key: "a\0b"}}) == [f"[mapping] {key}: no path holds a null character"]

    def test_the_output_folder_is_a_folder(self) -> None:
        Path("out").write_text("")
        assert mistakes(values={"run": PATHS}) == ["[run] output_dir: 'out' is a file; name a folder"]

    def test_a_path_with_a_null_character(self) -> None:
        assert mistakes('[run]\nmapping = "a\\u0000b"') == [
            "anonkit.toml: [run] mapping: no path holds a null character"
        ]

    def test_two_outputs_have_two_names(self) -> None:
        assert mistakes("[reporters.tally]\nfile = 'A.json'\nextra_file = 'a.json'") == [
            "anonkit.toml: [reporters.tally] extra_file: the name 'a.json' is also that of [reporters.tally] file; "
            "choose another"
        ]

    def test_a_disabled_plugin_writes_nothing(self) -> None:
        assert loaded("[reporters.tally]\nfile = 'a.json'\nextra_file = 'a.json'\nenabled = false")

    def test_the_manifest_has_its_name(self) -> None:
        assert mistakes("[reporters.tally]\nfile = 'manifest.json'") == [
            "anonkit.toml: [reporters.tally] file: the name 'manifest.json' is also that of the manifest; "
            "choose another"
        ]


class TestCompleteness:
    def test_input_and_output_are_needed_for_a_run(self) -> None:
        assert mistakes(complete=True) == [
            "run.data_dir: not set "
            "(input: a folder, one file, a glob, a URI (s3://..., https://...), or - for standard input; "
            "the flag may be given again); "
            "give --data-dir PATH, set ANONKIT_DATA_DIR, or write data_dir below [run] in anonkit.toml",
            "run.output_dir: not set (folder for the outputs); give --output-dir DIR, set ANONKIT_OUTPUT_DIR, "
            "or write output_dir below [run] in anonkit.toml",
        ]

    def test_they_are_not_needed_to_look_at_a_configuration(self) -> None:
        assert loaded(complete=False).run.data_dir == ""

    def test_what_is_wrong_is_not_missing_as_well(self) -> None:
        assert mistakes("[run]\ndata_dir = 1\noutput_dir = 'x'", complete=True) == [
            "anonkit.toml: [run] data_dir: expected a text, found the number 1"
        ]

    def test_nothing_is_garbled_without_a_tokenizer(self) -> None:
        assert mistakes(values={"run": PATHS}, disable=("host",), enable=("round",), complete=True) == [
            "[anonymizers]: none is switched on, so outputs would hold originals; --enable one, or say --no-garble"
        ]
        assert loaded(values={"run": {**PATHS, "garble": False}}, disable=("host",), complete=True)


class TestBrokenPackages:
    found = registry(broken=(Broken("theirs", "ImportError: x"),))

    @pytest.mark.parametrize(
        "given",
        [
            {"toml": "[reporters.graph]\nenabled = true"},
            {"toml": "[reporters.graph]"},
            {"toml": "[run]\nworkers = 'x'\n[anonymizers.graph]\ndepth = 3"},
            {"toml": "[run]\nexecutor = 'graph'"},
            {"enable": ("graph",)},
            {"enable": ("reporters.graph",), "environ": {"ANONKIT_WORKERS": "x"}},
        ],
    )
    def test_what_is_wanted_of_one_stops_before_anything_else(self, given: dict[str, Any]) -> None:
        with pytest.raises(PluginLoadError, match="these packages could not be loaded: theirs: ImportError: x"):
            loaded(plugins=self.found, **given)

    def test_a_disabled_package_does_not(self) -> None:
        assert loaded("[reporters.graph]\nenabled = false\ndepth = 3", plugins=self.found, disable=("graph",))

    def test_what_is_not_wanted_does_not(self) -> None:
        assert loaded(values={"run": PATHS}, plugins=self.found, complete=True)

    def test_anonkits_own_plugins_are_always_wanted(self) -> None:
        own = registry(broken=(Broken("anonkit", "ImportError: x"),))
        with pytest.raises(PluginLoadError, match="anonkit's own plugins could not be loaded: anonkit: ImportError: x"):
            loaded(values={"run": PATHS}, plugins=own, complete=True)
        assert loaded(plugins=own)


class TestConflicts:
    @staticmethod
    def claimed(*, enabled: bool) -> Registry:
        reason = "the name 'graph' is claimed by one and two; uninstall or --block all but one of them"
        claims = [Broken(one, reason, "anonymizers.graph", clashes=True, hides=enabled) for one in ("one", "two")]
        return registry(broken=tuple(claims))

    @pytest.mark.parametrize("given", [{"toml": "[anonymizers.graph]"}, {"enable": ("graph",)}])
    def test_a_plugin_that_two_packages_claim_cannot_be_had(self, given: dict[str, Any]) -> None:
        with pytest.raises(PluginConflictError, match="'graph' is claimed by one and two; uninstall or --block all"):
            loaded(plugins=self.claimed(enabled=False), **given)

    def test_it_stops_no_run_that_does_without(self) -> None:
        assert loaded(values={"run": PATHS}, plugins=self.claimed(enabled=False), complete=True)
        assert loaded("[anonymizers.graph]\nenabled = false", plugins=self.claimed(enabled=False))

    def test_it_stops_runs_when_it_is_on_by_default_and_not_disabled(self) -> None:
        with pytest.raises(PluginConflictError, match="'graph' is claimed by one and two"):
            loaded(values={"run": PATHS}, plugins=self.claimed(enabled=True), complete=True)
        assert loaded(values={"run": PATHS}, plugins=self.claimed(enabled=True), disable=("graph",), complete=True)

    @pytest.mark.parametrize("flag", ["--workers", "--no-garble", "--dry-run", "--debug"])
    def test_a_flag_of_anonkit_leaves_the_plugin_out(self, flag: str) -> None:
        schema = Schema.from_registry(registry(HOST, reporter("x", flagged(flag))))
        assert "reporters.x" not in schema.sections
        assert schema.registry.broken == (
            Broken(
                "their-package",
                f"the flag {flag} is taken by anonkit or a plugin that comes with it",
                "reporters.x",
                clashes=True,
            ),
        )

    def test_a_flag_of_two_plugins_leaves_both_out(self) -> None:
        schema = Schema.from_registry(registry(HOST, reporter("x", flagged("--hosts")), reporter("y")))
        assert [*schema.registry.anonymizers, *schema.registry.reporters] == ["y"]
        assert [(fault.plugin, fault.hides) for fault in schema.registry.broken] == [
            ("anonymizers.host", True),
            ("reporters.x", False),
        ]
        assert schema.registry.broken[0].reason == (
            "the flag --hosts is claimed by anonymizers.host.names of their-package and by reporters.x.thing of "
            "their-package; uninstall or --block one of the packages"
        )

    def test_a_flag_of_a_plugin_that_comes_with_anonkit_is_its_own(self) -> None:
        ours = registry(HOST, package="anonkit")
        theirs = registry(reporter("x", flagged("--hosts")))
        schema = Schema.from_registry(attrs.evolve(ours, reporters=theirs.reporters))
        assert [*schema.registry.anonymizers, *schema.registry.reporters] == ["host"]


def flagged(flag: str) -> type[Any]:
    @attrs.frozen(kw_only=True)
    class Options:
        thing: str = option("", help="", flag=flag)

    return Options


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
