"""What a mapping says comes back from its JSON as it went in, sealed or not."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonkit.errors import InputError
from anonkit.identities.kind_survey import Identity
from anonkit.mapping import Document, Keys, KindMapping
from anonkit.mapping.document import new_domain, parse, render
from anonkit.mapping.vault import is_sealed, open_sealed, seal_of

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)


@st.composite
def kinds(draw: st.DrawFn) -> KindMapping:
    given_numbers = draw(st.lists(st.integers(1, 10**9), unique=True, max_size=12))
    known = draw(st.lists(st.none() | TEXTS, unique=True, max_size=len(given_numbers)))
    numbers: dict[Identity, int] = dict(zip(known, given_numbers, strict=False))
    retired = frozenset(given_numbers[len(known) :])
    tentative = frozenset(draw(st.sets(st.sampled_from(sorted(numbers.values()))))) if numbers else frozenset()
    return KindMapping(draw(TEXTS), draw(TEXTS), numbers, retired, draw(st.booleans()), tentative)


DOCUMENTS = st.builds(lambda held: Document(new_domain(), held), st.dictionaries(TEXTS, kinds(), max_size=3))


@given(DOCUMENTS)
def test_what_is_written_is_read(document: Document) -> None:
    assert parse(render(document)) == document


@given(DOCUMENTS)
def test_the_same_document_is_the_same_bytes(document: Document) -> None:
    turned = {
        kind: attrs.evolve(held, numbers=dict(reversed(held.numbers.items()))) for kind, held in document.kinds.items()
    }
    assert render(Document(document.domain, turned)) == render(document)


@given(DOCUMENTS)
def test_a_document_of_the_first_version_is_read(document: Document) -> None:
    first = json.loads(render(document))
    del first["domain"]
    for held in first["kinds"].values():
        for key in ("retired", "grouped", "guesses"):
            held.pop(key, None)
    found = parse(json.dumps({**first, "format": "anonkit-mapping-1"}).encode())
    assert found.domain is None
    assert {kind: held.numbers for kind, held in found.kinds.items()} == {
        kind: held.numbers for kind, held in document.kinds.items()
    }


@given(DOCUMENTS)
def test_tokens_of_different_numbers_differ(document: Document) -> None:
    for held in document.kinds.values():
        numbers = {*held.numbers.values(), *held.retired}
        assert len({held.tokens(number)[0] for number in numbers}) == len(numbers)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    made = pyrage.x25519.Identity.generate()
    file = tmp_path_factory.mktemp("keys") / "key.txt"
    file.write_text(str(made))
    return Keys((str(made.to_public()),), str(file))


@given(data=st.binary(max_size=200_000))
def test_what_is_sealed_is_opened(keys: Keys, data: bytes) -> None:
    path, data = Path("mapping.age"), b"annakovaleva" + data
    sealed = seal_of(keys, path, None)(data)
    assert is_sealed(sealed)
    assert open_sealed(sealed, keys, path) == data
    assert b"annakovaleva" not in sealed


@given(data=st.binary(max_size=50), keep=st.integers(0, 400))
def test_a_part_of_what_is_sealed_is_never_taken_for_the_whole(keys: Keys, data: bytes, keep: int) -> None:
    path = Path("mapping.age")
    sealed = seal_of(keys, path, None)(data)
    part = sealed[:keep]
    if len(part) < len(sealed) and is_sealed(part):
        with pytest.raises(InputError, match="or it is damaged"):
            open_sealed(part, keys, path)
