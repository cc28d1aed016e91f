"""Packages that are broken, or claim what another one has, stop the runs that want them."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from config_loading import PATHS, flagged, loaded
from sample_plugins import HOST, registry, reporter

from anonkit.config.schema import Schema
from anonkit.errors import PluginConflictError, PluginLoadError
from anonkit.plugin.registry import Broken, Registry


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
