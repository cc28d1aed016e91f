"""After pass one: names that turn out to be nobody's are dropped, and those of one identity become that identity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from anonkit.identities.kind_survey import NEVER, KindSurvey
from anonkit.plugin.contracts import Tokenizer
from anonkit.plugin.guard import plugin_errors

__all__ = ["reconcile"]


def reconcile(tokenizers: Sequence[Tokenizer], found: Mapping[str, KindSurvey]) -> None:
    """Change the surveys of all rows, by kind, to what the tokenizers make of them."""
    met = {kind: frozenset(name for name, seen in survey.items() if name and seen.first_row != NEVER)
           for kind, survey in found.items()}  # fmt: skip
    for tokenizer in tokenizers:
        survey = found[tokenizer.kind]
        evidence = {name: seen.evidence for name, seen in survey.items() if name is not None}
        others = {kind: names for kind, names in met.items() if kind != tokenizer.kind}
        with plugin_errors(f"anonymizer {tokenizer.kind}"):
            changes = tokenizer.reconcile(evidence, others)
        _apply(survey, changes)
        for name in [name for name, seen in survey.items() if seen.first_row == NEVER]:
            del survey[name]


def _apply(survey: KindSurvey, changes: Mapping[str, str | None]) -> None:
    for name, other in changes.items():
        seen = survey.get(name)
        if seen is None or seen.is_in_cells or other == name:
            continue
        if other is None:
            del survey[name]
        elif other in survey and other not in changes:
            del survey[name]
            seen.spellings.add(name)
            survey[other].add(seen)
