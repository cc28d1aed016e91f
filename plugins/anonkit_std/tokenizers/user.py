"""The tokenizer `user`: people and accounts, by handle, wherever the handle or the full name shows.

A handle is the text before the `@` in the user column. Handles are also learnt from Kerberos principals, certificates,
home folders and accounting groups. The full name in a certificate is an alias of the handle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property, lru_cache

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Alias, Boundary, Column, Evidence, Mentions, Place, Roles
from anonkit_std.options.tokenizers import UserOptions
from anonkit_std.tokenizers import user_cells
from anonkit_std.tokenizers.finding.addressed_names import beside_addresses, in_addresses
from anonkit_std.tokenizers.finding.certificates import Subject, subject, subjects
from anonkit_std.tokenizers.finding.commands import in_commands
from anonkit_std.tokenizers.finding.cut_short import cut_short
from anonkit_std.tokenizers.finding.data_sets import in_data_sets
from anonkit_std.tokenizers.finding.escaped_paths import unescaped_paths
from anonkit_std.tokenizers.finding.folders import in_folders, is_below_initials
from anonkit_std.tokenizers.finding.handles import group_members, in_principals, in_user_ids, local_parts, primary
from anonkit_std.tokenizers.finding.keyed_handles import in_keys
from anonkit_std.tokenizers.finding.keyed_names import in_named_keys
from anonkit_std.tokenizers.finding.mention_list import MentionList
from anonkit_std.tokenizers.finding.name_spellings import handle_spellings, name_spellings
from anonkit_std.tokenizers.finding.one_person import reconciled
from anonkit_std.tokenizers.finding.scan import Scan
from anonkit_std.tokenizers.finding.subjects import in_name_variables
from anonkit_std.tokenizers.finding.subjects import in_text as in_subjects
from anonkit_std.tokenizers.finding.user_marks import MARKS, WHOLE_TEXTS
from anonkit_std.tokenizers.finding.variables import NAMES_APART, handle_of, values
from anonkit_std.tokenizers.finding.windows_homes import in_windows_homes
from anonkit_std.tokenizers.places import user_places
from anonkit_std.tokenizers.prefixed import PrefixedTokenizer, boundary, holds_identities
from anonkit_std.tokenizers.weak_names import is_weak
from anonkit_std.tokenizers.word_choices import WordChoices

__all__ = ["UserTokenizer"]


@attrs.frozen(slots=False)
class UserTokenizer(PrefixedTokenizer):
    """Tokenizes users; an identity is a handle. In a cell the token replaces the handle, and the domain stays."""

    options: UserOptions = attrs.field(factory=UserOptions)

    kind = "user"
    required_roles = ("user",)

    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        """Return the column of the role `user`, then the columns of the options."""
        return (roles.user, *self.options.columns)

    def optional_columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        """Return the columns that the catalogue knows to hold handles, without those that are read as text."""
        known = (name for name in schema.names if holds_identities(name, self.kind, roles))
        return [name for name in known if not self._has_readers(name)]

    def learned_columns(self, columns: Sequence[Column], roles: Roles) -> Sequence[str]:
        """Return the columns of handles, certificates, principals, groups, mail addresses and environments."""
        return [
            column.name
            for column in columns
            if column.holds(self.kind) or self._has_readers(column.name) or self._is_environment(column.name, roles)
        ]

    def identify(self, cells: pa.Array) -> pa.Array:
        """Return the text before the first `@`, trimmed and without a domain of Windows; null for a blank.

        Of a certificate return the person.
        """
        texts = cells.cast(pa.string())
        handles = user_cells.handles(texts)
        certificates = pc.match_substring_regex(texts, r"(?i)CN\s*=")
        if pc.any(certificates).as_py():
            people = [text and _certified_person(text) for text in texts.to_pylist()]
            handles = pc.coalesce(pa.array(people, pa.string()), handles)
        return pc.if_else(pc.equal(handles, ""), None, handles)

    def mentions_are_words(self, column: str, roles: Roles) -> bool:
        """Return whether mentions hold no blank. Where a cell is a certificate or a handle as a whole, they may."""
        return not (self._has_readers(column) or self._is_of_handles(column, roles))

    def whole_texts(self, column: str, roles: Roles) -> Sequence[str]:
        """Return marks of text in which a mention holds or follows a blank: certificates, names, commands."""
        return (*WHOLE_TEXTS, *NAMES_APART) if self._is_environment(column, roles) else WHOLE_TEXTS

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions:
        """Return the handles in a text, and the full names with the handles that they belong to."""
        found = MentionList()
        if self._has_readers(column):
            for row, cell in _first_rows(text):
                self._in_cell(found, row, cell, column)
        elif self._is_of_handles(column, roles):
            for row, cell in _first_rows(text):
                _add_account(found, row, cell)
        else:
            for view in (text, *unescaped_paths(text)):
                self._in_text(found, view)
            if self._is_environment(column, roles):
                self._in_environment(found, text)
        return found.mentions(self._may_be_user)

    def reconcile(
        self, found: Mapping[str, Evidence], others: Mapping[str, AbstractSet[str]]
    ) -> Mapping[str, str | None]:
        """Return None for each name of a group or folder, and the handle for each other name of a person."""
        return reconciled(found, others.get("experiment", frozenset()))

    def aliases(self, identity: str) -> Iterable[str | Alias]:
        """Return the handle, its other spellings if it is a full name, its beginnings, the aliases of the options.

        Nothing for an ignored handle, and for a name without a letter or digit: a ``-`` betrays nobody.
        """
        if self._words.is_kept(identity) or not any(map(str.isalnum, identity)):
            return ()
        spelled = (Alias(spelling, self.boundary(spelling)) for spelling in handle_spellings(identity))
        others = (*spelled, *cut_short(identity))
        added = (spelling for alias in self._words.added(identity) for spelling in _spellings(alias))
        return tuple(self._words.without_kept((identity, *(() if self._is_weak(identity) else others), *added)))

    def boundary(self, literal: str) -> Boundary:
        """Return the boundary that the options say, or else by the length: short handles are parts of many words.

        A handle after its first letter, ``a/annak``, is a part of a path.
        """
        if is_below_initials(literal):
            return Boundary.WORD
        if self._is_weak(literal):
            return Boundary.NAMED
        return boundary(self.options.match, literal) or Boundary.by_length(literal)

    def places(self) -> Sequence[Place]:
        """Return the places of users, the values of the variables and columns of the options included."""
        return user_places((*self.options.environment_keys, *self.options.columns))

    def _is_weak(self, literal: str) -> bool:
        return is_weak(literal, self.options.strong, self.options.weak)

    def residual(self, cells: pa.Array) -> pa.Array:
        """Return the domain of each cell with its `@`, after one of Windows with its backslash.

        Empty for a certificate and for a cell without a domain.
        """
        texts = cells.cast(pa.string())
        return pc.if_else(pc.match_substring_regex(texts, r"(?i)CN\s*="), "", user_cells.domains(texts))

    def render_cell(self, tokens: pa.Array, residual: pa.Array | None) -> pa.Array:
        """Return token and domain: ``UR_1@example.org``, ``EXAMPLE\\UR_1``."""
        return user_cells.rendered(tokens, residual)

    @cached_property
    def _words(self) -> WordChoices:
        return WordChoices(self.options)

    @cached_property
    def _no_handles(self) -> frozenset[str]:
        return frozenset(word.casefold() for word in self.options.no_handles)

    def _may_be_user(self, spelling: str, identity: str, *, is_tentative: bool, parent: str | None) -> bool:
        """Return whether a mention may be a user; `parent` is the folder above it.

        A mention that stays in text is none. A tentative mention is none if it or its folder is in `no_handles`.
        """
        is_common = identity.casefold() in self._no_handles or (parent is not None and parent in self._no_handles)
        is_kept = self._words.is_kept(spelling) or self._words.is_kept(identity)
        return not is_kept and not (is_tentative and is_common)

    def _has_readers(self, column: str) -> bool:
        """Return whether cells are read as a whole: certificates, principals, members of groups, mail addresses."""
        return column.casefold() in self._readers

    def _is_of_handles(self, column: str, roles: Roles) -> bool:
        """Return whether all text of a column is handles. The engine asks so of text in lists and structs."""
        is_claimed = column == roles.user or column in self.options.columns
        return is_claimed or (holds_identities(column, self.kind, roles) and not self._has_readers(column))

    def _is_environment(self, column: str, roles: Roles) -> bool:
        return column == roles.env or column.casefold() in map(str.casefold, self.options.environment_columns)

    @cached_property
    def _readers(self) -> Mapping[str, tuple[_Reader, ...]]:
        """The functions that read cells of certificates, principals, groups and addresses, by case-folded column."""
        options = self.options
        readers: tuple[tuple[_Reader, Iterable[str]], ...] = (
            (_add_certificates, options.certificate_columns),
            (_add_principal, options.principal_columns),
            (_add_members, options.group_columns),
            (_add_address, options.address_columns),
        )
        names = {name.casefold() for _, columns in readers for name in columns}
        return {name: tuple(read for read, columns in readers if name in map(str.casefold, columns)) for name in names}

    def _in_cell(self, found: MentionList, row: int, cell: str, column: str) -> None:
        for read in self._readers[column.casefold()]:
            read(found, row, cell)
        if self.options.name_parts:
            _add_name_parts(found, row, cell)

    def _in_text(self, found: MentionList, text: pa.Array) -> None:
        """Add the mentions in text of any sort."""
        scan = Scan.from_text(text, MARKS)
        if not scan.data:
            return
        for part in (in_principals(scan), in_user_ids(scan), in_data_sets(scan)):
            found.add_array(part.rows, part.handles)
        for named in (in_commands(scan), in_keys(scan)):
            found.add_array(named.rows, named.handles, is_tentative=True)
        if self.options.home_folders:
            folders = in_folders(scan)
            found.add_people(folders.rows, folders.codes, folders.people)
            for row, parsed in in_windows_homes(scan):
                _add_subject(found, row, parsed)
                # The first name alone, at which a blank cuts the path, is no handle.
                found.refute(row, parsed.names[0].partition(" ")[0])
        for subjects_in in (in_subjects, in_name_variables, in_addresses, in_named_keys):
            for row, parsed in subjects_in(scan):
                _add_subject(found, row, parsed)

    def _in_environment(self, found: MentionList, text: pa.Array) -> None:
        """Add the handles that are values of variables of users."""
        read = values(text, [key.encode() for key in self.options.environment_keys])
        encoded = read.spellings.dictionary_encode()
        handles = pa.array(map(handle_of, encoded.dictionary.to_pylist()), pa.string()).take(encoded.indices)
        filled = handles.is_valid().to_numpy(zero_copy_only=False)
        found.add_array(read.rows.to_numpy()[filled], handles.drop_null(), is_tentative=True)


_Reader = Callable[[MentionList, int, str], None]


def _add_subject(found: MentionList, row: int, subject: Subject) -> None:
    """Add the handle of a person, and the spellings of the full names and other names."""
    if subject.handle:
        found.add(row, subject.handle, subject.handle)
    identity = subject.identity
    for spelling in (*_names_spelled(subject.names), *subject.others):
        found.add(row, spelling, identity)


@lru_cache(maxsize=1 << 14)
def _names_spelled(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(spelling for name in names for spelling in name_spellings(name)))


def _add_certificates(found: MentionList, row: int, cell: str) -> None:
    for parsed in subjects(cell):
        _add_subject(found, row, parsed)


def _add_name_parts(found: MentionList, row: int, cell: str) -> None:
    """Add first names and surnames of three letters or more on their own."""
    for parsed in subjects(cell):
        for name in parsed.names:
            for part in name.split(" "):
                if len(part.rstrip(".")) > 2:
                    found.add(row, part, parsed.identity)


def _add_principal(found: MentionList, row: int, cell: str) -> None:
    account = primary(cell)
    if account:
        found.add(row, account, account)


def _add_account(found: MentionList, row: int, cell: str) -> None:
    """Add the handle of a cell. In a struct the name of the field is before it: ``Owner=annak@example.org``."""
    handle = user_cells.handle(cell.rpartition("=")[2])
    # The rest of a cell may be a domain of Windows.
    if handle and not handle.endswith("\\"):
        found.add(row, handle, handle)


def _add_members(found: MentionList, row: int, cell: str) -> None:
    for member in group_members(cell):
        found.add(row, member, member, is_tentative=True)


def _add_address(found: MentionList, row: int, cell: str) -> None:
    for local in local_parts(cell):
        found.add(row, local, local, is_tentative=True)
    for person in beside_addresses(cell):
        _add_subject(found, row, person)


def _certified_person(text: str) -> str | None:
    """Return the identity of the person of a certificate; None for other text."""
    parsed = subject(text)
    return None if parsed is None else parsed.identity


def _first_rows(text: pa.Array) -> Iterator[tuple[int, str]]:
    """Yield the first row of each distinct text, and the text; its other rows hold the same mentions."""
    encoded = text.dictionary_encode()
    codes, rows = np.unique(encoded.indices.fill_null(-1).to_numpy(), return_index=True)
    cells = encoded.dictionary.to_pylist()
    for code, row in zip(codes.tolist(), rows.tolist(), strict=True):
        if code >= 0:
            yield row, cells[code]


def _spellings(alias: str) -> Iterator[str | Alias]:
    """Yield the spellings of an alias: those of a full name, and the beginnings of a word that is cut short."""
    surname, comma, given = (part.strip() for part in alias.partition(","))
    name = " ".join((given if comma else alias).split()) + (f" {surname}" if comma else "")
    yield from dict.fromkeys((alias, *(name_spellings(name) if " " in name.strip() else ())))
    yield from cut_short(alias)
