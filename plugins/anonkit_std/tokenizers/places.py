"""The places in which text names a person or a group. A weak name is replaced only there.

A place is a pattern of the text before the name and one of the text after it. Letter case does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable

from anonkit.api import Place

__all__ = ["experiment_places", "user_places"]

# Variables, columns and keys whose value is a handle.
_USER_KEYS = (
    "USER", "LOGNAME", "USERNAME", "GRID_USER", "SAM_USER", "JOBSUB_USER", "SUDO_USER", "CONDOR_USER", "SUBMIT_USER",
    "REMOTE_USER", "OsUser", "Owner", "AcctGroupUser", "RemoteUser", "RemoteOwner", "AuthTokenSubject",
    "orig_AuthTokenSubject", "CRAB_UserHN", "PBS_O_LOGNAME", "SLURM_JOB_USER", "LSFUSER", "POMS_LAUNCHER", "IFDH_USER",
    "JobsubClientKerberosPrincipal", "submitter", "PILOT_USER", "sub", "preferred_username", "LocalUserId",
)  # fmt: skip
# Variables, columns and keys whose value is an experiment.
_EXPERIMENT_KEYS = (
    "EXPERIMENT", "SAM_EXPERIMENT", "SAM_GROUP", "SAM_STATION", "JOBSUB_GROUP", "VO", "GROUP", "GLIDECLIENT_Group",
    "experiment", "VO_NAME", "VOMS",
)  # fmt: skip
# Before a handle in paths and options. They are matched within 64 bytes, so repetitions are short.
_HOMES = (
    r"/(?:home|nashome|homes|users?|uploads/[\w.-]{1,24}|u)/(?:[A-Za-z0-9]/|[A-Za-z]/[A-Za-z]{2}/)?",
    r"/home/[\w.-]{1,24}/(?:users?/)?",
    r"/(?:home[0-9]{1,2}|usr/people|rhome|uhome|uscms_data/d[0-9]|usatlas\+u|var/(?:spool/)?mail|osgconnect/public)/",
    r"/ospool/ap[0-9]{2}/data/",
    r"/(?:work|scratch|staging|u[0-9]|sd)/[A-Za-z]/(?:[A-Za-z]{2}/)?",
    r"/(?:eos/home-[A-Za-z]|var/spool/cron|3DayLifetime|oauth_credentials|(?:star|phenix)/u)/",
    r"-(?:user(?:name)?|owner|submitter|-uid)[= ][\"']?",
    r"(?:sudo|squeue|qstat) -u ",
    r"[A-Za-z]:\\{1,2}Users\\{1,2}",
    r"(?:^|[\s=:\"'])~",
)
# Before a handle in commands, logs, and expressions of ClassAds.
_SENTENCES = (
    r"(?:user(?:_?name|_?id)?|owner|submitter|request[eo]r|login) ?=[?!=]?=? ?\\?[\"']?",
    r"(?:submitter|(?:submitted|created)_?by)\\?[\"']? ?: ?\\?[\"']?",
    r"(?:\(by|opened for|closed for) user ",
    r"accepted [a-z/-]{1,30} for ",
    r"(?:^|[^A-Za-z0-9_])(?:chown (?:-R )?|su - |condor_(?:q|rm|hold|release|history) |setfacl -m u:)",
    r"(?:quota|scancel|bjobs|qdel|sacct|sshare) -u ",
    r"(?:squeue|sacct) -[a-z]{1,4} (?:[a-z0-9]{1,8} )?-u ",
    r"rucio (?:-a |--account[= ])",
    r"uid=[0-9]{1,10}\(",
    r"<(?:[a-z]{1,8}:)?(?:user(?:name)?|owner|login|localuser(?:id)?)>",
    r"metacat auth login -m [a-z0-9]{1,12} ",
    r"accounting[_-]group[_-]user ?=? ?[\"']?",
    r"--credkey[= ]",
    r"--[a-z][a-z0-9_-]{0,20}_user[= ][\"']?",
    r"PrincipalName\\?[\"']? ?[:=] ?\\?[\"']?",
    r"oauth/creds/[\w.-]{1,24}/",
    r"/home[0-9]{1,2}/[0-9]{5,6}/",
)
# Before a handle in names of credential caches, and in certificate subjects.
_CACHES = (r"(?:krb5cc|x509up|x509cc|tkt|bt)_(?:u_?)?", r"/condor_creds/", r"vault_")
_SUBJECTS = (r"\bCN ?= ?(?:UID:)?", r"\b(?:UID|USERID) ?= ?")
# Pairs of the text before and after a name that is a part of a longer word or path.
_PARTS = (
    (r"/user/", r"\.[0-9a-f]{7}"),
    (r"/(?:uploads|dropbox)/", r"/20[0-9]{2}"),
    (r"(?:^|[\s=:,\"'])", r"/(?:cron/|admin@|root@)"),
    (r"_CN_UID_", r"(?:[_/.,;\"'\s]|$)"),
    (r"_CN_", r"_CN_[0-9]"),
    (r"[0-9]{6}_[0-9]{6}(?::|%3A)", r"_crab_"),
    (r"(?:^|[\s=,\"'])user\.", r":user\."),
    (r":user\.", r"\."),
    (r"(?:out|in)DS[ =][\"']?user\.", r"\."),
    (r"://", r"@[A-Za-z0-9]"),
    (r"(?:, User|by user) <", r">"),
    (r"(?:^|[\s\"'])(?:-u ?|--user[= ])[\"']?", r":[^\s\"']"),
)
_ENDS = r"(?:[/,;\"'+\s\\]|$)"


def user_places(keys: Iterable[str] = ()) -> tuple[Place, ...]:
    """Return the places in which text names a person; the values of the variables and columns `keys` are among them."""
    return (
        *(Place(before, r"(?:[/,;:\"'\s\\()\]&|<]|$)") for before in (*_HOMES, *_SENTENCES)),
        Place.values(dict.fromkeys((*_USER_KEYS, *keys))),
        # Signs before an address are no part of it; after a letter they are.
        Place(r"(?:^|[^A-Za-z0-9._%+/@-])[_%+-]{0,2}", "@[A-Za-z0-9]"),
        *(Place(before.replace(r"\b", "(?:^|[^A-Za-z0-9_])"), _ENDS) for before in _SUBJECTS),
        Place(r"(?:^|[^A-Za-z0-9_])group_\w{1,24}(?:\.\w{1,16}){0,2}\.", r"(?:[@,;\"'\s\\]|$)"),
        *(Place(before) for before in _CACHES),
        *(Place(before, after) for before, after in _PARTS),
    )


def experiment_places(keys: Iterable[str] = ()) -> tuple[Place, ...]:
    """Return the places in which text names an experiment, the values of the variables and columns `keys` included."""
    return (
        Place.values(dict.fromkeys((*_EXPERIMENT_KEYS, *keys))),
        Place(r"(?:^|[^A-Za-z0-9_])group_"),
        Place(r"(?:^|[^A-Za-z0-9._-])/", "/Role[=%]"),
        Place(r"/(?:pnfs|exp|grid/fermiapp)/", _ENDS),
        Place(r"condor_creds/", "_"),
        Place(r"/bt_", "_"),
        Place(r"/fermilab/", "/Role[=%]"),
        Place(r"--?voms[ =][\"']?", r"(?:[:,\"'\s]|$)"),
        Place(r"jobsub_[a-z]{1,12} (?:-G |--group[ =])", r"(?:[\"'\s]|$)"),
    )
