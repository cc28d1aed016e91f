"""Changes of mapping files between runs: merging two, encrypting one anew, erasing identities."""

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
from anonkit.mapping.lock import lock
from anonkit.mapping.recipients import note_recipients
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
    """Write the identities of two mappings of one domain into one; return the number of identities.

    An identity that one of them has forgotten stays forgotten. Prefixes are those of `first`. InputError when the
    domains differ, or a number has two identities or an identity two numbers; OutputError when `output` exists and is
    not to be replaced (`force`), is inside an output folder, or is locked by another run.
    """
    keys = keys or Keys()
    check_place(output)
    with lock(output):
        left, right = Mapping.existing(first, keys), Mapping.existing(second, keys)
        domain = _common_domain(left, right)
        kinds = _merged(left, right)
        target = _absent_or_forced(output, force)
        sealed = next((side.read for side in (left, right) if side.read and is_sealed(side.read)), None)
        seal = seal_of(keys, output, sealed)
        known = _size(kinds)
        (log or AccessLog.from_mapping(output)).note(
            "merge", domain=domain, files=[first.name, second.name], count=known
        )
        Mapping(output, {}, target, domain, keys, seal).write(kinds)
    return known


def _absent_or_forced(output: Path, force: bool) -> bytes | None:
    """Return the content of the file to be replaced, None when there is none."""
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
        certain = {number for side in (ours, theirs) for number in {*side.numbers.values()} - side.tentative}
        tentative = (ours.tentative | theirs.tentative) - certain
        kinds[kind] = attrs.evolve(ours, numbers={**theirs.numbers, **ours.numbers}, tentative=tentative)
    if conflicts:
        summary = f"{left.path} and {right.path}: do not agree, so nothing was written"
        raise InputError("\n".join([summary, *sorted(conflicts)]))
    return kinds


def _conflicts(kind: str, ours: KindMapping, theirs: KindMapping) -> Iterator[str]:
    """Yield a line for each token in which the two mappings do not agree."""
    by_number = {number: identity for identity, number in theirs.numbers.items()}
    for identity, number in ours.numbers.items():
        token = ours.tokens(number)[1]
        if by_number.get(number, identity) != identity:
            yield f"{token}: is another {kind}"
        elif (other := theirs.numbers.get(identity, number)) != number:
            yield f"{token}: the same {kind} is {ours.tokens(other)[1]}"


def rekey(path: Path, *, keys: Keys, new: Keys | None, log: AccessLog | None = None) -> int:
    """Write a mapping anew, encrypted with the keys `new`, or plain for None; return the number of identities.

    ConfigError when `new` holds no key, or `keys` do not open the mapping; OutputError when another run has locked it.
    """
    if new is not None and not new.seal:
        raise ConfigError(
            f"{path}: nothing is given to encrypt it with; give --mapping-recipient, --new-passphrase-file or "
            "--ask-new-passphrase, or --plain to write it unencrypted"
        )
    with lock(path):
        mapping = Mapping.existing(path, keys)
        # As if it had been plain: the former keys are not used again.
        seal = Seal() if new is None else seal_of(new, path, None)
        domain = mapping.domain or new_domain()
        known = _size(mapping.kinds)
        (log or AccessLog.from_mapping(path)).note("rekey", domain=domain, plain=new is None, count=known)
        attrs.evolve(mapping, domain=domain, seal=seal, keys=new or Keys()).write(mapping.kinds)
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
    """Erase identities from a mapping, given by token or as originals; their numbers are never given again.

    Return the tokens of the erased identities, as in text. An original is erased in each kind that has it, or only in
    `kind`. ConfigError, and nothing is erased, when the mapping lacks some: it names the tokens, and the originals by
    their position.
    """
    with Mapping.locked(path, keys or Keys()) as opened:
        mapping = opened.found()
        mistakes: list[str] = []
        found = {*_by_token(mapping, tokens, mistakes), *_by_original(mapping, originals, kind, mistakes)}
        if mistakes:
            raise ConfigError(mistakes)
        named = tuple(mapping.kinds[name].tokens(number)[1] for name, number in sorted(found))
        log = log or AccessLog.from_mapping(path)
        note_recipients(mapping, log)
        log.note("forget", domain=mapping.domain, tokens=list(named), count=len(named))
        mapping.write(
            {
                name: _without(known, [number for kind_of, number in found if kind_of == name])
                for name, known in mapping.kinds.items()
            }
        )
    return named


def _by_token(mapping: Mapping, tokens: Sequence[str], mistakes: list[str]) -> Iterator[Found]:
    known = Tokens.from_mapping(mapping)
    for token in tokens:
        if revealed := known.known.get(token):
            yield revealed.kind, mapping.numbers(revealed.kind)[revealed.identity]
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
        found = [(name, mapping.numbers(name)[original]) for name in kinds if original in mapping.numbers(name)]
        yield from found
        if not found:
            mistakes.append(f"original {place}: the mapping {mapping.path} does not have it; write it as reveal does")


def _size(kinds: AnyMapping[str, KindMapping]) -> int:
    """Return the number of identities of all kinds."""
    return sum(len(kind.numbers) for kind in kinds.values())


def _without(kind: KindMapping, numbers: Collection[int]) -> KindMapping:
    """Return the kind with these numbers retired."""
    retired = frozenset(numbers)
    remaining: dict[Identity, int] = {
        identity: number for identity, number in kind.numbers.items() if number not in retired
    }
    return attrs.evolve(kind, numbers=remaining, retired=kind.retired | retired, tentative=kind.tentative - retired)
