"""The preset of an input: which one it is, and what it settles."""

from __future__ import annotations

from typing import Any

import pytest

from anonkit.config import load
from anonkit.config.model import Config
from anonkit.engine.presets import chosen_preset, described, preset_warnings, with_preset
from anonkit.errors import ConfigError

SACCT = ("JobID", "user", "State", "Partition", "SubmitLine")
ADS = ("ClusterId", "ProcId", "Owner", "Cmd", "Env", "LastRemotePool")
SWF = ("JobNumber", "SubmitTime", "WaitTime", "RunTime", "AllocatedProcessors", "Status", "UserID")


def config(**tables: Any) -> Config:
    return load(tables, environ={}, complete=False)


@pytest.mark.parametrize(
    ("names", "preset"),
    [
        (SACCT, "slurm"),
        (ADS, "htcondor"),
        ((*ADS, "MATCH_EXP_JOB_Site"), "fife"),
        ((*ADS, "JobsubClientIpAddress"), "fife"),
        (SWF, "swf"),
        ((*SWF, *SACCT), "fife"),
        (("User", "Cmd"), "fife"),
    ],
)
def test_the_only_one_that_fits_is_taken(names: tuple[str, ...], preset: str) -> None:
    assert chosen_preset(config(), names).name == preset


def test_a_named_one_is_taken_and_one_of_the_user_is_found() -> None:
    assert chosen_preset(config(run={"preset": "swf"}), SACCT).name == "swf"
    assert chosen_preset(config(presets={"mine": {"needs": ["owner"]}}), ("owner",)).name == "mine"


def test_the_run_says_how_it_was_found() -> None:
    assert described(with_preset(config(), SACCT)) == "slurm, found by the columns"
    assert described(with_preset(config(), ("User",))) == "fife, by default"
    assert described(with_preset(config(run={"preset": "fife"}), ("User",))) == "fife"


def test_files_of_several_programs_are_a_warning() -> None:
    fife = (*ADS, "JobsubClientIpAddress")
    mixed = with_preset(config(), {*fife, *SACCT})
    assert preset_warnings(mixed, [fife, SACCT, SACCT, ("User",)]) == [
        "2 files have the columns of the preset slurm, and the run reads all files by the preset fife: "
        "make a run for each program's files"
    ]
    assert preset_warnings(mixed, [fife, ("User",)]) == []
    assert preset_warnings(with_preset(config(run={"preset": "fife"}), SACCT), [SACCT]) == []


def test_roles_are_the_first_columns_that_are_there() -> None:
    roles = with_preset(config(), SACCT).roles
    assert (roles.user, roles.site, roles.cmd, roles.env, roles.ip) == ("user", "Partition", "SubmitLine", "", "")
    ads = with_preset(config(), ADS).roles
    assert (ads.user, ads.site, ads.env) == ("Owner", "LastRemotePool", "Env")


def test_what_was_set_stays() -> None:
    given = config(roles={"site": "qos"}, reporters={"failed_users": {"column": "How", "values": ["BAD"]}})
    settled = with_preset(given, (*SACCT, "QOS"))
    options = next(one.options for one in settled.reporters if one.name == "failed_users")
    assert settled.roles.site == "QOS"
    assert (options.column, options.values) == ("How", ("BAD",))


def test_options_of_plugins_get_defaults() -> None:
    settled = with_preset(config(), SACCT)
    options = next(one.options for one in settled.reporters if one.name == "failed_users")
    groups = next(one.options for one in settled.anonymizers if one.name == "experiment").group_columns
    assert options.column == "State"
    assert "TIMEOUT" in options.values
    assert "CANCELLED" not in options.values
    assert groups == ("Account", "WCKey", "Group")


def test_columns_are_classed_by_the_preset() -> None:
    settled = with_preset(config(), SACCT)
    assert settled.classes.classify("uid").is_refused
    assert settled.roles.attribute("account").kind == "experiment"  # type: ignore[union-attr]
    assert not config().classes.classify("UID").is_refused


@pytest.mark.parametrize(
    ("options", "mistake"),
    [
        ({"reporters.failed_users.colunm": "x"}, "no such option (did you mean 'column'?)"),
        ({"reporters.failed_users.column": 1}, "expected a text, found the number 1"),
        ({"reporters.failed_users.column": "x"}, "column, values: one is set without the other; set both, or neither"),
    ],
)
def test_wrong_options_are_reported(options: Any, mistake: str) -> None:
    with pytest.raises(ConfigError, match=r"\[presets\.mine\] options") as told:
        with_preset(config(run={"preset": "mine"}, presets={"mine": {"options": options}}), ("User",))
    assert mistake in str(told.value)


def test_an_unknown_preset_is_reported() -> None:
    with pytest.raises(ConfigError, match=r"\[run\] preset: no preset 'slrum' \(did you mean 'slurm'\?\)"):
        config(run={"preset": "slrum"})
