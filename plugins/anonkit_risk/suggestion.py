"""Settings that pass a gate, as TOML to paste, with their loss."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from typing import Any

import attrs

from anonkit_risk.ladders import DROPPED, UNCHANGED, Level

__all__ = ["Suggestion"]

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")


@attrs.frozen
class Suggestion:
    """The treatment of each quasi-identifier."""

    levels: Mapping[str, Level]
    min_users: int
    loss: float
    """The mean of the columns' losses: 0 when nothing is changed, 1 when nothing is left of them."""

    @property
    def coarsened(self) -> dict[str, str]:
        """The table of `coarsen`."""
        return {name: level.setting for name, level in self.levels.items() if level.setting not in (UNCHANGED, DROPPED)}

    @property
    def dropped(self) -> list[str]:
        """The columns that `suppress` leaves out."""
        return [name for name, level in self.levels.items() if level.setting == DROPPED]

    @property
    def tables(self) -> dict[str, Any]:
        """The settings as tables for `anonkit.run`."""
        anonymizers: dict[str, Any] = {}
        if self.coarsened:
            anonymizers["coarsen"] = {"enabled": True, "columns": self.coarsened}
        if self.dropped:
            anonymizers["suppress"] = {"enabled": True, "drop": self.dropped}
        return {
            **({"anonymizers": anonymizers} if anonymizers else {}),
            "risk": {"columns": list(self.levels), "min_users": self.min_users},
        }

    def toml(self) -> str:
        """Return the settings as TOML, and the loss of each column as comments."""
        lines = [f"# {self.loss:.1%} of the information in these columns is lost, on average."]
        lines += [f"# {name}: {_described(level)}" for name, level in self.levels.items()]
        if self.coarsened:
            inner = ", ".join(f"{_key(name)} = {json.dumps(text)}" for name, text in self.coarsened.items())
            lines += ["", "[anonymizers.coarsen]", "enabled = true", f"columns = {{ {inner} }}"]
        if self.dropped:
            lines += ["", "[anonymizers.suppress]", "enabled = true", f"drop = {_array(self.dropped)}"]
        lines += ["", "[risk]", f"columns = {_array(list(self.levels))}", f"min_users = {self.min_users}"]
        return "\n".join(lines) + "\n"

    def _repr_html_(self) -> str:
        """Return the treatments as a table for notebooks."""
        rows = (
            f"<tr><th>{escape(name)}</th><td>{escape(_described(level))}</td></tr>"
            for name, level in self.levels.items()
        )
        return f"<table>{''.join(rows)}</table>"


def _described(level: Level) -> str:
    if level.setting == UNCHANGED:
        return "unchanged"
    done = "left out" if level.setting == DROPPED else f"coarsened, {level.setting}"
    return f"{done}: {level.changed:.1%} of cells changed, {level.loss:.1%} of the information lost"


def _key(name: str) -> str:
    return name if _BARE.match(name) else json.dumps(name)


def _array(names: list[str]) -> str:
    return f"[{', '.join(map(json.dumps, names))}]"
