"""The computation of risk: from a data set to the figures of risk.json."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa

from anonkit.api import ConfigError, Roles, nearest
from anonkit_risk.cells import small_cells
from anonkit_risk.classes import ClassSizes, Subset
from anonkit_risk.dictionary import classed_as_quasi
from anonkit_risk.options import RiskOptions
from anonkit_risk.people import People, gather
from anonkit_risk.points import shares_singled_out
from anonkit_risk.question import Question
from anonkit_risk.result import RiskResult
from anonkit_risk.sensitive import sensitive_entry
from anonkit_risk.session import Session, data_files, spilling_session
from anonkit_risk.sorted_keys import KEY_BITS, KeyLayout
from anonkit_risk.subsets import Subsets, classes_of, count_subsets, entries

__all__ = ["figures", "loaded", "opened_data", "options_from", "question_of", "risk"]


def risk(
    dataset: str | Path | Any,
    config: RiskOptions | Mapping[str, Any] | None = None,
    *,
    roles: Mapping[str, str] | None = None,
) -> RiskResult:
    """Return the risk of a data set: a parquet file, a folder of them, or anything that gives an Arrow stream.

    `config` are options of ``[risk]``: ``{"columns": ["QDate"], "min_users": 11}``. `roles` name the columns of roles
    that have another name than usual: ``{"user": "Owner"}``. InputError, ConfigError.
    """
    options = options_from(config)
    with opened_data(dataset, options, roles) as (opened, question):
        return figures(opened, question, options)


@contextmanager
def opened_data(
    dataset: str | Path | Any, options: RiskOptions, roles: Mapping[str, str] | None = None
) -> Iterator[tuple[Session, Question]]:
    """Open a session over a data set, as `risk` takes it. InputError, ConfigError."""
    files = [] if hasattr(dataset, "__arrow_c_stream__") else data_files(dataset)
    with spilling_session(files=files, memory=options.memory) as opened:
        names = opened.read(files) if files else loaded(opened, pa.RecordBatchReader.from_stream(dataset))
        if not options.columns:
            options = attrs.evolve(options, columns=tuple(name for name in classed_as_quasi(files) if name in names))
        yield opened, question_of(names, options, roles)


def options_from(config: RiskOptions | Mapping[str, Any] | None) -> RiskOptions:
    """Return options given as they are, or as a table. ConfigError."""
    if config is None or isinstance(config, RiskOptions):
        return config or RiskOptions()
    known = [field.name for field in attrs.fields(RiskOptions)]
    if unknown := [key for key in config if key not in known]:
        raise ConfigError([f"[risk] {key}: no such key{nearest(str(key), known)}" for key in unknown])
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in config.items()}
    try:
        return RiskOptions(**values)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"[risk] {error}") from None


def question_of(names: Sequence[str], options: RiskOptions, roles: Mapping[str, str] | None = None) -> Question:
    """Return the question of options about a data set with columns `names`. ConfigError."""
    columns = {**Roles().columns, **(roles or {})}
    return Question.from_columns(names, columns, options.columns, options.sensitive)


def loaded(opened: Session, reader: pa.RecordBatchReader) -> tuple[str, ...]:
    """Make the rows of a reader the relation ``data``; return its columns."""
    opened.load("data", reader)
    return tuple(reader.schema.names)


def figures(opened: Session, question: Question, options: RiskOptions, key_bits: int = KEY_BITS) -> RiskResult:
    """Return the figures about the relation ``data``. Classes are sorted where their codes fit into `key_bits`."""
    people = gather(opened, question)
    layout = KeyLayout.from_people(people, key_bits)
    small, names = options.threshold, question.quasi
    places = tuple(range(len(names)))
    without = [tuple(other for other in places if other != place) for place in places]
    classes, *others = classes_of(people, [places, *without], layout)
    subsets = count_subsets(people, options.most_columns, layout)
    entry = classes.sizes.entry(small)
    document = {
        "people": people.count,
        "rows": people.rows,
        "rows_without_user": people.without_person,
        "quasi_identifiers": list(names),
        "min_users": small,
        **entry,
        "journalist_risk": entry["prosecutor_risk"],
        "users_per_class": [list(counts) for counts in classes.sizes.histogram],
        "sample_uniques": classes.singled_out,
        "minimal_sample_uniques": _minimal_uniques(subsets),
        "subsets": entries(subsets, names, small),
        "subsets_of": [names[place] for place in subsets.places],
        "columns": _columns(names, classes.sizes, [other.sizes for other in others], subsets.sizes),
        "sensitive": [sensitive_entry(people, place, layout) for place in range(len(question.sensitive)) if names],
        "points": list(question.points),
        "users": _users(people),
        "small_cells": small_cells(people, small),
    }
    return RiskResult(document)


def _minimal_uniques(subsets: Subsets) -> list[dict[str, int]]:
    """Return the number of minimal sample uniques and of the users that they single out, by number of columns."""
    return [
        {
            "columns": size,
            "uniques": sum(count for subset, count in subsets.minimal.items() if len(subset) == size),
            "users": users,
        }
        for size, users in subsets.singled_out.items()
    ]


def _columns(
    names: Sequence[str], whole: ClassSizes, without: Sequence[ClassSizes], subsets: Mapping[Subset, ClassSizes]
) -> list[dict[str, Any]]:
    """Return the figures of each column alone, and the rows that are in classes of one user because of it.

    `without` are the classes of all columns but one, for each of `names`.
    """
    return [
        {
            "column": name,
            "values": subsets[(place,)].classes,
            "k_alone": subsets[(place,)].k,
            "k_without": others.k,
            "rows_in_single_user_classes_without": others.below(2)[1],
            "adds_rows_in_single_user_classes": whole.below(2)[1] - others.below(2)[1],
        }
        for place, (name, others) in enumerate(zip(names, without, strict=True))
    ]


def _users(people: People) -> list[dict[str, Any]]:
    """Return the users, those with most rows first; users with as many rows have one rank."""
    rows = people.session.rows(
        "SELECT code, value AS token, total, rank() OVER (ORDER BY total DESC) FROM "
        "(SELECT person.code, person.value, sum(n)::BIGINT AS total FROM people JOIN person ON code = person "
        "GROUP BY ALL) ORDER BY total DESC, length(token), token"
    )
    shares = shares_singled_out(people)
    counted = people.rows - people.without_person
    return [
        {
            "token": token,
            "rows": int(total),
            "share": round(total / counted, 6),
            "rank": int(rank),
            "singled_out": [round(share, 6) for share in shares[code]] if shares else None,
        }
        for code, token, total, rank in rows
    ]
