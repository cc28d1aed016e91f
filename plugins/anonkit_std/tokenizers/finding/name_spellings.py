"""The ways in which programs write a full name: other separators and orders, without accents, in ASCII.

A handle may be a full name: ``anna.example``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain

from anonkit_std.tokenizers.finding.person_names import IN_ASCII, PARTICLES, is_dotted_name
from anonkit_std.tokenizers.weak_names import is_weak

__all__ = ["handle_spellings", "name_spellings"]

_SEPARATORS = (" ", "_", "-", ".", "")
_APOSTROPHES = ("'", "\u2019")
_WITHOUT_APOSTROPHES = str.maketrans("", "", "".join(_APOSTROPHES))
# What accents are written as where only ASCII will do, beside dropping them.
_IN_TWO_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ø": "oe", "Ø": "Oe", "å": "aa"}
)
# Letters by which a name is known to be Turkish: the other case of its `i` has a dot, and that of `ı` none.
_TURKISH = frozenset("ıİşŞğĞ")
_TURKISH_SMALL, _TURKISH_LARGE = str.maketrans({"I": "ı", "İ": "i"}), str.maketrans({"i": "İ", "ı": "I"})
# A name of so many characters, in a script without letter case, may be written with a blank between its parts.
_WITHOUT_BLANK = range(3, 6)


def name_spellings(name: str) -> Iterator[str]:
    """Yield the ways in which programs write a full name, itself first: other separators and orders, in ASCII."""
    composed = unicodedata.normalize("NFC", name)
    names = dict.fromkeys((name, composed))
    if not composed.isascii():
        plain = unicodedata.normalize("NFKD", composed.translate(IN_ASCII))
        for other in ("".join(filter(str.isascii, plain)), composed.translate(_IN_TWO_LETTERS)):
            if other.isascii() and len(other) >= len(composed):
                names[other] = None
        # Capitals of Greek have no accents, and of Cyrillic many leave out the dots of ё.
        bare = "".join(char for char in unicodedata.normalize("NFD", composed) if not unicodedata.combining(char))
        if not bare.isascii() and bare.lower() != bare.upper():
            names[bare] = None
    if not _TURKISH.isdisjoint(composed):
        names[composed.translate(_TURKISH_SMALL).lower()] = None
        names[composed.translate(_TURKISH_LARGE).upper()] = None
    names |= dict.fromkeys(form.translate(_WITHOUT_APOSTROPHES) for form in tuple(names))
    yield from dict.fromkeys(spelling for form in names for spelling in _spellings(form))


def handle_spellings(handle: str) -> Iterator[str]:
    """Yield the ways in which programs write a handle that is a full name, `anna.example` or `anna_example`.

    They are few, since there may be many handles; nothing for another handle.
    """
    dotted = handle.replace("_", ".")
    parts = dotted.split(".")
    if len(parts) > 3 or not is_dotted_name(dotted) or any(len(part) < 2 or is_weak(part) for part in parts):
        return
    for separator in _SEPARATORS:
        yield separator.join(parts)
    *given, surname = parts
    yield from (f"{surname}{separator}{' '.join(given)}" for separator in (" ", ", "))
    # As notebook servers write a dot in the name of a container.
    yield "-2e".join(parts)


def _spellings(name: str) -> Iterator[str]:
    parts = name.split(" ")
    if len(parts) == 1:
        yield name
        if len(name) in _WITHOUT_BLANK and not name.isascii() and name.lower() == name.upper():
            yield from (f"{name[:place]} {name[place:]}" for place in range(1, len(name)))
        return
    for given, surname in dict.fromkeys(_divided(parts)):
        for separator in _SEPARATORS:
            yield from _signs_as(separator, separator.join((*given, *surname)))
            yield from _signs_as(separator, separator.join((*surname, *given)))
        yield f"{' '.join(surname)}, {' '.join(given)}"
        yield "+".join((*given, *surname))
        if len(surname) > 1 and surname[0].casefold() in PARTICLES:
            glued = "".join(surname)
            yield from (f"{' '.join(given)} {glued}", f"{'_'.join(given)}_{glued}", f"{'.'.join(given)}.{glued}")


def _signs_as(separator: str, spelling: str) -> Iterator[str]:
    """Yield a spelling, and with the signs inside its names as the sign between them; hyphens are left out as well."""
    apart = spelling
    for apostrophe in _APOSTROPHES:
        apart = apart.replace(apostrophe, separator)
    yield from chain.from_iterable(_hyphens_as(separator, form) for form in dict.fromkeys((spelling, apart)))


def _hyphens_as(separator: str, spelling: str) -> Iterator[str]:
    yield spelling
    if "-" in spelling and separator != "-":
        yield spelling.replace("-", separator)
        yield spelling.replace("-", "")


def _divided(parts: Sequence[str]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield given names and surname: most forget what is between the first and the last; a surname may have several."""
    yield tuple(parts[:-1]), tuple(parts[-1:])
    yield tuple(parts[:1]), tuple(parts[-1:])
    if len(parts) > 2 and len(parts[1].rstrip(".")) > 1:
        yield tuple(parts[:1]), tuple(parts[1:])
    # A surname begins with its particle: `Anna Maria van der Berg`.
    particle = next((place for place in range(2, len(parts) - 1) if parts[place].casefold() in PARTICLES), 0)
    if particle:
        yield tuple(parts[:1]), tuple(parts[particle:])
        yield tuple(parts[:particle]), tuple(parts[particle:])
