"""How an output was stored by an encoder, and how it looked before: what the audit needs to open it again."""

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
        """Why an output is refused that does not come out as it went in, and what to do."""
        return (
            f"`decompress` of the encoder {self.encoder} does not undo its `compress`; repair the encoder, or switch "
            "it off with --disable"
        )
