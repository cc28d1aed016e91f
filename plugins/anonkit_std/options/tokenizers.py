"""The options of the tokenizers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import attrs

from anonkit.api import option

__all__ = ["EmailOptions", "ExperimentOptions", "HostOptions", "IpOptions", "UserOptions"]

MatchRule = Literal["auto", "word", "prefix", "anywhere"]

SYSTEM_ACCOUNTS = ("root", "nobody", "condor", "daemon", "user", "username", "unknown", "none", "null", "undefined")
CERTIFICATE_COLUMNS = ("x509userproxysubject", "JobsubClientDN", "x509UserProxyFQAN", "CRAB_UserDN", "GridName", "DN")
USER_KEYS = (
    "USER", "LOGNAME", "USERNAME", "GRID_USER", "SAM_USER", "JOBSUB_USER", "SUDO_USER", "CONDOR_USER", "SUBMIT_USER",
    "CRAB_UserHN", "PBS_O_LOGNAME", "SLURM_JOB_USER", "LSFUSER", "POMS_LAUNCHER", "IFDH_USER", "REMOTE_USER", "OWNER",
    "JOB_OWNER", "JOBSUBJOBOWNER", "JOBSUB_OWNER", "SUBMITTER", "PILOT_USER", "KRB5PRINCIPAL", "JUPYTERHUB_USER",
    "NB_USER", "GITLAB_USER_LOGIN", "GITHUB_ACTOR", "BUILD_USER", "BUILD_USER_ID", "DIRAC_USER", "DIRAC_OWNER",
    "OwnerName", "PANDA_USER", "prodUserID", "PandaUserName", "SGE_O_LOGNAME", "OAR_USER", "COBALT_USER",
    "LSB_JOB_EXECUSER", "_CONDOR_OWNER", "_CONDOR_JOB_OWNER", "RUCIO_ACCOUNT", "SSH_USER", "USER_NAME", "JOB_USER",
    "CERN_USER", "FNAL_USER", "KERBEROS_USER", "VOMS_USER", "user", "username", "logname", "login", "owner",
    "submitter", "grid_user", "User", "UserName", "Owner", "SINGULARITYENV_USER", "SINGULARITYENV_LOGNAME",
    "SINGULARITYENV_GRID_USER", "APPTAINERENV_USER", "APPTAINERENV_LOGNAME", "APPTAINERENV_GRID_USER", "PILOT_OWNER",
    "GITHUB_TRIGGERING_ACTOR", "LSB_SUB_USER", "KERBEROS_PRINCIPAL", "JUSTIN_REQUESTER", "IRODS_USER_NAME",
    "GRID_GLOBAL_JOBUSER", "COBALT_JOBUSER", "PBS_USER", "PGUSER", "MYSQL_USER", "SVN_USER",
    "LOGIN", "LNAME", "CONDOR_REQUESTOR",
)  # fmt: skip
GROUP_COLUMNS = (
    "Jobsub_Group", "AcctGroup", "AccountingGroup", "x509UserProxyVOName", "x509UserProxyFirstFQAN",
    "x509UserProxyFQAN", "AuthTokenGroups", "orig_AuthTokenGroups", "SubmitterGroup", "SubmitterNegotiatingGroup",
    "BatchProject", "VO", "CRAB_UserGroup", "CMSGroups", "GLIDECLIENT_Group",
)  # fmt: skip
NO_HANDLES = (
    "admin", "all", "analysis", "anonymous", "app", "apps", "archive", "atlasprod", "backup", "belle", "bin",
    "build", "cache", "calibration", "centos", "cluster", "cmsprod", "common", "conda", "condor", "config",
    "daemon", "dask", "data", "default", "desktop", "dev", "docs", "download", "downloads", "dust", "ec2-user",
    "etc", "execute", "files", "ftp", "grid", "group", "groups", "guest", "home", "input", "install", "job", "jobs",
    "jovyan", "lib", "linuxbrew", "local", "log", "logs", "lost-found", "mail", "master", "misc", "new", "nfs",
    "nobody", "none", "old", "opc", "opt", "osg", "osguser", "osgvo", "output", "people", "persistent", "pilot",
    "pilots", "prod", "production", "project", "projects", "pub", "public", "raw", "release", "releases",
    "resilient", "rocky", "root", "runner", "sam", "sandbox", "scratch", "service", "services", "share", "shared",
    "site", "slurm", "soft", "software", "spack", "spool", "src", "staff", "stage", "storage", "store", "student",
    "students", "svc", "sw", "system", "temp", "test", "tests", "tmp", "tools", "ubuntu", "unauthenticated",
    "unknown", "unmapped", "user", "users", "usr", "vagrant", "var", "web", "work", "workdir", "www",
)  # fmt: skip
HOST_COLUMNS = (
    "GlobalJobId", "SubmitterGlobalJobId", "SubmitterId", "JobsubJobId", "JobsubParentJobId", "Machine",
    "ClientMachine", "ScheddHostName", "SubmitHost", "GLIDEIN_Schedd", "Jobsub_Server", "JobsubServer", "GridResource",
)  # fmt: skip
EXPERIMENT_KEYS = (
    "EXPERIMENT", "SAM_EXPERIMENT", "SAM_GROUP", "SAM_STATION", "JOBSUB_GROUP", "JOBSUB_EXPERIMENT", "POMS_EXPERIMENT",
    "FIFE_EXPERIMENT", "IFDH_EXPERIMENT", "DESIRED_EXPERIMENT", "Jobsub_Group", "GLIDEIN_VO", "VO", "VO_NAME", "VOMS",
    "experiment",
)  # fmt: skip
KEYWORDS = ("uboone", "icarus", "pip2", "nova", "dune", "minerva")
_NO_WORDS = "has digits, dots or an @ in it, and so is never taken for a word of ordinary text"


def _check_words(options: object, *keys: str) -> None:
    """Check options that are lists of words: no word is blank, or in two lists that contradict each other."""
    lists = {key: {word.casefold() for word in getattr(options, key)} for key in keys}
    for key, words in lists.items():
        if any(not word.strip() for word in words):
            raise ValueError(f"{key}: a word is blank; remove it")
    for left, right in (("ignore", "strong"), ("ignore", "weak"), ("strong", "weak")):
        if lists.get(left, set()) & lists.get(right, set()):
            raise ValueError(f"{left}, {right}: a word is in both lists; remove it from one of them")


@attrs.frozen(kw_only=True)
class UserOptions:
    """`[anonymizers.user]`."""

    prefix: str = option("UR", help="before a user's number in lists")
    text_prefix: str = option("UR_", help="before a user's number in rows and text", flag="--user-prefix")
    columns: tuple[str, ...] = option((), help="more columns of users, besides the user role's")
    certificate_columns: tuple[str, ...] = option(
        CERTIFICATE_COLUMNS, help="columns of certificate subjects, which hold handles and full names"
    )
    principal_columns: tuple[str, ...] = option(
        ("JobsubClientKerberosPrincipal",), help="columns of Kerberos principals"
    )
    group_columns: tuple[str, ...] = option(
        ("AccountingGroup", "RemoteUser", "RemoteOwner"),
        help="columns of accounting groups, the user last, or of users alone: group_nova.annak",
    )
    address_columns: tuple[str, ...] = option(
        ("x509UserProxyEmail", "NotifyUser"),
        help="columns of mail addresses: their local parts are handles",
    )
    environment_columns: tuple[str, ...] = option(
        ("Environment", "Env"), help="more columns of environments, besides the env role's"
    )
    environment_keys: tuple[str, ...] = option(USER_KEYS, help="environment variables with a handle as their value")
    home_folders: bool = option(
        True, help="learn handles from home and personal folders in text: /nashome/a/annak, …/users/annak"
    )
    no_handles: tuple[str, ...] = option(
        NO_HANDLES, help="folders and group members that are no handles", adds=True, counted=True
    )
    name_parts: bool = option(False, help="replace first name and surname each by itself, too")
    match: MatchRule = option(
        "auto",
        help="where a handle may sit in text; auto: a word up to 2 characters, a part of one (runAnnSAM) with 3, "
        "at the beginning of a part with 4, anywhere from 5, or with a digit after a letter (ann2)",
    )
    ignore: tuple[str, ...] = option(
        SYSTEM_ACCOUNTS, help="handles that are never replaced in text", adds=True, counted=True
    )
    keep: tuple[str, ...] = option(
        (), help="handles, or single spellings of people, that are never replaced in text; * is any text",
        adds=True, counted=True,
    )  # fmt: skip
    aliases: dict[str, tuple[str, ...]] = option(
        {}, help="more spellings that betray a user: handle = [spellings]", secret=True, counted=True
    )
    strong: tuple[str, ...] = option(
        (), help="handles that are words of job records and are replaced everywhere in text", adds=True, counted=True
    )
    weak: tuple[str, ...] = option(
        (), help="more handles that are replaced only in places that name a user", adds=True, counted=True
    )

    def __attrs_post_init__(self) -> None:
        _check_words(self, "ignore", "keep", "strong", "weak")


@attrs.frozen(kw_only=True)
class IpOptions:
    """`[anonymizers.ip]`."""

    prefix: str = option("IP", help="before an address's number in lists")
    text_prefix: str = option("IP", help="before an address's number in rows and text", flag="--ip-prefix")
    columns: tuple[str, ...] = option((), help="more columns of addresses, besides the ip role's")
    subnet: bool = option(
        False, help="tokens show which addresses share a network (/24, IPv6 /64): IP3.7 is the seventh of the third"
    )
    ignore: tuple[str, ...] = option(
        ("127.0.0.1", "0.0.0.0", "::1", "::"), help="addresses that are never replaced in text", adds=True, counted=True
    )
    keep: tuple[str, ...] = option(
        (), help="addresses that are never replaced in text; * is any text: 192.0.2.*", adds=True, counted=True
    )
    aliases: dict[str, tuple[str, ...]] = option(
        {}, help="more spellings that betray an address: address = [spellings]", secret=True, counted=True
    )
    not_options: ClassVar[Mapping[str, str]] = {
        "strong": f"an address {_NO_WORDS}",
        "weak": f"an address {_NO_WORDS}; keep names addresses that stay",
    }

    def __attrs_post_init__(self) -> None:
        _check_words(self, "ignore", "keep")


@attrs.frozen(kw_only=True)
class ExperimentOptions:
    """`[anonymizers.experiment]`."""

    prefix: str = option("EX_", help="before an experiment's number in lists")
    text_prefix: str = option("EX_", help="before an experiment's number in rows and text", flag="--exp-prefix")
    keywords: tuple[str, ...] = option(
        KEYWORDS, help="names looked for anywhere in text", flag="--experiments", metavar="a,b,c", secret=True
    )
    more_keywords: tuple[str, ...] = option((), help="names looked for besides keywords", secret=True)
    environment_keys: tuple[str, ...] = option(EXPERIMENT_KEYS, help="environment variables that name an experiment")
    environment_columns: tuple[str, ...] = option(
        ("Environment", "Env"), help="more columns of environments, besides the env role's"
    )
    group_columns: tuple[str, ...] = option(
        GROUP_COLUMNS, help="columns that name experiments: group_nova, nova.annak, /nova/Role=Analysis"
    )
    match: MatchRule = option(
        "auto",
        help="where a name may sit in text; auto: a word up to 2 characters, at the beginning of a word or of a part "
        "of one (runNovaSAM) from 3, anywhere with a digit after a letter (gm2)",
    )
    ignore: tuple[str, ...] = option(
        ("none", "null", "undefined", "unknown"), help="names that are never replaced in text",
        adds=True, counted=True,
    )  # fmt: skip
    keep: tuple[str, ...] = option(
        (), help="names, or single spellings of names, that are never replaced in text; * is any text",
        adds=True, counted=True,
    )  # fmt: skip
    aliases: dict[str, tuple[str, ...]] = option(
        {}, help="more spellings that betray an experiment: name = [spellings]", secret=True, counted=True
    )
    strong: tuple[str, ...] = option(
        (), help="names that are words of job records and are replaced everywhere in text", adds=True, counted=True
    )
    weak: tuple[str, ...] = option(
        (), help="more names that are replaced only in places that name an experiment", adds=True, counted=True
    )

    def __attrs_post_init__(self) -> None:
        _check_words(self, "ignore", "keep", "strong", "weak")


@attrs.frozen(kw_only=True)
class HostOptions:
    """`[anonymizers.host]`."""

    prefix: str = option("HO", help="before a host's number in lists")
    text_prefix: str = option("HO_", help="before a host's number in rows and text")
    columns: tuple[str, ...] = option(
        HOST_COLUMNS, help="more columns that name hosts, besides those that the catalogue knows"
    )
    domains: tuple[str, ...] = option((), help="more domains below which every name is a host's: cluster.lan")
    ignore: tuple[str, ...] = option(
        (), help="hosts, by full or short name, that are never replaced", adds=True, counted=True
    )
    keep: tuple[str, ...] = option(
        ("localhost",), help="hosts, or single spellings of hosts, that are never replaced; * is any text",
        adds=True, counted=True,
    )  # fmt: skip
    aliases: dict[str, tuple[str, ...]] = option(
        {}, help="more spellings that betray a host: full name = [spellings]", secret=True, counted=True
    )
    strong: tuple[str, ...] = option(
        (), help="short names that are replaced although they may be words", adds=True, counted=True
    )
    short_names: bool = option(True, help="replace the part before the domain, too, if it has a digit or 8 characters")
    not_options: ClassVar[Mapping[str, str]] = {
        "weak": "a short name without a digit and of fewer than 8 characters is left in any case; "
        "keep names other short names that stay"
    }

    def __attrs_post_init__(self) -> None:
        _check_words(self, "ignore", "keep", "strong")


@attrs.frozen(kw_only=True)
class EmailOptions:
    """`[anonymizers.email]`."""

    prefix: str = option("EM", help="before an address's number in lists")
    text_prefix: str = option("EM_", help="before an address's number in rows and text")
    ignore: tuple[str, ...] = option(
        (), help="addresses, and domains of addresses, that are never replaced", adds=True, counted=True
    )
    keep: tuple[str, ...] = option(
        (), help="addresses that are never replaced; * is any text: *-list@example.org", adds=True, counted=True
    )
    aliases: dict[str, tuple[str, ...]] = option(
        {}, help="more spellings that betray an address: address = [spellings]", secret=True, counted=True
    )
    not_options: ClassVar[Mapping[str, str]] = {
        "strong": f"an e-mail address {_NO_WORDS}",
        "weak": f"an e-mail address {_NO_WORDS}; keep names addresses that stay",
    }

    def __attrs_post_init__(self) -> None:
        _check_words(self, "ignore", "keep")
