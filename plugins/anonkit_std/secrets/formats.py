"""Secrets recognised by their form, without a name: private keys, tokens of services, passwords in URLs, cookies.

Each pattern takes time in proportion to the text: it begins with a fixed word, has its only unbounded repetition at its
end or before a character that the repetition excludes, and never reads past the next place where it may begin.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from ahocorasick_rs import AhoCorasick

__all__ = ["SCHEMES", "TRIGGERS", "URL", "blank_formats", "may_have_form"]

_WORD = "A-Za-z0-9_-"
# The prefix, the characters of the rest, and the least number of them. It is below the exact lengths of public rules:
# services make their keys longer from time to time, and a key that was cut short is still worth hiding.
_PREFIXED = (
    ("hvs.", _WORD, 16), ("hvb.", _WORD, 16), ("hvr.", _WORD, 16), ("dckr_pat_", _WORD, 16), ("dckr_oat_", _WORD, 16),
    ("ghp_", "A-Za-z0-9_", 16), ("gho_", "A-Za-z0-9_", 16), ("ghu_", "A-Za-z0-9_", 16), ("ghs_", "A-Za-z0-9_", 16),
    ("ghr_", "A-Za-z0-9_", 16), ("github_pat_", "A-Za-z0-9_", 16),
    ("glpat-", f".{_WORD}", 16), ("gldt-", _WORD, 16), ("glrt-", f".{_WORD}", 16), ("glptt-", _WORD, 16),
    ("glcbt-", _WORD, 16), ("glsoat-", _WORD, 16), ("glft-", _WORD, 16), ("glimt-", _WORD, 16),
    ("glagent-", _WORD, 16), ("gloas-", _WORD, 16), ("glffct-", _WORD, 16), ("GR1348941", _WORD, 16),
    ("sk-proj-", _WORD, 16), ("sk-svcacct-", _WORD, 16), ("sk-admin-", _WORD, 16), ("sk-ant-", _WORD, 16),
    ("sk-or-", _WORD, 16), ("sk-", "A-Za-z0-9", 20), ("pplx-", "A-Za-z0-9", 20), ("gsk_", "A-Za-z0-9", 20),
    ("xai-", "A-Za-z0-9", 20), ("hf_", "A-Za-z0-9", 20), ("api_org_", "A-Za-z0-9", 20), ("r8_", "A-Za-z0-9", 20),
    ("sk_live_", "A-Za-z0-9", 10), ("sk_test_", "A-Za-z0-9", 10), ("sk_prod_", "A-Za-z0-9", 10),
    ("rk_live_", "A-Za-z0-9", 10), ("rk_test_", "A-Za-z0-9", 10), ("rk_prod_", "A-Za-z0-9", 10),
    ("whsec_", "A-Za-z0-9+/=", 16),
    ("npm_", "A-Za-z0-9", 20), ("rubygems_", "a-f0-9", 20), ("CLOJARS_", "a-z0-9", 20),
    ("AKIA", "A-Z0-9", 16), ("ASIA", "A-Z0-9", 16), ("ABIA", "A-Z0-9", 16), ("ACCA", "A-Z0-9", 16),
    ("AIza", _WORD, 30), ("ya29.", f".{_WORD}", 16), ("GOCSPX-", _WORD, 16), ("LTAI", "A-Za-z0-9", 16),
    ("AKID", "A-Za-z0-9", 20), ("dop_v1_", "a-f0-9", 20), ("doo_v1_", "a-f0-9", 20), ("dor_v1_", "a-f0-9", 20),
    ("dapi", "a-f0-9-", 32), ("xapp-", _WORD, 16),
    *((f"xox{letter}-", _WORD, 8) for letter in "abcdeoprs"), ("xoxe.xox", _WORD, 8),
    ("SG.", f".{_WORD}", 32), ("key-", "a-f0-9", 32), ("xkeysib-", "A-Za-z0-9-", 20),
    ("shpat_", "A-Fa-f0-9", 20), ("shpca_", "A-Fa-f0-9", 20), ("shppa_", "A-Fa-f0-9", 20), ("shpss_", "A-Fa-f0-9", 20),
    ("sq0atp-", _WORD, 16), ("sq0csp-", _WORD, 16),
    ("glc_", "A-Za-z0-9+/=", 32), ("glsa_", "A-Za-z0-9_", 20), ("sntrys_", "A-Za-z0-9+/=_", 20),
    ("sntryu_", "a-f0-9", 20), ("AKCp", "A-Za-z0-9", 40), ("ATATT3", "A-Za-z0-9_=-", 40), ("ATBB", "A-Za-z0-9", 28),
    ("lin_api_", "A-Za-z0-9", 20), ("ntn_", "A-Za-z0-9", 30), ("PMAK-", "a-f0-9-", 20), ("pnu_", "A-Za-z0-9", 30),
    ("pul-", "a-f0-9", 40), *((f"dp.{sort}.", "A-Za-z0-9", 20) for sort in ("pt", "ct", "sa", "scim", "audit")),
    ("dt0c01.", "A-Za-z0-9.", 20),
    ("pscale_tkn_", f"=.{_WORD}", 20), ("pscale_pw_", f"=.{_WORD}", 20), ("pscale_oauth_", f"=.{_WORD}", 20),
    ("NRAK-", "A-Z0-9", 20), ("tfp_", f".{_WORD}", 30), ("sha256~", _WORD, 20),
    ("fo1_", _WORD, 20), ("fm1a_", "A-Za-z0-9+/=_", 20), ("fm1r_", "A-Za-z0-9+/=_", 20), ("fm2_", "A-Za-z0-9+/=_", 20),
    ("AGE-SECRET-KEY-1", "A-Z0-9", 20), ("ops_eyJ", "A-Za-z0-9+/=_-", 20), ("AQVN", _WORD, 32),
    ("MDAx", "A-Za-z0-9+/_=-", 60), ("MDAy", "A-Za-z0-9+/_=-", 60), ("MDAz", "A-Za-z0-9+/_=-", 60),  # macaroons
    ("ZXlK", "A-Za-z0-9+/_=-", 20),  # base64 of a JWT
    ("A3-", "A-Z0-9-", 32), ("A3T", "A-Z2-7", 17), ("ABSK", "A-Za-z0-9+/=", 60),
    ("bedrock-api-key-", f"=+/{_WORD}", 16),
    ("4b1d", "A-Za-z0-9", 38), ("v1.0-", "a-f0-9-", 100), ("cfut_", "A-Za-z0-9", 32), ("cfat_", "A-Za-z0-9", 32),
    ("cfk_", "A-Za-z0-9", 32), ("cmVmd", "A-Za-z0-9", 40), ("p8e-", "a-z0-9", 32), ("duffel_test_", f"={_WORD}", 32),
    ("duffel_live_", f"={_WORD}", 32), ("EZAK", "A-Za-z0-9", 50), ("EZTK", "A-Za-z0-9", 50), ("EAAA", _WORD, 32),
    ("EAAM", "A-Za-z0-9", 60), ("EAAC", "A-Za-z0-9", 60), ("FLWSECK", _WORD, 12), ("fio-u-", f"={_WORD}", 40),
    ("eyJrIjoi", "A-Za-z0-9=", 60), ("pat.", "A-Za-z0-9.", 60),
    ("sat.", "A-Za-z0-9.", 60), ("HRKU-AA", _WORD, 40), ("ico-", "A-Za-z0-9", 32),
    ("s-s4t2ud-", "a-f0-9", 32), ("s-s4t2af-", "a-f0-9", 32), ("u-s4t2ud-", "a-f0-9", 32), ("API-", "A-Z0-9", 24),
    ("rdme_", "a-z0-9", 40), ("tk-us-", _WORD, 32), ("sm_aat_", "A-Za-z0-9", 16), ("sm_pat_", "A-Za-z0-9", 16),
    ("sm_sat_", "A-Za-z0-9", 16), ("shippo_live_", "A-Fa-f0-9", 32), ("shippo_test_", "A-Fa-f0-9", 32),
    ("sgp_", "A-Za-z0-9_", 40), ("slk_", "a-f0-9", 40), ("dnkey-", f"={_WORD}", 40), ("figp_", f"={_WORD}", 32),
    ("figd_", f"={_WORD}", 32), ("CFPAT-", _WORD, 32), ("CCIPAT_", "A-Za-z0-9_", 40), ("ATCTT3", f"=+/{_WORD}", 40),
    ("BBDC-", f"+/@{_WORD}", 32), ("NRII-", _WORD, 20), ("NRIQ-", _WORD, 20), ("NRBR-", "a-f0-9", 16),
    ("aio_", "A-Za-z0-9", 24), ("apify_api_", "A-Za-z0-9-", 24), ("ak_live_", "A-Za-z0-9", 24),
    ("bkua_", "a-z0-9", 32), ("ddp_", "A-Za-z0-9", 32), ("ddw_", "A-Za-z0-9", 32), ("lsv2_pt_", "a-f0-9_", 32),
    ("lsv2_sk_", "a-f0-9_", 32), ("nvapi-", _WORD, 32), ("pat-na1-", "A-Za-z0-9-", 30), ("pat-eu1-", "A-Za-z0-9-", 30),
    ("pcsk_", "A-Za-z0-9_", 40), ("phx_", "A-Za-z0-9_", 32), ("rh-api-", "A-Fa-f0-9-", 32), ("rootly_", "a-f0-9", 40),
    ("sbp_", "a-z0-9", 32), ("secret_", "A-Za-z0-9", 40), ("sqco_", "A-Za-z0-9", 40), ("tskey-", _WORD, 20),
    ("rzp_live_", "A-Za-z0-9", 14), ("ramp_sec_", "A-Za-z0-9", 32), ("salad_cloud_", "A-Za-z0-9_", 20),
    ("flb_live_", "A-Za-z0-9", 20), ("5AEP861", "A-Za-z0-9._=", 60), ("3MVG9", "A-Za-z0-9._+/=", 60),
    ("access-production-", "a-f0-9-", 32), ("access-development-", "a-f0-9-", 32), ("access-sandbox-", "a-f0-9-", 32),
)  # fmt: skip


def _alternatives() -> str:
    """Return one pattern of all prefixed forms, grouped by first letter, so that most places cost one comparison."""
    by_letter: dict[str, list[str]] = {}
    for prefix, rest, least in _PREFIXED:
        by_letter.setdefault(prefix[0], []).append(rf"{re.escape(prefix[1:])}[{rest}]{{{least},}}")
    return "|".join(f"{letter}(?:{'|'.join(forms)})" for letter, forms in sorted(by_letter.items()))


# Forms that are replaced as a whole.
_WHOLE = re.compile(
    # PEM, in which line ends may be escapes; when its end is missing, all that may be base64.
    r"-----BEGIN [A-Z0-9 ]{1,60}-----(?:(?:(?!-----)[^\"'])*-----END [A-Z0-9 ]{1,60}-----"
    r"|(?:[A-Za-z0-9+/=\s]|\\(?=\\*[nr])|(?<=\\)[nr])*)"
    rf"|(?<![A-Za-z0-9])(?:{_alternatives()})"
    rf"|(?<![A-Za-z0-9])pypi-(?=[{_WORD}]{{0,40}}[A-Z])(?=[{_WORD}]{{0,40}}[0-9])[{_WORD}]{{16,}}"  # a key, no package
    r"|(?<![0-9])[0-9]{5,16}:AA[A-Za-z0-9_-]{30,}"  # a bot of Telegram
    r"|(?<![A-Za-z0-9])[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{20,}"  # a client of Azure
    r"|(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{20,}"
    r"|(?<![A-Za-z0-9])[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk"  # a licence of MaxMind
    r"|(?<![A-Za-z0-9])SK[0-9a-fA-F]{32}(?![A-Za-z0-9])"  # of Twilio
    r"|(?<![A-Za-z0-9._-])(?:sc|ext|scauth|authress)_[a-z0-9]{5,30}\.[a-z0-9]{4,6}\.acc[_-][a-z0-9-]{10,32}\.[\w+/=-]{30,}"
    r"|(?<![A-Za-z0-9])PuTTY-User-Key-File-[0-9][^\"']*"
)
# A run of letters, digits and dots that may hold a JWT, a SciToken or a JWE; `_without_token` finds it in the run.
# The head of a token is base64 of an object, with or without a blank before the first key.
_DOTTED = re.compile(rf"(?<![A-Za-z0-9])(?:eyJ|ewo|eyA)[.{_WORD}]*")
# The beginning of a token in a part of such a run.
_JWT_BEGIN = re.compile(rf"(?:\A|(?<=[_-]))(?:eyJ|ewo|eyA)(?=[{_WORD}]{{8}})")
_SHORTEST_CLAIMS = 8

# Words between `Authorization:` and the secret.
_SCHEMES = (
    "bearer|basic|token|digest|negotiate|api-?key|api-?token|access-?token|private-?token|oauth|jwt|key|ntlm|hawk|bot|"
    "macaroon|splunk|aws4-hmac-sha256"
)
# A secret before the host of a URL: it is longer than a user's name, or mixes digits and letters of both cases.
_IN_URL = (
    r"(?:(?=[A-Za-z_.~%+-]*[0-9])[\w.~%+-]{20,}"
    r"|(?=[\w.~%+-]{0,18}[a-z])(?=[\w.~%+-]{0,18}[A-Z])(?=[A-Za-z_.~%+-]{0,18}[0-9])[\w.~%+-]{10,19})"
)
_QUERY_NAMES = "key|code|sid|session|sig|signature|pwd|pass|auth|hash_key|h"
# Each has two groups: the text before the secret, which stays, and the secret.
_AFTER_CONTEXT = (
    re.compile(rf"""(?i)((?a:authorization)\\*["']?\s*[:=]\s*\\*["']?(?:(?:{_SCHEMES})\s+)?)([^\s"'\\,;{{}}\[\]]+)"""),
    re.compile(r"((?:[Bb]earer|BEARER|[Bb]asic|BASIC)(?: +|%20))([A-Za-z0-9][A-Za-z0-9._~+/-]{15,}=*)"),
    re.compile(r"""((?<=[A-Za-z0-9+.-])://[^\s/:@"'<>]*:)([^\s/"']+)(?=@)"""),
    re.compile(rf"""((?<=[A-Za-z0-9+.-])://)({_IN_URL})(?=@|:[^\s/"'@]{{0,64}}@)""", re.ASCII),
    re.compile(r"(oracle(?::thin:|://)[\w.-]{1,64}/)([^\s@\"'/]+)(?=@)"),
    # The key of an HTCondor claim, with the policy of its session before it.
    re.compile(r"""(>#[1-9][0-9]*#[0-9]+#)(?!\.\.\.)((?:\[[^\[\]<>#]*\])?[^\s"',;#<>]+)"""),
    # Webhooks; a token may have replaced the name of the host.
    re.compile(r"(hooks\.slack\.com/[a-z]+/)([\w/+-]+)"),
    re.compile(r"(/(?:services|workflows|triggers)/)((?=[TE][A-Z]*[0-9])[A-Z0-9]{4,}/[A-Z0-9]{4,}/[\w/+-]+)"),
    re.compile(r"(/api/(?:v[0-9]+/)?webhooks/)([\w/-]+)"),
    re.compile(r"(/webhook[a-z0-9]*/)([\w-]+@[\w@/-]+)"),
    re.compile(r"(/hooks/catch/)([\w/]+)"),
    re.compile(r"(/hooks/)([a-z0-9]{26})(?![a-z0-9])"),
    re.compile(r"(api\.telegram\.org/(?:file/)?bot)([^\s/\"']+)"),
    # Parameters of a signed URL; a number, or a value of less than eight characters, is no key.
    re.compile(rf"""((?i:[?&;](?:{_QUERY_NAMES})=))(?=[^\s&#"'\\]{{8}})(?![0-9.]*(?![^\s&#"'\\;]))([^\s&#"'\\;]+)"""),
    re.compile(r"""((?i:login)\s+[^\s"']+\s+(?i:password)\s+)([^\s"']+)"""),  # a line of a .netrc
    re.compile(
        r"""(\bmachine\s+[^\s"']{1,128}\s+(?:(?:login|account)\s+[^\s"']{1,64}\s+){0,2}password\s+)([^\s"']+)"""
    ),
    re.compile(r"""((?i:identified\s+by)\s+\\?["']?)(?!(?i:ldap|external))([^\s"'\\;]{4,})"""),  # SQL
    re.compile(
        r"""((?<![A-Za-z0-9_])sig=)([A-Za-z0-9%+/_-]{20,}(?:%3[Dd]|=)?)"""
    ),  # of Azure, without the URL before it
    re.compile(r"""(-pass(?:in|out)?(?:\s+|=|["']\s*(?:,\s*)?["'])pass:)([^\s"']+)"""),  # openssl
)
# The header of cookies, and the value of each.
_COOKIES = re.compile(r"""(?i:cookie)\s*:\s*([^"'\r\n]+)""")
_COOKIE = re.compile(r"=[^;\s]+")

