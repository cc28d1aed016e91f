"""A script: a mapping with made-up users, which a run then looks for although its data do not hold them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.names import handles

__all__ = ["main"]


def main(path: Path, users: int) -> None:
    """Write the mapping file."""
    identities = [[handle, number] for number, handle in enumerate(handles(users), 1)]
    kinds = {"user": {"prefix": "UR", "text_prefix": "UR_", "identities": identities}}
    path.write_text(json.dumps({"format": "anonkit-mapping-1", "kinds": kinds}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
