"""The texts that the operator gives to a release."""

from __future__ import annotations

import attrs

__all__ = ["About"]


@attrs.frozen(kw_only=True)
class About:
    """Texts for README and metadata, as they are given."""

    title: str = "Batch jobs"
    description: str = "Records of batch jobs, with tokens in place of people."
    licence: str = ""
    """Its name or its URL."""
    creator: str = ""
    cite: str = ""
    """How the release is to be cited."""
    url: str = ""
    """Where the release is to be found."""
    published: str = ""
    """The date of publication: ``2026-11-29``."""
