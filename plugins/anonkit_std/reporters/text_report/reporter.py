"""Command and environment of every job, as text for a reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Batch, Listing, Outputs, Roles, RunContext, printable
from anonkit.arrow.mixed_numbers import is_mixed
from anonkit.arrow.segments import Segments
from anonkit.arrow.strings import bytes_of
from anonkit_std.columns.cell_text import as_text, distinct_text
from anonkit_std.environment.variables import NONE
from anonkit_std.options.reporters import CmdEnvReportOptions
from anonkit_std.reporters.labels import default_name
from anonkit_std.reporters.text_report.environment_lines import environment_lines
from anonkit_std.reporters.text_report.plain_text import escape_column, wrap_column

__all__ = ["CmdEnvReport"]

TITLE = "Job Command & Environment Report"
INDENT = 2
LONGEST_RULE = 100
UNNUMBERED = b"\0"
"""Written for a job's number in its group, which no worker knows. Escaped text cannot hold it."""

Groups = Counter[str | None]


@attrs.frozen
class CmdEnvReport(Listing[Groups, Groups]):
    """Writes `cmd_env_report.txt`. Folds the number of jobs of each group, in order of first appearance.

    All of a job's text is built column by column.
    """

    options: CmdEnvReportOptions

    @property
    def optional_roles(self) -> tuple[str, ...]:
        """The command and the environment."""
        return ("cmd", "env")

    def columns(self, roles: Roles) -> tuple[str, ...]:
        """Return the columns of command, environment and group, as far as there are any."""
        return tuple(name for name in (roles.cmd, roles.env, self.options.group_by) if name)

    def static_text(self, context: RunContext) -> list[str]:
        """Return the title, the headings, and the name of the file unless it was chosen. Data begins no line."""
        headings = [TITLE, "Total rows: ", "Cmd:\n", "Environment:\n"]
        headings += [f"{printable(name)}: " for name in self._meta_columns(context)]
        headings += [f"## {printable(self.options.group_by)}: "] if self.options.group_by is not None else []
        numbered = ["— Job #", "  (jobs: "]
        return [
            *(f"\n{heading}" for heading in headings),
            *numbered,
            *default_name(CmdEnvReportOptions, self.options.file),
        ]

    @property
    def line_start(self) -> str:
        """The beginnings of variables, jobs and headings; a wrapped line continues with a larger indent."""
        return r"  [A-Za-z_][A-Za-z0-9_]*=|[^ \n]|\n"

    def start(self, context: RunContext) -> Groups:
        """Return no group."""
        return Counter()

    def consume(self, state: Groups, batch: Batch) -> Groups:
        """Count the jobs of each group."""
        if self.options.group_by is not None:
            names, codes = _groups(batch, self.options.group_by)
            state.update(dict(zip(names, np.bincount(codes, minlength=len(names)).tolist(), strict=True)))
        return state

    def merge(self, left: Groups, right: Groups) -> Groups:
        """Add up."""
        left.update(right)
        return left

    def finish(self, state: Groups, context: RunContext) -> Groups:
        """Return the jobs of each group."""
        return state

    def opening(self, stream: str, context: RunContext) -> bytes:
        """Return the head of the report when it is one stream; groups come after it, so theirs have none."""
        return b"" if self.options.group_by is not None else _head(context)

    def output_name(self, stream: str) -> str | None:
        """Return the report's name for its one stream; those of groups are read back."""
        return None if self.options.group_by is not None else stream

    def render(self, batch: Batch) -> Mapping[str, memoryview]:
        """Return the jobs' text: in one stream, or in one for each group, with the numbers left open but for `job`."""
        if not len(batch):
            return {}
        if self.options.group_by is None:
            return {self.options.file: bytes_of(self._jobs(batch, _numbers(batch)))}
        names, codes = _groups(batch, self.options.group_by)
        open_number = pa.scalar(UNNUMBERED.decode())
        jobs = self._jobs(batch, _numbers(batch) if batch.context.job_column else open_number)
        ordered = jobs.take(pa.array(np.argsort(codes, kind="stable")))
        ends = np.cumsum(np.bincount(codes, minlength=len(names))).tolist()
        spans = zip(names, [0, *ends], ends, strict=False)
        return {_stream(name): bytes_of(ordered[start:end]) for name, start, end in spans}

    def write(self, result: Groups, outputs: Outputs, context: RunContext) -> None:
        """Publish the one stream, or copy the groups' streams one after the other, with headers and numbers."""
        if self.options.group_by is not None:
            self._write_groups(result, outputs, context)
        elif self.options.file in outputs.streams():
            outputs.publish(self.options.file, self.options.file)
        else:
            outputs.write(self.options.file, _head(context))

    def _write_groups(self, groups: Groups, outputs: Outputs, context: RunContext) -> None:
        with outputs.open(self.options.file) as report:
            report.write(_head(context))
            for name, jobs in groups.items():
                report.write(_header(self.options.group_by or "", name, jobs))
                numbers = count(1)
                for chunk in outputs.read(_stream(name)):
                    report.write(_numbered(chunk, numbers))

    def _jobs(self, batch: Batch, numbers: pa.Array | pa.Scalar) -> pa.Array:
        """Return the text of each job (large_string)."""
        context = batch.context
        parts = ["\n— Job #", numbers, " —\n"]
        if self.options.include_meta:
            parts += [self._meta_lines(name, batch) for name in self._meta_columns(context)]
        if context.roles.cmd:
            parts += ["Cmd:\n", self._command_lines(batch.column(context.roles.cmd), context)]
        if context.roles.env:
            found = _environments(batch, context.roles.env)
            parts += ["Environment:\n", environment_lines(found, width=self.options.wrap, garble=context.garble)]
        # Large: a batch of long environments may pass the 2 GB that a string array holds.
        return pc.binary_join_element_wise(*(_large(part) for part in parts), _large(""))

    def _meta_columns(self, context: RunContext) -> list[str]:
        roles = context.roles
        usual = (roles.user, roles.ip, "CumulativeSlotTime", "DAG_NodesFailed", roles.starts, roles.completions)
        return [name for name in self.options.meta or usual if name in context.schema.names]

    def _command_lines(self, column: pa.Array, context: RunContext) -> pa.Array:
        texts, which = distinct_text(column)
        shown = escape_column(pc.fill_null(texts, NONE))
        return wrap_column("", shown, width=self.options.wrap, indent=INDENT, garble=context.garble).take(which)

    def _meta_lines(self, name: str, batch: Batch) -> pa.Array:
        texts, which = distinct_text(batch.column(name))
        if is_mixed(batch.context.schema.field(name)):
            texts = pc.replace_substring_regex(texts, r"^(-?[0-9]+)\.0$", r"\1")
        label, shown = f"{printable(name)}: ", escape_column(texts)
        lines = wrap_column(label, shown, width=self.options.wrap, indent=0, garble=batch.context.garble)
        return pc.fill_null(lines, "").take(which)


