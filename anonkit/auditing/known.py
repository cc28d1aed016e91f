"""Who is known: the token table of a run, and those whom only a mapping, or a tokenizer that is switched off, knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from anonkit.auditing.exclusions import Tokens
from anonkit.auditing.patterns import Known
from anonkit.identities.kind_survey import KindSurvey
from anonkit.identities.token_table import KindTable, TokenTable
from anonkit.mapping import Mapping as MappingFile
from anonkit.plugin.contracts import Alias, Boundary, Place, Tokenizer
from anonkit.plugin.guard import plugin_errors

__all__ = ["known_in_mapping", "known_in_run", "switched_off", "tokens_of"]


def known_in_run(tokenizers: Sequence[Tokenizer], table: TokenTable) -> Iterator[Known]:
    """Yield everybody in the token table, those whom this run did not meet included."""
    for tokenizer in tokenizers:
        with plugin_errors(f"anonymizer {tokenizer.kind}"):
            yield from _known_in_table(tokenizer, table[tokenizer.kind])


def _known_in_table(tokenizer: Tokenizer, held: KindTable) -> Iterator[Known]:
    known = partial(_known, tokenizer, tuple(tokenizer.places()))
    for identity, number, spellings in zip(held.identities, held.numbers, held.spellings, strict=True):
        yield from known(identity, spellings, held.text_token(number), is_tentative=identity in held.tentative)
    for identity, number in held.absent:
        yield from known(identity, (), held.text_token(number), is_tentative=identity in held.tentative)


def switched_off(tokenizers: Sequence[Tokenizer], met: Mapping[str, KindSurvey]) -> Iterator[Known]:
    """Yield everybody whom tokenizers would have replaced that are switched off."""
    for tokenizer in tokenizers:
        with plugin_errors(f"anonymizer {tokenizer.kind}"):
            known = partial(_known, tokenizer, tuple(tokenizer.places()))
            for identity, seen in met[tokenizer.kind].items():
                token = _off(tokenizer.kind)
                yield from known(identity, sorted(seen.spellings), token, is_tentative=seen.is_tentative)


def known_in_mapping(
    mapping: MappingFile, tokenizers: Iterable[Tokenizer], *, without: Iterable[str] = ()
) -> Iterator[Known]:
    """Yield everybody whom the mapping knows, but for the kinds of `without`.

    Of kinds whose tokenizer is not among `tokenizers`, names are looked for as those of users are by default.
    """
    by_kind = {tokenizer.kind: tokenizer for tokenizer in tokenizers}
    for kind, held in mapping.kinds.items():
        if kind in without:
            continue
        tokenizer = by_kind.get(kind)
        with plugin_errors(f"anonymizer {kind}"):
            places = () if tokenizer is None else tuple(tokenizer.places())
            for identity, number in held.numbers.items():
                _, token = held.tokens(number)
                if tokenizer is not None:
                    yield from _known(tokenizer, places, identity, (), token, is_tentative=number in held.tentative)
                elif identity:
                    yield Known(kind, token, identity, ((identity, Boundary.by_length(identity)),), 1)


def tokens_of(table: TokenTable, mapping: MappingFile | None) -> Tokens:
    """Return what tokens look like, those of the run and those of earlier ones."""
    prefixes = [prefix for held in table.values() for prefix in (held.prefix, held.text_prefix)]
    if mapping is not None:
        prefixes += [prefix for held in mapping.kinds.values() for prefix in (held.prefix, held.text_prefix)]
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
    """Yield an identity that has aliases; an ignored word has none, however it was spelled."""
    if identity is None:
        return
    aliases = [_with_rule(tokenizer, alias) for alias in tokenizer.aliases(identity)]
    if not aliases:
        return
    met = [_with_rule(tokenizer, spelling) for spelling in spellings]
    if is_tentative:
        # Only a word of its own is replaced, so nothing else is looked for.
        words = tuple(
            (text, rule if rule is Boundary.NAMED else Boundary.WORD)
            for text, rule in (*aliases, *met)
            if rule is not Boundary.END
        )
        yield Known(tokenizer.kind, token, identity, words, 0, places)
    else:
        yield Known(tokenizer.kind, token, identity, (*aliases, *met), len(aliases), places)


def _with_rule(tokenizer: Tokenizer, spelling: str | Alias) -> tuple[str, Boundary]:
    if isinstance(spelling, Alias):
        return spelling.text, spelling.boundary
    return spelling, tokenizer.boundary(spelling)


def _off(kind: str) -> str:
    return f"({kind}, switched off)"
