"""The contract of encoders, which change the stored form of outputs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

import attrs

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Encoding", "OutputEncoder"]


@attrs.frozen
class Encoding:
    """How an output is stored: in blocks, each compressed on its own, which together are one valid file.

    The two functions are inverses of each other, and picklable: the audit opens the file that was written with
    `decompress`, and refuses an output that does not come out as the bytes that went in.

        Encoding(".bz2", bz2.compress, bz2.open)
    """

    suffix: str
    """Appended to the name: ``.zst``."""
    compress: Callable[[bytes], bytes]
    """Turns a block into its stored form. The same block gives the same bytes at any time."""
    decompress: Callable[[BinaryIO], Any]
    """Turns a stored file, open for reading, into a binary stream of the bytes before `compress`. It reads block after
    block, as much as is asked for, and raises OSError, EOFError or ValueError for a damaged file."""


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
        """Write the archive of the members (name in it, file) to `target`, in that order, always the same bytes.

        The archive is a tar, compressed by gzip, zstd, xz, bz2 or not at all, or a zip, and holds these members and no
        other: the audit unpacks it, compares each member, and refuses the run otherwise.
        """
        raise NotImplementedError
