"""Standard input as a file: it is read twice, so a run copies it into the staging folder."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import attrs

from anonkit.config.model import Config
from anonkit.errors import InputError
from anonkit.file_names import STANDARD_INPUT
from anonkit.output.staging import Staging

__all__ = ["with_standard_input"]


@contextmanager
def with_standard_input(config: Config, stream: BinaryIO | None = None) -> Iterator[Config]:
    """Give the configuration with a file instead of standard input, which only its owner can read and which is removed.

    `stream` is read instead, for tests. InputError when nothing comes in; OutputError when there is no space.
    """
    if config.run.data_dir != STANDARD_INPUT:
        yield config
        return
    given = sys.stdin.buffer if stream is None else stream
    if given.isatty():
        raise InputError("-: standard input is a terminal; pipe the jobs in, or give --data-dir a file or a folder")
    with Staging.at(Path(config.run.output_dir), ()) as staging:
        path = staging.work / "standard_input"
        with path.open("xb") as file:
            shutil.copyfileobj(given, file, 1 << 20)
        if not path.stat().st_size:
            raise InputError("-: nothing came in on standard input; does the command before the | print jobs?")
        yield attrs.evolve(config, run=attrs.evolve(config.run, data_dir=str(path)))
