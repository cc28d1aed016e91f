"""The mapping file: read before a run, replaced after it in one step, mode 0600, never open to two runs at once.

With it the anonymization can be undone, so only its owner can read it. It may be encrypted (`anonkit.mapping.vault`):
then its content is never on a disk as plain text, not even for a moment.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import attrs

from anonkit.errors import ConfigError, InputError, OutputError
from anonkit.identities.kind_survey import Identity
from anonkit.mapping.document import Document, KindMapping, new_domain, parse, render
from anonkit.mapping.keys import Keys
from anonkit.mapping.lock import lock
from anonkit.mapping.vault import Seal, is_sealed, open_sealed, seal_of

if TYPE_CHECKING:
    from anonkit.identities.token_table import TokenTable

__all__ = ["Mapping", "replaced_privately"]


@attrs.frozen
class Mapping:
    """The content of a mapping file, and its bytes, by which a change by another run is noticed."""

    path: Path
    kinds: AnyMapping[str, KindMapping]
    read: bytes | None
    """None when there was no file."""
    domain: str | None = None
    """None when there was no file, or one of the first version, and no domain has been drawn yet."""
    keys: Keys = attrs.field(factory=Keys)
    seal: Seal | None = None
    """How it will be written; None until that is decided."""
    recipients: tuple[str, ...] = ()
    """The public keys that the file was encrypted to; nothing for another file, and for one that does not list them."""

    @classmethod
    def load(cls, path: Path, keys: Keys | None = None) -> Mapping:
        """Read the file; an absent one is an empty mapping.

        InputError when it is not a mapping or cannot be read or opened; ConfigError when there is no key to open it.
        """
        keys = keys or Keys()
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return cls(path, {}, None, None, keys)
        except OSError as error:
            raise InputError(
                f"--mapping {path}: cannot be read ({error.strerror}); check its permissions, or name another file"
            ) from None
        plain = open_sealed(data, keys, path) if is_sealed(data) else data
        try:
            document = parse(plain)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            # The cause is not shown: a parser's message quotes the text it stumbled over.
            raise InputError(
                f"--mapping {path}: not a mapping written by anonkit, or damaged; name another file or restore this one"
            ) from None
        return cls(path, document.kinds, data, document.domain, keys, recipients=document.recipients)

    @classmethod
    def existing(cls, path: Path, keys: Keys | None = None) -> Mapping:
        """Read the file; InputError when it is not there, and as for `load`."""
        return cls.load(path, keys).found()

    @classmethod
    @contextmanager
    def locked(cls, path: Path, keys: Keys) -> Iterator[Mapping]:
        """Read the file, and keep other runs from writing it until the context ends.

        The mapping has a domain, and it is decided how it will be written. OutputError when another run has locked it;
        ConfigError when it can be read but not be written again; other errors as for `load`.
        """
        with lock(path):
            mapping = cls.load(path, keys)
            seal = seal_of(keys, path, mapping.read)
            yield attrs.evolve(mapping, domain=mapping.domain or new_domain(), seal=seal)

    def found(self) -> Mapping:
        """Return it; InputError when there was no file."""
        if self.read is None:
            raise InputError(
                f"--mapping {self.path}: no such file; name the file that the run was given with --mapping"
            )
        return self

    @property
    def has_other_recipients(self) -> bool:
        """Whether it will be encrypted to other public keys than those that the file was encrypted to."""
        return bool(self.recipients) and self.recipients != self.keys.public_keys

    def numbers(self, kind: str) -> AnyMapping[Identity, int]:
        """Return the numbers that identities of a kind already have."""
        return self.kinds[kind].numbers if kind in self.kinds else {}

    def retired(self, kind: str) -> frozenset[int]:
        """Return the numbers of identities of a kind that were forgotten."""
        return self.kinds[kind].retired if kind in self.kinds else frozenset()

    def tentative(self, kind: str) -> frozenset[Identity]:
        """Return the identities of a kind that had tentative mentions alone."""
        known = self.kinds.get(kind)
        if known is None:
            return frozenset()
        return frozenset(identity for identity, number in known.numbers.items() if number in known.tentative)

    def check_groups(self, kind: str, *, grouped: bool) -> None:
        """ConfigError when numbers of a kind were given in groups and are not to be now, or the other way round."""
        known = self.kinds.get(kind)
        if known is not None and (known.numbers or known.retired) and known.grouped != grouped:
            then, now = ("show", "do not") if known.grouped else ("do not show", "do")
            raise ConfigError(
                [
                    f"--mapping {self.path}: its tokens of kind {kind} {then} which of them belong together, and with "
                    f"these options they {now}; set [anonymizers.{kind}] as it was, or name another mapping"
                ]
            )

    def save(self, table: TokenTable) -> None:
        """Write what was read and the table together, in one step. OutputError when that cannot be done."""
        kinds = dict(self.kinds)
        for kind, numbered in table.items():
            numbers = {**self.numbers(kind), **numbered.known()}
            tentative = frozenset(numbers[identity] for identity in numbered.tentative)
            kinds[kind] = KindMapping(
                numbered.prefix, numbered.text_prefix, numbers, self.retired(kind), numbered.grouped, tentative
            )
        self.write(kinds)

    def write(self, kinds: AnyMapping[str, KindMapping]) -> None:
        """Write these numbers instead of those that were read, in one step. OutputError when that cannot be done."""
        if self._changed():
            raise OutputError(
                f"--mapping {self.path}: another run changed the file during this one, so tokens would not agree; "
                "nothing was written: run again"
            )
        seal = self.seal or seal_of(self.keys, self.path, self.read)
        data = seal(render(Document(self.domain or new_domain(), kinds, self.keys.public_keys)))
        try:
            # A link stays a link: every path to the mapping leads to the new file.
            with replaced_privately(Path(os.path.realpath(self.path))) as file:
                file.write(data)
        except OSError as error:
            raise OutputError(
                f"--mapping {self.path}: cannot be written ({error.strerror}); nothing was published. Check free space "
                "and permissions, or name another file"
            ) from None

    def _changed(self) -> bool:
        try:
            return self.path.read_bytes() != self.read
        except FileNotFoundError:
            return self.read is not None
        except OSError:
            return True


@contextmanager
def replaced_privately(path: Path) -> Iterator[IO[bytes]]:
    """Give a new file, its owner's alone from the start, that takes the place of `path` if nothing fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
