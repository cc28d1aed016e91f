"""The token table: who has which number, and how that shows. All that pass two needs to know of pass one.

Numbering is by first appearance in the global row order, so it depends on the rows alone, not on how they were cut.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property, partial
from operator import itemgetter

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.errors import InputError
from anonkit.identities.kind_survey import Identity, KindSurvey
from anonkit.identities.numbering import next_numbers, next_numbers_in_groups, numeral
from anonkit.plugin.contracts import Alias, Boundary, Identities, Place, Tokenizer
from anonkit.text.spellings import Literal, Literals

__all__ = ["KindTable", "TokenTable", "literals", "number", "shuffler"]


@attrs.frozen(kw_only=True)
class KindTable:
    """The identities of one kind with their numbers; the tuples run in parallel, in the order of the numbers."""

    kind: str
    prefix: str
    text_prefix: str
    identities: tuple[Identity, ...]
    """Those that this run met."""
    numbers: tuple[int, ...]
    counts: tuple[int, ...]
    valid: tuple[bool, ...]
    spellings: tuple[tuple[str, ...], ...]
    """Met in text, sorted."""
    tentative: frozenset[str] = frozenset()
    """Identities that were met as guesses alone, in this run or before: they are replaced as words."""
    grouped: bool = False
    """Whether numbers tell who belongs together (`anonkit.identities.numbering`)."""
    absent: tuple[tuple[str, int], ...] = ()
    """Identities and numbers that the mapping knows and this run did not meet; they are garbled all the same."""

    @cached_property
    def known_identities(self) -> pa.Array:
        """The identities as an array; string, may hold one null."""
        return pa.array(self.identities, pa.string())

    @cached_property
    def text_tokens(self) -> pa.Array:
        """The tokens as in rows and text, in the same order."""
        return pa.array([self.text_token(number) for number in self.numbers], pa.string())

    def positions(self, identities: pa.Array) -> pa.Array:
        """Return the position of each identity (string) in `identities` of the table: int32.

        InputError for an identity that pass one did not find.
        """
        positions = pc.index_in(identities, value_set=self.known_identities)
        if positions.null_count:
            raise InputError(
                f"an input file changed while it was being read: it holds a {self.kind} that was not there before; "
                "run again when the files are complete"
            )
        return positions

    def text_token(self, number: int) -> str:
        """Return the token as in rows and text."""
        return f"{self.text_prefix}{numeral(number, grouped=self.grouped)}"

    def published(self, *, originals: bool) -> Identities:
        """Return what a reporter may know."""
        return Identities(
            kind=self.kind,
            tokens=tuple(f"{self.prefix}{numeral(number, grouped=self.grouped)}" for number in self.numbers),
            text_tokens=tuple(map(self.text_token, self.numbers)),
            counts=self.counts,
            valid=self.valid,
            originals=self.identities if originals else None,
        )

    def known(self) -> dict[Identity, int]:
        """Return the number of every identity, met or not: what a mapping keeps."""
        return dict(zip(self.identities, self.numbers, strict=True)) | dict(self.absent)


TokenTable = dict[str, KindTable]
"""By kind, in the order in which the anonymizers apply."""


def number(
    tokenizer: Tokenizer,
    met: KindSurvey,
    known: Mapping[Identity, int],
    *,
    retired: Collection[int] = (),
    tentative_before: Set[Identity] = frozenset(),
    shuffle: Callable[[list[Identity]], None] | None = None,
) -> KindTable:
    """Give every identity its number: the one that `known` has, or the next ones in order of first appearance.

    No number of `known` or `retired` is given again, so that none ever means two identities. `tentative_before` are
    those of `known` that were only tentative when they were met.
    Identities that first appear in one row are taken as text sorts, the null identity first. `shuffle`, when given,
    puts those to be numbered into another order.
    """
    fresh = [one for one in met if one not in known]
    fresh.sort(key=lambda one: (met[one].first_row, one is not None, one or ""))
    if shuffle is not None:
        shuffle(fresh)
    if tokenizer.grouped:
        given = next_numbers_in_groups(fresh, known, retired, tokenizer.group)
    else:
        given = next_numbers(fresh, known, retired)
    numbers = {one: known[one] for one in met if one in known} | given
    unconfirmed = {one for one in known if one in tentative_before and one not in met}
    unconfirmed |= {one for one in met if met[one].is_tentative and (one in tentative_before or one not in known)}
    order = sorted(numbers, key=numbers.__getitem__)
    return KindTable(
        kind=tokenizer.kind,
        prefix=tokenizer.prefix,
        text_prefix=tokenizer.text_prefix,
        identities=tuple(order),
        numbers=tuple(numbers[one] for one in order),
        counts=tuple(met[one].count for one in order),
        valid=_validity(tokenizer, order),
        spellings=tuple(tuple(sorted(met[one].spellings)) for one in order),
        tentative=frozenset(one for one in unconfirmed if one is not None),
        grouped=tokenizer.grouped,
        absent=tuple((one, place) for one, place in known.items() if one is not None and one not in met),
    )


def _validity(tokenizer: Tokenizer, identities: Sequence[Identity]) -> tuple[bool, ...]:
    present = [one for one in identities if one is not None]
    verdicts = dict(zip(present, tokenizer.valid(pa.array(present, pa.string())).to_pylist(), strict=True))
    return tuple(one is not None and bool(verdicts[one]) for one in identities)


def shuffler() -> Callable[[list[Identity]], None]:
    """Return a shuffle that nobody can repeat: it draws from the operating system."""
    return random.SystemRandom().shuffle


Ranked = tuple[int, Literal]
"""A literal, and how early it takes what others come to as well."""
_SURE, _TENTATIVE, _CUT_SHORT = range(3)


def literals(tokenizers: Sequence[Tokenizer], table: TokenTable, named: Set[str] = frozenset()) -> Literals:
    """Return all that is looked for in text, of which each word names somebody of the kinds `named`.

    A spelling that two identities share goes to the anonymizer that comes first, then to the one that has it for an
    alias, then to the lower number; but what is a guess gives way to what is sure, and a name that was cut short
    (`Boundary.END`) to a whole one.
    """
    spelled = {
        tokenizer.kind: list(_of_kind(tokenizer, table[tokenizer.kind], frozenset())) for tokenizer in tokenizers
    }
    every = [
        (rank, _as_word(literal) if tokenizer.kind in named else literal)
        for tokenizer in tokenizers
        for rank, literal in _without_those_of_others(tokenizer, table, spelled)
    ]
    return Literals.from_literals(literal for _, literal in sorted(every, key=itemgetter(0)))


def _as_word(literal: Literal) -> Literal:
    """Return a literal without its places, if it is a weak name: it may be any word."""
    return attrs.evolve(literal, rule=Boundary.WORD) if literal.rule is Boundary.NAMED else literal


def _without_those_of_others(
    tokenizer: Tokenizer, table: TokenTable, spelled: Mapping[str, Sequence[Ranked]]
) -> Sequence[Ranked]:
    """Return the literals of a kind but for those of identities that give way to identities of other kinds."""
    kind = table[tokenizer.kind]
    parts = {one: tokenizer.defers_to(one) for one in kind.known() if one is not None}
    if not any(parts.values()):
        return spelled[tokenizer.kind]
    others = {literal.text.casefold() for name, held in spelled.items() if name != kind.kind for _, literal in held}
    left = {one for one, part in parts.items() if part and part.casefold() in others}
    return list(_of_kind(tokenizer, kind, left))


def _of_kind(tokenizer: Tokenizer, kind: KindTable, without: Set[str]) -> Iterator[Ranked]:
    """Yield the literals of a kind, each with its rank, but for those of some identities."""
    met = zip(kind.identities, kind.numbers, kind.spellings, strict=True)
    everyone = [*met, *((identity, place, ()) for identity, place in kind.absent)]
    spelled: list[Ranked] = []
    places = tuple(tokenizer.places())
    for identity, place, spellings in sorted(everyone, key=lambda one: one[1]):
        if identity is None or identity in without:
            continue
        literal = partial(_ranked, tokenizer, places, kind.text_token(place), identity in kind.tentative)
        aliases = list(tokenizer.aliases(identity))
        yield from literal(aliases, find_encoded=True)
        # What a tokenizer gives no alias for (an ignored word) is not looked for, however it was spelled.
        spelled += literal(spellings if aliases else (), find_encoded=False)
    yield from spelled


def _ranked(
    tokenizer: Tokenizer,
    places: tuple[Place, ...],
    token: str,
    is_tentative: bool,
    aliases: Iterable[str | Alias],
    *,
    find_encoded: bool,
) -> Iterator[Ranked]:
    for alias in aliases:
        plain = isinstance(alias, str)
        text, rule = (alias, tokenizer.boundary(alias)) if isinstance(alias, str) else (alias.text, alias.boundary)
        if rule is not Boundary.END:
            rank = _TENTATIVE if is_tentative else _SURE
            if is_tentative and rule is not Boundary.NAMED:
                rule = Boundary.WORD
            yield rank, Literal(text, rule, token, find_encoded and plain, places)
        elif not is_tentative:
            yield _CUT_SHORT, Literal(text, rule, token)
