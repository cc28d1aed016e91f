"""The identities that the audit searches for: those of the run, of the mapping, and of tokenizers switched off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

import attrs

from anonkit.auditing.exclusions import Tokens
from anonkit.auditing.patterns import Known
from anonkit.identities.kind_survey import KindSurvey
from anonkit.identities.token_table import KindTable, TokenTable
from anonkit.mapping import Mapping as MappingFile
from anonkit.plugin.contracts import Alias, Boundary, Place, Tokenizer
from anonkit.plugin.guard import plugin_errors

__all__ = ["RunIdentities", "known_in_mapping", "known_in_run", "known_when_disabled", "tokens_of"]


@attrs.frozen
class RunIdentities:
    """All identities that a run knows. Each is made when it is asked for; only the tables are stored, and pickled.

    All at once, twenty thousand identities with their spellings take sixty megabytes.
    """

    tokenizers: Sequence[Tokenizer]
    table: TokenTable
    disabled: Sequence[Tokenizer]
    """The tokenizers that are switched off."""
    surveys: Mapping[str, KindSurvey]
    """The surveys of these, by kind."""
    others: Sequence[Known] = ()

    def __iter__(self) -> Iterator[Known]:
        yield from known_in_run(self.tokenizers, self.table)
        yield from known_when_disabled(self.disabled, self.surveys)
        yield from self.others


def known_in_run(tokenizers: Sequence[Tokenizer], table: TokenTable) -> Iterator[Known]:
    """Yield the identities in the token table, including those of the mapping that are absent from this run."""
    for tokenizer in tokenizers:
        with plugin_errors(f"anonymizer {tokenizer.kind}"):
            yield from _known_in_table(tokenizer, table[tokenizer.kind])


def _known_in_table(tokenizer: Tokenizer, kind: KindTable) -> Iterator[Known]:
    known = partial(_known, tokenizer, tuple(tokenizer.places()))
    for identity, number, spellings in zip(kind.identities, kind.numbers, kind.spellings, strict=True):
        yield from known(identity, spellings, kind.text_token(number), is_tentative=identity in kind.tentative)
    for identity, number in kind.absent:
        yield from known(identity, (), kind.text_token(number), is_tentative=identity in kind.tentative)


def known_when_disabled(tokenizers: Sequence[Tokenizer], surveys: Mapping[str, KindSurvey]) -> Iterator[Known]:
    """Yield the identities that the tokenizers, which are switched off, would have replaced; `surveys` are by kind."""
    for tokenizer in tokenizers:
        with plugin_errors(f"anonymizer {tokenizer.kind}"):
            known = partial(_known, tokenizer, tuple(tokenizer.places()))
            token = f"({tokenizer.kind}, switched off)"
            for identity, facts in surveys[tokenizer.kind].items():
                yield from known(identity, sorted(facts.spellings), token, is_tentative=facts.is_tentative)


def known_in_mapping(
    mapping: MappingFile, tokenizers: Iterable[Tokenizer], *, without: Iterable[str] = ()
) -> Iterator[Known]:
    """Yield the identities of the mapping, leaving out the kinds of `without`.

    A kind without a tokenizer in `tokenizers` gets the boundaries that names of users have by default.
    """
    by_kind = {tokenizer.kind: tokenizer for tokenizer in tokenizers}
    for kind, known in mapping.kinds.items():
        if kind in without:
            continue
        tokenizer = by_kind.get(kind)
        with plugin_errors(f"anonymizer {kind}"):
            places = () if tokenizer is None else tuple(tokenizer.places())
            for identity, number in known.numbers.items():
                _, token = known.tokens(number)
                if tokenizer is not None:
                    yield from _known(tokenizer, places, identity, (), token, is_tentative=number in known.tentative)
                elif identity:
                    yield Known(kind, token, identity, ((identity, Boundary.by_length(identity)),), 1)


def tokens_of(table: TokenTable, mapping: MappingFile | None) -> Tokens:
    """Return the tokens of the run and of its mapping, which are recognised by their prefixes."""
    kinds = [*table.values(), *(mapping.kinds.values() if mapping is not None else ())]
    prefixes = [prefix for kind in kinds for prefix in (kind.prefix, kind.text_prefix)]
    return Tokens(tuple(dict.fromkeys(prefix for prefix in prefixes if prefix)))


def _known(
    tokenizer: Tokenizer,
    places: tuple[Place, ...],
    identity: str | None,
    spellings: Iterable[str],
    token: str,
    *,
    is_tentative: bool = False,
) -> Iterator[Known]:
    """Yield an identity if it has aliases; an ignored word has none."""
    if identity is None:
        return
    given = list(tokenizer.aliases(identity))
    if not given:
        return
    aliases = [_with_rule(tokenizer, alias) for alias in given]
    in_text = [_with_rule(tokenizer, spelling) for spelling in spellings]
    if is_tentative:
        # It is replaced as a whole word only, so no other form is searched for.
        words = tuple(
            (text, rule if rule is Boundary.NAMED else Boundary.WORD)
            for text, rule in (*aliases, *in_text)
            if rule is not Boundary.END
        )
        yield Known(tokenizer.kind, token, identity, words, 0, places)
    else:
        plain = {alias for alias in given if isinstance(alias, str)}
        others = {alias.text for alias in given if isinstance(alias, Alias) and not alias.find_encoded}
        yield Known(tokenizer.kind, token, identity, (*aliases, *in_text), len(aliases), places, others - plain)


def _with_rule(tokenizer: Tokenizer, spelling: str | Alias) -> tuple[str, Boundary]:
    if isinstance(spelling, Alias):
        return spelling.text, spelling.boundary
    return spelling, tokenizer.boundary(spelling)
