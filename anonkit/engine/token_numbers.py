"""The numbers of a run's tokens, and the mapping file that they continue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from anonkit.config.model import Config
from anonkit.file_names import MANIFEST
from anonkit.identities.kind_survey import KindSurvey
from anonkit.identities.token_table import TokenTable, number, shuffler
from anonkit.mapping import AccessLog, Keys
from anonkit.mapping import Mapping as MappingFile
from anonkit.mapping.domain import Release
from anonkit.mapping.recipients import note_recipients, recipient_warnings
from anonkit.plugin.contracts import Tokenizer
from anonkit.plugin.guard import plugin_errors

__all__ = ["mapping_warnings", "number_identities", "open_mapping"]


@contextmanager
def open_mapping(config: Config, keys: Keys) -> Iterator[MappingFile | None]:
    """Lock and read the run's mapping file, if it has one; see `MappingFile.locked`. New recipients are logged."""
    if not config.run.mapping:
        yield None
        return
    path = Path(config.run.mapping)
    with MappingFile.locked(path, keys) as mapping:
        note_recipients(mapping, AccessLog.from_mapping(path, config.mapping.access_log))
        yield mapping


def number_identities(
    tokenizers: Sequence[Tokenizer], found: Mapping[str, KindSurvey], mapping: MappingFile | None, *, shuffled: bool
) -> TokenTable:
    """Number the identities of the survey, by kind: those in the mapping have a number, others get the next ones."""
    table: TokenTable = {}
    for tokenizer in tokenizers:
        known = mapping.numbers(tokenizer.kind) if mapping else {}
        retired = mapping.retired(tokenizer.kind) if mapping else frozenset()
        tentative_before = mapping.tentative(tokenizer.kind) if mapping else frozenset()
        if mapping:
            mapping.check_groups(tokenizer.kind, grouped=tokenizer.grouped)
        with plugin_errors(f"anonymizer {tokenizer.kind}"):
            shuffle = shuffler() if shuffled else None
            table[tokenizer.kind] = number(
                tokenizer,
                found[tokenizer.kind],
                known,
                retired=retired,
                tentative_before=tentative_before,
                shuffle=shuffle,
            )
    return table


def mapping_warnings(config: Config, mapping: MappingFile | None) -> Iterator[str]:
    """Yield a warning when recipients change, or outputs that are replaced have tokens of another mapping's domain."""
    yield from recipient_warnings(mapping)
    earlier = Release.from_manifest(Path(config.run.output_dir) / MANIFEST)
    if earlier and earlier.domain and earlier.domain != (mapping.domain if mapping else None):
        ours = f"this run's mapping is of domain {mapping.domain}" if mapping else "this run has no mapping"
        yield (
            f"the outputs that are replaced in {config.run.output_dir} were made with a mapping of domain "
            f"{earlier.domain}, and {ours}: the same tokens now mean other identities"
        )
