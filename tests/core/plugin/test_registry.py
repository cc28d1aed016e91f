from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from sample_plugins import HOST, TALLY, registry

from anonkit.errors import PluginConflictError, PluginLoadError, UnknownPluginError
from anonkit.plugin.discovery import GROUP, discover
from anonkit.plugin.registry import Broken, Registry

Install = Callable[[Mapping[str, str]], Registry]

HEAD = """
import attrs
from anonkit.api import ExecutorSpec, ReporterSpec, TokenizerSpec, hookimpl, option
"""


def reporters(*names: str, more: str = "") -> str:
    made = ", ".join(f"ReporterSpec(name={name!r}, summary='', factory='nowhere:made'{more})" for name in names)
    return f"{HEAD}\n@hookimpl\ndef register_reporters():\n    return [{made}]\n"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Writes modules and discovers what they offer, each under an entry point of its own name."""

    def discovered(modules: Mapping[str, str]) -> Registry:
        for name, source in modules.items():
            (tmp_path / f"{name}.py").write_text(source)
        monkeypatch.syspath_prepend(str(tmp_path))
        for name in modules:
            monkeypatch.delitem(__import__("sys").modules, name, raising=False)
        return discover([EntryPoint(name, name, GROUP) for name in modules])

    return discovered


def test_plugins_come_in_the_order_of_their_packages_names(install: Install) -> None:
    found = install({"pack_b": reporters("second"), "pack_a": reporters("first", "third")})
    assert list(found.reporters) == ["first", "third", "second"]
    assert found.reporters["second"].package == "pack_b"
    assert found.broken == ()


def test_the_shipped_plugins_are_found_under_the_distributions_name() -> None:
    found = discover()
    ours = [name for name, one in found.anonymizers.items() if one.package == "anonkit"]
    assert {"user", "ip", "experiment", "host", "email", "secrets", "suppress", "time_shift", "coarsen"} == {*ours}
    assert found.reporters["summary"].version


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import no_such_module_anywhere", "ModuleNotFoundError: No module named 'no_such_module_anywhere'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("x = (", "SyntaxError"),
        (
            "",
            "implements no hook (register_readers, register_anonymizers, register_reporters, register_encoders, "
            "register_executors, register_commands, register_roles, register_profiles); is @hookimpl missing?",
        ),
        (f"{HEAD}\n@hookimpl\ndef register_reporters(): return None", "register_reporters: TypeError: it gave None"),
        (f"{HEAD}\n@hookimpl\ndef register_reporters(): raise SystemExit", "register_reporters: SystemExit"),
        (f"{HEAD}\n@hookimpl\ndef register_reporters(): return [3]", "gave a int, not a ReporterSpec"),
        (f"{HEAD}\n@hookimpl\ndef register_anonymizers(): return [3]", "not a TokenizerSpec or TransformSpec"),
        (f"{HEAD}\n@hookimpl\ndef register_reporters(unknown): return []", "PluginValidationError"),
        (reporters("My-Name"), "the name 'My-Name' is not lower-case letters, digits and underscores"),
        (reporters("x", more=", options=int"), "x: <class 'int'> is not an attrs class"),
    ],
)
def test_a_broken_package_is_listed_with_its_reason(install: Install, source: str, reason: str) -> None:
    found = install({"bad_package": source, "good_package": reporters("fine")})
    assert list(found.reporters) == ["fine"]
    [broken] = found.broken
    assert broken.package == "bad_package"
    assert reason in broken.reason


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ("top: int = option(1, help='', flag='-t')", "x: the option 'top' has the flag '-t'"),
        ("top: set = option(None, help='')", "x: the option 'top' has a type that no configuration can give"),
        ("top: 'Unknown' = option(None, help='')", "x: name 'Unknown' is not defined"),
        (
            "enabled: bool = option(True, help='')",
            "x: the option 'enabled' has the name of a key that is anonkit's own",
        ),
        ("garble: bool = option(True, help='')", "x: the option 'garble' has the name of a key that is anonkit's own"),
    ],
)
def test_options_are_checked_at_discovery(install: Install, fields: str, reason: str) -> None:
    source = f"{HEAD}\n@attrs.frozen\nclass Options:\n    {fields}\n" + reporters("x", more=", options=Options")
    [broken] = install({"bad_options": source}).broken
    assert reason in broken.reason


def test_the_name_of_the_own_executor_is_taken(install: Install) -> None:
    source = (
        f"{HEAD}\n@hookimpl\ndef register_executors(): return [ExecutorSpec(name='local', summary='', factory='x:y')]"
    )
    [broken] = install({"local_package": source}).broken
    assert "the name 'local' is that of anonkit's own executor" in broken.reason


def test_an_entry_point_names_a_module(install: Install, tmp_path: Path) -> None:
    install({"class_package": f"{HEAD}\nclass Mine: pass"})
    [broken] = discover([EntryPoint("mine", "class_package:Mine", GROUP)]).broken
    assert broken == Broken(
        "mine", "TypeError: the entry point 'mine' names a class; it must name the module with the hooks"
    )


def test_one_failing_hook_leaves_the_others_of_its_package(install: Install) -> None:
    source = reporters("fine") + "\n@hookimpl\ndef register_anonymizers(): raise KeyError('gone')\n"
    found = install({"half_package": source})
    assert list(found.reporters) == ["fine"]
    where = "at half_package.py:10 in register_anonymizers"
    assert found.broken == (Broken("half_package", f"register_anonymizers: KeyError: 'gone' ({where})"),)


def test_two_packages_that_claim_one_name(install: Install) -> None:
    found = install({"pack_one": reporters("same", "one"), "pack_two": reporters("same")})
    assert list(found.reporters) == ["one"]
    assert [fault.package for fault in found.faults("reporters", "same")] == ["pack_one", "pack_two"]
    with pytest.raises(PluginConflictError) as error:
        found.find("reporters", "same")
    assert str(error.value) == (
        "[reporters.same]: pack_one: reporters.same: the name 'same' is claimed by pack_one and pack_two; uninstall or "
        "--block all but one of them; pack_two: reporters.same: the name 'same' is claimed by pack_one and pack_two; "
        "uninstall or --block all but one of them"
    )


def test_one_name_in_two_sections_is_no_conflict(install: Install) -> None:
    source = reporters("same") + "\n@hookimpl\ndef register_anonymizers():\n"
    source += "    return [TokenizerSpec(name='same', summary='', factory='x:y')]\n"
    found = install({"twice_package": source})
    assert found.broken == ()
    assert "same" in found.anonymizers
    assert "same" in found.reporters


def test_find() -> None:
    assert registry().find("anonymizers", "host") is HOST
    assert registry().find("reporters", "tally") is TALLY


def test_an_unknown_plugin_is_reported_with_the_nearest() -> None:
    with pytest.raises(UnknownPluginError) as error:
        registry().find("reporters", "taly")
    assert str(error.value) == (
        "[reporters.taly]: no plugin 'taly' is installed (did you mean 'tally'?); `anonkit plugins` lists them"
    )


def test_a_broken_package_may_hold_an_unknown_plugin() -> None:
    found = registry(broken=(Broken("theirs", "ImportError: x"),))
    assert found.may_hold("reporters", "graph")
    with pytest.raises(PluginLoadError) as error:
        found.find("reporters", "graph", place="--enable graph")
    assert str(error.value) == (
        "--enable graph: no plugin 'graph' is found, and these packages could not be loaded: theirs: ImportError: x; "
        "repair or uninstall them, or leave the plugin out"
    )


def test_nothing_is_hidden_in_a_sound_registry() -> None:
    assert not registry().may_hold("reporters", "graph")
