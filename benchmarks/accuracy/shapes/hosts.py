"""Hosts: in host columns, whatever their domain, in pilots' spellings, in URLs and in text."""

from __future__ import annotations

from benchmarks.accuracy.shapes.shape import Shape, shapes

__all__ = ["HOSTS"]

PRIVATE = (
    ".local", ".lan", ".internal", ".localdomain", ".novalocal", ".cern", ".cluster", ".compute.internal", ".science",
    ".svc.cluster.local",
)  # fmt: skip

COLUMNS = (
    Shape("host column, slot", "slot1_2@«g.full»", "LastRemoteHost"),
    Shape("host column, plain", "«g.full»", "MachineAttrMachine0"),
    Shape("host column, short", "slot1@«g.short»", "LastRemoteHost"),
    Shape("host column, pilot", "slot1@glidein_«#5»_«#9»@«g.full»", "LastRemoteHost"),
    Shape("host column, remote host", "slot1_1@«g.full»", "RemoteHost"),
    Shape("host column, job id", "«g.full»#«#8».0#1704067200", "GlobalJobId"),
    Shape("host column, batch id before", "«#7».«g.full»", "MATCH_GLIDEIN_SiteWMS_Slot"),
    Shape("host column, factory", "schedd_glideins8@«g.full»", "MATCH_GLIDEIN_Schedd"),
    Shape("host column, dot and comma", "slot1@«g.full|dot-comma»", "LastRemoteHost"),
    Shape("host column, letters outside ASCII", "slot1@«g.full»", "LastRemoteHost", domains=("münchen.example",)),
    Shape("host column, capitals", "«g.full|upper»", "MachineAttrMachine0"),
    Shape("host column, slot and capitals", "slot1@«g.full|upper»", "LastRemoteHost", "apart"),
    Shape("host column, jobsub id", "«#8».0@«g.full»", "JobsubJobId"),
    Shape("host column, grid resource", "condor «g.full» «g.full»:9619", "GridResource"),
    Shape("host column, two", "«g.short»,«h.short»", "RemoteHost"),
    Shape("host column, two and their slots", "«g.full»/0*8+«h.full»/0*8", "RemoteHost"),
    *(Shape(f"host column, {domain}", "slot1@«g.full»", "LastRemoteHost", domains=(domain[1:],)) for domain in PRIVATE),
)
KNOWN = shapes(
    "known host",
    "text",
    """
    full: ssh «h.full» uptime
    short: ssh «h.short» uptime
    capitals: ssh «h.full|upper»
    port: root://«h.full»:1094//x
    behind a number: 4711.«h.full»
    behind at sign: «~admin»@«h.full»:/x
    underscore behind: «h.short»_12.log
    escaped: host«~%3D»«h.full»«~%26»
    trailing dot: ping «h.full». now
    dot and comma: «h.full|dot-comma»
    """,
)
IN_TEXT = shapes(
    "host in text",
    "text",
    """
    URL: https://«g.full»:8443/jobsub/x
    option: --host «g.full» -n 3
    xrootd: root://«g.full»//store/x.root
    schedd: JOBSUB CONTACTED: «g.full»
    list of a batch system: SLURM_JOB_NODELIST=«g.short» A=yes
    alias: <192.0.2.77:9618?alias=«g.full»&noUDP>
    """.replace("192.0.2.77", "«i.»"),
)
PRIVATE_KNOWN = tuple(
    Shape(f"host of both, {domain}", "slot1@«g.full» on «g.full» as «g.short»", "LastRemoteHost", domains=(domain[1:],))
    for domain in PRIVATE[:3]
)
HOSTS = (*COLUMNS, *KNOWN, *IN_TEXT, *PRIVATE_KNOWN)
