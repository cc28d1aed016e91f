"""A script: the same outputs as a competent user of pandas writes them, row by row.

One data frame of the ten columns, dictionaries of tokens in order of appearance, one regular expression of all names
for `re.sub` on each cell, `apply` along the rows, `json` and `textwrap`. Plain on purpose, and not slow on purpose:
patterns are compiled once, texts are joined and not added up. What it leaves out (escapes, nested quotes, addresses as
host names spell them, bounded memory, several processes) would cost more still.
"""

from __future__ import annotations

import ipaddress
import json
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.demo_data import COLUMNS, SITE

__all__ = ["main"]

NULLS = {"", "none", "nan", "null", "undefined", "___null___"}
KEYWORDS = ("uboone", "icarus", "pip2", "nova", "dune", "minerva")
WRAP = 100
META = (
    "User",
    "JobsubClientIpAddress",
    "CumulativeSlotTime",
    "DAG_NodesFailed",
    "NumJobStarts",
    "NumJobCompletions",
)
TITLE = "Job Command & Environment Report"

EXPERIMENT = re.compile(r"\b(?:SAM_)?EXPERIMENT\"?[=:] ?[\"']?([A-Za-z]\w*)")
KEYWORD = re.compile(r"(?<![A-Za-z0-9])(?:" + "|".join(KEYWORDS) + ")", re.IGNORECASE)
VARIABLE = re.compile(r"([^\s=]+)=((?:'(?:[^']|'')*'|[^\s'])*)")
QUOTED = re.compile(r"'((?:[^']|'')*)'")
ADDRESS = r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9])"


class Tokens(dict[str | None, int]):
    """Numbers in order of first appearance."""

    def number(self, identity: str | None) -> int:
        """Return the identity's number, the next one for a new identity."""
        return self.setdefault(identity, len(self) + 1)


class Tool:
    """What is known of the identities, and how rows are written."""

    def __init__(self, jobs: pd.DataFrame) -> None:
        self.users, self.ips, self.experiments = Tokens(), Tokens(), Tokens()
        for handle in jobs["handle"]:
            self.users.number(handle)
        for addresses in jobs["addresses"]:
            for address in addresses:
                self.ips.number(address)
        for text in jobs["Environment"].dropna():
            for name in (*EXPERIMENT.findall(text), *KEYWORD.findall(text)):
                self.experiments.number(name.lower())
        self.tokens = {name.lower(): f"IP{n}" for name, n in self.ips.items() if name}
        self.tokens |= {name: f"EX_{n}" for name, n in self.experiments.items() if name}
        self.tokens |= {name.lower(): f"UR_{n}" for name, n in self.users.items() if name}
        literals = [handle_pattern(name) for name in by_length(self.users)]
        literals += [f"(?<![A-Za-z0-9]){re.escape(name)}" for name in by_length(self.experiments)]
        self.pattern = re.compile("|".join([*literals, ADDRESS]), re.IGNORECASE)

    def garbled(self, text: str | None) -> str | None:
        """Return a cell with tokens in place of names."""
        return None if text is None else self.pattern.sub(self.token, text)

    def token(self, match: re.Match[str]) -> str:
        """Return the token of what was found; an address that no column has gets the next number."""
        found = match[0].lower()
        if found not in self.tokens:
            self.tokens[found] = f"IP{self.ips.number(found)}"
        return self.tokens[found]

    def job(self, row: Any) -> str:
        """Return the text of a row in the report."""
        lines = [f"\n— Job #{row.name + 1} —"]
        lines += [f"{column}: {row[column]}" for column in META if row[column] is not None]
        lines += ["Cmd:", wrapped("", row["Cmd"] or "(none)"), "Environment:"]
        variables = sorted(variables_of(row["Environment"]), key=lambda variable: variable[0].lower())
        lines += [wrapped(f"{name}=", value) for name, value in variables] or ["  (none)"]
        return "\n".join(lines) + "\n"


def main(data: Path, output: Path) -> None:
    """Read the files in `data` and write all outputs into `output`."""
    output.mkdir(parents=True)
    frames = [pd.read_parquet(path, columns=list(COLUMNS)).astype(object) for path in sorted(data.rglob("*.parquet"))]
    jobs = pd.concat(frames, ignore_index=True)
    for column in COLUMNS:
        jobs[column] = cells(map(clean, jobs[column]))
    jobs["handle"] = cells(map(handle_of, jobs["User"]))
    jobs["addresses"] = cells(map(addresses_of, jobs["JobsubClientIpAddress"]))
    tool = Tool(jobs)
    write_summary(jobs, tool, output)
    write_failures(jobs, tool, output)
    jobs["User"] = cells(
        user_cell(cell, tool.users[handle]) for cell, handle in zip(jobs["User"], jobs["handle"], strict=True)
    )
    jobs["JobsubClientIpAddress"] = cells(
        ", ".join(f"IP{tool.ips[address]}" for address in addresses if address is not None) or None
        for addresses in jobs["addresses"]
    )
    for column in ("MATCH_EXP_JOB_Site", "Cmd", "Environment"):
        jobs[column] = cells(map(tool.garbled, jobs[column]))
    write_site(jobs[jobs["MATCH_EXP_JOB_Site"].map(lambda site: site is not None and site.strip() == SITE)], output)
    with (output / "cmd_env_report.txt").open("w") as file:
        file.write(f"{TITLE}\nTotal rows: {len(jobs)}\n{'=' * len(TITLE)}\n")
        file.writelines(jobs.apply(tool.job, axis=1))


def cells(values: Iterable[Any]) -> Any:
    """Return a column of Python objects: in any other, a null would be NaN and a number beside it a float."""
    return pd.Series(list(values), dtype=object)


