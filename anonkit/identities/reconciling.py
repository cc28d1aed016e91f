"""The end of pass one: names that are not identities after all are dropped, and names of one identity are joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from anonkit.identities.kind_survey import NEVER, KindSurvey
from anonkit.plugin.contracts import Tokenizer
from anonkit.plugin.guard import plugin_errors

__all__ = ["reconcile"]


def reconcile(tokenizers: Sequence[Tokenizer], found: Mapping[str, KindSurvey]) -> None:
    """Change the surveys of all rows, by kind, by the results of `Tokenizer.reconcile`."""
    present = {kind: frozenset(name for name, facts in survey.items() if name and facts.first_row != NEVER)
               for kind, survey in found.items()}  # fmt: skip
    for tokenizer in tokenizers:
        survey = found[tokenizer.kind]
        evidence = {name: facts.evidence for name, facts in survey.items() if name is not None}
        others = {kind: names for kind, names in present.items() if kind != tokenizer.kind}
        with plugin_errors(f"anonymizer {tokenizer.kind}"):
            changes = tokenizer.reconcile(evidence, others)
        _apply(survey, changes)
        for name in [name for name, facts in survey.items() if facts.first_row == NEVER]:
            del survey[name]


def _apply(survey: KindSurvey, changes: Mapping[str, str | None]) -> None:
    for name, other in changes.items():
        facts = survey.get(name)
        if facts is None or facts.is_in_cells or other == name:
            continue
        if other is None:
            del survey[name]
        elif other in survey and other not in changes:
            del survey[name]
            facts.spellings.add(name)
            survey[other].add(facts)