URL = "://"
"""The trigger of passwords in URLs."""
_KEYS_IN_URLS = tuple(f"{sign}{name}=" for sign in "?&" for name in _QUERY_NAMES.split("|"))
TRIGGERS = (
    URL, "/services/T", "/services/E", "/workflows/T", "/workflows/E", "/triggers/T", "/triggers/E", "-----BEGIN",
    "eyJ", "MDAx", "MDAy", "MDAz", "PuTTY-", ".atlasv1.", "hooks.", "/hooks/", "webhook",
    "api.telegram.", "pass:", "pypi-", "ewo", "eyA", "_mmk", ".acc_", ".acc-", "oracle", "sig=",
    *(f"SK{digit}" for digit in "0123456789abcdefABCDEF"),
    *(f">#{digit}" for digit in range(1, 10)),  # words of three bytes are found much faster than those of two
    *(f"{digit}Q~" for digit in range(10)), *(f"{digit}:AA" for digit in range(10)),
    *_KEYS_IN_URLS, *(name.upper() for name in _KEYS_IN_URLS),
    *(prefix for prefix, _, _ in _PREFIXED),
)  # fmt: skip
SCHEMES = (
    "authorization", "bearer ", "basic ", "bearer%20", "basic%20", "login ", "login\t", "login\n", "cookie",
    "identified ",
)  # fmt: skip
"""A text with no word of these, in small letters, and none of `TRIGGERS` has no secret of a known form."""


