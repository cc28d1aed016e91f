"""Known names, written in a way that readers undo: escapes, encodings, invisible characters, cut short."""

from __future__ import annotations

from benchmarks.accuracy.shapes.shape import Shape

__all__ = ["DISGUISED"]

HANDLES = (
    "wide", "percent", "percent-first", "percent-twice", "percent-thrice", "entity", "entity-hex", "entity-zeros", "u4",
    "u8", "u-brace", "x2", "octal", "u4-twice", "hex", "hex-upper", "base64", "base64-1", "base64-2", "base64-url",
    "reversed", "zero-width", "joiner", "soft-hyphen", "backslash", "two-quotes", "line-break", "cut-8",
)  # fmt: skip
OTHERS = ("percent-first", "percent-twice", "entity", "u4", "x2", "hex", "base64", "reversed", "zero-width")
# A full name beside a handle is a spelling found in text, of which encoded forms are not looked for.
OF_SPELLINGS = tuple(name for name in OTHERS if name not in ("hex", "base64", "reversed"))
DISGUISED = (
    *(Shape(f"disguised handle, {name}", f"--tag «p.handle|{name}» x") for name in HANDLES),
    *(Shape(f"disguised full name, {name}", f"--tag «p.name|{name}» x") for name in OF_SPELLINGS),
    *(Shape(f"disguised host, {name}", f"--tag «h.full|{name}» x") for name in OTHERS),
    *(
        Shape(f"disguised address, {name}", f"--tag «i.|{name}» x")
        for name in ("percent-first", "entity", "hex", "base64")
    ),
    *(Shape(f"disguised mail, {name}", f"a@b «n.mail» --tag «n.mail|{name}» x") for name in OTHERS),
)
