"""The version of the surface that plugins are written against: `anonkit.api`, `anonkit.arrow`, `anonkit.testing`.

A hooks module names the version that its plugins are made for:

    ANONKIT_API = "1.0"

The first number changes when something is taken away or changes its meaning, the second when something is added.
"""

from __future__ import annotations

import re

from anonkit.errors import PluginError

__all__ = ["API_VERSION", "ATTRIBUTE", "OtherVersion", "check_version"]

API_VERSION = "1.0"
"""The version of `anonkit.api`, `anonkit.arrow` and `anonkit.testing` together."""
ATTRIBUTE = "ANONKIT_API"
_VERSION = re.compile(r"(\d+)(?:\.(\d+))?\Z")


class OtherVersion(PluginError):
    """A package is made for a version of the surface that this anonkit does not have."""


def check_version(hooks: object, package: str, offered: str = API_VERSION) -> None:
    """Raise OtherVersion when a hooks module is made for another version than the one offered.

    A module that names none is taken to be made for this one. TypeError for a name that is not a version.
    """
    wanted = getattr(hooks, ATTRIBUTE, offered)
    found = _VERSION.match(wanted) if isinstance(wanted, str) else None
    if found is None:
        raise TypeError(f'{ATTRIBUTE} is {wanted!r}, not a version like "{API_VERSION}"')
    major, minor = offered.split(".")
    if found[1] != major:
        raise OtherVersion(
            f"made for version {wanted} of the plugin API, and this anonkit has {offered}; "
            f"install a version of {package} for {major}.x, or --block {package}"
        )
    if int(found[2] or 0) > int(minor):
        raise OtherVersion(
            f"made for version {wanted} of the plugin API, and this anonkit has {offered}; "
            f"upgrade anonkit, or --block {package}"
        )
