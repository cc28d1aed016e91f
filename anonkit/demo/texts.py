"""The texts of the jobs of one submission, as templates: command line, environment, accounting names.

A template is text with `HOLE` in place of the job's number within its submission. All templates of one column have the
same number of holes, so that a column is filled by joining pieces; None is a null cell.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import IntEnum
from random import Random

import attrs

from anonkit.demo.population import PROXIES

__all__ = ["HOLE", "ODDITIES", "Style", "Submission", "texts"]

HOLE = "\ue000"

SCRIPTS = (
    "reco.sh",
    "simple.sh",
    "gen_g4.sh",
    "detsim_v3.sh",
    "keepup-wrapper.sh",
    "merge.sh",
    "raw2root.py",
)


class Style(IntEnum):
    """How an environment is written."""

    V2 = 0
    V1 = 1
    JSON = 2


@attrs.frozen
class Submission:
    """The texts that jobs of one submission share; `oddity`, None for most, picks one of `ODDITIES`."""

    owner: str
    colleague: str
    experiment: str
    cluster: int
    queued: int
    style: Style
    oddity: int | None


FORGED = (
    ("PROCESS_NAME", "merge\n— Job #7 —\nUser: nobody\nJobsubClientIpAddress: IP1"),
    ("TERM_TITLE", "\x1b]0;mine\x07\x1b[2J\x1b[31mred\x1b[0m"),
    ("CM1", "=SUM(A1:A9)"),
    ("CM2", "<script>alert('x')</script>"),
    ("NOTE", "bell \x07 c1 \x9b31m back\b\b tab\t return\r\u202etfel"),
    ("NOTE", "UR_1 EX_1 IP1 are no tokens"),
    ("NOTE", "it's a 'quoted' thing\\ with \"marks\""),
)
GARBAGE = (
    f"CLUSTER=1 PROCESS={HOLE} NOTE='never closed {HOLE}.{HOLE}",
    f"%% not an environment {HOLE} ## = = ;; {HOLE} ''' {HOLE}",
    f'{{"PROCESS": "{HOLE}", "broken": [{HOLE}, {HOLE}',
    None,
)
ODDITIES = len(FORGED) + len(GARBAGE)


def texts(job: Submission, dice: Random) -> Mapping[str, str | None]:
    """Return the template of each text column, by column name."""
    lower, upper = job.experiment, job.experiment.upper()
    stage = f"/storage/local/data1/jobsub/stage/{job.queued}.{_hex(dice, 8)}"
    log = f"{stage}/{_script(dice)}_{job.cluster}.{HOLE}"
    return {
        "Owner": job.owner,
        "AccountingGroup": f"group_{lower}.prod.{job.owner}",
        "Jobsub_Group": lower,
        "JobsubClientKerberosPrincipal": f"{job.owner}@EXAMPLE.ORG",
        "x509userproxysubject": f"/DC=org/DC=example/C=US/O={upper} Group/OU=People/CN=UID:{job.owner}",
        "x509UserProxyEmail": dice.choice((None, None, None, f"{job.owner}@example.org", "fife@example.net")),
        "OAuthServicesNeeded": f"{lower}_production_{_hex(dice, 10)}*handle",
        "GlobalJobId": f"jobsub0{job.cluster % 3 + 1}.example.org#{job.cluster}.{HOLE}#{job.queued}",
        "JobsubJobId": f"{job.cluster}.{HOLE}@jobsub0{job.cluster % 3 + 1}.example.org",
        "DAGNodeName": dice.choice((None, f"JOB_{job.queued % 9}_{HOLE}", f"WORKER_{HOLE}")),
        "POMS_CAMPAIGN_NAME": dice.choice((None, f"{lower}_mc_prodv7", f"{job.colleague}_{lower}_keepup")),
        "Cmd": _command(job, dice),
        "Args": _arguments(job, dice),
        "Iwd": dice.choice((stage, f"/nashome/{job.owner[0]}/{job.owner}", f"/exp/{lower}/app/{job.owner}")),
        "Out": f"{log}.out",
        "Err": f"{log}.err",
        "Environment": _environment(job, dice),
    }


def _command(job: Submission, dice: Random) -> str:
    variant = dice.randrange(20)
    script, place = SCRIPTS[variant % len(SCRIPTS)], "default_2023123120"
    if variant < 4:
        script = f"{_machine(job.experiment)}0{variant + 1}_{script}"
    elif variant < 6:
        place = f"{job.owner}_2023123120_{5290 + variant}"
    stamp = Random(f"{job.experiment}{variant}").getrandbits(64)
    return f"/storage/local/data1/jobsub/stage/{place}/{stamp:016x}/{script}"


def _arguments(job: Submission, dice: Random) -> str | None:
    if job.style is Style.V1:
        return None
    lower, upper = job.experiment, job.experiment.upper()
    parts = [
        f"--debug -c {lower}_reco_{dice.choice(('mc', 'data'))}.fcl -n {dice.randrange(50)} --seed {HOLE}",
        f"--dest /pnfs/{upper}/scratch/users/{job.owner}/out",
        f"--dataset {_dataset(job, dice)}",
        f"--host {_machine(lower)}0{dice.randrange(1, 8)}.example.org --mail {job.owner}@example.org",
    ]
    if dice.random() < 0.03:
        parts.append(f"--squid http://{_bracketed(dice.choice(PROXIES))}:3128")
    if dice.random() < 0.02:
        parts.append(f"--tag {job.owner.upper()} --from {dice.choice(PROXIES).upper()}")
    door = f"root://door{dice.randrange(1, 9)}.example.net:1094/pnfs/{lower}/persistent/{job.colleague}"
    parts += [f"{door}/raw_{_hex(dice, 12)}.root" for _ in range(dice.randrange(10))]
    return " ".join(parts)


def _environment(job: Submission, dice: Random) -> str | None:
    pairs = dict(_routed(job, dice) if job.style is Style.V1 else _submitted(job, dice))
    if job.oddity is not None and job.oddity >= len(FORGED):
        return GARBAGE[job.oddity - len(FORGED)]
    if job.oddity is not None:
        pairs.update([FORGED[job.oddity]])
    if job.style is Style.JSON:
        return json.dumps(pairs, ensure_ascii=False)
    if job.style is Style.V1:
        return ";".join(f"{key}={value}" for key, value in pairs.items())
    return " ".join(f"{key}={_quoted(value)}" for key, value in pairs.items())


def _submitted(job: Submission, dice: Random) -> Iterator[tuple[str, str]]:
    """Yield the variables that the submission tool sets, and those of the groups' own tools."""
    lower = job.experiment
    token = f"{job.cluster}.{HOLE}@jobsub0{job.cluster % 3 + 1}.example.org"
    stamp = "-".join(_hex(dice, digits) for digits in (8, 4, 4, 12))
    if dice.random() < 0.24:
        yield "LC_ALL", "C"
    yield "CLUSTER", str(job.cluster)
    yield "PROCESS", HOLE
    yield "CONDOR_TMP", f"/storage/jobsub/spool/{lower}/{job.owner}/2023_12_31_200812.{stamp}"
    yield "CONDOR_EXEC", "/tmp"
    yield "BEARER_TOKEN_FILE", f".condor_creds/{lower}_production_{_hex(dice, 10)}.use"
    yield "CM1", dice.choice(("", "", "mc1"))
    yield "CM2", dice.choice(("", "", "", "", "it's 2nd pass", "v09 e26", "prof s131 c14"))
    yield "DAGMANJOBID", str(job.cluster - 1)
    yield "GRID_USER", job.owner
    yield "JOBSUBJOBID", token
    yield "JOBSUBJOBSECTION", HOLE
    yield "EXPERIMENT", lower if dice.random() < 0.98 else lower.upper()
    yield "TRACEPARENT", f"00-{_hex(dice, 32)}-{_hex(dice, 16)}-01"
    if dice.random() < 0.74:
        yield "POMS_CAMPAIGN_ID", str(dice.randrange(10_000, 32_000))
        yield "POMS_TASK_ID", str(dice.randrange(1_600_000, 1_700_000))
    if dice.random() < 0.01:
        yield "http_proxy", f"http://{_bracketed(dice.choice(PROXIES))}:3128"
    if dice.random() < 0.2:
        yield "SAM_EXPERIMENT", lower
        yield from (("IFDH_DEBUG", "1"), ("IFDH_PROXY_ENABLE", "0"), ("IFDH_TOKEN_ENABLE", "1"))
    if dice.random() < 0.35:
        yield from _sam(job, dice)
    elif dice.random() < 0.23:
        yield from _installed(job, dice)


