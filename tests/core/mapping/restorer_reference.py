"""Restoring the slow and obvious way: at each place, every token."""

from __future__ import annotations

from collections.abc import Mapping


def restored(text: bytes, originals: Mapping[bytes, bytes]) -> bytes:
    """Return the text with originals instead of tokens, which are a prefix and a number each."""
    done, at = b"", 0
    while at < len(text):
        here = [token for token in originals if text.startswith(token, at) and is_token(text, at, at + len(token))]
        if here:
            token = max(here, key=len)
            done += originals[token]
            at += len(token)
        else:
            done += text[at : at + 1]
            at += 1
    return done


def is_token(text: bytes, start: int, end: int) -> bool:
    first, before, after = text[start : start + 1], text[max(start - 1, 0) : start], text[end : end + 1]
    within = (first.isupper() and before.isupper()) or (first.islower() and before.islower())
    return not within and not after.isdigit()
