"""Distinguished names, compared with a slow reader of RFC 4514 that goes from character to character."""

from __future__ import annotations

from anonkit_std.tokenizers.finding.distinguished_names import parse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_profiles import many_examples

SPECIAL = ',+"\\<>;='
TYPES = st.sampled_from(["CN", "cn", "OU", "O", "DC", "C", "UID", "serialNumber"])
VALUES = st.text(st.sampled_from("aZé王 .'-0/" + SPECIAL), min_size=1, max_size=8)
PARTS = st.lists(st.lists(st.tuples(TYPES, VALUES), min_size=1, max_size=2), min_size=1, max_size=5)


def escaped(value: str, how: str) -> str:
    """Write a value as RFC 4514 does: with pairs of digits or with backslashes."""
    out = []
    for place, char in enumerate(value):
        at_end = place in (0, len(value) - 1)
        if (not char.isascii() and how == "pairs") or (char in SPECIAL and how == "pairs"):
            out.append("".join(f"\\{byte:02X}" for byte in char.encode()))
        elif char in SPECIAL or (char == " " and at_end):
            out.append(f"\\{char}")
        else:
            out.append(char)
    return "".join(out)


def read(text: str) -> list[list[tuple[str, str]]]:
    """Return the parts of a name in RFC 4514's form: each a list of type and value."""
    parts: list[list[tuple[str, str]]] = [[]]
    place = 0
    while place < len(text):
        end = text.index("=", place)
        type_, place, value = text[place:end], end + 1, bytearray()
        while place < len(text) and text[place] not in ",+":
            if text[place] != "\\":
                value += text[place].encode()
                place += 1
            elif text[place + 1] in SPECIAL + " ":
                value += text[place + 1].encode()
                place += 2
            else:
                value.append(int(text[place + 1 : place + 3], 16))
                place += 3
        parts[-1].append((type_, value.decode()))
        if place < len(text) and text[place] == ",":
            parts.append([])
        place += 1
    return parts


@many_examples
@given(PARTS, st.sampled_from(["pairs", "backslashes"]))
def test_it_equals_the_reference(parts: list[list[tuple[str, str]]], how: str) -> None:
    text = ",".join("+".join(f"{type_}={escaped(value, how)}" for type_, value in part) for part in parts)
    assert read(text) == parts
    found = [(one.type, one.value.strip()) for one in parse(text)]
    folded = [[(type_.casefold(), value.strip()) for type_, value in part] for part in parts]
    assert found in ([one for part in order for one in part] for order in (folded, folded[::-1]))


@given(st.text('/CN=UID: ,+\\"xCé#0a', max_size=60))
def test_anything_is_read_without_a_fault(text: str) -> None:
    for one in parse(text):
        assert one.type == one.type.casefold()
