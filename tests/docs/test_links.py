"""Links between documents lead to a file, and to a heading in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.blocks import DOCUMENTS, ROOT

_CODE = re.compile(r"^```.*?^```|^(?: {4}|\t).*?$|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def links(document: Path) -> list[str]:
    found = re.findall(r"\]\(([^)\s]+)\)", _CODE.sub("", document.read_text(encoding="utf-8")))
    return [link for link in found if "://" not in link]


def anchors(document: Path) -> set[str]:
    """The names that forges give to the headings of a document."""
    headings = re.findall(
        r"^#+ (.+)$", re.sub(r"^```.*?^```", "", document.read_text("utf-8"), flags=re.M | re.S), re.M
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_links_lead_somewhere(document: Path) -> None:
    lost = []
    for link in links(ROOT / document):
        file, _, anchor = link.partition("#")
        target = (ROOT / document).parent / file if file else ROOT / document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


def test_the_documents_have_links_and_anchors() -> None:
    assert len(links(ROOT / "README.md")) > 10
    assert "your-decisions" in anchors(ROOT / "docs" / "privacy.md")
