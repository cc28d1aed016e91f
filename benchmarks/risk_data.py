"""Rows as a coarse release has them, with 1,000 users and five quasi-identifiers.

`python -m benchmarks.risk_data ROWS FILE` writes them as parquet.

Users are as uneven as in a batch system, each has habits (a site, an experiment, sizes), and every value is coarse:
hours of a year, sites, experiments, memory and run time in steps.
"""

from __future__ import annotations

import sys

import duckdb

__all__ = ["COLUMNS", "write"]

COLUMNS = ("QDate", "MATCH_EXP_JOB_Site", "Experiment", "RequestMemory", "CumulativeSlotTime")
_ROWS = """
SELECT 'UR_' || who AS User,
       1699999200 + 3600 * ((who * 131 + hash(row, 1) % (24 * (10 + who % 300))) % 8760)::BIGINT AS QDate,
       'Site ' || (CASE WHEN hash(row, 2) % 4 = 0 THEN hash(row, 3) % 60 ELSE who % 40 END) AS MATCH_EXP_JOB_Site,
       'EX_' || (who % 25) AS Experiment,
       1000 * (1 + (who + hash(row, 4) % 3) % 8)::BIGINT AS RequestMemory,
       3600 * (hash(row, 5) % (2 + who % 20))::BIGINT AS CumulativeSlotTime,
       (hash(row, 7) % 20 < 2 + who % 3)::INTEGER * (1 + who % 4) AS ExitCode
FROM (SELECT row, (1000 * pow((hash(row, 6) % 1000003) / 1000003.0, 3))::BIGINT % 1000 AS who FROM range({rows}) t(row))
"""


def write(rows: int, path: str) -> None:
    """Write a parquet file of so many rows; the same rows each time."""
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET memory_limit = '2GB'")
        connection.execute(f"COPY ({_ROWS.format(rows=rows)}) TO '{path}' (FORMAT parquet)")


if __name__ == "__main__":
    write(int(sys.argv[1]), sys.argv[2])
