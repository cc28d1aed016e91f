"""E-mail addresses. Those of a user are left to that user: ``annak@example.org`` becomes ``UR_1@example.org``."""

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

# A percent sign and two digits are an escape, which is not a part of a name, though one may follow it.
_SIGN = r"(?:[\w.+-]|%(?![0-9A-Fa-f]{2}))"
_LOCAL = re.compile(rf"(?:(?<=%[0-9A-Fa-f]{{2}})|(?<![\w.+%$/\\-])(?<!\w['’]))([\w+]{_SIGN}*(?:['’]{_SIGN}+)*)\Z")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}(?![\w-]|\.\w)")
# Slots of machines, workers of pilots and schedulers are written like addresses; so are members of accounting groups,
# and the account of a code repository.
_NO_PERSON = re.compile(
    r"(?:slot|vm|glidein)[\d_]+(?:_\w+)*|(?:crab|schedd)\d*(?:_\w+)?|group_[\w.+-]+|git|[\d._]+", re.IGNORECASE
)
# After the scheduler that begins the name of a job.
_JOB_NUMBER = re.compile(r"#\d+\.\d+#")


@attrs.frozen(slots=False)
class EmailTokenizer(TextTokenizer):
    """An address in lower case. It has no column of its own, so that a user's handle in one shows as the user's."""

    options: EmailOptions = attrs.field(factory=EmailOptions)

    kind = "email"

    def identify(self, cells: pa.Array) -> pa.Array:
        """Return the address in lower case; null for a blank."""
        addresses = pc.utf8_lower(pc.utf8_trim_whitespace(cells.cast(pa.string())))
        return pc.if_else(pc.equal(addresses, ""), None, addresses)

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions | None:
        """Return the addresses in any text but that of columns of hosts, where slots and daemons look like them."""
        known = roles.attribute(column)
        if known is not None and known.kind == "host":
            return None
        found = [mention for view in (text, *decoded_signs(text)) for mention in _addresses(Scan.from_text(view))]
        rows, spellings = zip(*found, strict=True) if found else ((), ())
        return Mentions(pa.array(rows, pa.int64()), pa.array(spellings, pa.string()))

    def aliases(self, identity: str) -> Iterable[str | Alias]:
        """Return the address, what is before its `@` if that is a full name, and what the options add.

        Nothing for an ignored address, or one of an ignored domain.
        """
        if identity.rpartition("@")[2] in self._ignored:
            return ()
        names = self._words.names(identity)
        locals_ = (Alias(local, Boundary.WORD) for local in map(_local_part, names) if is_dotted_name(local))
        return tuple(self._words.without_kept((*names, *locals_)))

    def defers_to(self, identity: str) -> str:
        """Return the text before the `@`: if it is a user's handle, so is the address."""
        return _local_part(identity)


def _local_part(address: str) -> str:
    return address.rpartition("@")[0]


def _addresses(scan: Scan) -> Iterator[tuple[int, str]]:
    for row, before, behind in scan.around(b"@"):
        following = behind.decode("utf-8", "ignore")
        domain = _DOMAIN.match(following)
        # What has a realm in capitals is a Kerberos principal.
        if domain and not domain[0].isupper() and not _JOB_NUMBER.match(following, domain.end()):
            local = _LOCAL.search(before.decode("utf-8", "ignore"))
            if local and not _NO_PERSON.fullmatch(local[1]):
                yield row, f"{local[1]}@{domain[0]}"
