"""Users: a person or an account, by handle, wherever the handle or the full name shows.

The handle is what stands before the `@` of the user column. The same handle stands in Kerberos principals,
certificates, home folders and accounting groups, where it is learnt as well; certificates also tell the full name,
which is an alias.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Alias, Boundary, Column, Mentions, Roles
from anonkit_std.options.tokenizers import UserOptions
from anonkit_std.tokenizers.finding.certificates import name_spellings, subject
from anonkit_std.tokenizers.finding.cut_short import cut_short
from anonkit_std.tokenizers.finding.handles import group_member, in_home_folders, in_principals, in_user_ids, primary
from anonkit_std.tokenizers.finding.scan import Scan
from anonkit_std.tokenizers.prefixed import PrefixedTokenizer, holds_identities
from anonkit_std.tokenizers.word_choices import WordChoices

__all__ = ["UserTokenizer"]

Mention = tuple[int, str, str, bool]
"""The row of a text, a spelling in it, the identity that it means, and whether that is tentative."""


@attrs.frozen(slots=False)
class UserTokenizer(PrefixedTokenizer):
    """A user is a handle. In a cell its token takes the handle's place and the domain is kept."""

    options: UserOptions = attrs.field(factory=UserOptions)

    kind = "user"
    required_roles = ("user",)

    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        """Return the user role's column, then the further ones of the options."""
        return (roles.user, *self.options.columns)

    def optional_columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        """Return the columns that the catalogue knows to hold handles; certificates and principals are text."""
        return [name for name in schema.names if holds_identities(name, self.kind) and not self._is_sentence(name)]

    def learned_columns(self, columns: Sequence[Column], roles: Roles) -> Sequence[str]:
        """Return the columns of handles, certificates, principals and accounting groups."""
        return [column.name for column in columns if column.holds(self.kind) or self._is_sentence(column.name)]

    def identify(self, cells: pa.Array) -> pa.Array:
        """Return what stands before the first `@`, trimmed; null for a blank. Of a certificate, whom it names."""
        texts = cells.cast(pa.string())
        before_at = pc.list_element(pc.split_pattern(texts, "@", max_splits=1), 0)
        handles = pc.utf8_trim_whitespace(before_at)
        certificates = pc.match_substring_regex(texts, r"(?i)CN\s*=")
        if pc.any(certificates).as_py():
            named = [text and _named(text) for text in texts.to_pylist()]
            handles = pc.coalesce(pa.array(named, pa.string()), handles)
        return pc.if_else(pc.equal(handles, ""), None, handles)

    def mentions_are_words(self, column: str, roles: Roles) -> bool:
        """Return whether handles alone are looked for: not in columns where a cell is one certificate or principal."""
        return not self._is_sentence(column)

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions:
        """Return handles by where they stand, and full names with the handle they belong to."""
        if self._is_sentence(column):
            return self._in_cells(text, column)
        return self._in_text(text)

    def _in_cells(self, text: pa.Array, column: str) -> Mentions:
        found = (mention for row, cell in _first_rows(text) for mention in self._in_cell(row, cell, column))
        named = [one for one in found if not self._words.is_kept(one[1]) and not self._words.is_kept(one[2])]
        rows, spellings, identities, tentative = zip(*named, strict=True) if named else ((), (), (), ())
        return Mentions(
            pa.array(rows, pa.int64()),
            pa.array(spellings, pa.string()),
            pa.array(identities, pa.string()),
            pa.array(tentative, pa.bool_()),
        )

    def aliases(self, identity: str) -> Iterable[str | Alias]:
        """Return the handle, what the options add to it, and what is left when it is cut short.

        Nothing for an ignored one, and for what holds no letter or digit: a ``-`` betrays nobody.
        """
        if self._words.is_kept(identity) or not any(map(str.isalnum, identity)):
            return ()
        added = (spelling for alias in self._words.added(identity) for spelling in _spellings(alias))
        return tuple(self._words.without_kept((identity, *cut_short(identity), *added)))

    def boundary(self, literal: str) -> Boundary:
        """Return the rule of the options; short handles are parts of too many words to be replaced anywhere."""
        if self.options.match != "auto":
            return Boundary(self.options.match)
        return Boundary.by_length(literal)

    def residual(self, cells: pa.Array) -> pa.Array:
        """Return the domain, with its `@`."""
        texts = cells.cast(pa.string())
        domains = pc.replace_substring_regex(texts, r"^[^@]*", "")
        return pc.if_else(pc.match_substring_regex(texts, r"(?i)CN\s*="), "", domains)

    def render_cell(self, tokens: pa.Array, residual: pa.Array | None) -> pa.Array:
        """Return token and domain: ``UR_1@example.org``."""
        return pc.binary_join_element_wise(tokens, residual, "")

    @cached_property
    def _words(self) -> WordChoices:
        return WordChoices(self.options)

    def _is_sentence(self, column: str) -> bool:
        """Return whether the cells of a column are read whole."""
        return any(column.casefold() in columns for columns in self._sentences)

    @cached_property
    def _sentences(self) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """The columns of certificates, of principals and of groups; as in HTCondor, letter case does not matter."""
        options = self.options
        certificates, principals, groups = (
            frozenset(map(str.casefold, columns))
            for columns in (options.certificate_columns, options.principal_columns, options.group_columns)
        )
        return certificates, principals, groups

    def _in_cell(self, row: int, cell: str, column: str) -> Iterator[Mention]:
        certificates, principals, groups = self._sentences
        name = column.casefold()
        if name in certificates:
            yield from self._in_certificate(row, cell)
        if name in principals:
            account = primary(cell)
            if account:
                yield row, account, account, False
        if name in groups:
            member = group_member(cell)
            if member and member.casefold() not in self._no_handles:
                yield row, member, member, True

    def _in_certificate(self, row: int, text: str) -> Iterator[Mention]:
        named = subject(text)
        if named is None:
            return
        if named.handle:
            yield row, named.handle, named.handle, False
        for name in named.names:
            whose = named.handle or name
            for spelling in name_spellings(name):
                yield row, spelling, whose, False
            for part in name.split(" ") if self.options.name_parts else ():
                if len(part.rstrip(".")) > 2:
                    yield row, part, whose, False

    def _in_text(self, text: pa.Array) -> Mentions:
        scan = Scan.from_text(text)
        found = [in_principals(scan), in_user_ids(scan)]
        sure = sum(len(part.rows) for part in found)
        found += [in_home_folders(scan)] if self.options.home_folders else []
        rows, handles = (
            np.concatenate([part.rows for part in found]),
            pa.concat_arrays([part.handles for part in found]),
        )
        tentative = np.arange(len(rows)) >= sure
        encoded = handles.dictionary_encode()
        codes, distinct = encoded.indices.to_numpy(), encoded.dictionary.to_pylist()
        ignored = np.array([self._words.is_kept(handle) for handle in distinct], np.bool_)[codes]
        no_handles = np.array([handle in self._no_handles for handle in distinct], np.bool_)[codes]
        named = pa.array(~ignored & ~(tentative & no_handles))
        handles = handles.filter(named)
        return Mentions(pa.array(rows).filter(named), handles, handles, pa.array(tentative).filter(named))

    @cached_property
    def _no_handles(self) -> frozenset[str]:
        return frozenset(word.casefold() for word in self.options.no_handles)


def _named(text: str) -> str | None:
    named = subject(text)
    return None if named is None else named.handle or named.names[0]


def _spellings(alias: str) -> Iterator[str | Alias]:
    """Yield the spellings of an alias: a full name has many, a word may be cut short."""
    surname, comma, given = (part.strip() for part in alias.partition(","))
    name = " ".join((given if comma else alias).split()) + (f" {surname}" if comma else "")
    yield from dict.fromkeys((alias, *(name_spellings(name) if " " in name.strip() else ())))
    yield from cut_short(alias)


def _first_rows(text: pa.Array) -> Iterator[tuple[int, str]]:
    """Yield each distinct text with the first row that has it: of its further rows nothing else is to be learnt."""
    encoded = text.dictionary_encode()
    codes, rows = np.unique(encoded.indices.fill_null(-1).to_numpy(), return_index=True)
    for code, row in zip(codes.tolist(), rows.tolist(), strict=True):
        if code >= 0:
            yield row, encoded.dictionary[code].as_py()
