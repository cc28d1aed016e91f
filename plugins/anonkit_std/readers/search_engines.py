"""Records in the files of Elasticsearch and OpenSearch: answers to searches, exported hits, files for bulk requests.

A hit has its record in `_source`, or in `fields`, where each field is a list of its values. In a file for bulk requests
each record follows a line that names the index that takes it (an action).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import attrs

from anonkit.api import Page

__all__ = ["Answer", "is_answer", "records_of"]

# The beginning of an answer: an object `hits` in which there is a list `hits`.
_ANSWER = re.compile(rb'\s*\{.{0,4096}?"hits"\s*:\s*\{.{0,4096}?"hits"\s*:\s*\[', re.DOTALL)
# Keys of a hit besides its record, of an action, of an update.
_OF_HITS = {
    "_index", "_id", "_type", "_score", "_routing", "_version", "_seq_no", "_primary_term", "_ignored", "_explanation",
    "_nested", "_shard", "_node", "sort", "highlight", "matched_queries", "inner_hits", "ignored_field_values",
}  # fmt: skip
_OF_ACTIONS = {
    "_index", "_id", "_type", "_routing", "routing", "_version", "version", "version_type",
    "_retry_on_conflict", "retry_on_conflict", "if_seq_no", "if_primary_term", "require_alias", "require_data_stream",
    "pipeline", "dynamic_templates",
}  # fmt: skip
_OF_UPDATES = {"doc", "doc_as_upsert", "upsert", "script", "scripted_upsert", "detect_noop", "_source"}
# Keys of names and rows in answers to queries in SQL or ES|QL.
_TABLES = (("columns", "rows"), ("columns", "values"), ("schema", "datarows"))
_MARKS = frozenset(
    {"responses", "hits", "_source", "fields", "_index", "index", "create", "update", "delete", "doc", "script"}.union(
        *_TABLES
    )
)
"""An object without any of these is a record."""
_FAILED = "a search that failed"
_NO_RECORD = 'a hit without its record; search with "_source": true'
_CHANGE = "an update or a deletion of a record; search for the records instead, and take the hits"
_ALL_HITS = (
    'search again with a larger "size", take all pages with search_after or scroll (elasticdump does so), '
    "or query for shorter times"
)
_PARTIAL = "an answer without the hits of all shards; search again"
_TABLE = "the answer to a query in SQL or ES|QL; get it as CSV (format=csv), or search and take the hits"


@attrs.frozen
class Answer:
    """The facts about an answer to a search, besides its records."""

    page: Page | None
    """The number of its hits, and of all that the search found; None when the answer does not have the latter."""
    missing_rows: str
    """The reason why hits may be missing, when the search failed in part or was ended early; empty for none."""


def is_answer(data: bytes) -> bool:
    """Return whether a file begins like the answer to a search."""
    return bool(_ANSWER.match(data[:9000]))


def records_of(value: dict[str, Any]) -> Iterator[dict[str, Any] | str | Answer]:
    """Yield the records in an object of a file, and text with the reason in place of one that cannot be read.

    The object is a record, a hit, an answer or several, or an action, in which there is no record. After the records of
    an answer its `Answer` is yielded.
    """
    if _MARKS.isdisjoint(value):
        yield value
        return
    responses = value.get("responses")
    for answer in responses if isinstance(responses, list) and "took" in value else [value]:
        hits = _hits(answer)
        if hits is not None:
            for number, hit in enumerate(hits, 1):
                yield _record(hit) if isinstance(hit, dict) else f"hit {number} is not an object"
            yield _answer(answer, len(hits))
        elif answer is not value:
            yield _FAILED
        elif not _is_action(value, ("index", "create")):
            yield _record(value)


def _hits(answer: Any) -> list[Any] | None:
    """Return the hits of an answer to a search; None for any other value."""
    inner = answer.get("hits") if isinstance(answer, dict) else None
    hits = inner.get("hits") if isinstance(inner, dict) else None
    return hits if isinstance(hits, list) else None


def _answer(answer: dict[str, Any], hits: int) -> Answer:
    """Return the facts about an answer with so many hits."""
    shards, total = answer.get("_shards"), answer["hits"].get("total")
    failed = bool(shards.get("failed")) if isinstance(shards, dict) else False
    partial = failed or answer.get("timed_out") is True or answer.get("terminated_early") is True
    # Before Elasticsearch 7 the total is a number.
    total = total if isinstance(total, dict) else {"value": total}
    value, at_least = total.get("value"), total.get("relation") == "gte"
    page = Page(hits, value, at_least, _ALL_HITS) if isinstance(value, int) and value >= 0 else None
    return Answer(page, _PARTIAL if partial else "")


def _record(value: dict[str, Any]) -> dict[str, Any] | str:
    """Return the record of a hit, or the object itself when it is a record, or the reason why it holds none."""
    source, fields = value.get("_source"), value.get("fields")
    if isinstance(source, dict):
        return source
    if isinstance(fields, dict) and value.keys() <= _OF_HITS | {"fields"}:
        return {name: _field(values) for name, values in fields.items()}
    if value.keys() <= _OF_HITS and {"_index", "_id"} <= value.keys():
        return _NO_RECORD
    if _is_action(value, ("update", "delete")) or _is_update(value):
        return _CHANGE
    return _TABLE if any(_is_table(value.get(names), value.get(rows)) for names, rows in _TABLES) else value


def _field(values: Any) -> Any:
    """Return the value of a field that has a single one; several values stay a list."""
    return values[0] if isinstance(values, list) and len(values) == 1 else values


def _is_action(value: dict[str, Any], actions: tuple[str, ...]) -> bool:
    """Return whether an object is a line of a bulk file with one of these actions."""
    ((name, target), *others) = value.items()
    return name in actions and not others and isinstance(target, dict) and target.keys() <= _OF_ACTIONS


def _is_update(value: dict[str, Any]) -> bool:
    return value.keys() <= _OF_UPDATES and any(isinstance(value.get(name), dict) for name in ("doc", "script"))


def _is_table(names: Any, rows: Any) -> bool:
    if not isinstance(names, list) or not isinstance(rows, list):
        return False
    return all(isinstance(name, dict) for name in names) and all(isinstance(row, list) for row in rows)
