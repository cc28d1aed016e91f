"""Shapes as templates: a text in which each name is a hole such as ``«p.handle»``, filled and labelled.

A hole is ``WHO.WHAT`` with disguises behind bars: ``«n.name|underscores»``. Who:

    p    the job's owner, known by the User column          n    somebody who is in this text alone
    q    another owner                                      c    the same, in a script without letter case
    e    the job's experiment, known by Jobsub_Group        f    an experiment of this text alone
    h    the job's host, known by LastRemoteHost            g    a host of this text alone
    i    the job's address, known by JobsubClientIpAddress  j    an address of this text alone; j6 one of IPv6
    s    a secret; k one of 16 capitals

``«~text»`` may go or stay, ``«=word»`` is the user of that handle, ``«#6»`` are digits, ``«x6»`` hexadecimal ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import attrs

from benchmarks.accuracy.disguises import DISGUISES
from benchmarks.accuracy.labels import Label, Span
from benchmarks.accuracy.population import Experiment, Host, Names, Person

__all__ = ["Filled", "Owner", "fill"]

_HOLE = re.compile("«([^»]*)»")
# Hosts that no label names may go with the others.
_DOMAINS = r"example\.(?:org|net)|cern\.ch|slack\.com|windows\.net"
_HOSTS = re.compile(rf"(?<!/cvmfs/)\b[a-z0-9]+(?:[.-][a-z0-9]+)*\.(?:{_DOMAINS})\b")
_KINDS = {"p": "user", "q": "user", "n": "user", "c": "user", "e": "experiment", "f": "experiment", "h": "host"}
_KINDS |= {"g": "host", "i": "ip", "j": "ip", "j6": "ip", "s": "secret", "k": "secret"}
Thing = Person | Host | Experiment | str


@attrs.frozen
class Owner:
    """What the identity columns of a job say."""

    person: Person
    experiment: Experiment
    host: Host
    address: str


@attrs.define
class Filled:
    """A text as it grows."""

    text: str = ""
    labels: list[Label] = attrs.field(factory=list)
    optional: list[Span] = attrs.field(factory=list)


def fill(template: str, owner: Owner, other: Owner, names: Names, domains: tuple[str, ...] = ()) -> Filled:
    """Return the template with its holes filled: by the job's owner, another, and names that are drawn."""
    filled = Filled()
    things: dict[str, Thing] = {
        "p": owner.person, "e": owner.experiment, "h": owner.host, "i": owner.address, "q": other.person,
    }  # fmt: skip
    new: dict[str, Callable[[], Thing]] = {
        "n": names.person, "c": names.caseless, "f": names.experiment, "j": names.address, "j6": names.address6,
        "s": names.secret, "k": names.key, "g": lambda: names.host(domains) if domains else names.host(),
    }  # fmt: skip
    for place, part in enumerate(_HOLE.split(template)):
        if place % 2 == 0:
            start = len(filled.text)
            filled.optional += [(start + found.start(), start + found.end()) for found in _HOSTS.finditer(part)]
            filled.text += part
        elif part[0] == "#":
            filled.text += f"{names.random.randrange(10 ** int(part[1:]) // 10, 10 ** int(part[1:]))}"
        elif part[0] == "x" and part[1:].isdigit():
            filled.text += names.hexadecimal(int(part[1:]))
        elif part[0] == "~":
            _optional(filled, part[1:], things, new)
        elif part[0] == "=":
            filled.labels.append(Label(len(filled.text), len(filled.text) + len(part) - 1, "user", part[1:]))
            filled.text += part[1:]
        else:
            _mention(filled, part, things, new)
    return filled


def _optional(filled: Filled, text: str, things: dict[str, Thing], new: Mapping[str, Callable[[], Thing]]) -> None:
    who, dot, what = text.partition(".")
    if dot and who in _KINDS:
        text = _value(_drawn(who, things, new), what)
    filled.optional.append((len(filled.text), len(filled.text) + len(text)))
    filled.text += text


def _mention(filled: Filled, hole: str, things: dict[str, Thing], new: Mapping[str, Callable[[], Thing]]) -> None:
    place, *disguises = hole.split("|")
    who, _, what = place.partition(".")
    thing = _drawn(who, things, new)
    before, core, behind = "", _value(thing, what), ""
    if what == "mail" and not disguises:
        # A person's address may keep its domain.
        core, _, domain = core.partition("@")
        behind = f"@{domain}"
    for name in disguises:
        left, core, right = DISGUISES[name](core)
        before, behind = before + left, right + behind
    start = len(filled.text) + len(before)
    kind = "email" if what == "mail" else _KINDS[who]
    filled.labels.append(Label(start, start + len(core), kind, _identity(thing)))
    filled.optional += [(start - len(before), start), (start + len(core), start + len(core) + len(behind))]
    filled.text += before + core + behind


def _drawn(who: str, things: dict[str, Thing], new: Mapping[str, Callable[[], Thing]]) -> Thing:
    if who not in things:
        things[who] = new[who]()
    return things[who]


def _value(thing: Thing, what: str) -> str:
    if isinstance(thing, str):
        return thing
    if what == "mail" and isinstance(thing, Person):
        return f"{thing.dotted}@{thing.domain}"
    if what == "initial" and isinstance(thing, Person):
        return thing.handle[0]
    if what == "reversed-name" and isinstance(thing, Person):
        return f"{thing.surname} {thing.given}"
    if what == "surname-first" and isinstance(thing, Person):
        return f"{thing.surname}, {thing.given}"
    if what == "whole-caseless" and isinstance(thing, Person):
        return thing.surname + thing.given
    value: str = getattr(thing, what)
    return value


def _identity(thing: Thing) -> str:
    if isinstance(thing, Person):
        return thing.handle
    return thing if isinstance(thing, str) else thing.full if isinstance(thing, Host) else thing.name