def blank_formats(text: str, placeholder: str) -> str:
    """Return the text with the placeholder in place of each secret; names, schemes and quotes around it stay."""
    text = _WHOLE.sub(lambda _: placeholder, text)
    text = _DOTTED.sub(lambda found: _without_token(found[0], placeholder), text)
    for pattern in _AFTER_CONTEXT:
        text = pattern.sub(lambda match: match[1] + placeholder, text)
    return _COOKIES.sub(lambda found: _without_cookies(found, placeholder), text)


def may_have_form(text: str) -> bool:
    """Return whether a text may hold a secret of a known form; it does not when this is False."""
    triggers, schemes = _words()
    return bool(triggers.find_matches_as_indexes(text) or schemes.find_matches_as_indexes(text.lower()))


@cache
def _words() -> tuple[AhoCorasick, AhoCorasick]:
    return AhoCorasick(TRIGGERS), AhoCorasick(SCHEMES)


def _without_token(run: str, placeholder: str) -> str:
    """Return a run of letters, digits and dots with the placeholder from the beginning of a token on.

    A token is two parts of the run: the first begins like one, and the second is long enough for claims.
    """
    parts = run.split(".")
    for place, (head, claims) in enumerate(pairwise(parts)):
        begin = _JWT_BEGIN.search(head)
        if begin and len(claims) >= _SHORTEST_CLAIMS:
            return ".".join((*parts[:place], head[: begin.start()] + placeholder))
    return run


def _without_cookies(found: re.Match[str], placeholder: str) -> str:
    """Return a match of `_COOKIES` with the placeholder as the value of each cookie."""
    name = found[0][: found.start(1) - found.start()]
    return name + _COOKIE.sub(f"={placeholder}".replace("\\", r"\\"), found[1])
