"""The facts that transforms learn from all rows before a row is changed: a pass over the columns that they ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs
import pyarrow as pa

from anonkit.engine.core import TokenizingCore
from anonkit.input.batches import BatchLimits, read
from anonkit.input.normalize import CellNormalizer
from anonkit.input.tasks import Task
from anonkit.plugin.contracts import Transform
from anonkit.plugin.guard import plugin_errors
from anonkit.runtime.task_runner import TaskRunner

__all__ = ["LearningPass", "transform_warnings", "with_learned", "with_learned_from_batches"]

Learned = tuple[Any, ...]
"""The facts of each transform of a pass; None for nothing yet."""


@attrs.frozen
class LearningPass:
    """Gives transforms the rows of a task."""

    transforms: tuple[Transform, ...]
    """Those that ask for columns."""
    columns: tuple[tuple[str, ...], ...]
    """The columns that each transform asks for."""
    schema: pa.Schema
    """Of the columns to read."""
    cells: CellNormalizer
    limits: BatchLimits

    @classmethod
    def from_core(cls, core: TokenizingCore) -> LearningPass:
        """Return the pass for the transforms of a core."""
        with plugin_errors("an anonymizer"):
            asked = [(transform, tuple(transform.learned_columns(core.schema))) for transform in core.transforms]
        asking = [(transform, columns) for transform, columns in asked if columns]
        names = {name for _, columns in asking for name in columns}
        schema = pa.schema([field for field in core.schema if field.name in names])
        transforms, columns = (tuple(transform for transform, _ in asking), tuple(columns for _, columns in asking))
        return cls(transforms, columns, schema, core.cells, core.limits)

    def __call__(self, task: Task) -> Learned:
        """Return the facts that the transforms learn from the task's rows."""
        return self.learned(batch for _, batch in read(task, self.schema, self.cells, self.limits))

    def plugins_of(self, value: object) -> dict[str, object]:
        """Return the transforms, or the facts of each, by name."""
        parts: Sequence[object] = self.transforms if value is self else value if isinstance(value, tuple) else ()
        return {
            f"anonymizer {type(transform).__name__}": part
            for transform, part in zip(self.transforms, parts, strict=False)
        }

    def learned(self, batches: Iterable[pa.RecordBatch]) -> Learned:
        """Return the facts that the transforms learn from raw batches."""
        learned: Learned = (None,) * len(self.transforms)
        for batch in batches:
            learned = self.merged(learned, tuple(self._learned(batch)))
        return learned

    def _learned(self, batch: pa.RecordBatch) -> Iterator[Any]:
        with plugin_errors("an anonymizer"):
            for transform, columns in zip(self.transforms, self.columns, strict=True):
                yield transform.learn(batch.select(list(columns)))
                batch = transform.preview(batch)

    def merged(self, left: Learned, right: Learned) -> Learned:
        """Return the joined facts of both."""
        with plugin_errors("an anonymizer"):
            return tuple(
                other if state is None else state if other is None else transform.merge(state, other)
                for transform, state, other in zip(self.transforms, left, right, strict=True)
            )

    def taught(self, core: TokenizingCore, learned: Learned) -> TokenizingCore:
        """Return the core with transforms that know their facts."""
        with plugin_errors("an anonymizer"):
            known = {
                id(transform): transform.with_learned(facts)
                for transform, facts in zip(self.transforms, learned, strict=True)
            }
        return attrs.evolve(
            core, transforms=tuple(known.get(id(transform), transform) for transform in core.transforms)
        )


def with_learned(core: TokenizingCore, runner: TaskRunner, tasks: Sequence[Task]) -> TokenizingCore:
    """Return the core with transforms that know their facts; rows are read if a transform asks for it. PluginError."""
    learning = LearningPass.from_core(core)
    if not learning.transforms:
        return core
    learned = learning.learned(())
    for part in runner.results(learning, tasks):
        learned = learning.merged(learned, part)
    return learning.taught(core, learned)


def with_learned_from_batches(core: TokenizingCore, batches: Iterable[pa.RecordBatch]) -> TokenizingCore:
    """Return the core whose transforms know their facts; `batches` are the raw rows."""
    learning = LearningPass.from_core(core)
    return learning.taught(core, learning.learned(batches)) if learning.transforms else core


def transform_warnings(core: TokenizingCore) -> Iterator[str]:
    """Yield the warnings of the transforms of a core."""
    schema = core.tokenized_schema
    with plugin_errors("an anonymizer"):
        for transform in core.transforms:
            yield from transform.warnings(schema)
            schema = transform.schema(schema)
