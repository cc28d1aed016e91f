"""A script: most of the same outputs as a lean program with Polars writes them, the whole job in memory.

All rows of the ten columns are one data frame. Tokens are numbered in order of first appearance, and one
`str.replace_many` puts them into the columns and the texts. It writes the summary, the failed users, the listing of one
site and the text report, with all threads that Polars likes to use.

What it leaves out, of all that anonkit does by default:

- a name is replaced wherever its letters are, in the middle of a word too: no rule says where a name may be;
- one spelling of each name, in any case of ASCII letters: no escapes, encoded forms, quotes within a name, addresses as
  host names or numbers spell them, and no name that only a text mentions, such as one of a home folder or certificate;
- experiments are those of two variables; words that are known to be experiments are not looked for;
- an address is a cell: no lists of addresses, no numbers, no spellings that mean the same;
- secrets stay;
- the report does not wrap lines and takes an environment apart at each blank, whatever its quotes and its form;
- nothing is checked: no audit, no manifest, no staging, outputs appear one by one;
- memory grows with the rows.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.demo_data import COLUMNS, SITE

__all__ = ["main"]

NULLS = ("", "none", "nan", "null", "undefined", "___null___")
EXPERIMENT = r"\b(?:SAM_)?EXPERIMENT=([A-Za-z]\w*)"
META = ("User", "JobsubClientIpAddress", "CumulativeSlotTime", "DAG_NodesFailed", "NumJobStarts", "NumJobCompletions")
GARBLED = ("User", "JobsubClientIpAddress", "MATCH_EXP_JOB_Site", "Cmd", "Environment")
TITLE = "Job Command & Environment Report"


def main(data: Path, output: Path) -> None:
    """Read the files in `data` and write all outputs into `output`."""
    output.mkdir(parents=True)
    jobs = read(data)
    users, addresses = numbered(jobs, "handle"), numbered(jobs, "JobsubClientIpAddress")
    experiments = numbered(jobs.select(experiment=experiment()).drop_nulls(), "experiment")
    write_summary(jobs, users, addresses, output)
    write_failures(jobs, users, output)
    tokens = {**named(addresses, "IP"), **named(experiments, "EX_"), **named(users, "UR_")}
    jobs = garbled(jobs.drop("handle"), tokens)
    write_site(jobs, output)
    write_report(jobs, output)


def read(data: Path) -> pl.DataFrame:
    """Return the ten columns of all files, with nulls for all that means null, and the handle of each row."""
    texts = [pl.col(name).cast(pl.String) for name in (*GARBLED, "NumJobStarts", "NumJobCompletions")]
    files = [
        pl.read_parquet(path, columns=list(COLUMNS)).with_columns(texts) for path in sorted(data.rglob("*.parquet"))
    ]
    nulls = pl.col(pl.String).str.strip_chars().str.to_lowercase().is_in(NULLS)
    jobs = pl.concat(files, how="diagonal_relaxed").with_columns(pl.when(~nulls).then(pl.col(pl.String)))
    handle = pl.col("User").str.split_exact("@", 1).struct.field("field_0").str.strip_chars()
    return jobs.with_columns(handle=pl.when(handle != "").then(handle))


def experiment() -> pl.Expr:
    """Return the experiment that the environment of each row names first."""
    return pl.col("Environment").str.extract(EXPERIMENT).str.to_lowercase()


def numbered(jobs: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return the distinct values of a column, numbered in order of first appearance, with their rows."""
    counted = jobs.group_by(column, maintain_order=True).len("rows")
    return counted.with_row_index("number", offset=1)


def named(identities: pl.DataFrame, prefix: str) -> dict[str, str]:
    """Return the token of each name."""
    return {name: f"{prefix}{number}" for number, name, _ in identities.iter_rows() if name is not None}


def garbled(jobs: pl.DataFrame, tokens: dict[str, str]) -> pl.DataFrame:
    """Return the rows with tokens in place of names; of names that begin alike, the longest is found."""
    names = sorted(tokens, key=len, reverse=True)
    replaced = pl.col(*GARBLED).str.replace_many(
        names, [tokens[name] for name in names], ascii_case_insensitive=True, leftmost=True
    )
    return jobs.with_columns(replaced)


