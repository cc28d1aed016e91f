"""Names of output files: which are plain, and the one that is taken."""

from __future__ import annotations

import re

__all__ = [
    "EXTENSIONS",
    "MANIFEST",
    "PACKED",
    "STAGING_PREFIX",
    "STANDARD_INPUT",
    "is_packed_name",
    "is_plain_name",
    "without_extensions",
]

PACKED = ("parquet", "gz", "zst", "xz", "bz2", "tar", "tgz", "tzst", "txz", "zip")
"""Extensions of files that are not text."""
EXTENSIONS = (
    "json",
    "jsonl",
    "ndjson",
    "csv",
    "tsv",
    "txt",
    "md",
    "html",
    "svg",
    "swf",
    "toml",
    "xml",
    "yaml",
    *PACKED,
)
"""Extensions that writers give to files whatever is in them."""
_EXTENSIONS = re.compile(rf"(?:\.(?:{'|'.join(EXTENSIONS)}))+\Z")

MANIFEST = "manifest.json"
"""The output that lists the others; no other output may have this name."""
STANDARD_INPUT = "-"
"""The `data_dir` that means standard input."""

STAGING_PREFIX = ".anonkit-staging-"
"""Begins the name of the hidden folder in which outputs are staged."""


def without_extensions(name: str) -> str:
    """Return a file name without the usual extensions at its end."""
    return _EXTENSIONS.sub("", name)


def is_packed_name(name: str) -> bool:
    """Return whether a file has the extension of one that is not text."""
    return name.lower().rpartition(".")[2] in PACKED


def is_plain_name(name: str) -> bool:
    """Return whether a name is that of a file in a folder and nothing else: no separator, no control character."""
    return name.isprintable() and not name.isspace() and name not in {"", ".", ".."} and not set(name) & set("/\\")
