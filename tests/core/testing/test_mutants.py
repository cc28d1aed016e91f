"""Every contract class lets a correct plugin pass, and finds the one thing that is wrong with each of the others."""

from __future__ import annotations

import importlib
import re
from collections import defaultdict
from pathlib import Path

import pytest

MUTANTS = Path(__file__).parent / "mutants"
SORTS = ("reporters", "tokenizers", "transforms", "encoders", "readers")
# Real processes and whole runs without rows are for the shipped plugins: here they cost much, and find nothing else.
LEFT_OUT = "not processes_do_not_show and not run_without_rows"


class Failures:
    """Notes the messages of failed tests by plugin, and which plugins had tests."""

    def __init__(self) -> None:
        self.messages: dict[str, list[str]] = defaultdict(list)
        self.tested: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name in re.findall(r"[A-Z]\w+", report.nodeid.partition("[")[2]):
            self.tested.add(name)
            if report.failed:
                self.messages[name].append(report.longreprtext)


@pytest.fixture(scope="module", params=SORTS)
def judged(request: pytest.FixtureRequest) -> tuple[str, Failures]:
    failures = Failures()
    options = ["-p", "no:cacheprovider", "-k", LEFT_OUT]
    pytest.main([*options, str(MUTANTS / f"{request.param}.py")], plugins=[failures])
    return request.param, failures


def test_mutants_are_caught_in_words_and_correct_plugins_pass(judged: tuple[str, Failures]) -> None:
    sort, failures = judged
    plugins = getattr(importlib.import_module(f"tests.core.testing.mutants.{sort}"), sort.upper())
    assert {plugin.__name__ for plugin in plugins} <= failures.tested
    for plugin in plugins:
        messages = "\n".join(failures.messages[plugin.__name__])
        if plugin.words:
            assert plugin.words in messages, f"{plugin.__name__}: {messages[:2000]}"
        else:
            assert messages == "", plugin.__name__


def test_there_are_enough() -> None:
    modules = [importlib.import_module(f"tests.core.testing.mutants.{sort}") for sort in SORTS]
    mutants = [plugin for module in modules for plugin in vars(module)[module.__name__.rpartition(".")[2].upper()]]
    assert sum(bool(plugin.words) for plugin in mutants) >= 60
