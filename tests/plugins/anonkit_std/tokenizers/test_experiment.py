"""Experiments: names, keywords, and the values of environment keys, compared with a regex for each row."""

from __future__ import annotations

import json
import re

import pyarrow as pa
import pytest
from anonkit_std.options.tokenizers import ExperimentOptions
from anonkit_std.tokenizers.experiment import ExperimentTokenizer
from hypothesis import given
from hypothesis import strategies as st

from anonkit.api import Alias, Boundary, Roles

ROLES = Roles()
TOKENIZER = ExperimentTokenizer()
KEYS = ExperimentOptions().environment_keys

# The text between a key and its value: `=` or the colon of a JSON object, with or without quotes.
ASSIGNED = r"""\\?["']?(?: ?: ?| ?=(?: (?![A-Za-z_]\w*=))?)\\?["']?([^\s"';,|\\\]}]{1,128})"""

PIECES = (
    "EXPERIMENT", "SAM_EXPERIMENT", "MY_EXPERIMENT", "EXPERIMENTS", "experiment", "EXPER", "IMENT", "=", ": ", ":", " ",
    ";", "\n", '"', "'", "''", '\\"', ",", "|", "{", "}", "[", "]", "\\", "nova", "DUNE", "gm2", "héra", "a=b", "A_B=",
    "x", "_", "1", "x" * 19, "ab" * 15, "é" * 11, "A_LONG_NAME_OF_A_VARIABLE=",
)  # fmt: skip
rows_of_text = st.lists(
    st.none() | st.lists(st.sampled_from((*PIECES, "EXPERIMENT=", "SAM_EXPERIMENT=")), max_size=7).map("".join),
    max_size=6,
)


def values(texts: pa.Array, tokenizer: ExperimentTokenizer = TOKENIZER) -> list[tuple[int, str]]:
    mentions = tokenizer.mentions(texts, ROLES.env, ROLES)
    assert mentions is not None
    assert mentions.rows.type == pa.int64()
    assert mentions.spellings.type == pa.string()
    return sorted(zip(mentions.rows.to_pylist(), mentions.spellings.to_pylist(), strict=True))


def in_row(text: str) -> list[str]:
    return [spelling for _, spelling in values(pa.array([text], pa.string()))]


def reference(texts: list[str | None]) -> list[tuple[int, str]]:
    # After a colon or a slash is a role.
    return sorted(
        (row, re.split("[:/]", match[1])[0])
        for row, text in enumerate(texts)
        for key in KEYS
        for match in re.finditer(rf"(?<![A-Za-z0-9_])(?={key}{ASSIGNED})", text or "", re.ASCII)
    )


@given(rows_of_text)
def test_values_equal_those_of_the_reference(texts: list[str | None]) -> None:
    assert values(pa.array(texts, pa.string())) == reference(texts)


@given(rows_of_text, st.integers(0, 4), st.integers(0, 4))
def test_a_slice_is_read_like_the_rows_it_shows(texts: list[str | None], skip: int, drop: int) -> None:
    whole = pa.array(texts, pa.string())
    part = whole.slice(skip, max(len(whole) - skip - drop, 0))
    assert values(part) == reference(part.to_pylist())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("EXPERIMENT=nova", ["nova"]),
        ("A=1 EXPERIMENT=nova B=2", ["nova"]),
        ("A=1 EXPERIMENT='nova' B=2", ["nova"]),
        ("A=1 'EXPERIMENT=nova' B=2", ["nova"]),
        ("A=1;EXPERIMENT=nova;B=2", ["nova"]),
        ("A=1\nEXPERIMENT=nova\nB=2", ["nova"]),
        ("A=1|EXPERIMENT=nova|B=2", ["nova"]),
        ('A="1" EXPERIMENT="nova" B="2"', ["nova"]),
        (json.dumps({"A": "1", "EXPERIMENT": "nova"}), ["nova"]),
        (json.dumps({"EXPERIMENT": "nova"}, separators=(",", ":")), ["nova"]),
        (json.dumps(["A=1", "EXPERIMENT=nova"]), ["nova"]),
        (json.dumps(json.dumps({"EXPERIMENT": "nova"})), ["nova"]),
        ("EXPERIMENT=nova SAM_EXPERIMENT=dune", ["dune", "nova"]),
        ("SAM_EXPERIMENT=dune", ["dune"]),
        ("EXPERIMENT = nova", ["nova"]),
        ("EXPERIMENT= nova", ["nova"]),
        ("EXPERIMENT=héra", ["héra"]),
        ("EXPERIMENT=a=b", ["a=b"]),
        ("EXPERIMENT=" + "n" * 200, ["n" * 128]),
        # The last letter does not fit in whole.
        ("EXPERIMENT=" + "é" * 63 + "né", ["é" * 63 + "n"]),
        ("EXPERIMENT= HOME=/home/anna", []),
        ("EXPERIMENT=", []),
        ("EXPERIMENT", []),
        ("EXPERIMENT=''", []),
        ("EXPERIMENT=;A=nova", []),
        ("MY_EXPERIMENT=nova", []),
        ("XEXPERIMENT=nova", []),
        ("0EXPERIMENT=nova", []),
        ("EXPERIMENTS=nova", []),
        ("experiment=nova", ["nova"]),
        ("Experiment=nova", []),
        ("VO='nova:/nova/Role=Analysis'", ["nova"]),
        ("", []),
    ],
)
def test_values_of_environment_keys_are_names(text: str, names: list[str]) -> None:
    assert in_row(text) == names


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["HOME", "EXPERIMENT=nova"], [(1, "nova")]),
        (["A=1_", "EXPERIMENT=nova"], [(1, "nova")]),
        (["EXPERIMENT=no", "va"], [(0, "no")]),
        (["EXPERIMENT=no", "EXPERIMENT=dune"], [(0, "no"), (1, "dune")]),
        (["EXPERIMENT=no", None, "", "va"], [(0, "no")]),
        (["EXPERIMENT=", "nova"], []),
        (["EXPERIMENT", "=nova"], []),
        (["EXPERI", "MENT=nova"], []),
        (["SAM_", "EXPERIMENT=nova"], [(1, "nova")]),
        ([None, "EXPERIMENT=nova", None], [(1, "nova")]),
        (["", "", "EXPERIMENT=nova"], [(2, "nova")]),
        ([], []),
        ([None], []),
        ([""], []),
    ],
)
def test_a_value_is_of_its_row_alone(texts: list[str | None], expected: list[tuple[int, str]]) -> None:
    assert values(pa.array(texts, pa.string())) == expected


