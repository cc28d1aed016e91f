"""From identities to tokens, so that the data of one person can be found in a release."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from anonkit.config import Config, settled
from anonkit.errors import ConfigError
from anonkit.mapping.access_log import AccessLog
from anonkit.mapping.file import Mapping
from anonkit.mapping.keys import Keys
from anonkit.mapping.tokens import Revealed

__all__ = ["lookup"]


def lookup(
    names: Sequence[str], config: Config | AnyMapping[str, Any], *, kinds: Sequence[str] = ()
) -> list[list[Revealed]]:
    """Return for each name the identities of the mapping that it may mean, with their tokens in rows and text.

    `config` names the mapping: ``{"run": {"mapping": "mapping.json"}}``, and how it is opened. Letter case does not
    matter; of an address the part before the ``@`` may be a handle. `kinds` are those to look in, by default all. The
    access log notes the tokens that are found, and no name. OutputError when that fails; InputError when the mapping
    is absent or damaged; ConfigError when none is named, or it has no such kind.
    """
    options = settled(config, complete=False)
    if not options.run.mapping:
        raise ConfigError("no mapping is named; give --mapping FILE, or mapping in [run]")
    path = Path(options.run.mapping)
    mapping = Mapping.existing(path, Keys.from_options(options.mapping))
    if unknown := [kind for kind in kinds if kind not in mapping.kinds]:
        raise ConfigError(
            [f"{kind}: the mapping has no such kind; it has {', '.join(mapping.kinds)}" for kind in unknown]
        )
    by_name = _by_name(mapping, kinds or tuple(mapping.kinds))
    found = [_matches(name, by_name) for name in names]
    tokens = list(dict.fromkeys(match.token for several in found for match in several))
    log = AccessLog.from_mapping(path, options.mapping.access_log)
    log.note("lookup", domain=mapping.domain, tokens=tokens, count=len(names))
    return found


def _by_name(mapping: Mapping, kinds: Sequence[str]) -> AnyMapping[str, list[Revealed]]:
    table: dict[str, list[Revealed]] = {}
    for kind in kinds:
        known = mapping.kinds[kind]
        for identity, number in known.numbers.items():
            if identity is not None:
                table.setdefault(identity.casefold(), []).append(Revealed(known.tokens(number)[1], kind, identity))
    return table


def _matches(name: str, by_name: AnyMapping[str, list[Revealed]]) -> list[Revealed]:
    """Return the identities that are the name, or of an address the users that are the part before the ``@``."""
    whole = name.strip().casefold()
    local, sign, _ = whole.partition("@")
    users = [match for match in by_name.get(local, ()) if sign and match.kind == "user"]
    return [*by_name.get(whole, ()), *users]
