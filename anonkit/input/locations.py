"""Input at URIs, which pyarrow's filesystems open, and for the web those of fsspec.

The filesystems find credentials by themselves: in the environment, a profile, the URI. Messages show a URI without the
parts that may hold credentials.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

import pyarrow as pa
from pyarrow import fs

from anonkit.errors import InputError
from anonkit.input.own_outputs import is_hidden

__all__ = ["find_remote", "is_uri", "open_remote", "out_of_reach", "shown", "size_of"]

# Two letters at least: one is a drive.
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_WEB = ("http", "https")

Connect = Callable[[str], tuple[fs.FileSystem, str]]
"""Returns the filesystem of a URI, and the path in it."""


def is_uri(location: str) -> bool:
    """Return whether a location is a URI with a scheme, and not a path."""
    return bool(_URI.match(location))


def shown(location: str) -> str:
    """Return a location for messages: of a URI only scheme, host and path."""
    if not is_uri(location):
        return location
    parts = urlsplit(location)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def find_remote(uri: str, connect: Connect = fs.FileSystem.from_uri) -> list[tuple[str, str]]:
    """Return path in its filesystem and short name of each file of a folder, or of one file; sorted, no hidden ones.

    InputError when there is none, or it cannot be reached.
    """
    files, root = _filesystem(uri, connect)
    try:
        info = files.get_file_info(root)
        if info.type == fs.FileType.File:
            return [(info.path, shown(uri).rstrip("/").rpartition("/")[2])]
        found = files.get_file_info(fs.FileSelector(root, recursive=True, allow_not_found=True))
    except Exception as error:  # each filesystem has its own
        raise out_of_reach(shown(uri), error) from None
    start = len(root.rstrip("/")) + 1
    paths = sorted(
        entry.path for entry in found if entry.type == fs.FileType.File and not is_hidden(entry.path[start:].split("/"))
    )
    if not paths:
        raise InputError(f"{shown(uri)}: no such file, and no file below it; check --data-dir")
    return [(path, path[start:]) for path in paths]


def open_remote(path: str, uri: str) -> pa.NativeFile:
    """Open a file in the filesystem of a URI."""
    files, _ = _filesystem(uri)
    return files.open_input_file(path)


def size_of(path: str, uri: str) -> int:
    """Return the bytes of a file: of this machine, or with `uri` of that path in the filesystem of the URI."""
    if not uri:
        return os.path.getsize(path)
    files, _ = _filesystem(uri)
    return int(files.get_file_info(path).size or 0)


def out_of_reach(name: str, error: Exception) -> InputError:
    """Return the error for input that cannot be reached, without the library's message, which may hold keys."""
    return InputError(
        f"{name}: cannot be read ({type(error).__name__}); check that it exists and is whole, your access, "
        "and the network"
    )


@lru_cache(maxsize=8)
def _filesystem(uri: str, connect: Connect = fs.FileSystem.from_uri) -> tuple[fs.FileSystem, str]:
    """Return the filesystem of a URI, and its path there."""
    scheme = urlsplit(uri).scheme.lower()
    try:
        files, path = connect(f"fsspec+{uri}" if scheme in _WEB else uri)
        return files, path
    except ImportError:
        raise InputError(
            f"{shown(uri)}: reading from the web needs packages that are not installed; install anonkit[http]"
        ) from None
    except OSError as error:
        raise out_of_reach(shown(uri), error) from None
    except (ValueError, pa.ArrowException) as error:
        raise InputError(
            f"{shown(uri)}: pyarrow cannot open a {scheme}:// location ({type(error).__name__}); "
            "s3, gs, abfs, hdfs and https are known to it, as far as it was built with them"
        ) from None
