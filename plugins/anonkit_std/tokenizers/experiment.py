"""The tokenizer `experiment`: values of EXPERIMENT in environments, names in columns of groups, keywords in text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Alias, Boundary, Column, Mentions, Place, Roles, is_distinctive
from anonkit_std.options.tokenizers import ExperimentOptions
from anonkit_std.tokenizers.finding.cut_short import cut_short
from anonkit_std.tokenizers.finding.groups import in_group_column
from anonkit_std.tokenizers.finding.variables import NAMES_APART, values
from anonkit_std.tokenizers.places import experiment_places
from anonkit_std.tokenizers.prefixed import PrefixedTokenizer, boundary
from anonkit_std.tokenizers.weak_names import is_weak
from anonkit_std.tokenizers.word_choices import WordChoices

__all__ = ["ExperimentTokenizer"]

# A name of so many letters, without a digit, begins too many words to be replaced there.
_LONGEST_WORD = 3


@attrs.frozen(slots=False)
class ExperimentTokenizer(PrefixedTokenizer):
    """Tokenizes experiments; an identity is a case-folded name. The kind has no column."""

    options: ExperimentOptions = attrs.field(factory=ExperimentOptions)

    kind = "experiment"

    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        """Return nothing: experiments are in text."""
        return ()

    def learned_columns(self, columns: Sequence[Column], roles: Roles) -> Sequence[str]:
        """Return the columns of groups and of environments."""
        named = (column.name for column in columns)
        return [name for name in named if self._is_of_groups(name) or self._is_environment(name, roles)]

    def mentions_are_words(self, column: str, roles: Roles) -> bool:
        """Return whether mentions hold no blank. In columns of groups they may, since a cell is read as a whole."""
        return not self._is_of_groups(column)

    def whole_texts(self, column: str, roles: Roles) -> Sequence[str]:
        """Return marks of JSON environments, in which blanks are between a name and its value; nothing for others."""
        return NAMES_APART if self._is_environment(column, roles) else ()

    def identify(self, cells: pa.Array) -> pa.Array:
        """Return the names, trimmed and case-folded; null for an ignored word and for a name without letters.

        A value such as ``1`` names no experiment, and replacing it would change half of all texts.
        """
        names = [None if cell is None else cell.strip().casefold() for cell in cells.to_pylist()]
        named = [
            name if name and any(map(str.isalpha, name)) and not self._words.is_kept(name) else None for name in names
        ]
        return pa.array(named, pa.string())

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions | None:
        """Return the names in a column of groups, or the values of the environment keys; None for other columns."""
        if self._is_of_groups(column):
            return in_group_column(text, of_users=column.casefold() == "accountinggroup")
        if self._is_environment(column, roles):
            found = values(text, [key.encode() for key in self.options.environment_keys])
            # `nova:/nova/Role=Analysis` is an organisation and a role: the name is before the colon.
            return Mentions(found.rows, pc.replace_substring_regex(found.spellings, r"[:/].*", ""))
        return None

    def keywords(self) -> Iterable[str]:
        """Return the names that are replaced in any text, whether or not a row mentions them."""
        return (*self.options.keywords, *self.options.more_keywords)

    def aliases(self, identity: str) -> Iterable[str | Alias]:
        """Return the name, the aliases of the options, and the beginnings that are left when a name is cut short.

        Nothing for an ignored name.
        """
        names = self._words.names(identity)
        short = (spelling for name in names if not self._is_weak(name) for spelling in cut_short(name))
        return tuple(self._words.without_kept((*names, *short)))

    def boundary(self, literal: str) -> Boundary:
        """Return the boundary that the options say, or else by the length: names often begin a longer word."""
        if self._is_weak(literal):
            return Boundary.NAMED
        return boundary(self.options.match, literal) or _by_length(literal)

    def places(self) -> Sequence[Place]:
        """Return the places of experiments: values of variables and columns, groups, roles of proxies."""
        return experiment_places((*self.options.environment_keys, *self.options.group_columns))

    def names_in(self, column: str, roles: Roles) -> bool:
        """Return whether all text of a column is names of groups."""
        known = roles.attribute(column)
        return known is not None and known.kind == self.kind and self._is_of_groups(column)

    def _is_weak(self, literal: str) -> bool:
        return is_weak(literal, self.options.strong, self.options.weak)

    def _is_of_groups(self, column: str) -> bool:
        return column.casefold() in map(str.casefold, self.options.group_columns)

    def _is_environment(self, column: str, roles: Roles) -> bool:
        return column == roles.env or column.casefold() in map(str.casefold, self.options.environment_columns)

    @cached_property
    def _words(self) -> WordChoices:
        return WordChoices(self.options)


def _by_length(name: str) -> Boundary:
    """Return the boundary of a name for which the options say nothing."""
    if is_distinctive(name):
        return Boundary.ANYWHERE
    if len(name) <= _LONGEST_WORD and not any(map(str.isdigit, name)):
        return Boundary.PART
    return Boundary.PART_PREFIX
