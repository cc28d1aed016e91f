"""The modules that are imported once for all workers."""

from __future__ import annotations

from importlib import import_module

import attrs

from anonkit.config import load
from anonkit.config.model import Config
from anonkit.engine.worker_modules import worker_modules


def config() -> Config:
    return load(
        {"reporters": {"dataset": {"enabled": True}, "summary": {"enabled": False}}}, complete=False, environ={}
    )


def test_they_are_those_of_the_engine_and_of_the_plugins_that_are_on() -> None:
    modules = worker_modules(config())
    assert modules[0] == "anonkit.engine.passes"
    assert {"anonkit_std.tokenizers.user", "anonkit_std.reporters.dataset.reporter"} <= {*modules}
    assert "anonkit_std.reporters.summary" not in modules
    assert len({*modules}) == len(modules)
    for module in modules:
        import_module(module)


def test_plugins_of_other_packages_are_left_to_the_workers() -> None:
    settled = config()
    foreign = attrs.evolve(
        settled,
        anonymizers=tuple(attrs.evolve(choice, package="foreign 1.0") for choice in settled.anonymizers),
        reporters=tuple(attrs.evolve(choice, package="foreign 1.0") for choice in settled.reporters),
    )
    assert worker_modules(foreign) == ["anonkit.engine.passes"]
