"""The stored form of an output, and the digest of its content: the audit needs both to open it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

__all__ = ["StoredForm"]


@attrs.frozen
class StoredForm:
    """The declared inverse of an output's encoding, and size and digest of the bytes that it has to give."""

    encoder: str
    """Class and package of the encoder, for messages."""
    decompress: Callable[[Any], Any]
    """See `anonkit.plugin.contracts.Encoding`."""
    size: int
    sha256: str

    @property
    def refusal(self) -> str:
        """The reason for refusing an output that cannot be decoded to its content, and a remedy."""
        return (
            f"`decompress` of the encoder {self.encoder} does not undo its `compress`; repair the encoder, or switch "
            "it off with --disable and its name"
        )
