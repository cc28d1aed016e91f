"""Secrets that are known by their form, wherever they stand."""

from __future__ import annotations

import re

__all__ = ["SCHEMES", "TRIGGERS", "blank_formats"]

_BEFORE, _WORD = r"(?<![A-Za-z0-9])", r"[A-Za-z0-9_-]"
_WHOLE = re.compile(
    "|".join(
        (
            # PEM, its line ends perhaps escaped; without its end, as far as it may go.
            r"-----BEGIN [A-Z0-9 ]+-----(?:(?:(?!-----)[^\"'])*-----END [A-Z0-9 ]+-----|(?:[A-Za-z0-9+/=\s]|\\+[nr])*)",
            rf"{_BEFORE}eyJ{_WORD}{{8,}}\.{_WORD}{{8,}}(?:\.{_WORD}*)*",  # JWT, SciToken, JWE
            rf"{_BEFORE}(?:AKIA|ASIA)[A-Z0-9]{{16}}(?![A-Za-z0-9])",
            rf"{_BEFORE}(?:gh[opsur]_|github_pat_)[A-Za-z0-9_]{{20,}}",
            rf"{_BEFORE}glpat-{_WORD}{{16,}}",
            rf"{_BEFORE}xox[abprs]-{_WORD}{{8,}}",
            rf"{_BEFORE}AIza{_WORD}{{30,}}",
            rf"{_BEFORE}ya29\.[A-Za-z0-9_.-]{{16,}}",
            rf"{_BEFORE}MDA[xyz][A-Za-z0-9+/_-]{{60,}}={{0,2}}",  # macaroon
        )
    )
)
# What stands before the secret and stays.
_BEHIND = (
    re.compile(
        r"""(?i)((?a:authorization)\\*["']?\s*[:=]\s*\\*["']?(?:(?:bearer|basic|token|digest|negotiate)\s+)?)([^\s"'\\,;{}\[\]]+)"""
    ),
    re.compile(r"((?:[Bb]earer|BEARER|[Bb]asic|BASIC) +)([A-Za-z0-9][A-Za-z0-9._~+/-]{15,}=*)"),
    re.compile(r"""(\b[A-Za-z][A-Za-z0-9+.-]*://[^\s/:@"'<>]*:)([^\s/"']+)(?=@)"""),
    re.compile(r"""(>#[1-9][0-9]*#[0-9]+#)(?!\.\.\.)((?:\[[^\]]*\])?[^\s"',;#<>]+)"""),  # a claim of HTCondor's
)
TRIGGERS = (
    "-----BEGIN", "eyJ", "AKIA", "ASIA", "ghp_", "gho_", "ghs_", "ghu_", "ghr_", "github_pat_", "glpat-", "xox", "AIza",
    "ya29.", "MDAx", "MDAy", "MDAz", "://",
    *(f">#{digit}" for digit in range(1, 10)),  # words of three bytes are found much faster than those of two
)  # fmt: skip
SCHEMES = ("authorization", "bearer ", "basic ")
"""A text with no word of these, in small letters, and none of `TRIGGERS` has no secret of a known form."""


def blank_formats(text: str, placeholder: str) -> str:
    """Return the text with the placeholder instead of each secret; names, schemes and quotes around it stay."""
    text = _WHOLE.sub(lambda _: placeholder, text)
    for pattern in _BEHIND:
        text = pattern.sub(lambda match: match[1] + placeholder, text)
    return text
