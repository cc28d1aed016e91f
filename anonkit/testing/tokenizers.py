"""What every tokenizer has to keep, as a test class."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from anonkit.errors import PluginConflictError, PluginError
from anonkit.identities.mentions import TextColumn, TextSearch
from anonkit.plugin.contracts import Alias, Boundary, Mentions, Roles, Tokenizer
from anonkit.plugin.kinds import check_tokenizers
from anonkit.testing.contract import Contract, broken, check_options, pickled
from anonkit.testing.tokenized import Tokenized, installed_tokenizers, tokenized

__all__ = ["TokenizerContract"]


class TokenizerContract(Contract, ABC):
    """A tokenizer is a set of pure functions over columns, and what it says of identities is enough to hide them."""

    cells: tuple[Any, ...] = ()
    """Raw cells of its column, as different as they come; nulls among them."""
    texts: tuple[str | None, ...] = ("nothing to see here", "", None)
    """Texts that mention identities, and some that do not. Required where `mentions` is overridden."""
    not_looked_for: tuple[str, ...] = ()
    """Identities that have no alias on purpose: text that names one stays."""

    @pytest.fixture
    @abstractmethod
    def tokenizer(self) -> Tokenizer:
        """The tokenizer to test."""

    @pytest.fixture
    def column(self) -> pa.Array:
        """The cells as a column."""
        return pa.array(list(self.cells)) if self.cells else pa.array(["a", None], pa.string())

    @pytest.fixture
    def text(self) -> pa.Array:
        """The texts as a column."""
        return pa.array(list(self.texts), pa.string())

    @pytest.fixture
    def result(self, tokenizer: Tokenizer) -> Tokenized:
        """What the engine makes of the cells and of a text for each alias, with this tokenizer alone."""
        return tokenized(tokenizer, self.cells, self.texts, self._aliases(tokenizer))

    def test_a_cell_is_identified_by_itself(self, tokenizer: Tokenizer, column: pa.Array) -> None:
        """Neither a cell's neighbours nor the slice it is in matter."""
        whole = tokenizer.identify(column).to_pylist()
        if len(whole) != len(column):
            broken(f"identify gave {len(whole)} identities for {len(column)} cells")
        alone = [tokenizer.identify(column.slice(place, 1)).to_pylist() for place in range(len(column))]
        if alone != [[identity] for identity in whole]:
            broken("identify gives a cell another identity alone than among others: it must look at the cell only")
        if tokenizer.identify(column.slice(1)).to_pylist() != whole[1:]:
            broken("identify does not work on a slice: use Arrow's functions, or `to_pylist`, not the buffers")

    def test_identities_are_texts(self, tokenizer: Tokenizer, column: pa.Array) -> None:
        """Strings, or lists of strings, whatever the cells."""
        for cells in (column, column.slice(0, 0), pa.nulls(3, column.type)):
            kind = tokenizer.identify(cells).type
            inner = kind.value_type if pa.types.is_list(kind) else kind
            if not pa.types.is_string(inner):
                broken(f"identify gave {kind}, not string or list<string>; an array made of nothing needs its type")

    def test_a_null_is_nobody(self, tokenizer: Tokenizer, column: pa.Array) -> None:
        """The identity of a null is null, and so the cell stays null."""
        if any(tokenizer.identify(pa.nulls(2, column.type)).to_pylist()):
            broken("identify makes an identity of a null cell; it must stay null")

    def test_the_cells_given_stay_as_they_are(self, tokenizer: Tokenizer, column: pa.Array) -> None:
        """Others get the same memory; and twice the same gives the same."""
        first = tokenizer.identify(column).to_pylist()
        if column.to_pylist() != (list(self.cells) or ["a", None]):
            broken("identify changes the cells that it is given")
        if tokenizer.identify(column).to_pylist() != first:
            broken("identify gives another result the second time: it must be a pure function of the cells")

    def test_validity_is_told_for_each_identity(self, tokenizer: Tokenizer, column: pa.Array) -> None:
        """One bool each, no nulls."""
        identities = pa.array(_identities(tokenizer, column), pa.string())
        for some in (identities, identities.slice(0, 0)):
            verdicts = tokenizer.valid(some)
            if verdicts.type != pa.bool_() or len(verdicts) != len(some) or verdicts.null_count:
                broken("valid must give one true or false, and no null, for each identity")

    def test_aliases_are_texts_with_a_rule(self, tokenizer: Tokenizer) -> None:
        """Every alias is text, and its rule or `boundary` says where it may sit."""
        for alias in self._aliases(tokenizer):
            if not isinstance(alias, (str, Alias)):
                broken(f"aliases gave a {type(alias).__name__}, neither a text nor an Alias")
            literal = alias.text if isinstance(alias, Alias) else alias
            if not isinstance(literal, str) or not literal:
                broken("aliases gave an empty text, or something that is no text")
            rule: Any = alias.boundary if isinstance(alias, Alias) else tokenizer.boundary(literal)
            if not isinstance(rule, Boundary):
                broken(f"boundary gave a {type(rule).__name__}, not a Boundary")

    def test_every_identity_is_looked_for(self, tokenizer: Tokenizer) -> None:
        """Each is an alias of its own, or the class says that it is not looked for."""
        for identity in self._known(tokenizer):
            aliases = [alias.text if isinstance(alias, Alias) else alias for alias in tokenizer.aliases(identity)]
            if identity.casefold() not in map(str.casefold, aliases) and identity not in self.not_looked_for:
                lack = f"lack {identity!r} itself" if aliases else "are none at all"
                broken(
                    f"aliases of {identity!r} {lack}: text that names it would be published as it is; "
                    "if that is meant, add it to not_looked_for of the test class"
                )

    def test_aliases_are_replaced(self, result: Tokenized, tokenizer: Tokenizer) -> None:
        """A text that holds an alias between blanks holds a token instead."""
        for alias, text in result.aliases:
            if not result.is_token(text):
                broken(
                    f"the alias {alias!r} stays in text, which came out as {text!r}: is it a spelling of an identity "
                    "that the cells or mentions have, and does its boundary let it sit between blanks?"
                )

    def test_cells_become_tokens(self, result: Tokenized, tokenizer: Tokenizer, column: pa.Array) -> None:
        """Each cell with an identity holds a token, a null stays null; different identities, different tokens."""
        result.check_cells(tokenizer, self.cells)

    def test_storage_does_not_show(self, result: Tokenized, tokenizer: Tokenizer) -> None:
        """Dictionaries and large strings in the input give the same cells and texts."""
        aliases = self._aliases(tokenizer)
        for stored in ("dictionary", "large"):
            if tokenized(tokenizer, self.cells, self.texts, aliases, stored=stored) != result:
                broken(f"{stored} strings in the input give other cells or texts than plain strings")

    def test_mentions_name_rows_and_identities(self, tokenizer: Tokenizer, text: pa.Array) -> None:
        """Rows lie in the column; every spelling is one that `identify` understands."""
        found = tokenizer.mentions(text, Roles().env, Roles())
        if found is None:
            if type(tokenizer).mentions is not Tokenizer.mentions and not self._any_column(tokenizer, text):
                broken(_NO_MENTIONS)
            return
        _check_lengths(found)
        rows = found.rows.to_pylist()
        if not rows and type(tokenizer).mentions is not Tokenizer.mentions:
            broken(_NO_MENTIONS)
        if any(row is None or not 0 <= row < len(text) or self.texts[row] is None for row in rows):
            broken("mentions names a row that is none of the texts, or is null")
        if found.spellings.null_count or (found.identities is not None and found.identities.null_count):
            broken("mentions gives a null as a spelling or an identity")
        identities = tokenizer.identify(found.spellings) if found.identities is None else found.identities
        if len(identities) != len(found.spellings):
            broken("identify gives another number of identities than mentions has spellings")

    def test_a_text_is_searched_by_itself(self, tokenizer: Tokenizer, text: pa.Array) -> None:
        """What a text mentions depends on the text alone, and its row is its own."""
        whole = _by_row(tokenizer.mentions(text, Roles().env, Roles()))
        for row in range(len(text)):
            alone = _by_row(tokenizer.mentions(text.slice(row, 1), Roles().env, Roles()))
            if alone.get(0, set()) != whole.get(row, set()) or alone.keys() - {0}:
                broken(
                    f"mentions finds other spellings in text {row} alone than among others, or counts its row "
                    "otherwise: rows are positions in the array given, from 0"
                )
        for some in (text.slice(0, 0), pa.nulls(2, pa.string())):
            if _by_row(tokenizer.mentions(some, Roles().env, Roles())):
                broken("mentions finds something in no text, or in nulls")

    def test_segments_are_enough(self, tokenizer: Tokenizer) -> None:
        """Where `mentions_are_words` says yes, text cut at blanks and semicolons has the same mentions."""
        roles = Roles()
        texts = [text and f"{text} {place}" for place in range(3) for text in self.texts]
        for column in (roles.env, roles.cmd):
            search = TextSearch.from_tokenizer(tokenizer, column, roles)
            if search.separators is None:
                continue
            text = pa.array(texts, pa.string())
            cut = TextColumn(column, text, np.arange(len(text)), probe=len(text) - 1).mentions(search)
            if _by_row(cut) != _by_row(tokenizer.mentions(text, column, roles)):
                broken(
                    f"mentions_are_words says yes for {column}, but mentions finds otherwise in words than in whole "
                    "texts: return False, or name marks of such texts in whole_texts"
                )

    def test_a_written_cell_holds_the_token(self, tokenizer: Tokenizer, column: pa.Array) -> None:
        """The token is in the cell, in as many cells as there are."""
        token = ["T1", "T2"] if pa.types.is_list(tokenizer.identify(column).type) else "T1"
        tokens = pa.array([token] * len(column))
        written = tokenizer.render_cell(tokens, tokenizer.residual(column.fill_null(""))).to_pylist()
        if len(written) != len(column) or not all("T1" in (cell or "") for cell in written):
            broken("render_cell must give each cell with its token in it, and as many cells as tokens")

    def test_its_tokens_are_its_own(self, tokenizer: Tokenizer) -> None:
        """Kind and prefix are those of no installed tokenizer."""
        others = installed_tokenizers(besides=type(tokenizer))
        names = [*(f"anonkit's own {other.kind}" for other in others), "this tokenizer"]
        try:
            check_tokenizers([*others, tokenizer], names)
        except (PluginError, PluginConflictError) as error:
            broken(str(error))

    def test_options_are_documented(self, tokenizer: Tokenizer) -> None:
        """Each has a type, a default and a help."""
        check_options(tokenizer)

    def test_the_tokenizer_can_be_sent(self, tokenizer: Tokenizer) -> None:
        """It is picklable."""
        assert isinstance(pickled(tokenizer, "the tokenizer"), type(tokenizer))

    def _known(self, tokenizer: Tokenizer) -> list[str]:
        """Return the identities of the cells, and those that the texts mention."""
        column = pa.array(list(self.cells)) if self.cells else pa.array([], pa.string())
        found = tokenizer.mentions(pa.array(list(self.texts), pa.string()), Roles().env, Roles())
        known = _identities(tokenizer, column)
        if found is not None and len(found.rows):
            mentioned = tokenizer.identify(found.spellings) if found.identities is None else found.identities
            flat = mentioned.flatten() if pa.types.is_list(mentioned.type) else mentioned
            known += [identity for identity in flat.to_pylist() if identity is not None]
        return list(dict.fromkeys(known))

    def _aliases(self, tokenizer: Tokenizer) -> Sequence[str | Alias]:
        return [alias for identity in self._known(tokenizer) for alias in tokenizer.aliases(identity)]

    def _any_column(self, tokenizer: Tokenizer, text: pa.Array) -> bool:
        """Return whether the texts mention something in a column of commands."""
        found = tokenizer.mentions(text, Roles().cmd, Roles())
        return found is not None and len(found.rows) > 0


_NO_MENTIONS = "mentions is overridden, and no text of `texts` mentions anything: give some that do in the test class"


def _check_lengths(found: Mentions) -> None:
    parts = (found.spellings, found.identities, found.tentative, found.refuted, found.parents)
    if any(part is not None and len(part) != len(found.rows) for part in parts):
        broken("mentions gave arrays of different lengths")


def _by_row(found: Mentions | None) -> dict[int, set[tuple[str, str | None]]]:
    """Return spellings with their identities, by row."""
    by_row: dict[int, set[tuple[str, str | None]]] = {}
    if found is not None:
        identities = [None] * len(found.rows) if found.identities is None else found.identities.to_pylist()
        for row, spelling, identity in zip(
            found.rows.to_pylist(), found.spellings.to_pylist(), identities, strict=False
        ):
            by_row.setdefault(row, set()).add((spelling, identity))
    return by_row


def _identities(tokenizer: Tokenizer, column: pa.Array) -> list[str]:
    identified = tokenizer.identify(column)
    flat = identified.flatten() if pa.types.is_list(identified.type) else identified
    return [identity for identity in flat.unique().to_pylist() if identity is not None]