def _sam(job: Submission, dice: Random) -> Iterator[tuple[str, str]]:
    project = f"{job.owner}_{_dataset(job, dice)}_{job.queued}"
    yield "IFDH_CP_UNLINK_ON_ERROR", "1"
    yield "SAM_DATASET", _dataset(job, dice)
    yield "SAM_GROUP", job.experiment
    yield "SAM_PROJECT", project
    yield "SAM_PROJECT_NAME", project
    yield "SAM_STATION", job.experiment
    yield "SAM_USER", job.owner


def _installed(job: Submission, dice: Random) -> Iterator[tuple[str, str]]:
    yield "CAMPAIGN", "none"
    yield "CLEAN", "1"
    yield "GRID", "1"
    yield "IFDH_ART", "1"
    yield "INPUT_FILE", "none"
    yield "INSTALL_AREA", f"/cvmfs/{job.experiment}.example.org/products/{job.owner}/v22_04_00/install"
    yield "LOCAL_AREA", f"/exp/{job.experiment}/app/users/{job.owner}/local"
    yield "JOB_TOKENS", dice.choice(("alpha beta gamma", "one two", "it's 'done' now"))
    yield "NJOBS", str(dice.randrange(100, 2000))
    yield "OS", "SL7"
    yield "RELEASE", f"v09_8{job.queued % 10}_00"
    yield "ROLE", "Production"
    yield "SAMDATASET", _dataset(job, dice)
    yield "SAMDATASET_MAX_FILES", str(dice.randrange(100, 2000))
    yield "TIER", "raw"
    yield "USER", job.owner
    yield "USESAMD", "1"


