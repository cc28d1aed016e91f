"""The tokenizer `email`. An address of a known user is left to the user: it becomes ``UR_1@example.org``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Alias, Boundary, Mentions, Roles
from anonkit_std.options.tokenizers import EmailOptions
from anonkit_std.tokenizers.finding.escaped_paths import decoded_signs
from anonkit_std.tokenizers.finding.person_names import is_dotted_name
from anonkit_std.tokenizers.finding.scan import Scan
from anonkit_std.tokenizers.in_text import TextTokenizer

__all__ = ["EmailTokenizer"]

# A character of a name. A percent sign and two hexadecimal digits are an escape, which is no part of a name.
_CHARACTER = r"(?:[\w.+-]|%(?![0-9A-Fa-f]{2}))"
# The name before the `@`, and the domain after it.
_LOCAL = re.compile(
    rf"(?:(?<=%[0-9A-Fa-f]{{2}})|(?<![\w.+%$/\\-])(?<!\w['’]))([\w+]{_CHARACTER}*(?:['’]{_CHARACTER}+)*)\Z"
)
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}(?![\w-]|\.\w)")
# These are written like addresses and are none: slots of machines, workers of pilots, schedulers, members of accounting
# groups, the account of a code repository.
_NO_PERSON = re.compile(
    r"(?:slot|vm|glidein)[\d_]+(?:_\w+)*|(?:crab|schedd)\d*(?:_\w+)?|group_[\w.+-]+|git|[\d._]+", re.IGNORECASE
)
# The rest of the name of a job, which begins like an address: `schedd@node1.example.org#12.0#1703980800`.
_JOB_NUMBER = re.compile(r"#\d+\.\d+#")


@attrs.frozen(slots=False)
class EmailTokenizer(TextTokenizer):
    """Tokenizes e-mail addresses; an identity is an address in lower case.

    The kind has no column, so that a handle in an address is replaced as the user's.
    """

    options: EmailOptions = attrs.field(factory=EmailOptions)

    kind = "email"

    def identify(self, cells: pa.Array) -> pa.Array:
        """Return the address in lower case; null for a blank."""
        addresses = pc.utf8_lower(pc.utf8_trim_whitespace(cells.cast(pa.string())))
        return pc.if_else(pc.equal(addresses, ""), None, addresses)

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions | None:
        """Return the addresses in a text; None for columns of hosts, where slots and daemons are written like them."""
        known = roles.attribute(column)
        if known is not None and known.kind == "host":
            return None
        found = [mention for view in (text, *decoded_signs(text)) for mention in _addresses(Scan.from_text(view))]
        rows, spellings = zip(*found, strict=True) if found else ((), ())
        return Mentions(pa.array(rows, pa.int64()), pa.array(spellings, pa.string()))

    def aliases(self, identity: str) -> Iterable[str | Alias]:
        """Return the address, its part before the `@` if that is a full name, and the aliases of the options.

        Nothing for an ignored address or an address of an ignored domain.
        """
        if identity.rpartition("@")[2] in self._ignored:
            return ()
        names = self._words.names(identity)
        # Without encoded forms: of an address that is written backwards the part here is a domain, which others share.
        locals_ = (Alias(local, Boundary.WORD) for local in map(_local_part, names) if is_dotted_name(local))
        return tuple(self._words.without_kept((*names, *locals_)))

    def defers_to(self, identity: str) -> str:
        """Return the part before the `@`: if it is the handle of a user, the address is the user's."""
        return _local_part(identity)


def _local_part(address: str) -> str:
    return address.rpartition("@")[0]


def _addresses(scan: Scan) -> Iterator[tuple[int, str]]:
    """Yield row and spelling of each address in the text."""
    for row, before, after in scan.around(b"@"):
        following = after.decode("utf-8", "ignore")
        domain = _DOMAIN.match(following)
        # A name with a realm in capitals is a Kerberos principal.
        if domain and not domain[0].isupper() and not _JOB_NUMBER.match(following, domain.end()):
            local = _LOCAL.search(before.decode("utf-8", "ignore"))
            if local and not _NO_PERSON.fullmatch(local[1]):
                yield row, f"{local[1]}@{domain[0]}"
