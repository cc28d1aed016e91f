"""The class of a column in one run: as the operator sets it, else as the catalogue has it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import attrs

from anonkit.catalogue.attributes import Attribute, AttributeClass, attribute, best_pattern
from anonkit.options import option

__all__ = ["CatalogueOptions", "Classes", "Column"]

_LISTS = {
    "never": AttributeClass.NEVER,
    "text": AttributeClass.TEXT,
    "quasi_identifier": AttributeClass.QUASI_IDENTIFIER,
    "plain": AttributeClass.PLAIN,
}


@attrs.frozen(kw_only=True)
class CatalogueOptions:
    """`[catalogue]`. For more columns of identities there are the anonymizers' own options."""

    never: tuple[str, ...] = option((), help="columns that must not be passed on; * matches any characters")
    text: tuple[str, ...] = option((), help="columns that may mention identities")
    quasi_identifier: tuple[str, ...] = option((), help="columns with values that may point at a person")
    plain: tuple[str, ...] = option((), help="columns with harmless values; text in them is garbled all the same")

    def __attrs_post_init__(self) -> None:
        seen: dict[str, str] = {}
        for key in _LISTS:
            for name in getattr(self, key):
                other = seen.setdefault(name.casefold(), key)
                if other != key:
                    raise ValueError(f"{name!r} is in {other} and in {key}; take it out of one of them")


@attrs.frozen(kw_only=True)
class Column:
    """A column of the input, as the operator and the catalogue have it."""

    name: str
    cls: AttributeClass | None
    """None when neither knows it: then text in it is garbled, and numbers may point at a person."""
    attribute: Attribute | None
    """Its entry in the catalogue."""
    allowed: bool = False
    """Whether `[run] allow` names it."""

    def holds(self, kind: str) -> bool:
        """Return whether the catalogue knows that each cell is an identity of a kind."""
        known = self.attribute
        return known is not None and known.cls is AttributeClass.IDENTITY and known.kind == kind

    @property
    def is_refused(self) -> bool:
        """Whether it must not be passed on."""
        return self.cls is AttributeClass.NEVER and not self.allowed

    @property
    def why_never(self) -> str:
        """The reason why it must not be passed on, in a few words."""
        known = self.attribute is not None and self.attribute.cls is AttributeClass.NEVER
        return self.attribute.meaning if self.attribute and known else "[catalogue] never names it"


@attrs.frozen(slots=False)
class Classes:
    """Classifies the columns of one run."""

    options: CatalogueOptions = attrs.field(factory=CatalogueOptions)
    allow: tuple[str, ...] = ()
    known: Mapping[str, Attribute] = attrs.field(factory=dict)
    """Columns of the preset, by name in folded case."""

    def classify(self, name: str) -> Column:
        """Return the class and the catalogue entry of the column `name`."""
        known = self.known.get(name.casefold()) or attribute(name)
        override = best_pattern(name, self._overrides)
        cls = self._overrides[override] if override else known.cls if known else None
        return Column(name=name, cls=cls, attribute=known, allowed=name.casefold() in self._allowed)

    @cached_property
    def _overrides(self) -> Mapping[str, AttributeClass]:
        return {name.casefold(): cls for key, cls in _LISTS.items() for name in getattr(self.options, key)}

    @cached_property
    def _allowed(self) -> frozenset[str]:
        return frozenset(map(str.casefold, self.allow))
