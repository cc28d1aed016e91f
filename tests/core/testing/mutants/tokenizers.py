"""Tokenizers, each with one thing wrong."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

import attrs
import pyarrow as pa
import pytest

from anonkit.api import Alias, Boundary, Mentions, Roles, Tokenizer
from anonkit.testing import TokenizerContract


class Batches(Tokenizer):
    """Names of batches, in lower case; text has `batch:NAME`. Nothing is wrong."""

    kind: ClassVar[str] = "batch"
    words: ClassVar[str] = ""

    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        return ["JobBatchName"]

    def identify(self, cells: pa.Array) -> pa.Array:
        return pa.array([cell and cell.lower() for cell in cells.to_pylist()], pa.string())

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions | None:
        found = [(row, one) for row, value in enumerate(text.to_pylist()) for one in self.found(value or "")]
        rows, spellings = [row for row, _ in found], [one for _, one in found]
        return Mentions(pa.array(rows, pa.int64()), pa.array(spellings, pa.string()))

    def found(self, text: str) -> list[str]:
        return re.findall(r"batch:(\w+)", text)


class LooksAtNeighbours(Batches):
    words = "identify gives a cell another identity alone than among others"

    def identify(self, cells: pa.Array) -> pa.Array:
        return pa.array([cell and f"{cell}{place}" for place, cell in enumerate(cells.to_pylist())], pa.string())


class DropsNulls(Batches):
    words = "identities for 5 cells"

    def identify(self, cells: pa.Array) -> pa.Array:
        return super().identify(cells.drop_null())


class NullIsSomebody(Batches):
    words = "identify makes an identity of a null cell"

    def identify(self, cells: pa.Array) -> pa.Array:
        return super().identify(cells.fill_null("nobody"))


class NoType(Batches):
    words = "identify gave null, not string or list<string>"

    def identify(self, cells: pa.Array) -> pa.Array:
        return pa.array([cell and cell.lower() for cell in cells.to_pylist()])


class Remembers(Batches):
    words = "identify gives another result the second time"
    calls: ClassVar[Iterable[int]] = itertools.count()

    def identify(self, cells: pa.Array) -> pa.Array:
        number = next(iter(self.calls))
        return pa.array(
            [cell and f"{cell}{number if len(cells) > 4 else ''}" for cell in cells.to_pylist()], pa.string()
        )


class MentionsRaise(Batches):
    words = "KeyError"

    def found(self, text: str) -> list[str]:
        return [{}[text]] if "batch:" in text else []


class MentionsOffByOne(Batches):
    words = "mentions names a row that is none of the texts"

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions | None:
        found = super().mentions(text, column, roles)
        assert found is not None
        rows = pa.array([row + 1 for row in found.rows.to_pylist()], pa.int64())
        return attrs.evolve(found, rows=rows)


class MentionsInTheFirstRow(Batches):
    words = "mentions finds other spellings in text 0 alone than among others"

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions | None:
        found = super().mentions(text, column, roles)
        assert found is not None
        return attrs.evolve(found, rows=pa.array([0] * len(found.rows), pa.int64()))


class MentionsNobody(Batches):
    words = "mentions gives a null as a spelling"

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions | None:
        found = super().mentions(text, column, roles)
        assert found is not None
        return attrs.evolve(found, spellings=pa.nulls(len(found.rows), pa.string()))


class MentionsNothing(Batches):
    words = "no text of `texts` mentions anything"

    def found(self, text: str) -> list[str]:
        return []


class ClaimsWords(Batches):
    words = "mentions_are_words says yes for Environment"

    def found(self, text: str) -> list[str]:
        return re.findall(r"batch named (\w+)", text) or super().found(text)

    def mentions_are_words(self, column: str, roles: Roles) -> bool:
        return True


class NoAliases(Batches):
    words = "are none at all: text that names it would be published as it is"

    def aliases(self, identity: str) -> Iterable[str | Alias]:
        return ()


class AliasOfAnother(Batches):
    words = "lack 'merge' itself"

    def aliases(self, identity: str) -> Iterable[str | Alias]:
        return (f"{identity}-run",)


class EmptyAlias(Batches):
    words = "aliases gave an empty text"

    def aliases(self, identity: str) -> Iterable[str | Alias]:
        return (identity, "")


class CellWithoutToken(Batches):
    words = "render_cell must give each cell with its token in it"

    def render_cell(self, tokens: pa.Array, residual: pa.Array | None) -> pa.Array:
        return pa.array(["hidden"] * len(tokens), pa.string())


class ValidityUnknown(Batches):
    words = "valid must give one true or false"

    def valid(self, identities: pa.Array) -> pa.Array:
        return pa.nulls(len(identities), pa.bool_())


class NoBoundary(Batches):
    words = "boundary gave a str, not a Boundary"

    def boundary(self, literal: str) -> Boundary:
        return "word"  # type: ignore[return-value]  # the mistake


class KindOfAnother(Batches):
    kind = "user"
    words = "are both of the kind 'user'"


class PrefixOfAnother(Batches):
    words = "both give tokens that begin with 'EX_'"

    @property
    def text_prefix(self) -> str:
        return "EX_"


class CannotBeSent(Batches):
    words = "the tokenizer cannot be sent to another process"

    def __init__(self) -> None:
        self.lower: Callable[[str], str] = lambda text: text.lower()


TOKENIZERS = [
    Batches, LooksAtNeighbours, DropsNulls, NullIsSomebody, NoType, Remembers, MentionsRaise, MentionsOffByOne,
    MentionsInTheFirstRow, MentionsNobody, MentionsNothing, ClaimsWords, NoAliases, AliasOfAnother, EmptyAlias,
    CellWithoutToken, ValidityUnknown, NoBoundary, KindOfAnother, PrefixOfAnother, CannotBeSent,
]  # fmt: skip


class TestTokenizers(TokenizerContract):
    cells = ("merge", "Reco", None, "merge", "skim17")
    texts = ("nothing", None, "run batch:calib x", "batch named simul y", "a;batch:merge b")

    @pytest.fixture(params=TOKENIZERS, ids=lambda plugin: plugin.__name__)
    def tokenizer(self, request: pytest.FixtureRequest) -> Tokenizer:
        made: Any = request.param()
        assert isinstance(made, Tokenizer)
        return made