def clean(cell: Any) -> Any:
    """Return a cell as Python knows it: None for all that means null, whole floats as integers."""
    if cell is None or (isinstance(cell, float) and cell != cell):
        return None
    if isinstance(cell, str):
        return None if cell.strip().lower() in NULLS else cell
    return int(cell) if cell == int(cell) else float(cell)


def handle_of(cell: str | None) -> str | None:
    """Return the handle in a cell of the user column."""
    return None if cell is None else cell.split("@")[0].strip() or None


def user_cell(cell: str | None, number: int) -> str | None:
    """Return the cell with the token in place of the handle."""
    if cell is None:
        return None
    _, at, domain = cell.partition("@")
    return f"UR_{number}{at}{domain}"


def addresses_of(cell: Any) -> list[str | None]:
    """Return the addresses in a cell, which may be a number or hold several; its text when it is none."""
    if cell is None:
        return [None]
    if isinstance(cell, int):
        return [str(ipaddress.ip_address(cell))]
    try:
        return [str(ipaddress.ip_address(part)) for part in re.split(r"[\s,;]+", cell) if part]
    except ValueError:
        return [cell.strip()]


def by_length(tokens: Tokens) -> list[str]:
    """Return the names, the longest first, so that an alternation finds it."""
    return sorted((name for name in tokens if name), key=len, reverse=True)


def handle_pattern(handle: str) -> str:
    """Return the pattern of a handle: short ones stand as words, longer ones anywhere."""
    before, after = r"(?<![^\W_])", r"(?![^\W_])"
    literal = re.escape(handle)
    if len(handle) > 4:
        return literal
    return before + literal if len(handle) == 4 else before + literal + after


def variables_of(environment: str | None) -> list[tuple[str, str]]:
    """Return the variables of an environment in any of its forms; text in none as one without a name."""
    if environment is None:
        return []
    if environment.startswith("{"):
        try:
            return [(name, str(value)) for name, value in json.loads(environment).items()]
        except ValueError:
            return [("", environment)]
    if ";" in environment and "'" not in environment:
        parts = (part.partition("=") for part in environment.split(";"))
        return [(name, value) for name, _, value in parts]
    found = VARIABLE.findall(environment)
    return [(name, QUOTED.sub(unquoted, value)) for name, value in found] or [("", environment)]


def unquoted(match: re.Match[str]) -> str:
    """Return what stands between two quotes."""
    return match[1].replace("''", "'")


def wrapped(label: str, value: str) -> str:
    """Return the lines of one variable, or of the command."""
    return textwrap.fill(
        label + value,
        WRAP,
        initial_indent="  ",
        subsequent_indent=" " * (2 + min(len(label), WRAP // 2)),
        break_on_hyphens=False,
    )


def write_summary(jobs: pd.DataFrame, tool: Tool, output: Path) -> None:
    """Write `summary.json`."""
    rows_of_user = jobs["handle"].value_counts(dropna=False)
    rows_of_user.index = rows_of_user.index.map(clean)
    pairs = Counter(
        (tool.users[handle], tool.ips[address])
        for handle, addresses in zip(jobs["handle"], jobs["addresses"], strict=True)
        for address in addresses
    )
    rows_of_ip: Counter[int] = Counter()
    for (_, ip), rows in pairs.items():
        rows_of_ip[ip] += rows
    most_used = {user: ip for (user, ip), _ in reversed(pairs.most_common())}
    users = [[f"UR{n}", int(rows_of_user[name]), name is not None] for name, n in tool.users.items()]
    summary = {
        "users": users,
        "ips": [[f"IP{n}", rows_of_ip[n], name is not None] for name, n in tool.ips.items()],
        "user_ip_correlations": [
            [None, token, None, f"IP{most_used[number]}", rows, valid]
            for number, (token, rows, valid) in enumerate(users, 1)
        ],
        "user_ip_pairs": [[f"UR{user}", f"IP{ip}", rows] for (user, ip), rows in pairs.most_common()],
        "meta": {"total_rows": len(jobs), "distinct_users": len(tool.users), "distinct_ips": len(tool.ips)},
    }
    (output / "summary.json").write_text(json.dumps(summary, indent=2))


def write_failures(jobs: pd.DataFrame, tool: Tool, output: Path) -> None:
    """Write `failed_users.json`."""
    starts = pd.to_numeric(jobs["NumJobStarts"], errors="coerce")
    completions = pd.to_numeric(jobs["NumJobCompletions"], errors="coerce")
    failed = Counter(tool.users[clean(handle)] for handle in jobs.loc[(starts > 0) & (completions == 0), "handle"])
    valid = {number: name is not None for name, number in tool.users.items()}
    ranked = sorted(failed.items(), key=lambda item: (-item[1], item[0]))
    report = {
        "failed_users": [{"token": f"UR{n}", "failure_count": rows, "valid": valid[n]} for n, rows in ranked],
        "meta": {
            "distinct_failed_users": len(ranked),
            "total_failure_rows": failed.total(),
            "failure_fraction": failed.total() / len(jobs),
        },
    }
    (output / "failed_users.json").write_text(json.dumps(report, indent=2))


def write_site(rows: pd.DataFrame, output: Path) -> None:
    """Write the listing of the site."""
    records = rows[list(COLUMNS)].apply(lambda row: json.dumps(row.to_dict(), ensure_ascii=False), axis=1)
    meta = {"requested_site": SITE, "total_jobs_at_site": len(rows), "columns_included": COLUMNS, "garbled": True}
    with (output / f"jobs_at_{SITE}.json").open("w") as file:
        file.write('{"jobs_at_site": [\n' + ",\n".join(records) + '\n],\n"meta": ' + json.dumps(meta) + "}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
