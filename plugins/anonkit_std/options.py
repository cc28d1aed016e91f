"""What each plugin of this package can be told. Kept apart from the plugins, so that help costs no import of them."""

from __future__ import annotations

from typing import Literal

import attrs

from anonkit.api import option

__all__ = [
    "CmdEnvReportOptions",
    "CompressionOptions",
    "ExperimentOptions",
    "FailedUsersOptions",
    "IpOptions",
    "SiteJobsOptions",
    "SummaryOptions",
    "UserOptions",
]

MatchRule = Literal["auto", "word", "prefix", "anywhere"]

SYSTEM_ACCOUNTS = ("root", "nobody", "condor", "daemon", "user", "username", "unknown", "none", "null", "undefined")
KEYWORDS = ("uboone", "icarus", "pip2", "nova", "dune", "minerva")


@attrs.frozen(kw_only=True)
class UserOptions:
    """`[anonymizers.user]`."""

    prefix: str = option("UR", help="before a user's number in lists")
    text_prefix: str = option("UR_", help="before a user's number in rows and text", flag="--user-prefix")
    columns: tuple[str, ...] = option((), help="more columns whose cells are users, besides the user role's")
    match: MatchRule = option(
        "auto", help="where a handle may sit in text; auto: word up to 3 characters, prefix for 4, anywhere from 5"
    )
    ignore: tuple[str, ...] = option(SYSTEM_ACCOUNTS, help="handles that are never replaced in text")
    aliases: dict[str, tuple[str, ...]] = option(
        {}, help="more spellings that betray a user: handle = [spellings]", secret=True
    )


@attrs.frozen(kw_only=True)
class IpOptions:
    """`[anonymizers.ip]`."""

    prefix: str = option("IP", help="before an address's number in lists")
    text_prefix: str = option("IP", help="before an address's number in rows and text", flag="--ip-prefix")
    columns: tuple[str, ...] = option((), help="more columns whose cells are addresses, besides the ip role's")
    ignore: tuple[str, ...] = option(
        ("127.0.0.1", "0.0.0.0", "::1", "::"), help="addresses that are never replaced in text"
    )


@attrs.frozen(kw_only=True)
class ExperimentOptions:
    """`[anonymizers.experiment]`."""

    prefix: str = option("EX_", help="before an experiment's number in lists")
    text_prefix: str = option("EX_", help="before an experiment's number in rows and text", flag="--exp-prefix")
    keywords: tuple[str, ...] = option(
        KEYWORDS, help="names looked for anywhere in text", flag="--experiments", metavar="a,b,c", secret=True
    )
    more_keywords: tuple[str, ...] = option((), help="names looked for besides keywords", secret=True)
    environment_keys: tuple[str, ...] = option(
        ("EXPERIMENT", "SAM_EXPERIMENT"), help="environment variables whose value names an experiment"
    )
    match: MatchRule = option("auto", help="where a name may sit in text; auto: word up to 2 characters, prefix from 3")
    ignore: tuple[str, ...] = option(
        ("none", "null", "undefined", "unknown"), help="names that are never replaced in text"
    )


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


@attrs.frozen(kw_only=True)
class SiteJobsOptions:
    """`[reporters.site_jobs]`."""

    sites: tuple[str, ...] = option(
        (),
        help="a site whose jobs are listed; may be given more than once",
        flag="--site",
        metavar="NAME",
        flag_appends=True,
    )
    all_sites: bool = option(False, help="list the jobs of every site, a file each", flag="--all-sites")
    case_insensitive: bool = option(
        True,
        help="let a site name that matches nothing exactly match without regard to case",
        flag="--case-insensitive/--case-sensitive",
    )


@attrs.frozen(kw_only=True)
class CmdEnvReportOptions:
    """`[reporters.cmd_env_report]`."""

    file: str = option(
        "cmd_env_report.txt", help="name of the output", flag="--report-file", metavar="NAME", file_name=True
    )
    wrap: int = option(100, help="width at which long values wrap", flag="--wrap", minimum=20)
    group_by: str | None = option(
        None, help="column by whose value the jobs are grouped", flag="--report-group-by", metavar="COL"
    )
    include_meta: bool = option(True, help="show the meta lines of each job", flag="--include-meta/--no-meta")


@attrs.frozen(kw_only=True)
class CompressionOptions:
    """`[reporters.compression]`."""

    codec: Literal["zstd", "gzip", "xz", "bz2"] = option(
        "zstd", help="how outputs are compressed", flag="--compress-codec"
    )
    level: int | None = option(None, help="compression level; the codec's own default when not set")
    outputs: tuple[str, ...] = option(("*",), help="which outputs are compressed, as shell patterns of their names")
    archive: str | None = option(
        None,
        help="pack the whole set into this file: .tar, .tar.zst, .tar.gz, .tar.xz, .tar.bz2 or .zip",
        flag="--archive",
        metavar="NAME",
        file_name=True,
    )
