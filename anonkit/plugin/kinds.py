"""Kinds and prefixes of the tokenizers of a run, which must tell identities of different kinds apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from anonkit.errors import PluginConflictError, PluginError
from anonkit.plugin.contracts import Tokenizer

__all__ = ["check_tokenizers"]

_KIND = re.compile(r"[a-z][a-z0-9_]*\Z")


def check_tokenizers(tokenizers: Sequence[Tokenizer]) -> None:
    """PluginConflictError when two have one kind or one prefix; PluginError for a kind that is no name."""
    kinds: set[str] = set()
    prefixes: dict[str, str] = {}
    for tokenizer in tokenizers:
        kind = tokenizer.kind
        if not _KIND.match(kind):
            raise PluginError(f"anonymizer {kind!r}: its kind is not lower-case letters, digits and underscores")
        if kind in kinds:
            raise PluginConflictError(
                f"two anonymizers are of the kind {kind!r}: their tokens would be the same; --disable one of them"
            )
        kinds.add(kind)
        for prefix in dict.fromkeys((tokenizer.prefix, tokenizer.text_prefix)):
            other = prefixes.setdefault(prefix, kind)
            if other != kind:
                raise PluginConflictError(
                    f"the anonymizers of the kinds {other!r} and {kind!r} both give tokens that begin with {prefix!r}; "
                    "set another prefix or text_prefix, or --disable one of them"
                )
