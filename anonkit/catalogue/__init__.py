"""The classes of the columns of job records: which name a person, which may mention one, which must not be passed on.

`attribute` looks a column up in the shipped table of HTCondor's job attributes; `Classes` adds the operator's changes.
"""

from __future__ import annotations

from anonkit.catalogue.attributes import Attribute, AttributeClass, attribute, catalogue
from anonkit.catalogue.classes import CatalogueOptions, Classes, Column

__all__ = ["Attribute", "AttributeClass", "CatalogueOptions", "Classes", "Column", "attribute", "catalogue"]
