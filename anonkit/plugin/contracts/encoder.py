"""What changes how outputs are stored."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, BinaryIO

import attrs

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Encoding", "OutputEncoder"]


@attrs.frozen
class Encoding:
    """How an output is stored: in blocks, each compressed on its own, which together are one valid file."""

    suffix: str
    """Appended to the name: ``.zst``."""
    compress: Callable[[bytes], bytes]
    """Deterministic; picklable."""


class OutputEncoder(ABC):
    """Changes how the outputs of all reporters are stored. To the user it is a reporter like the others."""

    @abstractmethod
    def encoding(self, name: str) -> Encoding | None:
        """Return how the output `name` is stored, or None to leave it as it is."""

    @property
    def archive(self) -> str | None:
        """The name of an archive that takes the place of the separate outputs, or None."""
        return None

    def pack(self, members: Sequence[tuple[str, Path]], target: BinaryIO) -> None:
        """Write the archive of the members (name in it, file) to `target`, in that order, always the same bytes."""
        raise NotImplementedError
