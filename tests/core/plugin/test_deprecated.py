"""Old names of the surface work for two minor versions, and say what they are now."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from anonkit import api
from anonkit.plugin.deprecated import RENAMED, Renamed, current_name


@pytest.mark.parametrize("old", RENAMED)
def test_an_old_name_is_the_present_one_with_a_warning(old: str) -> None:
    new = RENAMED[old].name
    with pytest.warns(DeprecationWarning, match=rf"anonkit\.api\.{old} is now {new}; the old name goes in") as caught:
        assert getattr(api, old) is getattr(api, new)
    assert caught[0].filename == __file__


def test_the_warning_names_the_version_without_it() -> None:
    renamed = {"Old": Renamed("New", (1, 4))}
    with pytest.warns(DeprecationWarning, match=r"the old name goes in anonkit 1\.6$"):
        assert current_name("Old", renamed) == "New"


def test_other_names_are_unknown() -> None:
    assert current_name("Nothing") is None
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = api.Nothing


def test_no_old_name_is_public() -> None:
    assert set(RENAMED).isdisjoint(api.__all__)
    assert {renamed.name for renamed in RENAMED.values()} <= set(api.__all__)


def test_old_names_go_after_two_minor_versions() -> None:
    major, minor = map(int, version("anonkit").split(".")[:2])
    overdue = [old for old, renamed in RENAMED.items() if renamed.gone <= (major, minor)]
    assert overdue == [], "take them out of anonkit/plugin/deprecated.py, and say so in CHANGELOG.md"
