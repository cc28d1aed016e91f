"""Which column plays which part."""

from __future__ import annotations

import attrs

from anonkit.options import option

__all__ = ["Roles"]


@attrs.frozen(kw_only=True)
class Roles:
    """The column that plays each part; the defaults are the names in FIFE's job records. `[roles]` in TOML."""

    user: str = option("User", help="column of the user", flag="--user-col", metavar="COL")
    ip: str = option("JobsubClientIpAddress", help="column of the client's IP address", flag="--ip-col", metavar="COL")
    site: str = option("MATCH_EXP_JOB_Site", help="column of the site", flag="--site-col", metavar="COL")
    cmd: str = option("Cmd", help="column of the command", flag="--cmd-col", metavar="COL")
    env: str = option("Environment", help="column of the environment", flag="--env-col", metavar="COL")
    starts: str = option("NumJobStarts", help="column of the number of starts", flag="--starts-col", metavar="COL")
    completions: str = option(
        "NumJobCompletions", help="column of the number of completions", flag="--completions-col", metavar="COL"
    )
