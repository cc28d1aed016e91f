"""The keys of an encrypted mapping: recipients, a key file, a passphrase. They are never shown."""

from __future__ import annotations

import getpass
import os
import warnings
from pathlib import Path

import attrs

from anonkit.config.model import MappingOptions
from anonkit.config.variables import NEW_PASSPHRASE_VARIABLE, PASSPHRASE_VARIABLE
from anonkit.errors import ConfigError

__all__ = ["Keys", "Passphrase"]


@attrs.define
class Passphrase:
    """A passphrase from a variable, a file, or the user at the terminal, who is asked once at most."""

    variable: str = PASSPHRASE_VARIABLE
    file: str | None = None
    ask: bool = False
    _known: str | None = attrs.field(default=None, repr=False)

    @property
    def is_given(self) -> bool:
        """Whether the user wants one to be used."""
        return bool(self._known or self.file or self.ask or os.environ.get(self.variable))

    def get(self, path: Path, *, anew: bool) -> str:
        """Return the passphrase for the mapping at `path`; if need be, the user is asked, twice for a new one (`anew`).

        ConfigError when there is none.
        """
        if self._known is None:
            self._known = self._read(path, anew)
        return self._known

    def _read(self, path: Path, anew: bool) -> str:
        if self.file:
            return _of_file(self.file)
        if given := os.environ.get(self.variable):
            return given
        return _asked(path, self.variable, anew)


@attrs.frozen
class Keys:
    """The keys that a user has given to decrypt and encrypt a mapping."""

    recipients: tuple[str, ...] = ()
    """Public keys to encrypt to, ``age1…``, ``ssh-ed25519 …`` or ``ssh-rsa …``; they win over the passphrase."""
    identity_file: str | None = None
    """A file of private keys, as `age-keygen` or `ssh-keygen` writes it."""
    passphrase: Passphrase = attrs.field(factory=Passphrase)

    @classmethod
    def from_options(cls, options: MappingOptions) -> Keys:
        """Return the keys that a configuration names."""
        passphrase = Passphrase(file=options.passphrase_file, ask=options.ask_passphrase)
        return cls(options.recipients, options.identity_file, passphrase)

    def renewed(self, *, passphrase_file: str | None, ask: bool) -> Keys:
        """Return keys to seal with from now on: a new passphrase, or the recipients; never the passphrase in force."""
        passphrase = Passphrase(NEW_PASSPHRASE_VARIABLE, passphrase_file, ask)
        return Keys(() if passphrase.is_given else self.recipients, None, passphrase)

    @property
    def public_keys(self) -> tuple[str, ...]:
        """The recipients in one order, those of SSH without their comments."""
        return tuple(sorted({" ".join(key.split()[: 2 if key.startswith("ssh-") else 1]) for key in self.recipients}))

    @property
    def seal(self) -> bool:
        """Whether the mapping is to be encrypted with them."""
        return bool(self.recipients) or self.passphrase.is_given


def _of_file(file: str) -> str:
    try:
        text = Path(file).read_bytes().decode()
    except OSError as error:
        raise ConfigError(f"passphrase file {file}: cannot be read ({error.strerror}); name another one") from None
    except UnicodeDecodeError:
        raise ConfigError(f"passphrase file {file}: not UTF-8; write the passphrase as text") from None
    passphrase = text.removesuffix("\n").removesuffix("\r")
    if not passphrase:
        raise ConfigError(f"passphrase file {file}: empty; write the passphrase into it")
    return passphrase


def _asked(path: Path, variable: str, anew: bool) -> str:
    no_terminal = (
        f"--mapping {path}: needs a passphrase, and there is no terminal to ask for it; set {variable}, or name a file "
        "that holds it: --mapping-passphrase-file"
    )
    try:
        with warnings.catch_warnings():
            # An error is better than a passphrase on the screen.
            warnings.simplefilter("error", getpass.GetPassWarning)
            passphrase = getpass.getpass(f"{'New passphrase' if anew else 'Passphrase'} of {path.name!r}: ")
            if anew and passphrase and getpass.getpass("The same again: ") != passphrase:
                raise ConfigError(f"--mapping {path}: the passphrases differ; nothing was done, run again")
    except (getpass.GetPassWarning, EOFError, OSError):
        raise ConfigError(no_terminal) from None
    if not passphrase:
        raise ConfigError(f"--mapping {path}: an empty passphrase hides nothing; run again and type one")
    return passphrase
