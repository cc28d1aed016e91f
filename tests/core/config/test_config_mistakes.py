"""Every mistake that a user can make in a layer is told with its place."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from config_loading import loaded, mistakes
from sample_plugins import HOST, registry, reporter

from anonkit.options import option
from anonkit.plugin.registry import Broken


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
