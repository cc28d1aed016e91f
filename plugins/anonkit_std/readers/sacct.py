"""The reader `sacct`: what Slurm's `sacct --parsable2` prints."""

from __future__ import annotations

import re

from anonkit.api import DamagedFile, DataFile, FileHead
from anonkit_std.readers.delimited import DelimitedReader, Header, first_line, names_in

__all__ = ["SacctReader"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_/%]*")
_KNOWN = {"jobid", "jobidraw", "jobname", "user", "account", "state", "partition", "elapsed", "cluster", "submit"}
_JOB = re.compile(rb"[0-9]+(?:_[0-9]+|_\[[^|]*\]|\+[0-9]+)?(?:\.[a-z0-9]+)?\|[^|\n]*\|[^\n]*")
_LONGEST_LINE = 1 << 16
_UNIT = b"\x1f"


class SacctReader(DelimitedReader):
    """Reads fields with `|` between them, which are never quoted: one that holds a `|` or a line break is refused."""

    quoted = False
    advice = (
        "; sacct quotes nothing, so a | or a line break in a field looks like this: get the file with "
        "sacct --parsable2 --delimiter=$'\\x1f', and leave out Comment, AdminComment, SubmitLine if it stays"
    )

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the first line holds names of sacct's fields, or a job."""
        line, _ = first_line(head.data)
        if _JOB.fullmatch(line):
            return True
        delimiter = self.delimiter(line)
        names = names_in(line, delimiter, quoted=False)[: -1 if line.endswith(delimiter) else None]
        known = {name.lower() for name in names} & _KNOWN
        return len(names) > 1 and bool(known) and all(_NAME.fullmatch(name) for name in names)

    def header(self, file: DataFile) -> tuple[Header, int, int]:
        """Return the names of the fields. DamagedFile when a job is in their place."""
        with file.failures("cut off or damaged: it cannot be decompressed"), file.open() as stream:
            line, _ = first_line(stream.read(_LONGEST_LINE))
        if _JOB.fullmatch(line):
            reason = "line 1: a job instead of the names of the fields"
            raise DamagedFile(
                file.name, reason, "get the file without --noheader, or put the names into the first line"
            )
        return super().header(file)

    def delimiter(self, line: bytes) -> bytes:
        """Return the bar, or the separator of units that a user chose instead."""
        return _UNIT if _UNIT in line else b"|"
