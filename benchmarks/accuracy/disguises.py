"""Ways to write a name that readers undo.

Each returns the characters before those that are due to the name, these, and those behind them.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

__all__ = ["DISGUISES", "Disguised"]

Disguised = tuple[str, str, str]


def _core(text: str) -> Disguised:
    return "", text, ""


def _joined(sign: Callable[[str], str]) -> Callable[[str], Disguised]:
    return lambda text: _core("".join(map(sign, text)))


def _first(sign: Callable[[str], str]) -> Callable[[str], Disguised]:
    return lambda text: _core(sign(text[0]) + text[1:])


def _bytes(sign: Callable[[int], str]) -> Callable[[str], Disguised]:
    return lambda text: _core("".join(sign(byte) for byte in text.encode()))


def _outside_ascii(sign: Callable[[str], str]) -> Callable[[str], Disguised]:
    return _joined(lambda char: char if char.isascii() else sign(char))


def _encoded(before: str, encode: Callable[[bytes], bytes]) -> Callable[[str], Disguised]:
    def disguised(text: str) -> Disguised:
        whole = encode(f"{before}{text}?>".encode()).decode()
        first, last = -(-8 * len(before) // 6), 8 * (len(before) + len(text.encode())) // 6
        return whole[:first], whole[first:last], whole[last:]

    return disguised


def _between(sign: str) -> Callable[[str], Disguised]:
    return lambda text: _core(f"{text[:3]}{sign}{text[3:]}")


DISGUISES: dict[str, Callable[[str], Disguised]] = {
    "upper": lambda text: _core(text.upper()),
    "lower": lambda text: _core(text.lower()),
    "title": lambda text: _core(text.title()),
    "wide": _joined(lambda char: chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char),
    "percent": _bytes(lambda byte: f"%{byte:02X}"),
    "percent-first": _first(lambda char: "".join(f"%{byte:02x}" for byte in char.encode())),
    "percent-twice": _first(lambda char: "".join(f"%25{byte:02x}" for byte in char.encode())),
    "percent-thrice": _first(lambda char: "".join(f"%2525{byte:02x}" for byte in char.encode())),
    "url": lambda text: _core(text.replace(" ", "%20")),
    "plus": lambda text: _core(text.replace(" ", "+")),
    "entity": _first(lambda char: f"&#{ord(char)};"),
    "entity-hex": _joined(lambda char: f"&#x{ord(char):x};"),
    "entity-zeros": _first(lambda char: f"&#00{ord(char)};"),
    "u4": _first(lambda char: f"\\u{ord(char):04x}"),
    "u8": _first(lambda char: f"\\U{ord(char):08x}"),
    "u-brace": _first(lambda char: f"\\u{{{ord(char):x}}}"),
    "x2": _first(lambda char: "".join(f"\\x{byte:02x}" for byte in char.encode())),
    "octal": _first(lambda char: f"\\{ord(char):03o}"),
    "u4-twice": _first(lambda char: f"\\\\u{ord(char):04x}"),
    "hex": _bytes(lambda byte: f"{byte:02x}"),
    "hex-upper": _bytes(lambda byte: f"{byte:02X}"),
    "hex-spaced": lambda text: _core(text.encode().hex(":")),
    "base64": _encoded("", base64.b64encode),
    "base64-1": _encoded("u", base64.b64encode),
    "base64-2": _encoded("u=", base64.b64encode),
    "base64-url": _encoded("~", base64.urlsafe_b64encode),
    "reversed": lambda text: _core(text[::-1]),
    "zero-width": _between("\u200b"),
    "joiner": _between("\u2060"),
    "soft-hyphen": _between("\u00ad"),
    "backslash": _between("\\"),
    "two-quotes": _between('""'),
    "line-break": _between("\\\n"),
    "cut-8": lambda text: _core(text[:8]),
    "x-bytes": _outside_ascii(lambda char: "".join(f"\\x{byte:02X}" for byte in char.encode())),
    "pair-bytes": _outside_ascii(lambda char: "".join(f"\\{byte:02X}" for byte in char.encode())),
    "json": _outside_ascii(lambda char: f"\\u{ord(char):04x}"),
    "underscores": lambda text: _core(text.replace(" ", "_")),
    "dashes": lambda text: _core(text.replace(" ", "-")),
    "dots": lambda text: _core(text.replace(" ", ".")),
    "together": lambda text: _core(text.replace(" ", "")),
    "dot-comma": lambda text: _core(text.replace(".", ".dot,")),
    "ip-dashes": lambda text: _core(text.replace(".", "-").replace(":", "-")),
    "ip-number": lambda text: _core(str(int.from_bytes(bytes(map(int, text.split("."))), "big"))),
    "ip-hex": lambda text: _core(bytes(map(int, text.split("."))).hex()),
    "ip-hex-0x": lambda text: _core("0x" + bytes(map(int, text.split("."))).hex()),
    "ip-mapped": lambda text: _core(f"::ffff:{text}"),
    "ip-arpa": lambda text: _core(".".join(reversed(text.split("."))) + ".in-addr.arpa"),
    "ip-zeros": lambda text: _core(".".join(part.zfill(3) for part in text.split("."))),
}