def write_summary(jobs: pl.DataFrame, users: pl.DataFrame, addresses: pl.DataFrame, output: Path) -> None:
    """Write `summary.json`."""
    pairs = (
        jobs.group_by("handle", "JobsubClientIpAddress", maintain_order=True)
        .len("rows")
        .join(users.select("handle", user="number"), on="handle", nulls_equal=True)
        .join(
            addresses.select("JobsubClientIpAddress", ip="number"),
            on="JobsubClientIpAddress",
            nulls_equal=True,
        )
        .sort("rows", descending=True, maintain_order=True)
    )
    most_used = dict(reversed(pairs.select("user", "ip").rows()))
    listed = [[f"UR{number}", rows, name is not None] for number, name, rows in users.iter_rows()]
    summary = {
        "users": listed,
        "ips": [[f"IP{number}", rows, name is not None] for number, name, rows in addresses.iter_rows()],
        "user_ip_correlations": [
            [None, token, None, f"IP{most_used[number]}", rows, valid]
            for number, (token, rows, valid) in enumerate(listed, 1)
        ],
        "user_ip_pairs": [
            [f"UR{user}", f"IP{ip}", rows] for user, ip, rows in pairs.select("user", "ip", "rows").rows()
        ],
        "meta": {"total_rows": len(jobs), "distinct_users": len(users), "distinct_ips": len(addresses)},
    }
    (output / "summary.json").write_text(json.dumps(summary, indent=2))


def write_failures(jobs: pl.DataFrame, users: pl.DataFrame, output: Path) -> None:
    """Write `failed_users.json`."""
    starts, completions = (
        pl.col(name).cast(pl.Float64, strict=False) for name in ("NumJobStarts", "NumJobCompletions")
    )
    failed = (
        jobs.filter((starts > 0) & (completions == 0))
        .group_by("handle")
        .len("failures")
        .join(users, on="handle", nulls_equal=True)
        .sort(["failures", "number"], descending=[True, False])
    )
    total: Any = failed["failures"].sum()
    report = {
        "failed_users": [
            {"token": f"UR{number}", "failure_count": rows, "valid": name is not None}
            for name, rows, number in failed.select("handle", "failures", "number").iter_rows()
        ],
        "meta": {
            "distinct_failed_users": len(failed),
            "total_failure_rows": total,
            "failure_fraction": total / len(jobs),
        },
    }
    (output / "failed_users.json").write_text(json.dumps(report, indent=2))


def write_site(jobs: pl.DataFrame, output: Path) -> None:
    """Write the listing of the site."""
    rows = jobs.filter(pl.col("MATCH_EXP_JOB_Site").str.strip_chars() == SITE)
    meta = {"requested_site": SITE, "total_jobs_at_site": len(rows), "columns_included": COLUMNS, "garbled": True}
    listed = rows.write_ndjson().rstrip("\n").replace("\n", ",\n")
    with (output / f"jobs_at_{SITE}.json").open("w") as file:
        file.writelines(('{"jobs_at_site": [\n', listed, '\n],\n"meta": ', json.dumps(meta), "}\n"))


def write_report(jobs: pl.DataFrame, output: Path) -> None:
    """Write the text report."""
    meta = [pl.format(f"{name}: {{}}\n", pl.col(name)).fill_null("") for name in META]
    command = pl.format("Cmd:\n  {}\n", pl.col("Cmd").fill_null("(none)"))
    variables = pl.col("Environment").str.split(" ").list.sort().list.join("\n  ").fill_null("(none)")
    number = pl.int_range(1, pl.len() + 1)
    job = pl.concat_str(
        pl.format("\n— Job #{} —\n", number), *meta, command, pl.format("Environment:\n  {}", variables)
    )
    with (output / "cmd_env_report.txt").open("wb") as file:
        file.write(f"{TITLE}\nTotal rows: {len(jobs)}\n{'=' * len(TITLE)}\n".encode())
        jobs.select(job).write_csv(file, include_header=False, quote_style="never")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
