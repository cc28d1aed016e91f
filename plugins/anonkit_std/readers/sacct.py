"""The reader `sacct`, for the output of Slurm's `sacct --parsable2`."""

from __future__ import annotations

import re

from anonkit.api import DamagedFile, DataFile, FileHead
from anonkit_std.readers.delimited import DelimitedReader, Header, first_line, names_in
from anonkit_std.readers.text_reader import read_head

__all__ = ["SacctReader"]

# A name of a field, as the options of sacct write it.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_/%]*")
_KNOWN = {"jobid", "jobidraw", "jobname", "user", "account", "state", "partition", "elapsed", "cluster", "submit"}
# The fields of a job, which begin with its number: `123`, `123_4`, `123_[4-6]`, `123+1`, `123.batch`.
_JOB = re.compile(rb"[0-9]+(?:_[0-9]+|_\[[^|]*\]|\+[0-9]+)?(?:\.[a-z0-9]+)?\|[^|\n]*\|[^\n]*")
_LONGEST_LINE = 1 << 16
_UNIT_SEPARATOR = b"\x1f"


class SacctReader(DelimitedReader):
    """Reads fields with `|` between them. Fields are not quoted: a record with a `|` or line break in one is bad."""

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
        """Return the names of the fields, and where the jobs begin. DamagedFile when the first line is a job."""
        line, _ = first_line(read_head(file, _LONGEST_LINE))
        if _JOB.fullmatch(line):
            reason = "line 1: a job instead of the names of the fields"
            raise DamagedFile(
                file.name, reason, "get the file without --noheader, or put the names into the first line"
            )
        return super().header(file)

    def delimiter(self, line: bytes) -> bytes:
        """Return the bar; the unit separator when the line has one, which `--delimiter` can choose."""
        return _UNIT_SEPARATOR if _UNIT_SEPARATOR in line else b"|"
