"""More attributes of the demo jobs, of every class that the catalogue knows: who submitted, from where, to where.

Each is made from the columns that the jobs have anyway, so that a row's attributes agree on its user, group and
machine. Rows are made by array operations; a loop goes over distinct users, groups or machines only.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["FURTHER", "full_name", "with_further"]

FURTHER = pa.schema(
    [
        ("JobsubClientDN", pa.string()),
        ("NotifyUser", pa.string()),
        ("x509userproxy", pa.string()),
        ("AuthTokenSubject", pa.string()),
        ("AuthTokenIssuer", pa.string()),
        ("AuthTokenScopes", pa.string()),
        ("AuthTokenId", pa.string()),
        ("UserLog", pa.string()),
        ("TransferInput", pa.string()),
        ("SUBMIT_Iwd", pa.string()),
        ("SUBMIT_UserLog", pa.string()),
        ("JobBatchName", pa.string()),
        ("Requirements", pa.string()),
        ("RemoveReason", pa.string()),
        ("RemoteHost", pa.string()),
        ("MachineAttrMachine0", pa.string()),
        ("MachineAttrCpus0", pa.int64()),
        ("LastPublicClaimId", pa.string()),
        ("ClaimId", pa.string()),
        ("host", pa.string()),
        ("source", pa.string()),
        ("timestamp", pa.string()),
        ("QDate_ms", pa.int64()),
        ("JobStartDate", pa.int64()),
        ("CompletionDate", pa.int64()),
        ("RemoteWallClockTime", pa.float64()),
        ("RemoteUserCpu", pa.float64()),
        ("ResidentSetSize", pa.int64()),
        ("ResidentSetSize_RAW", pa.int64()),
        ("DiskUsage_RAW", pa.int64()),
        ("ExitBySignal", pa.bool_()),
        ("JobPrio", pa.int64()),
        ("CondorVersion", pa.string()),
        ("MyType", pa.string()),
        ("SiteMood", pa.string()),  # the catalogue knows nothing of it
        ("message", pa.string()),
    ]
)

_FIRST = (
    "Anselka",
    "Bertwin",
    "Coralind",
    "Dagomir",
    "Elvanka",
    "Fridolf",
    "Gisbeth",
    "Hjalmund",
    "Isaveth",
    "Jorunka",
)
_LAST = (
    "Ackervall",
    "Brunnthal",
    "Czernovik",
    "Dalmarsch",
    "Eikeland",
    "Fjordbak",
    "Grimstett",
    "Holzwarth",
    "Ilvesko",
)
_RAW_AD = ("MyType", "Owner", "User", "JobsubClientDN", "NotifyUser", "Iwd", "Args", "RemoteHost", "ClaimId")


def full_name(handle: str) -> str:
    """Return the name of the person who has the handle; the same for the same handle."""
    dice = Random(crc32(handle.encode()))
    return f"{dice.choice(_FIRST)} {dice.choice(_LAST)}"


def with_further(jobs: pa.RecordBatch, *, seed: int, number: int) -> pa.RecordBatch:
    """Return the jobs of chunk `number` with all attributes: their own, then those of `FURTHER`."""
    rng = np.random.default_rng([seed, number, 1])
    columns = {name: jobs.column(name) for name in jobs.schema.names}
    columns |= _submitter(jobs) | _machine(jobs) | _measured(jobs, rng)
    columns["RemoveReason"] = pc.if_else(pc.equal(jobs["JobStatus"], 3), _by(jobs["Owner"], _removed), None)
    columns["message"] = _raw(columns)
    schema = pa.schema([*jobs.schema, *FURTHER])
    return pa.record_batch([columns[name] for name in schema.names], schema=schema)


def _submitter(jobs: pa.RecordBatch) -> dict[str, pa.Array]:
    owner, group, cluster = jobs["Owner"], jobs["Jobsub_Group"], jobs["ClusterId"].cast(pa.string())
    return {
        "JobsubClientDN": _by(owner, lambda name: f"/DC=org/DC=example/OU=People/CN={full_name(name)}/CN=UID:{name}"),
        "NotifyUser": _by(owner, lambda name: f"{name}@example.org"),
        "x509userproxy": _by(owner, lambda name: f"/home/{name}/.globus/x509up_{name}"),
        "AuthTokenSubject": _by(owner, lambda name: f"{name}@example.org"),
        "AuthTokenIssuer": _by(group, lambda name: f"https://tokens.example.org/{name}"),
        "AuthTokenScopes": _joined(
            "storage.read:/", group, " storage.create:/", group, "/scratch/users/", owner, " compute.create"
        ),
        "AuthTokenId": _by(cluster, lambda name: f"https://tokens.example.org/oauth2/{_digits(name)}?type=accessToken"),
        "UserLog": _joined(jobs["Iwd"], "/log/", cluster, ".log"),
        "TransferInput": _joined(
            "/home/", owner, "/in/", group, "_", cluster, ".tar,dropbox:///tmp/", owner, "/job.cfg"
        ),
        "SUBMIT_Iwd": _by(owner, lambda name: f"/nashome/{name[0]}/{name}/submit"),
        "SUBMIT_UserLog": _joined("/nashome/users/", owner, "/submit/", cluster, ".log"),
        "JobBatchName": _joined(owner, "_", group, "_batch_", cluster),
        "Requirements": _joined('TARGET.Arch == "X86_64" && stringListsIntersect("', group, '", TARGET.Supported_VOs)'),
        "host": _by(cluster, lambda name: f"jobsub0{int(name) % 3 + 1}.example.org"),
        "source": _by(cluster, lambda name: f"/var/lib/condor/spool/jobsub0{int(name) % 3 + 1}.example.org/history"),
        "CondorVersion": pa.repeat("$CondorVersion: 23.0.2 2023-11-20 $", len(jobs)),
        "MyType": pa.repeat("Job", len(jobs)),
        "SiteMood": _joined("fine, says ", owner),
    }


def _machine(jobs: pa.RecordBatch) -> dict[str, pa.Array]:
    slot = jobs["LastRemoteHost"]
    machine = pc.replace_substring_regex(slot, "^.*@", "")
    address = pc.replace_substring_regex(jobs["StartdPrincipal"], "^.*/", "")
    process = jobs["ProcId"].cast(pa.string())
    public = _joined(
        *("<", address, ":9618?addrs=", address, "-9618&alias=", machine, "&noUDP&sock=startd_1>#1703970000#", process)
    )
    return {
        "RemoteHost": slot,
        "MachineAttrMachine0": machine,
        "MachineAttrCpus0": jobs["RequestCpus"],
        "LastPublicClaimId": _joined(public, "#..."),
        "ClaimId": _joined(public, "#", _by(process, _digits)),
    }


def _measured(jobs: pa.RecordBatch, rng: np.random.Generator) -> dict[str, pa.Array]:
    rows, queued = len(jobs), jobs["QDate"].to_numpy()
    started = jobs["NumJobStarts"].to_numpy() > 0
    begin = queued + rng.integers(10, 7200, rows)
    ran = rng.lognormal(8, 1, rows).round().astype(np.int64)
    resident = rng.integers(1_000, 4_000_000, rows)
    return {
        "timestamp": pc.strftime(pa.array(begin + ran).cast(pa.timestamp("s")), format="%Y-%m-%dT%H:%M:%SZ"),
        "QDate_ms": pa.array(queued * 1000),
        "JobStartDate": pa.array(begin, mask=~started),
        "CompletionDate": pa.array(np.where(started, begin + ran, 0)),
        "RemoteWallClockTime": pa.array(np.where(started, ran, 0).astype(np.float64)),
        "RemoteUserCpu": pa.array((ran * rng.random(rows)).round()),
        "ResidentSetSize": pa.array(-(-resident // 250_000) * 250_000),
        "ResidentSetSize_RAW": pa.array(resident),
        "DiskUsage_RAW": pa.array(rng.integers(10, 20_000_000, rows)),
        "ExitBySignal": pa.array(rng.random(rows) < 0.01),
        "JobPrio": pa.array(rng.integers(0, 3, rows) * 10),
    }


def _raw(columns: dict[str, pa.Array]) -> pa.Array:
    """Return the whole record as the collector received it."""
    lines = [_joined(f'{name} = "', pc.fill_null(columns[name], ""), '"\n') for name in _RAW_AD]
    return _joined(*lines)


def _by(column: pa.Array, written: Callable[[str], str]) -> pa.Array:
    """Return a text for each cell, made once for each distinct value."""
    encoded = column.dictionary_encode()
    return pa.array([written(value) for value in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def _joined(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _removed(owner: str) -> str:
    return f"via condor_rm (by user {owner})"


def _digits(text: str) -> str:
    return f"{Random(crc32(text.encode())).getrandbits(128):032x}"
