"""The access log: a file beside the mapping, to which a line with user and time is appended before each answer.

    {"time": "2026-11-24T13:41:00Z", "user": "annak", "uid": 1000, "command": "reveal", "mapping": "mapping.json",
     "domain": "9f86…", "tokens": ["UR7"], "count": 1}

It never holds an original. When the line cannot be written, the command fails before it answers.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import attrs

from anonkit.errors import OutputError

if sys.platform != "win32":
    import pwd

__all__ = ["AccessLog"]

_SUFFIX = ".access.log"


@attrs.frozen
class AccessLog:
    """The log of the uses of one mapping."""

    mapping: Path
    path: Path

    @classmethod
    def from_mapping(cls, mapping: Path, configured: str | None = None) -> AccessLog:
        """Return the log of a mapping: beside it, unless another place is configured."""
        target = Path(os.path.realpath(mapping))
        return cls(mapping, Path(configured) if configured else target.with_name(f"{target.name}{_SUFFIX}"))

    def note(self, command: str, *, domain: str | None, **facts: Any) -> None:
        """Append a line and wait until it is on the disk. OutputError when that fails: then nothing may be revealed."""
        line = {
            "time": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            **_user(),
            "command": command,
            "mapping": self.mapping.name,
            "domain": domain,
            **facts,
        }
        try:
            self._append(json.dumps(line).encode() + b"\n")
        except OSError as error:
            raise OutputError(
                f"access log {self.path}: cannot be written ({error.strerror}), so nothing was revealed or changed; "
                "correct that, or name another file: [mapping] access_log"
            ) from None

    def _append(self, line: bytes) -> None:
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # In one write, so that lines of two commands never mix.
            if os.write(handle, line) != len(line):
                raise OSError(0, "only a part of the line was written")
            os.fsync(handle)
        finally:
            os.close(handle)


def _user() -> dict[str, Any]:
    """Return the user of this process as the operating system knows it, not as an environment variable says."""
    if sys.platform == "win32":
        return {"user": os.getlogin(), "uid": None}
    uid = os.getuid()
    name = login = None
    with suppress(KeyError):
        name = pwd.getpwuid(uid).pw_name
    # The user at the terminal may be another one: sudo changes the user ID, not the login.
    with suppress(OSError):
        login = os.getlogin()
    return {"user": name, "uid": uid, **({"login": login} if login not in (None, name) else {})}
