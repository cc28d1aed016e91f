"""A synthetic data set: parquet files shaped like a day of FIFE batch history, with nobody real in them.

`write_demo` writes the files; `population` tells everybody who may occur in them: the ground truth that a
leak test searches outputs for. Handles are invented; hosts and addresses come from the names and ranges that
are reserved for documentation.
"""

from __future__ import annotations

from anonkit.demo.population import Population, population
from anonkit.demo.writing import write_demo

__all__ = ["Population", "population", "write_demo"]