def test_the_keys_are_options_and_no_patterns() -> None:
    tokenizer = ExperimentTokenizer(ExperimentOptions(environment_keys=("GROUP.NAME",)))
    texts = pa.array(["EXPERIMENT=nova", "GROUP.NAME=dune", "GROUP_NAME=gm2"])
    assert values(texts, tokenizer) == [(1, "dune")]
    assert values(texts, ExperimentTokenizer(ExperimentOptions(environment_keys=()))) == []


def test_keys_are_looked_for_in_the_environment_only() -> None:
    text = pa.array(["EXPERIMENT=nova"])
    assert TOKENIZER.mentions(text, ROLES.cmd, ROLES) is None
    assert TOKENIZER.mentions(text, "env", Roles(env="env")) is not None


def test_the_kind_has_no_column() -> None:
    assert TOKENIZER.columns(pa.schema([("EXPERIMENT", pa.string())]), ROLES) == ()


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("NOvA", "nova"),
        (" DUNE\t", "dune"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ΣΑΜΟΣ", "σαμοσ"),
        ("pip2", "pip2"),
        ("2x2", "2x2"),
        ("None", None),
        ("UNKNOWN", None),
        ("1", None),
        ("-", None),
        ("", None),
        (" ", None),
        (None, None),
    ],
)
def test_a_name_in_any_letter_case_is_one_identity(cell: str | None, name: str | None) -> None:
    assert TOKENIZER.identify(pa.array([cell], pa.string())).to_pylist() == [name]


@given(st.lists(st.none() | st.text("aAßİıΣς1- ", max_size=4)))
def test_an_identity_is_its_own_identity(cells: list[str | None]) -> None:
    once = TOKENIZER.identify(pa.array(cells, pa.string()))
    assert once.type == pa.string()
    assert TOKENIZER.identify(once).to_pylist() == once.to_pylist()


def test_keywords_are_those_of_both_options() -> None:
    options = ExperimentOptions(keywords=("nova", "dune"), more_keywords=("gm2",))
    assert tuple(ExperimentTokenizer(options).keywords()) == ("nova", "dune", "gm2")
    assert set(TOKENIZER.keywords()) == {"uboone", "icarus", "pip2", "nova", "dune", "minerva"}


@pytest.mark.parametrize(
    ("match", "literal", "rule"),
    [
        ("auto", "x2", Boundary.NAMED),
        ("auto", "data", Boundary.NAMED),
        ("auto", "gm2", Boundary.ANYWHERE),
        ("auto", "e93", Boundary.PART_PREFIX),
        ("auto", "des", Boundary.PART),
        ("auto", "é", Boundary.PART),
        ("auto", "nova", Boundary.PART_PREFIX),
        ("word", "nova", Boundary.PART),
        ("anywhere", "des", Boundary.ANYWHERE),
    ],
)
def test_option_and_length_give_the_boundary(match: str, literal: str, rule: Boundary) -> None:
    assert ExperimentTokenizer(ExperimentOptions(match=match)).boundary(literal) is rule  # type: ignore[arg-type]


def test_an_ignored_name_has_no_alias() -> None:
    """A mapping may know one from a run in which it was not yet ignored."""
    tokenizer = ExperimentTokenizer(ExperimentOptions(ignore=("Beam",)))
    assert tuple(tokenizer.aliases("beam")) == ()
    assert tuple(tokenizer.aliases("nova")) == ("nova",)


def test_a_long_name_may_be_cut_short() -> None:
    assert tuple(TOKENIZER.aliases("longbaseline")) == (
        "longbaseline",
        *(Alias("longbaseline"[:size], Boundary.END) for size in range(8, 12)),
    )


def test_prefixes_are_options() -> None:
    assert (TOKENIZER.prefix, TOKENIZER.text_prefix) == ("EX_", "EX_")
    tokenizer = ExperimentTokenizer(ExperimentOptions(prefix="E", text_prefix="E-"))
    assert (tokenizer.prefix, tokenizer.text_prefix) == ("E", "E-")
