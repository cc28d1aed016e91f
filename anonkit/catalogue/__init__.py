"""What the columns of job records are: which name somebody, which may mention somebody, which must not be passed on."""

from __future__ import annotations

from anonkit.catalogue.attributes import Attribute, AttributeClass, attribute, catalogue

__all__ = ["Attribute", "AttributeClass", "attribute", "catalogue"]
