"""The invented people, hosts, experiments and addresses of the corpus. No name is part of another."""

from __future__ import annotations

import unicodedata
from random import Random

import attrs

__all__ = ["Experiment", "Host", "Names", "Person"]


def _words(text: str) -> list[str]:
    return text.split()


GIVEN = _words(
    "Ania Bruno Celia Dario Elodie Fabio Greta Hanno Ilka Jorin Kalle Livia Marek Nadja Olaf Petra Quirin Rosa Sanne "
    "Tilo Ulla Viktor Wanda Xenia Yorick Zelda Amélie Björn Çağla Élise Jürgen Łucja Mónica Søren Tomáš Zoë"
)
FIRST = _words("bro dra fle gri hul jor kle lum mor nev pla que rus sto tra vul wen zim cho sku")
MIDDLE = _words("zel vam dit nok rup gav lish mun beq tor wid xan pel cru fyd")
LAST = _words("ith owska enko arro ello ich adze atov elin unde aro ovic ander estad igo")
VOWELS = "aeiouy"
DOMAINS = _words("example.org lab.example.org example.net uni.example.edu example.ac.uk")
CASELESS = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋艳杰"


@attrs.frozen
class Person:
    """Somebody, by every name; `handle` is the identity."""

    given: str
    surname: str
    handle: str
    domain: str
    number: str

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.given} {self.surname}"

    @property
    def dotted(self) -> str:
        """The full name as mail systems write it."""
        given = unicodedata.normalize("NFKD", self.given).encode("ascii", "ignore").decode()
        return f"{given}.{self.surname}".lower()


@attrs.frozen
class Host:
    """A machine, by its first label and its domain."""

    short: str
    domain: str

    @property
    def full(self) -> str:
        """The full name."""
        return f"{self.short}.{self.domain}"


@attrs.frozen
class Experiment:
    """A group of people."""

    name: str


@attrs.define
class Names:
    """Draws names that nobody has yet."""

    random: Random
    taken: str = ""
    used: set[str] = attrs.field(factory=set)
    numbers: int = 0

    def person(self) -> Person:
        """Return somebody new."""
        given = self.random.choice(GIVEN)
        while True:
            surname = self._word()
            handle = f"{surname[:8]}{given[0].lower() if given.isascii() else 'x'}"
            if not surname.startswith(handle) and self._free(handle):
                break
        self._take(handle)
        number = str(self.random.randrange(10**5, 10**6))
        return Person(given, surname.title(), handle, self.random.choice(DOMAINS), number)

    def caseless(self) -> Person:
        """Return somebody whose name has neither letter case nor blanks."""
        known = self.person()
        family, given = CASELESS
        name = self.random.choice(family) + "".join(self.random.choices(given, k=2))
        return attrs.evolve(known, given=name[1:], surname=name[0])

    def host(self, domains: tuple[str, ...] = ("example.org", "cluster.example.net", "grid.example.ac.uk")) -> Host:
        """Return a new machine in one of the domains."""
        while not self._free(short := f"{self._word()[:5]}{self.random.randrange(10, 9999)}"):
            continue
        self._take(short)
        return Host(short, self.random.choice(domains))

    def experiment(self) -> Experiment:
        """Return a new experiment."""
        while not self._free(name := f"{self._word()[:6]}{self.random.choice(VOWELS)}{self.random.choice(FIRST)[:2]}"):
            continue
        self._take(name)
        return Experiment(name)

    def address(self) -> str:
        """Return a new address of the networks for benchmarks and documentation."""
        self.numbers += 1
        return f"198.18.{self.numbers // 250}.{self.numbers % 250 + 4}"

    def address6(self) -> str:
        """Return a new address of the network for documentation."""
        self.numbers += 1
        return f"2001:db8:{self.random.randrange(4096, 65535):x}::{self.numbers + 4096:x}"

    def hexadecimal(self, length: int) -> str:
        """Return random digits of that number."""
        return f"{self.random.getrandbits(4 * length):0{length}x}"

    def key(self) -> str:
        """Return 16 capitals and digits."""
        return "".join(self.random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16))

    def secret(self) -> str:
        """Return what could be a password or the random part of a token."""
        letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
        return "Z7" + "".join(self.random.choices(letters, k=30))

    def _word(self) -> str:
        draw = self.random.choice
        return draw(FIRST) + draw(MIDDLE) + draw(MIDDLE) + draw(LAST)

    def _free(self, word: str) -> bool:
        within = (word[first:last] for first in range(len(word)) for last in range(first + 4, len(word) + 1))
        return word not in self.taken and not any(part in self.used for part in within)

    def _take(self, word: str) -> None:
        self.taken += f"|{word}"
        self.used.add(word)
