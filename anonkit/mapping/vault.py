"""Encryption of a mapping at rest, in the age format (age-encryption.org/v1), by pyrage.

The `age` command opens such a mapping too, and one that it encrypted can be read. The header shows whether a passphrase
or keys open it, but not whose keys.
"""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs

from anonkit.errors import ConfigError, InputError
from anonkit.mapping.keys import Keys

__all__ = ["Seal", "is_sealed", "open_sealed", "seal_of"]

_HEADER = b"age-encryption.org/v1\n"
_ARMOR = b"-----BEGIN AGE ENCRYPTED FILE-----"
_BY_PASSPHRASE = b"-> scrypt "


def is_sealed(data: bytes) -> bool:
    """Return whether the bytes are those of an age file."""
    return data.startswith((_HEADER, _ARMOR))


def open_sealed(data: bytes, keys: Keys, path: Path) -> bytes:
    """Return the decrypted content of an age file, which was read from `path`.

    ConfigError when no key was given that could open it, InputError when those given do not.
    """
    pyrage = _pyrage(path)
    if _is_by_passphrase(data):
        passphrase = keys.passphrase.get(path, anew=False)
        try:
            return bytes(pyrage.passphrase.decrypt(data, passphrase))
        except pyrage.DecryptError:
            raise InputError(
                f"--mapping {path}: the passphrase does not open it, or it is damaged; give the one it was encrypted "
                "with, or restore the file"
            ) from None
    if not keys.identity_file:
        raise ConfigError(
            f"--mapping {path}: is encrypted to a key; name the file with the private key: --mapping-identity FILE, or "
            "identity_file below [mapping] in anonkit.toml"
        )
    identities = _identities(Path(keys.identity_file), pyrage)
    try:
        return bytes(pyrage.decrypt(data, identities))
    except pyrage.DecryptError:
        raise InputError(
            f"--mapping {path}: no key in {keys.identity_file} opens it, or it is damaged; name another key file with "
            "--mapping-identity, or restore the file"
        ) from None


@attrs.frozen
class Seal:
    """The way a mapping is written: plain, or encrypted to recipients or with a passphrase, all of which are known."""

    _encrypt: Any = attrs.field(default=None, repr=False)

    def __call__(self, data: bytes) -> bytes:
        """Return the bytes to write."""
        return data if self._encrypt is None else bytes(self._encrypt(data))


def seal_of(keys: Keys, path: Path, read: bytes | None) -> Seal:
    """Return the way to write the mapping at `path`; asks for a new passphrase if need be.

    `read` is the content of the file, encrypted again if it was. ConfigError, before any work is
    done, when a key is missing or malformed.
    """
    by_passphrase = read is not None and is_sealed(read) and _is_by_passphrase(read)
    if keys.recipients:
        pyrage = _pyrage(path)
        recipients = [_recipient(text, pyrage) for text in keys.recipients]
        return Seal(lambda data: pyrage.encrypt(data, recipients))
    if by_passphrase or keys.passphrase.is_given:
        pyrage = _pyrage(path)
        passphrase = keys.passphrase.get(path, anew=not by_passphrase)
        return Seal(lambda data: pyrage.passphrase.encrypt(data, passphrase))
    if read is not None and is_sealed(read):
        raise ConfigError(
            f"--mapping {path}: is encrypted, and must not be written as plain text; give a public key: "
            "--mapping-recipient age1…, or recipients below [mapping] in anonkit.toml"
        )
    return Seal()


def _pyrage(path: Path) -> ModuleType:
    try:
        import pyrage
    except ImportError:
        raise ConfigError(
            f"--mapping {path}: encryption needs a package that is not installed: pip install 'anonkit[vault]'"
        ) from None
    module: ModuleType = pyrage
    return module


def _is_by_passphrase(data: bytes) -> bool:
    if data.startswith(_ARMOR):
        try:
            data = base64.b64decode(data.split(b"\n", 2)[1])
        except (IndexError, binascii.Error):
            return False
    return data.startswith(_HEADER + _BY_PASSPHRASE)


def _recipient(text: str, pyrage: ModuleType) -> Any:
    text = text.strip()
    kind = pyrage.ssh if text.startswith("ssh-") else pyrage.x25519
    try:
        return kind.Recipient.from_str(text)
    except pyrage.RecipientError:
        # A private key, given by mistake, must not be logged.
        shown = repr(text) if text.startswith(("age1", "ssh-")) else "the one given"
        raise ConfigError(
            f"--mapping-recipient: {shown} is not a public key; expected age1…, ssh-ed25519 … or ssh-rsa …, as "
            "`age-keygen -y` or a .pub file has it"
        ) from None


def _identities(file: Path, pyrage: ModuleType) -> list[Any]:
    """Return the private keys of a file."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"--mapping-identity {file}: cannot be read ({error.strerror}); name the file with the private key"
        ) from None
    try:
        if data.startswith(b"-----BEGIN "):
            return [pyrage.ssh.Identity.from_buffer(data)]
        lines = [line.strip() for line in data.decode().splitlines()]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (pyrage.IdentityError, UnicodeDecodeError):
        found = []
    if not found:
        raise ConfigError(
            f"--mapping-identity {file}: holds no private key that can be used; expected what `age-keygen` writes, or "
            "an SSH key (ed25519, rsa) without a passphrase"
        )
    return found
