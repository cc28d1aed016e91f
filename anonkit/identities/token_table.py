"""The token table: the number and the token of each identity. Pass two needs nothing else of pass one.

Identities are numbered by first appearance in the global row order, so numbers depend on the rows alone, not on how
the rows were cut into batches.
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
    """The identities of one kind with their numbers; all tuples are parallel, in the order of the numbers."""

    kind: str
    prefix: str
    text_prefix: str
    identities: tuple[Identity, ...]
    """The identities of this run."""
    numbers: tuple[int, ...]
    counts: tuple[int, ...]
    valid: tuple[bool, ...]
    spellings: tuple[tuple[str, ...], ...]
    """The spellings of each identity in text, sorted."""
    tentative: frozenset[str] = frozenset()
    """Identities with tentative mentions alone, in this run and before: they are replaced as words."""
    grouped: bool = False
    """Whether numbers show which identities belong together (`anonkit.identities.numbering`)."""
    absent: tuple[tuple[str, int], ...] = ()
    """Identities of the mapping that are not in this run, with their numbers; they are garbled all the same."""

    @cached_property
    def known_identities(self) -> pa.Array:
        """`identities` as an array; string, may hold one null."""
        return pa.array(self.identities, pa.string())

    @cached_property
    def text_tokens(self) -> pa.Array:
        """The tokens for rows and text, parallel to `identities`."""
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
        """Return the token of a number for rows and text."""
        return f"{self.text_prefix}{numeral(number, grouped=self.grouped)}"

    def published(self, *, originals: bool) -> Identities:
        """Return the table for reporters, with the identities themselves only if `originals`."""
        return Identities(
            kind=self.kind,
            tokens=tuple(f"{self.prefix}{numeral(number, grouped=self.grouped)}" for number in self.numbers),
            text_tokens=tuple(map(self.text_token, self.numbers)),
            counts=self.counts,
            valid=self.valid,
            originals=self.identities if originals else None,
        )

    def known(self) -> dict[Identity, int]:
        """Return the number of every identity, in this run or absent from it: the content of a mapping."""
        return dict(zip(self.identities, self.numbers, strict=True)) | dict(self.absent)


TokenTable = dict[str, KindTable]
"""By kind, in the order in which the anonymizers apply."""


def number(
    tokenizer: Tokenizer,
    survey: KindSurvey,
    known: Mapping[Identity, int],
    *,
    retired: Collection[int] = (),
    tentative_before: Set[Identity] = frozenset(),
    shuffle: Callable[[list[Identity]], None] | None = None,
) -> KindTable:
    """Return the table of the surveyed identities: each has its number of `known`, or the next one.

    New numbers follow the order of first appearance; identities that first appear in the same row are sorted as text,
    the null identity first. `shuffle`, if given, puts the identities to be numbered into another order.
    No number of `known` or `retired` is given to another identity. `tentative_before` are those identities of `known`
    that have been tentative in every run so far.
    """
    fresh = [identity for identity in survey if identity not in known]
    fresh.sort(key=lambda identity: (survey[identity].first_row, identity is not None, identity or ""))
    if shuffle is not None:
        shuffle(fresh)
    if tokenizer.grouped:
        new_numbers = next_numbers_in_groups(fresh, known, retired, tokenizer.group)
    else:
        new_numbers = next_numbers(fresh, known, retired)
    numbers = {identity: known[identity] for identity in survey if identity in known} | new_numbers
    order = sorted(numbers, key=numbers.__getitem__)
    return KindTable(
        kind=tokenizer.kind,
        prefix=tokenizer.prefix,
        text_prefix=tokenizer.text_prefix,
        identities=tuple(order),
        numbers=tuple(numbers[identity] for identity in order),
        counts=tuple(survey[identity].count for identity in order),
        valid=_validity(tokenizer, order),
        spellings=tuple(tuple(sorted(survey[identity].spellings)) for identity in order),
        tentative=_unconfirmed(survey, known, tentative_before),
        grouped=tokenizer.grouped,
        absent=tuple(
            (identity, number) for identity, number in known.items() if identity is not None and identity not in survey
        ),
    )


def _unconfirmed(survey: KindSurvey, known: Mapping[Identity, int], tentative_before: Set[Identity]) -> frozenset[str]:
    """Return the identities that are tentative in this run and were so in each run before."""
    absent = {identity for identity in known if identity in tentative_before and identity not in survey}
    present = {
        identity
        for identity, facts in survey.items()
        if facts.is_tentative and (identity in tentative_before or identity not in known)
    }
    return frozenset(identity for identity in absent | present if identity is not None)


def _validity(tokenizer: Tokenizer, identities: Sequence[Identity]) -> tuple[bool, ...]:
    present = [identity for identity in identities if identity is not None]
    verdicts = dict(zip(present, tokenizer.valid(pa.array(present, pa.string())).to_pylist(), strict=True))
    return tuple(identity is not None and bool(verdicts[identity]) for identity in identities)


def shuffler() -> Callable[[list[Identity]], None]:
    """Return a shuffle that cannot be repeated: its random numbers come from the operating system."""
    return random.SystemRandom().shuffle


Ranked = tuple[int, Literal]
"""A literal and its rank; of several literals with the same text the one of the lowest rank is replaced."""
_CERTAIN, _TENTATIVE, _CUT_SHORT = range(3)


def literals(tokenizers: Sequence[Tokenizer], table: TokenTable, named: Set[str] = frozenset()) -> Literals:
    """Return the literals to replace in text, each word of which names an identity of the kinds `named`.

    A spelling of two identities becomes the token of the first tokenizer's, then of the one with that alias, then of
    the lower number. But a certain identity wins over a tentative one, and a whole name over one that was cut short
    (`Boundary.END`).
    """
    ranked = {tokenizer.kind: list(_of_kind(tokenizer, table[tokenizer.kind], frozenset())) for tokenizer in tokenizers}
    every = [
        (rank, _as_word(literal) if tokenizer.kind in named else literal)
        for tokenizer in tokenizers
        for rank, literal in _without_deferring(tokenizer, table, ranked)
    ]
    return Literals.from_literals(literal for _, literal in sorted(every, key=itemgetter(0)))


def _as_word(literal: Literal) -> Literal:
    """Return a weak name as a literal that may be any word; other literals unchanged."""
    return attrs.evolve(literal, rule=Boundary.WORD) if literal.rule is Boundary.NAMED else literal


def _without_deferring(
    tokenizer: Tokenizer, table: TokenTable, ranked: Mapping[str, Sequence[Ranked]]
) -> Sequence[Ranked]:
    """Return the literals of a kind without those of identities that defer to an identity of another kind."""
    kind = table[tokenizer.kind]
    parts = {identity: tokenizer.defers_to(identity) for identity in kind.known() if identity is not None}
    if not any(parts.values()):
        return ranked[tokenizer.kind]
    others = {
        literal.text.casefold() for name, literals in ranked.items() if name != kind.kind for _, literal in literals
    }
    deferring = {identity for identity, part in parts.items() if part and part.casefold() in others}
    return list(_of_kind(tokenizer, kind, deferring))


def _of_kind(tokenizer: Tokenizer, kind: KindTable, without: Set[str]) -> Iterator[Ranked]:
    """Yield the literals of a kind with their ranks, leaving out those of the identities `without`."""
    present = zip(kind.identities, kind.numbers, kind.spellings, strict=True)
    every = [*present, *((identity, number, ()) for identity, number in kind.absent)]
    spelled: list[Ranked] = []
    places = tuple(tokenizer.places())
    for identity, number, spellings in sorted(every, key=itemgetter(1)):
        if identity is None or identity in without:
            continue
        literal = partial(_ranked, tokenizer, places, kind.text_token(number), identity in kind.tentative)
        aliases = list(tokenizer.aliases(identity))
        yield from literal(aliases, find_encoded=True)
        # An identity without aliases (an ignored word) is not searched for in any spelling.
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
        plain = isinstance(alias, str) or alias.find_encoded
        text, rule = (alias, tokenizer.boundary(alias)) if isinstance(alias, str) else (alias.text, alias.boundary)
        if rule is not Boundary.END:
            rank = _TENTATIVE if is_tentative else _CERTAIN
            if is_tentative and rule is not Boundary.NAMED:
                rule = Boundary.WORD
            yield rank, Literal(text, rule, token, find_encoded and plain, places)
        elif not is_tentative:
            yield _CUT_SHORT, Literal(text, rule, token)
