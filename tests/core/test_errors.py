from __future__ import annotations

import pickle
import traceback

import pytest

from anonkit import errors
from anonkit.errors import AnonkitError, ConfigError, InputError, nearest


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("ConfigError", 2),
        ("InputError", 1),
        ("OutputError", 1),
        ("PluginError", 1),
        ("PluginLoadError", 1),
        ("UnknownPluginError", 2),
        ("PluginConflictError", 2),
    ],
)
def test_each_error_has_its_exit_status(name: str, status: int) -> None:
    error = getattr(errors, name)
    assert issubclass(error, AnonkitError)
    assert error.exit_status == status


def test_a_config_error_holds_its_mistakes() -> None:
    assert ConfigError("one").mistakes == ("one",)
    assert ConfigError(["one", "two"]).mistakes == ("one", "two")
    assert str(ConfigError(["one", "two"])) == "one\ntwo"


def test_a_config_error_survives_the_way_from_a_worker() -> None:
    back = pickle.loads(pickle.dumps(ConfigError(["one", "two"])))
    assert back.mistakes == ("one", "two")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("site_jbos", " (did you mean 'site_jobs'?)"),
        ("SITE_JOBS", " (did you mean 'site_jobs'?)"),
        ("unrelated", ""),
        ("", ""),
    ],
)
def test_nearest(name: str, expected: str) -> None:
    assert nearest(name, ["summary", "site_jobs"]) == expected


def test_nearest_of_nothing() -> None:
    assert nearest("x", []) == ""


def _fail_over_data() -> None:
    try:
        raise ValueError("annakovaleva")
    except ValueError:
        raise InputError("told")  # noqa: B904  # as a plugin may do


def test_what_lay_behind_an_error_is_forgotten() -> None:
    with pytest.raises(InputError) as caught:
        _fail_over_data()
    assert caught.value.__context__ is None
    assert "told" in "".join(traceback.format_exception_only(caught.value))
