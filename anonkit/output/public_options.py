"""The options of a run as a reader of the outputs may see them: without originals, secrets and paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import Enum
from pathlib import PurePath
from typing import Any

import attrs
import pyarrow as pa

from anonkit.options import option_info
from anonkit.plugin.contracts import Roles
from anonkit.quantities import write_duration

__all__ = ["SECRET", "PublicOptions"]

SECRET = "(secret)"
"""Written instead of the value of a secret option."""


@attrs.frozen
class PublicOptions:
    """Turns options into JSON values without originals.

    Texts are garbled, except defaults and names of columns: everybody knows those, so a token in their place would show
    which identity it is. For the same reason a secret option is masked whether it is set or not. Words that name
    identities are replaced by their number.
    """

    garble: Callable[[pa.Array], pa.Array]
    columns: frozenset[str]
    """The names of the columns that were read."""

    def options(self, options: Any) -> dict[str, Any]:
        """Return the values of an options class by key."""
        default = type(options)()
        values: dict[str, Any] = {}
        for field in attrs.fields(type(options)):
            info = option_info(field)
            value = getattr(options, field.name)
            if info is not None and info.counted:
                values[field.name] = len(value)
            elif info is not None and info.secret:
                values[field.name] = SECRET
            else:
                values[field.name] = self.value(value, getattr(default, field.name))
        return values

    def roles(self, roles: Roles) -> dict[str, Any]:
        """Return the columns by role."""
        defaults = Roles().columns
        return {role: self.value(column, defaults.get(role)) for role, column in roles.columns.items()}

    def text(self, text: str) -> str:
        """Return a text garbled, unless it is the name of a column."""
        return text if text in self.columns else self._garbled(text)

    def value(self, value: Any, default: Any) -> Any:
        """Return a value with its texts garbled, except those that the default has too."""
        if isinstance(value, Enum):
            return self.value(value.value, default.value if isinstance(default, Enum) else default)
        if isinstance(value, str):
            return value if value == default else self.text(value)
        if isinstance(value, timedelta):
            return write_duration(value)
        if isinstance(value, PurePath):  # the folder says something of the machine
            return self.text(value.name)
        if isinstance(value, Mapping):
            defaults = default if isinstance(default, Mapping) else {}
            return {
                self.value(key, key if key in defaults else None): self.value(inner, defaults.get(key))
                for key, inner in value.items()
            }
        if isinstance(value, (list, tuple)):
            items = default if isinstance(default, (list, tuple)) else ()
            return [self.value(inner, inner if inner in items else None) for inner in value]
        return value

    def _garbled(self, text: str) -> str:
        # A file's name, or a flag, may hold bytes that are not text.
        garbled: str = self.garble(pa.array([text.encode("utf-8", "replace").decode()], pa.string()))[0].as_py()
        return garbled
