"""The contracts of plugins: readers, tokenizers, transforms, folds, reporters, listings, encoders.

All objects here are plain; none holds state that changes during a run. They are pickled to worker processes. Arrays are
Arrow arrays of one batch; `pyarrow` is imported only for types, so that declaring a plugin costs nothing.
"""

from anonkit.plugin.contracts.batch import Batch, Identities, RunContext
from anonkit.plugin.contracts.encoder import Encoding, OutputEncoder
from anonkit.plugin.contracts.forms import FORMS, INVISIBLE, LEAST_GLUED, Boundary, Form, Place, is_distinctive, visible
from anonkit.plugin.contracts.operation import Garbled, Operation, Tokenized, Transformed
from anonkit.plugin.contracts.reader import BadRecord, Contents, DataFile, FileHead, Page, Reader, Run
from anonkit.plugin.contracts.reporter import AnyReporter, Fold, Listing, Outputs, Reporter
from anonkit.plugin.contracts.roles import Roles
from anonkit.plugin.contracts.tokenizer import Alias, Evidence, Mentions, Tokenizer
from anonkit.plugin.contracts.transform import Transform

__all__ = [
    "FORMS",
    "INVISIBLE",
    "LEAST_GLUED",
    "Alias",
    "AnyReporter",
    "BadRecord",
    "Batch",
    "Boundary",
    "Contents",
    "DataFile",
    "Encoding",
    "Evidence",
    "FileHead",
    "Fold",
    "Form",
    "Garbled",
    "Identities",
    "Listing",
    "Mentions",
    "Operation",
    "OutputEncoder",
    "Outputs",
    "Page",
    "Place",
    "Reader",
    "Reporter",
    "Roles",
    "Run",
    "RunContext",
    "Tokenized",
    "Tokenizer",
    "Transform",
    "Transformed",
    "is_distinctive",
    "visible",
]
