"""The site of these pages: `make docs`. The pages themselves are plain Markdown, and read as they are on a forge."""

from __future__ import annotations

import re

from sphinx.application import Sphinx

project = "anonkit"
author = "the authors of anonkit"
copyright = author
extensions = ["myst_parser"]
exclude_patterns = ["**/.*"]
html_theme = "furo"
html_copy_source = False
myst_heading_anchors = 4

_SECTION = re.compile(r"^## (.+)\n((?:.|\n(?!## ))*)", re.MULTILINE)
_LINK = re.compile(r"\]\(([^):#]+)\.md\)")


def add_navigation(app: Sphinx, page: str, source: list[str]) -> None:
    """Add to the first page the site's navigation: a tree for each section, of the pages that it links to."""
    if page == app.config.root_doc:
        source[0] += "".join(_toctree(title, _LINK.findall(text)) for title, text in _SECTION.findall(source[0]))


def _toctree(caption: str, pages: list[str]) -> str:
    return "\n".join(("", "```{toctree}", ":hidden:", f":caption: {caption}", "", *dict.fromkeys(pages), "```", ""))


def setup(app: Sphinx) -> None:
    """Register the above with Sphinx."""
    app.connect("source-read", add_navigation)
