"""The contents of outputs, file by file and list by list, for readers that have the release alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

__all__ = ["FileContent", "content_of"]


@attrs.frozen
class FileContent:
    """The content of an output in a few words, and that of each of its lists and objects by key."""

    summary: str
    keys: Mapping[str, str] = attrs.field(factory=dict)


_LISTING = {
    "jobs_at_site": "the jobs, a row each",
    "listings": "in jobs_at_sites.json, for each file with rows alone: its name, and what meta has otherwise",
    "meta": "the site as asked for and as found, how it was matched, its jobs, the columns, how tokens in rows begin",
}
_CONTENTS = {
    "dataset": FileContent("the jobs, a row each, and a dictionary of the columns"),
    "summary": FileContent(
        "users, addresses, and which user came from which address, with the number of jobs",
        {
            "users": "each user: token, jobs, whether there is a name (a missing one is a user too, with false)",
            "ips": "each address: token, jobs, whether it is an address",
            "user_ip_correlations": "each user with the address used most: two places for originals, which are null in "
            "a release, after each the token; then the jobs of the user, and whether there is a name",
            "user_ip_pairs": "every pair of user and address: two tokens and the jobs, most jobs first",
            "meta": "all rows, and the numbers of users and addresses",
        },
    ),
    "failed_users": FileContent(
        "users whose jobs started and never completed, with their number",
        {
            "failed_users": "each user with such jobs, most first: token, their number, whether there is a name",
            "meta": "the numbers of such users and jobs, their share of all jobs, and jobs for which it is not known",
        },
    ),
    "site_jobs": FileContent("the jobs of one site", _LISTING),
    "cmd_env_report": FileContent("command and environment of every job, as text"),
    "risk": FileContent("how well users are hidden among each other"),
    "html": FileContent("a page with pictures of all this"),
    "swf": FileContent("the jobs as a trace in the Standard Workload Format"),
    "batsim": FileContent("the jobs as a workload for the simulator Batsim"),
}
_ROWS = (".ndjson", ".csv", ".parquet")


def content_of(output: Mapping[str, Any]) -> FileContent:
    """Return the content of an output of a manifest."""
    name, reporter = output["name"], output["reporter"]
    if reporter != "site_jobs":
        return _CONTENTS.get(reporter, FileContent(f"written by the reporter {reporter}"))
    rows_alone = any(suffix in name for suffix in _ROWS)
    return FileContent(_CONTENTS[reporter].summary) if rows_alone else _CONTENTS[reporter]
