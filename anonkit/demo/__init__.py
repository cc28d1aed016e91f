"""A synthetic data set: parquet files shaped like a day of FIFE batch history, about invented people.

`write_demo` writes the files; `population` lists every identity that may occur in them: the ground truth for a leak
test. Handles are invented; hosts and addresses come from the names and ranges that are reserved for documentation.
"""

from __future__ import annotations

from anonkit.demo.population import Population, population
from anonkit.demo.writing import write_demo

__all__ = ["Population", "population", "write_demo"]
