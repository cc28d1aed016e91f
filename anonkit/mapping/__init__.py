"""The mapping: the numbers of identities, read before a run and written after it. With it a run can be undone.

document    the content of a mapping, and its form as JSON
keys, vault its encryption
lock, file  the file: one writer at a time, replaced in one step
domain      the outputs that belong to a mapping
access_log  the log of each use of a mapping
tokens, restoring, upkeep   its uses: reveal, restore; merge, rekey, forget
"""

from anonkit.mapping.access_log import AccessLog
from anonkit.mapping.document import Document, KindMapping
from anonkit.mapping.file import Mapping
from anonkit.mapping.keys import Keys
from anonkit.mapping.restoring import Restored, restore
from anonkit.mapping.tokens import Revealed, reveal
from anonkit.mapping.upkeep import forget, merge, rekey

__all__ = [
    "AccessLog",
    "Document",
    "Keys",
    "KindMapping",
    "Mapping",
    "Restored",
    "Revealed",
    "forget",
    "merge",
    "rekey",
    "restore",
    "reveal",
]
