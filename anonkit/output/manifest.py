"""The manifest: what was made, with what, from how much; for whoever is handed the outputs.

It holds no original and nothing of the machine: no paths, no times, no number of workers. The same rows and options
give the same manifest; with a mapping its domain stands there as well, which is random and tells nothing but which
mapping the tokens belong to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import attrs
import pyarrow as pa

from anonkit.config.model import Choice, Config
from anonkit.file_names import EXTENSIONS
from anonkit.options import option_info
from anonkit.output.output_info import OutputInfo
from anonkit.plugin.contracts import Identities, Roles
from anonkit.withheld import TOO_LONG, WITHHELD

__all__ = ["SECRET", "known_texts", "render", "without_random_digits"]

SECRET = "(secret)"

# Where the operator's files are, and how the work was done, is nobody else's business.
_LOCAL = frozenset({"data_dir", "output_dir", "mapping", "findings", "workers", "batch_rows", "executor"})

# Their own entry says them, without the names that they may hold.
_SELECTION = frozenset({"where", "since", "until", "sample", "limit"})


def render(
    *,
    version: str,
    config: Config,
    rows: int,
    identities: Mapping[str, Identities],
    skipped: Sequence[str],
    read: Sequence[Mapping[str, Any]] = (),
    outputs: Sequence[OutputInfo],
    archive: OutputInfo | None,
    columns: Sequence[str],
    garble: Callable[[pa.Array], pa.Array],
    domain: str | None = None,
    audit: Mapping[str, Any] | None = None,
    withheld: Mapping[tuple[str, str], int] = MappingProxyType({}),
    weak: Mapping[str, int] = MappingProxyType({}),
    selection: Callable[[Callable[[str], Any]], Mapping[str, Any]] = lambda garbled: {},
) -> bytes:
    """Return the manifest as JSON. `columns` are the names of those that were read; `domain` is that of the mapping;
    `read` says how many files and rows each reader read; `audit` is what the audit found, None when there was none;
    `withheld` is the number of withheld values by column and token, `weak` how often a weak name was left in text, by
    token. `selection` gives, with a function that garbles a text, the settings that select rows; nothing when all
    are taken.

    Texts of the configuration go through `garble`, but for those known to everybody: see `_Garbled`.
    """
    text = _Garbled(garble, frozenset(columns))
    document: dict[str, Any] = {
        "anonkit": version,
        "plugins": [_plugin(choice) for choice in _choices(config)],
        "config": {
            "run": {key: value for key, value in text.of_options(config.run).items() if key not in _LOCAL | _SELECTION},
            "roles": text.of_roles(config.roles),
            "catalogue": text.of_options(config.catalogue),
            "anonymizers": {choice.name: text.of_options(choice.options) for choice in config.anonymizers},
            "reporters": {
                choice.name: {"garble": choice.garble, **text.of_options(choice.options)} for choice in config.reporters
            },
            "encoders": {choice.name: text.of_options(choice.options) for choice in config.encoders},
        },
        "rows": rows,
        "input": list(read),
        **({"selection": taken} if (taken := selection(lambda one: text.value(one, None))) else {}),
        "identities": {kind: len(known) for kind, known in identities.items()},
        "skipped_files": [text.value(name, None) for name in skipped],
        "outputs": [attrs.asdict(output) for output in outputs],
    }
    if domain is not None:
        document["mapping"] = {"domain": domain}
    document["audit"] = {"done": False} if audit is None else audit
    if withheld:
        document["withheld"] = [
            {"column": column, "token": token, "values": values} for (column, token), values in sorted(withheld.items())
        ]
    if weak:
        document["weak"] = [{"token": token, "left": left} for token, left in weak.items()]
    if archive is not None:
        document["archive"] = {"name": archive.name, "size": archive.size, "sha256": archive.sha256}
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


_KEYS = (
    "anonkit", "plugins", "name", "package", "version", "config", "run", "roles", "catalogue", "anonymizers",
    "reporters", "encoders", "garble", "rows", "input", "reader", "files", "bad_records", "identities",
    "skipped_files", "outputs", "size", "sha256", "reporter", "garbled", "archive", "audit", "done", "patterns",
    "bytes", "exempt", "finds", "mapping", "domain", "withheld", "column", "token", "values", "weak", "left",
    "selection", "where", "since", "until", "time_column", "sample", "limit", "rows_of_input", SECRET, WITHHELD,
    TOO_LONG,
)  # fmt: skip


# No text of an option or of a job looks like this there, where each of its quotes is escaped.
_RANDOM = re.compile(rb'(?<="sha256": ")[^"]*(?=")|(?<="domain": ")[^"]*(?=")')


def without_random_digits(document: bytes) -> bytes:
    """Return a manifest of the same length without its checksums, in which a short name may be by chance."""
    return _RANDOM.sub(lambda found: b"-" * len(found[0]), document)


def known_texts(config: Config, columns: Sequence[str], kinds: Iterable[str]) -> Iterator[str]:
    """Yield, quoted as they stand there, the texts of a manifest that are known to everybody: no find of the audit.

    Those are its keys, the names of plugins, options, columns and kinds, and the defaults.
    """
    choices = _choices(config)
    plugins = [text for choice in choices for text in (choice.name, choice.package, choice.version)]
    options = [config.run, config.roles, config.catalogue, *(choice.options for choice in choices)]
    keys = [*config.roles.columns]
    keys += [field.name for one in options for field in attrs.fields(type(one))]
    defaults = [text for one in options for text in _texts(attrs.astuple(type(one)()))]
    # The end of a file's name.
    yield from (f'.{extension}"' for extension in EXTENSIONS)
    yield from (f".{extension}." for extension in EXTENSIONS)
    for text in dict.fromkeys((*_KEYS, *plugins, *columns, *kinds, *keys, *defaults)):
        if text:
            yield json.dumps(text, ensure_ascii=False)


def _choices(config: Config) -> list[Choice[Any]]:
    return [*(config.readers or ()), *config.anonymizers, *config.reporters, *config.encoders]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts([*value.keys(), *value.values()])
    elif isinstance(value, (list, tuple)):
        for held in value:
            yield from _texts(held)


def _plugin(choice: Choice[Any]) -> dict[str, str]:
    return {"name": choice.name, "package": choice.package, "version": choice.version}


@attrs.frozen
class _Garbled:
    """Turns options into plain values without originals.

    A default and a column's name stay as they are. They are known to the reader, so a token in such a place would tell
    whom it stands for. For the same reason a secret option is masked whether it is set or not. Of words that name
    identities the number stays.
    """

    garble: Callable[[pa.Array], pa.Array]
    columns: frozenset[str]

    def of_options(self, options: Any) -> dict[str, Any]:
        """Return the options by key."""
        default = type(options)()
        values: dict[str, Any] = {}
        for field in attrs.fields(type(options)):
            info = option_info(field)
            secret = info is not None and info.secret
            held = getattr(options, field.name)
            if info is not None and info.counted:
                values[field.name] = len(held)
            else:
                values[field.name] = SECRET if secret else self.value(held, getattr(default, field.name))
        return values

    def of_roles(self, roles: Roles) -> dict[str, Any]:
        """Return the columns by role."""
        defaults = Roles().columns
        return {role: self.value(column, defaults.get(role)) for role, column in roles.columns.items()}

    def value(self, value: Any, default: Any) -> Any:
        """Return a value with its texts garbled, but for what stands in the default too."""
        if isinstance(value, str):
            return value if value == default or value in self.columns else self._garbled(value)
        if isinstance(value, Mapping):
            known = default if isinstance(default, Mapping) else {}
            return {
                self.value(key, key if key in known else None): self.value(held, known.get(key))
                for key, held in value.items()
            }
        if isinstance(value, (list, tuple)):
            defaults = default if isinstance(default, (list, tuple)) else ()
            return [self.value(held, held if held in defaults else None) for held in value]
        return value

    def _garbled(self, text: str) -> str:
        # A file's name, or a flag, may hold bytes that are no text.
        garbled: str = self.garble(pa.array([text.encode("utf-8", "replace").decode()], pa.string()))[0].as_py()
        return garbled
