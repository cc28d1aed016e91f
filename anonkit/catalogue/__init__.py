"""The classes of the columns of job records: they name a person, may mention one, or must not be passed on.

`attribute` looks a column up in the shipped table of HTCondor's job attributes; `Preset` adds the columns of
other programs' records, `Classes` the operator's changes.
"""

from __future__ import annotations

from anonkit.catalogue.attributes import Attribute, AttributeClass, attribute, catalogue
from anonkit.catalogue.classes import CatalogueOptions, Classes, Column
from anonkit.catalogue.preset import Preset, Steps

__all__ = [
    "Attribute",
    "AttributeClass",
    "CatalogueOptions",
    "Classes",
    "Column",
    "Preset",
    "Steps",
    "attribute",
    "catalogue",
]
