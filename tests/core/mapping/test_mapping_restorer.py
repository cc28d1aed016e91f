"""Tokens in text: whole ones alone, however the text is cut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import restorer_reference as reference
from hypothesis import given
from hypothesis import strategies as st

from anonkit.mapping import Mapping, forget
from anonkit.mapping.restorer import Restorer


def restored(mapping: Path, text: str) -> str:
    restorer = Restorer.from_mapping(Mapping.load(mapping), str)
    return b"".join(restorer(iter([text.encode()]))).decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UR_1", "bob"),
        ("UR1", "bob"),
        ('["UR1", 7, true]', '["bob", 7, true]'),
        ("UR_1@example.org", "bob@example.org"),
        ("/pnfs/UR_1/UR_12", "/pnfs/bob/carl"),
        ("UR_12 UR_1 2", "carl bob 2"),
        ("IP1,IP1", "192.0.2.1,192.0.2.1"),
        ("homeUR_1", "homebob"),
        ("x_UR_1_y", "x_bob_y"),
        ("UR_1UR_1", "bobbob"),
        ("7UR_1", "7bob"),
        ("éUR_1é", "ébobé"),
        ("", ""),
    ],
)
def test_tokens(known: Path, text: str, expected: str) -> None:
    assert restored(known, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "UR_13",  # unknown
        "UR_123",  # not UR_12 and a 3
        "UR_01",
        "UR_1" + "0" * 40,
        "UR_",
        "UR",
        "ur_1",
        "UR 1",
        "YOUR_1",  # within a word
        "SHIP1",
        "UR_2",  # the null identity has no original
    ],
)
def test_what_is_no_token_stays(known: Path, text: str) -> None:
    assert restored(known, text) == text


def test_a_forgotten_token_stays(known: Path) -> None:
    forget(known, ["UR_1"])
    assert restored(known, "UR_1 UR_12") == "UR_1 carl"


def test_an_empty_mapping(path: Path) -> None:
    assert restored(path, "UR_1 is 1") == "UR_1 is 1"


def test_an_empty_prefix_makes_no_number_a_token(known: Path) -> None:
    known.write_text(known.read_text().replace('"prefix": "UR"', '"prefix": ""'))
    assert restored(known, "1 UR_1 UR1") == "1 bob UR1"


def test_it_counts(known: Path) -> None:
    restorer = Restorer.from_mapping(Mapping.load(known), str)
    list(restorer(iter([b"UR_1 UR1 UR_1 UR_99 IP1"])))
    assert (restorer.places, restorer.found) == (4, {b"UR_1", b"UR1", b"IP1"})


PREFIXES = ("U", "UR", "UR_", "U1", "u_", "_", "é", "IP")
PIECES = st.sampled_from([*PREFIXES, "1", "2", "12", "0", "X", "x", " ", "\n", "é", "R", "P"])


@st.composite
def cut_texts(draw: st.DrawFn) -> tuple[bytes, list[bytes]]:
    text = "".join(draw(st.lists(PIECES, max_size=40))).encode()
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    return text, [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


@given(
    cut_texts(),
    st.lists(st.tuples(st.sampled_from(PREFIXES), st.integers(1, 30)), max_size=8),
    st.sampled_from([b"bob", b"", b"UR_1", b"1"]),
)
def test_it_restores_what_the_reference_restores(
    text: tuple[bytes, list[bytes]], tokens: list[tuple[str, int]], original: bytes
) -> None:
    whole, pieces = text
    originals = {f"{prefix}{number}".encode(): original for prefix, number in tokens}
    prefixes = sorted({prefix.encode() for prefix, _ in tokens}, key=len, reverse=True)
    restorer = Restorer(originals, tuple(prefixes))
    assert b"".join(restorer(iter(pieces))) == reference.restored(whole, originals)


def test_a_long_text_is_worked_on_piece_by_piece(known: Path) -> None:
    """What is held back is as long as a token can be, not as long as the text."""
    taken = 0

    def pieces() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(100):
            taken += 1
            yield b"UR_1 and UR_12, "

    done = Restorer.from_mapping(Mapping.load(known), str)(pieces())
    first = b"".join(next(done) for _ in range(10))
    assert taken < 20
    assert first + b"".join(done) == b"bob and carl, " * 100
