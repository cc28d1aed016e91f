"""Make the pictures of the documentation out of demo data: `python docs/pictures.py`.

Each is a picture of the page that a run writes, as a file of its own.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent / "pictures"
ROWS = 200_000
PICTURES = {"Before": "risk-before", "After": "risk-after", "Jobs by user": "jobs-by-user"}
"""Names of files by the label of the picture."""
STYLE = (
    "<style>text{font:11px system-ui,sans-serif;fill:#1b1f24}.label,.end{text-anchor:end}.middle{text-anchor:middle}"
    ".value,.axis{fill:#59636e}.axis{font-size:10px}.grid,.zero{stroke:#59636e;stroke-width:.75}"
    ".bar{fill:#7aa7d9}.marked{fill:#b3402a}</style>"
    '<rect x="-8" y="-8" width="110%" height="120%" fill="#fff"/>'
)


def main() -> None:
    """Write the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _anonkit(place, "demo", "data", "--rows", str(ROWS))
        _anonkit(place, "run", "data", "Draft", "--profile", "public", "--disable", "coarsen", "--min-users", "1")
        _anonkit(place, "run", "data", "Output", "--profile", "public", "--risk-before", "Draft/risk.json")
        page = (place / "Output" / "report.html").read_text()
    FOLDER.mkdir(exist_ok=True)
    for label, name in PICTURES.items():
        (FOLDER / f"{name}.svg").write_text(_alone(page, label))


def _anonkit(folder: Path, *arguments: str) -> None:
    subprocess.run([Path(sys.executable).with_name("anonkit"), *arguments], cwd=folder, check=True, capture_output=True)


def _alone(page: str, label: str) -> str:
    """Return the picture with a label as a file that needs no page."""
    found = re.search(rf'<svg viewBox="0 0 (\d+) (\d+)"([^>]*aria-label="{label}"[^>]*)>(.*?)</svg>', page, re.DOTALL)
    if found is None:
        raise SystemExit(f"the page has no picture {label!r}")
    width, height, attributes, drawn = found.groups()
    box = f'viewBox="-8 -8 {int(width) + 16} {int(height) + 16}" width="{int(width) * 3 // 2}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}{attributes}>{STYLE}{drawn}</svg>\n'


if __name__ == "__main__":
    main()
