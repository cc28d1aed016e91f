from __future__ import annotations

from pathlib import Path
from typing import Any

from sample_plugins import registry

from anonkit.config import Resolved, load_resolved
from anonkit.config.show import render_values

SECRET = {"anonymizers": {"host": {"domains": {"alice": ["a.example"]}}}}


def resolved(values: dict[str, Any]) -> Resolved:
    return load_resolved(values, environ={}, registry=registry(), complete=False)


def test_each_value_has_its_origin_behind_it() -> None:
    text = render_values(resolved({"run": {"workers": 3}, "reporters": {"tally": {"sites": ["a b"]}}}))
    assert "workers = 3  # Python\n" in text
    assert 'sites = ["a b"]  # Python\n' in text
    assert "batch_rows = 16384  # default\n" in text
    assert "# level is not set  # default\n" in text


def test_the_origin_of_an_inherited_garble_is_that_of_the_run() -> None:
    text = render_values(resolved({"run": {"garble": False}}))
    assert text.count("garble = false  # Python\n") == 3


def test_a_secret_of_the_user_is_hidden_unless_asked_for() -> None:
    hidden = render_values(resolved(SECRET))
    assert "alice" not in hidden
    assert "# domains is set, and secret; --show-secrets shows it  # Python\n" in hidden
    shown = render_values(resolved(SECRET), show_secrets=True)
    assert 'domains = { alice = ["a.example"] }  # Python\n' in shown


def test_a_default_is_no_secret() -> None:
    assert 'names = ["a", "b"]  # default\n' in render_values(resolved({}))


def test_what_is_shown_can_be_loaded(tmp_path: Path) -> None:
    first = resolved({**SECRET, "run": {"mapping": "a\nb"}, "reporters": {"quiet": {"enabled": True}}})
    (tmp_path / "shown.toml").write_text(render_values(first, show_secrets=True))
    second = load_resolved(file=tmp_path / "shown.toml", environ={}, registry=registry(), complete=False)
    assert {name: value.value for name, value in second.values.items()} == {
        name: value.value for name, value in first.values.items()
    }


def test_the_name_of_a_file_cannot_end_its_comment(tmp_path: Path) -> None:
    odd = tmp_path / "a\nworkers = 1 #.toml"
    odd.write_text("[run]\nworkers = 2")
    text = render_values(load_resolved(file=odd, environ={}, registry=registry(), complete=False))
    (tmp_path / "shown.toml").write_text(text)
    assert load_resolved(file=tmp_path / "shown.toml", environ={}, registry=registry(), complete=False)
    assert "\nworkers = 1" not in text
