"""The mapping: which identity has which number. Read before a run, written after it; whoever has it can undo the run.

document    what a mapping says, and its form as JSON
keys, vault how it is sealed, and opened again
lock, file  the file: one writer at a time, replaced in one step
domain      which outputs belong to which mapping
access_log  who asked for identities
tokens, restoring, upkeep   what is done with it: reveal, restore; merge, rekey, forget
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