def _environments(batch: Batch, column: str) -> Segments:
    if pa.types.is_string(batch.context.batch_schema.field(column).type):
        return batch.segments(column)
    return Segments.from_strings(as_text(batch.column(column)))


def _groups(batch: Batch, column: str) -> tuple[list[str | None], npt.NDArray[np.int64]]:
    """Return the batch's groups as they first appear, None for null, and for each row the position of its own."""
    encoded = as_text(batch.column(column)).dictionary_encode(null_encoding="encode")
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy().astype(np.int64)


def _numbers(batch: Batch) -> pa.Array:
    """Return the numbers of the jobs in the run."""
    return pa.array(np.arange(len(batch)) + batch.first_row + 1).cast(pa.string())


def _stream(group: str | None) -> str:
    return "null" if group is None else f"={group}"


def _head(context: RunContext) -> bytes:
    return f"{TITLE}\nTotal rows: {context.total_rows}\n{'=' * len(TITLE)}\n".encode()


def _header(column: str, group: str | None, jobs: int) -> bytes:
    line = f"## {printable(column)}: {'(none)' if group is None else printable(group)}  (jobs: {jobs})"
    return f"\n{line}\n{'-' * min(len(line), LONGEST_RULE)}\n".encode()


def _numbered(chunk: bytes, numbers: Iterator[int]) -> bytes:
    first, *rest = chunk.split(UNNUMBERED)
    return first + b"".join(b"%d%b" % (next(numbers), text) for text in rest)


def _large(part: str | pa.Array | pa.Scalar) -> pa.Array | pa.Scalar:
    return pa.scalar(part, pa.large_string()) if isinstance(part, str) else part.cast(pa.large_string())
