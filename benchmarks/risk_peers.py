"""Risk by a peer, on a data set of `benchmarks.risk_data`: `python -m benchmarks.risk_peers TOOL FILE`.

The peers count rows where anonkit counts users. They need an environment of their own, with pandas and pyarrow.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

__all__ = ["TOOLS"]

_QUASI = ["QDate", "MATCH_EXP_JOB_Site", "Experiment", "RequestMemory", "CumulativeSlotTime"]
_STEPS = {"QDate": (86400, 7 * 86400, 28 * 86400), "RequestMemory": (2000, 4000), "CumulativeSlotTime": (7200, 36000)}
_LEAST = 11


def _pycanon(data: Any) -> None:
    """k, l and t of all quasi-identifiers; subsets, users and what each column adds are not computed."""
    from pycanon import anonymity

    print(
        anonymity.k_anonymity(data, _QUASI),
        anonymity.l_diversity(data, _QUASI, ["ExitCode"]),
        anonymity.t_closeness(data, _QUASI, ["ExitCode"]),
    )


def _anjana(data: Any) -> None:
    """The coarser values with which 11 rows are alike, from hierarchies; a tenth of the rows may be left out."""
    import numpy as np
    from anjana.anonymity import k_anonymity

    hierarchies = {name: {0: data[name].to_numpy()} for name in _QUASI}
    for name, levels in hierarchies.items():
        for step in _STEPS.get(name, ()):
            levels[len(levels)] = (data[name] // step * step).to_numpy()
        levels[len(levels)] = np.full(len(data), "*")
    print(len(k_anonymity(data, ["User"], _QUASI, _LEAST, 10, hierarchies)))


TOOLS: Mapping[str, Callable[[Any], None]] = MappingProxyType({"pyCANON": _pycanon, "ANJANA": _anjana})

if __name__ == "__main__":
    import pandas as pd

    tool, file = sys.argv[1:]
    TOOLS[tool](pd.read_parquet(file))
