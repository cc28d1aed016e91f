"""Outputs compressed by gzip."""

from __future__ import annotations

import gzip

import attrs

from anonkit.api import Encoding, OutputEncoder
from anonkit_batch_groups import BatchGroupsEncoderOptions


@attrs.frozen
class _Compress:
    """Compresses a block; a class, so that it can be sent to workers."""

    level: int

    def __call__(self, block: bytes) -> bytes:
        # Without a time, so that the same output is the same file.
        return gzip.compress(block, self.level, mtime=0)


@attrs.frozen
class BatchGroupsEncoder(OutputEncoder):
    """`summary.json` is stored as `summary.json.gz`."""

    options: BatchGroupsEncoderOptions

    def encoding(self, name: str) -> Encoding | None:
        if not name.endswith(self.options.endings):
            return None
        return Encoding(".gz", _Compress(self.options.level), gzip.open)
