"""What is done to mapping files between runs: merging two, sealing one anew, erasing identities."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from pathlib import Path

import attrs

from anonkit.errors import ConfigError, InputError, OutputError, nearest
from anonkit.identities.kind_survey import Identity
from anonkit.mapping.access_log import AccessLog
from anonkit.mapping.document import KindMapping, new_domain
from anonkit.mapping.domain import check_place
from anonkit.mapping.file import Mapping
from anonkit.mapping.keys import Keys
from anonkit.mapping.lock import locked
from anonkit.mapping.tokens import Tokens
from anonkit.mapping.vault import Seal, is_sealed, seal_of

__all__ = ["forget", "merge", "rekey"]

Found = tuple[str, int]
"""A kind and the number of one of its identities."""


def merge(
    first: Path,
    second: Path,
    output: Path,
    *,
    keys: Keys | None = None,
    log: AccessLog | None = None,
    force: bool = False,
) -> int:
    """Write what two mappings of one domain know; return how many identities that is.

    What one of them has forgotten stays forgotten. Prefixes are those of `first`. InputError when they are of two
    domains, or gave one number to two identities or one identity two numbers; OutputError when `output` is there and
    not to be replaced (`force`), is inside an output folder, or another run holds it.
    """
    keys = keys or Keys()
    check_place(output)
    with locked(output):
        left, right = Mapping.existing(first, keys), Mapping.existing(second, keys)
        domain = _common_domain(left, right)
        kinds = _merged(left, right)
        target = _absent_or_forced(output, force)
        sealed = next((one.read for one in (left, right) if one.read and is_sealed(one.read)), None)
        seal = seal_of(keys, output, sealed)
        known = _size(kinds)
        (log or AccessLog.from_mapping(output)).note(
            "merge", domain=domain, files=[first.name, second.name], count=known
        )
        Mapping(output, {}, target, domain, keys, seal).write(kinds)
    return known


def _absent_or_forced(output: Path, force: bool) -> bytes | None:
    """Return the bytes that are to be replaced, None when there are none."""
    try:
        present = output.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutputError(f"--output {output}: cannot be written ({error.strerror}); name another file") from None
    if not force:
        raise OutputError(f"--output {output}: is there already; --force replaces it")
    return present


def _common_domain(left: Mapping, right: Mapping) -> str:
    if left.domain and right.domain and left.domain != right.domain:
        raise InputError(
            f"{left.path} and {right.path}: of domains {left.domain} and {right.domain}, so their tokens do not belong "
            "together; merge copies of one mapping"
        )
    return left.domain or right.domain or new_domain()


def _merged(left: Mapping, right: Mapping) -> dict[str, KindMapping]:
    kinds: dict[str, KindMapping] = {**right.kinds, **left.kinds}
    conflicts: list[str] = []
    for kind in left.kinds.keys() & right.kinds.keys():
        retired = left.kinds[kind].retired | right.kinds[kind].retired
        ours, theirs = _without(left.kinds[kind], retired), _without(right.kinds[kind], retired)
        conflicts += [f"{line} in {right.path}" for line in _conflicts(kind, ours, theirs)]
        sure = {number for held in (ours, theirs) for number in {*held.numbers.values()} - held.tentative}
        tentative = (ours.tentative | theirs.tentative) - sure
        kinds[kind] = attrs.evolve(ours, numbers={**theirs.numbers, **ours.numbers}, tentative=tentative)
    if conflicts:
        what = f"{left.path} and {right.path}: do not agree, so nothing was written"
        raise InputError("\n".join([what, *sorted(conflicts)]))
    return kinds


def _conflicts(kind: str, ours: KindMapping, theirs: KindMapping) -> Iterator[str]:
    """Yield what each token stands for with them that it does not with us."""
    by_number = {number: one for one, number in theirs.numbers.items()}
    for one, number in ours.numbers.items():
        token = ours.tokens(number)[1]
        if by_number.get(number, one) != one:
            yield f"{token}: stands for another {kind}"
        elif (other := theirs.numbers.get(one, number)) != number:
            yield f"{token}: the same {kind} is {ours.tokens(other)[1]}"


def rekey(path: Path, *, keys: Keys, new: Keys | None, log: AccessLog | None = None) -> int:
    """Write a mapping anew, sealed as `new` says, as plain text for None; return how many identities it has.

    ConfigError when `new` names nothing to seal with, or `keys` do not open it; OutputError when another run holds it.
    """
    if new is not None and not new.seal:
        raise ConfigError(
            f"{path}: nothing is given to encrypt it with; give --mapping-recipient, --new-passphrase-file or "
            "--ask-new-passphrase, or --plain to write it as it is"
        )
    with locked(path):
        mapping = Mapping.existing(path, keys)
        # Read as if it had been plain: nothing of how it was sealed is to be kept.
        seal = Seal() if new is None else seal_of(new, path, None)
        domain = mapping.domain or new_domain()
        known = _size(mapping.kinds)
        (log or AccessLog.from_mapping(path)).note("rekey", domain=domain, plain=new is None, count=known)
        attrs.evolve(mapping, domain=domain, seal=seal).write(mapping.kinds)
    return known


def forget(
    path: Path,
    tokens: Sequence[str] = (),
    *,
    originals: Sequence[str] = (),
    kind: str | None = None,
    keys: Keys | None = None,
    log: AccessLog | None = None,
) -> tuple[str, ...]:
    """Erase identities from a mapping, named by token or as they are; nobody gets their numbers again.

    Return the tokens, as in text, of those erased.

    An original counts in each kind that has it, or only in `kind`. ConfigError that tells every token and, by its
    place among them, every original that the mapping does not have: then nothing is erased.
    """
    with Mapping.held(path, keys or Keys()) as opened:
        mapping = opened.found()
        mistakes: list[str] = []
        found = {*_by_token(mapping, tokens, mistakes), *_by_original(mapping, originals, kind, mistakes)}
        if mistakes:
            raise ConfigError(mistakes)
        named = tuple(mapping.kinds[one].tokens(number)[1] for one, number in sorted(found))
        (log or AccessLog.from_mapping(path)).note(
            "forget", domain=mapping.domain, tokens=list(named), count=len(named)
        )
        mapping.write({one: _without(held, {n for of, n in found if of == one}) for one, held in mapping.kinds.items()})
    return named


def _by_token(mapping: Mapping, tokens: Sequence[str], mistakes: list[str]) -> Iterator[Found]:
    known = Tokens.from_mapping(mapping)
    for token in tokens:
        if one := known.known.get(token):
            yield one.kind, mapping.numbers(one.kind)[one.identity]
        else:
            mistakes.append(known.mistake(token, mapping.path))


def _by_original(mapping: Mapping, originals: Sequence[str], kind: str | None, mistakes: list[str]) -> Iterator[Found]:
    kinds = [kind] if kind else list(mapping.kinds)
    if kind and kind not in mapping.kinds:
        mistakes.append(
            f"--kind {kind}: the mapping {mapping.path} has none of that kind{nearest(kind, mapping.kinds)}"
        )
        return
    for place, original in enumerate(originals, 1):
        found = [(one, mapping.numbers(one)[original]) for one in kinds if original in mapping.numbers(one)]
        yield from found
        if not found:
            mistakes.append(f"original {place}: the mapping {mapping.path} does not have it; write it as reveal does")


def _size(kinds: AnyMapping[str, KindMapping]) -> int:
    """Return how many identities there are."""
    return sum(len(held.numbers) for held in kinds.values())


def _without(held: KindMapping, numbers: Collection[int]) -> KindMapping:
    """Return the kind with these numbers retired."""
    kept: dict[Identity, int] = {one: number for one, number in held.numbers.items() if number not in numbers}
    gone = frozenset(numbers)
    return attrs.evolve(held, numbers=kept, retired=held.retired | gone, tentative=held.tentative - gone)
