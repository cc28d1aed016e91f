"""Kinds and prefixes of the tokenizers of a run, which must distinguish identities of different kinds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from anonkit.errors import PluginConflictError, PluginError
from anonkit.plugin.contracts import Tokenizer

__all__ = ["check_tokenizers"]

_KIND = re.compile(r"[a-z][a-z0-9_]*\Z")


def check_tokenizers(tokenizers: Sequence[Tokenizer], names: Sequence[str]) -> None:
    """Check the tokenizers, which messages call by `names`: ``anonymizer user``.

    PluginConflictError when two have one kind or one prefix; PluginError for a kind that is not a name.
    """
    kinds: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    for place, tokenizer in enumerate(tokenizers):
        kind = tokenizer.kind
        if not _KIND.match(kind):
            raise PluginError(f"{names[place]}: its kind {kind!r} is not lower-case letters, digits and underscores")
        if kind in kinds:
            raise PluginConflictError(
                f"{kinds[kind]} and {names[place]} are both of the kind {kind!r}: their tokens would be the same; "
                "--disable one of them"
            )
        kinds[kind] = names[place]
        for prefix in dict.fromkeys((tokenizer.prefix, tokenizer.text_prefix)):
            other = prefixes.setdefault(prefix, names[place])
            if other != names[place]:
                raise PluginConflictError(
                    f"{other} and {names[place]} both give tokens that begin with {prefix!r}; "
                    "set another prefix or text_prefix, or --disable one of them"
                )
