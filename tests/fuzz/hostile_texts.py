"""Texts that a batch user could write to stop a publication, to slow it down or to hide a name: made by a grammar."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

__all__ = ["HANDLES", "KINDS", "LONG", "hostile_text"]

Maker = Callable[[Random, str], str]
_ATOMS = (
    "TOKEN_", "x_token_", "eyJhbGciOi.", ">#1#1#[", "%25", "&#", "\\u", "\\", "''", '"', "a=", "/home/", "@", "::",
    "1.", "e\u0301", "\u200b", "***", "=", "-----BEGIN ", "CN=", "/CN=", '{"a":', "[", "AKIA", "0x", "www.", "pass:",
    "http://", "AB_EMAIL=x@y ", "AUTHOR_EMAIL=x@y AUTHOR=Anna Example ", "commonName.",
    '"email":"x@y","name":"Anna Example",', "--mail x@y --name 'Anna Example' ", '-pass"', "owner=", "@A",
)  # fmt: skip
_MARKS = "\u0301\u0316\u0308\u0327\u20d0"
_SIGNATURES = (
    "ustar", "PK\x03\x04", "PAR1", "\x1f\u008b\x08", "(\u00b5/\u00fd", "BZh91AY&SY", "\u00fd7zXZ", "Rar!", "070701",
    "SQLite format 3",
)  # fmt: skip
_WORDS = ("json", "parquet", "Job", "User", "secret", "withheld", "1", "7", "ustar", "a", "-", "manifest", "text")
_TORN = (
    "' @ann.example.org", '"@"', "@", " @x@y", "\\@\\", "a" * 300, "%41nn", "&#65;nn", "a\nb", "UR_1", "\u0130i",
)  # fmt: skip


def hostile_text(kind: str, random: Random, name: str) -> str:
    """Return a text of that kind; the name may be in it, written in some way."""
    return (KINDS | LONG | HANDLES)[kind](random, name)


def _escaped(sign: str, how: int, random: Random) -> str:
    code = ord(sign)
    zeros = "0" * random.choice((0, 0, 1, 5, 28))
    forms = (
        f"%{code:02x}", f"%{code:02X}", f"&#{zeros}{code};", f"&#x{zeros}{code:x};", f"\\u{code:04x}", f"\\U{code:08x}",
        f"\\U{code:04x}", f"\\u{{{zeros}{code:x}}}", f"\\x{code:02x}", f"\\{code:03o}", f"&#{code}", f"\\x{{{code:x}}}",
    )  # fmt: skip
    return forms[how % len(forms)]


def _one_escape(random: Random, name: str) -> str:
    place = random.randrange(len(name))
    return f"/data/{name[:place]}{_escaped(name[place], random.randrange(12), random)}{name[place + 1 :]}.sh"


def _nested_escapes(random: Random, name: str) -> str:
    text = name
    for _ in range(random.randrange(2, 6)):
        place = random.randrange(len(text))
        text = text[:place] + _escaped(text[place], random.randrange(12), random) + text[place + 1 :]
    return f"/data/{text}.sh"


def _all_escaped(random: Random, name: str) -> str:
    how = random.randrange(12)
    return " ".join("".join(_escaped(sign, how, random) for sign in name) for _ in range(2))


def _backslashes(random: Random, name: str) -> str:
    place, run = random.randrange(1, len(name)), "\\" * random.randrange(1, 10)
    gap = f"{run}{random.choice(('n', 'x41', 't', '', '/'))}" * random.choice((1, 1, 3, 40))
    return f"a {name[:place]}{gap}{random.choice(('', '', ' ', chr(39) + ' '))}{name[place:]} b"


def _quotes(random: Random, name: str) -> str:
    place = random.randrange(1, len(name))
    sign = random.choice(("''", '""', "'", '"', "'\"'", "`", "''''", "\\'", "'\\''"))
    return f"A='x{name[:place]}{sign}{name[place:]}' B=2"


def _separators(random: Random, name: str) -> str:
    return random.choice(";|,:/&?=#~^ \t").join((name, "x", name, "", name))


def _invisible(random: Random, name: str) -> str:
    signs = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e"
    return "run " + "".join(sign + random.choice(signs) * random.randrange(0, 3) for sign in name)


def _combining(random: Random, name: str) -> str:
    marks = "".join(random.choices(_MARKS, k=random.choice((1, 30, 300, 5000))))
    return f"{name}{marks} {name[0]}{marks}{name[1:]}"


def _signature(random: Random, name: str) -> str:
    return "y" * random.choice((0, 66, 200, 257)) + random.choice(_SIGNATURES) + f" {name} \x00\x00"


def _pumped(random: Random, name: str) -> str:
    atoms = random.choice(_ATOMS) + random.choice(("", "", random.choice(_ATOMS)))
    return atoms * (random.choice((1000, 20000)) // len(atoms)) + f" {name}"


def _one_letter(random: Random, name: str) -> str:
    value = random.choice("a1_") * random.choice((120, 300))
    return f"EXPERIMENT={value} X=1 {value}{name}"


def _banner(random: Random, name: str) -> str:
    return random.choice(("*** Offset = 0 ClusterId = 1\n", "***\n", "*** ", "\n---\n")) + f'Owner = "{name}"\n***'


def _terminal(random: Random, name: str) -> str:
    signs = ("\x1b[2J", "\x1b]0;x\x07", "\x9b31m", "\b\b\b", "\r", "\u202e", "\x00", "\x85", "\u2028", "\x7f")
    return "".join(sign + random.choice(signs) * random.randrange(0, 2) for sign in name)


def _encoded(random: Random, name: str) -> str:
    data = f"{'~' * random.randrange(4)}{name}".encode()
    hexadecimal = data.hex()
    return random.choice((hexadecimal, hexadecimal.upper(), name[::-1], f"x{hexadecimal}x", " ".join(hexadecimal)))


def _json(random: Random, name: str) -> str:
    depth = random.choice((1, 5, 200))
    return '{"a":' * depth + f'"{_escaped(name[0], 4, random)}{name[1:]}"' + "}" * random.choice((depth, depth - 1))


def _forged(random: Random, name: str) -> str:
    return f"x\n— Job #7 —\nUser: {name}\nUR_1 IP1 (secret) (withheld) {random.choice(('EX_1', 'HO_1'))}{name}"


def _long_letter(random: Random, name: str) -> str:
    return f"EXPERIMENT={'a' * 30_000} {'a' * 30_000}"


def _long_pumped(random: Random, name: str) -> str:
    atom = random.choice(_ATOMS)
    return atom * (100_000 // len(atom)) + f" {name}"


def _long_marks(random: Random, name: str) -> str:
    return f"{name}{random.choice(_MARKS) * 50_000}"


def _long_backslashes(random: Random, name: str) -> str:
    atom = name[:4] + "\\" * random.choice((1, 50, 3000)) + random.choice("nx'\"u")
    return atom * (100_000 // len(atom)) + name[4:]


def _long_gaps(random: Random, name: str) -> str:
    value = "ab" * random.choice((5, 15, 100))
    gap = random.choice(("'", '"', "''", "\n  "))
    return f"EXPERIMENT={value} X=x" + "".join(letter + gap for letter in "ab") * 3000 + name


def _long_people(random: Random, name: str) -> str:
    form = random.choice(
        (
            '"given_name":"A{0}","family_name":"B{0}",',
            '"email":"{0}@y","name":"A{0} B{0}",',
            "--mail {0}@y --name 'A{0} B{0}' ",
            "owner={0} ",
        )
    )
    letters = "abcdefghijklmnopqrstuvwxyz"
    return "".join(form.format("".join(random.choices(letters, k=4))) for _ in range(200)) + name


def _long_handle(random: Random, name: str) -> str:
    return "e" + "\u0301\u0316" * 3000 + f"{random.randrange(99)}@example.org"


def _word_handle(random: Random, name: str) -> str:
    return (
        random.choice(
            ["json", "parquet", "Job", "User", "secret", "withheld", "1", "7", "ustar", "a", "-", "manifest", "text"]
        )
        + "@example.org"
    )


def _hexadecimal_handle(random: Random, name: str) -> str:
    return f"{random.getrandbits(20):05x}@example.org"


def _marked_handle(random: Random, name: str) -> str:
    return "e" + "\u0301\u0316" * random.choice((1, 4, 12)) + f"{random.randrange(99)}@example.org"


def _torn_handle(random: Random, name: str) -> str:
    return random.choice(_TORN)


def _mixed(random: Random, name: str) -> str:
    kinds = [kind for kind in KINDS if kind not in {"mixed", "pumped", "combining", "one letter"}]
    return random.choice((" ", "", ";")).join(KINDS[random.choice(kinds)](random, name) for _ in range(3))


HANDLES: dict[str, Maker] = {
    "handle: a word": _word_handle,
    "handle: hexadecimal": _hexadecimal_handle,
    "handle: marks": _marked_handle,
    "handle: torn": _torn_handle,
}
"""Kinds of cells of the User column; the name is not in them."""

LONG: dict[str, Maker] = {"long: one letter": _long_letter, "long: pumped": _long_pumped, "long: marks": _long_marks}
LONG |= {"long: backslashes": _long_backslashes, "long: gaps": _long_gaps, "long: people": _long_people}
LONG |= {"long: handle": _long_handle}
"""Kinds of texts that take a while; the last is of the User column."""

KINDS: dict[str, Maker] = {
    "one escape": _one_escape,
    "nested escapes": _nested_escapes,
    "all escaped": _all_escaped,
    "backslashes": _backslashes,
    "quotes": _quotes,
    "separators": _separators,
    "invisible": _invisible,
    "combining": _combining,
    "signature": _signature,
    "pumped": _pumped,
    "one letter": _one_letter,
    "banner": _banner,
    "terminal": _terminal,
    "encoded": _encoded,
    "JSON": _json,
    "forged": _forged,
    "mixed": _mixed,
}
