"""The options of the reporters."""

from __future__ import annotations

from typing import Literal

import attrs

from anonkit.api import option

__all__ = [
    "CmdEnvReportOptions",
    "CompressionOptions",
    "FailedUsersOptions",
    "SiteJobsOptions",
    "SummaryOptions",
]


@attrs.frozen(kw_only=True)
class SummaryOptions:
    """`[reporters.summary]`."""

    file: str = option("summary.json", help="name of the output", file_name=True)
    include_originals: bool = option(
        False, help="fill in the originals of user_ip_correlations: for internal audits only"
    )


@attrs.frozen(kw_only=True)
class FailedUsersOptions:
    """`[reporters.failed_users]`."""

    file: str = option("failed_users.json", help="name of the output", file_name=True)
    column: str | None = option(
        None, help="column that says how a job ended; not set: a failure is a job that started and never completed"
    )
    values: tuple[str, ...] = option(
        (), help="first words of that column by which a job is a failure, whatever their letter case"
    )

    def __attrs_post_init__(self) -> None:
        if (self.column is None) != (not self.values):
            raise ValueError("column, values: one is set without the other; set both, or neither")


@attrs.frozen(kw_only=True)
class SiteJobsOptions:
    """`[reporters.site_jobs]`."""

    sites: tuple[str, ...] = option(
        (),
        help="list the jobs at this site; may be given more than once",
        flag="--site",
        metavar="SITE",
        flag_appends=True,
    )
    all_sites: bool = option(False, help="list the jobs of every site, a file each", flag="--all-sites")
    format: Literal["json", "ndjson", "csv", "parquet"] = option(
        "json", help="format of the listings; ndjson has a row in each line", flag="--site-format"
    )
    case_insensitive: bool = option(
        True,
        help="let a site name that matches nothing exactly match without regard to case",
        flag="--case-insensitive/--case-sensitive",
    )

    def __attrs_post_init__(self) -> None:
        if not all(site.strip() for site in self.sites):
            raise ValueError("sites: a name is empty; name a site, or list every one with all_sites (--all-sites)")


@attrs.frozen(kw_only=True)
class CmdEnvReportOptions:
    """`[reporters.cmd_env_report]`."""

    file: str = option(
        "cmd_env_report.txt", help="name of the output", flag="--report-file", metavar="NAME", file_name=True
    )
    wrap: int = option(100, help="width at which long values wrap", flag="--wrap", minimum=20)
    group_by: str | None = option(
        None, help="column by which the jobs are grouped", flag="--report-group-by", metavar="COL"
    )
    meta: tuple[str, ...] = option(
        (),
        help="columns of the meta lines, in order; empty: user, address, CumulativeSlotTime, DAG_NodesFailed, starts, "
        "completions, as far as there are any",
    )
    include_meta: bool = option(True, help="show the meta lines of each job", flag="--include-meta/--no-meta")

    def __attrs_post_init__(self) -> None:
        if self.group_by == "":
            raise ValueError(
                "group_by: the name of a column is empty; name a column, or leave it out to list jobs in order"
            )


@attrs.frozen(kw_only=True)
class CompressionOptions:
    """`[reporters.compression]`."""

    codec: Literal["zstd", "gzip", "xz", "bz2"] = option(
        "zstd", help="how outputs are compressed", flag="--compress-codec"
    )
    level: int | None = option(None, help="compression level; the codec's own default when not set")
    outputs: tuple[str, ...] = option(
        ("*",), help="which outputs are compressed, as shell patterns of their names; *.parquet only if named so"
    )
    archive: str | None = option(
        None,
        help="pack the whole set into this file: .tar, .tar.zst, .tar.gz, .tar.xz, .tar.bz2 or .zip",
        flag="--archive",
        metavar="NAME",
        file_name=True,
    )