def _routed(job: Submission, dice: Random) -> Iterator[tuple[str, str]]:
    """Yield the variables of a job that came through a compute element: none names an experiment."""
    spool = f"/var/lib/ce/spool/{job.cluster % 997}/{HOLE}/{job.owner}"
    yield "CONDORCE_COLLECTOR_HOST", "ce01.example.org:9619"
    yield "IDTOKENS_FILE", f"{spool}/cluster{job.cluster}.proc{HOLE}.subproc0/{_hex(dice, 32)}.idtoken"
    yield "LOCAL_AREA", f"/exp/{job.experiment}/app/users/{job.owner}/local"
    yield "OSG_APP", "/cvmfs/software.example.org/apps"
    yield "OSG_DATA", "UNAVAILABLE"
    yield "OSG_GRID", "/etc/osg/wn-client/"
    yield "OSG_HOSTNAME", "ce01.example.org"
    yield "OSG_SITE_NAME", "EXAMPLE_GPGRID_1"
    yield "OSG_SITE_READ", ""
    yield "OSG_SQUID_LOCATION", "squid.example.net:3128"
    yield "PATH", "/bin:/usr/bin:/sbin:/usr/sbin"
    yield "PROCID", HOLE


def _dataset(job: Submission, dice: Random) -> str:
    stage = dice.choice(("mc_overlay_reco2", "data_run3_raw", "prodgenie_nominal", "calib_ndos_keepup"))
    return f"{job.colleague}_{job.experiment}_{stage}_v0{dice.randrange(4, 10)}_{dice.randrange(10, 99)}_00"


def _machine(experiment: str) -> str:
    # Beside another word, a name of two letters may be chance, so it never occurs there.
    return f"{experiment}{'gpvm' if len(experiment) > 2 else '-gpvm'}"


def _script(dice: Random) -> str:
    return dice.choice(SCRIPTS)


def _hex(dice: Random, digits: int) -> str:
    return f"{dice.getrandbits(4 * digits):0{digits}x}"


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _quoted(value: str) -> str:
    """Return a value as HTCondor's V2 form writes it; quotes may be in the middle of a value."""
    if not any(mark in value for mark in " '\t\r\n"):
        return value
    if value.count(" ") == 1:
        return value.replace("'", "''''").replace(" ", "' '")
    return "'" + value.replace("'", "''") + "'"
