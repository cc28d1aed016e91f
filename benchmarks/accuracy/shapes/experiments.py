"""Experiments and groups: columns, variables, paths, and names that are glued to others."""

from __future__ import annotations

from benchmarks.accuracy.shapes.shape import Shape, shapes

__all__ = ["EXPERIMENTS"]

COLUMNS = tuple(
    Shape(f"experiment column, {column}", template, column)
    for column, template in (
        ("Jobsub_Group", "«f.name»"),
        ("AcctGroup", "group_«f.name»"),
        ("x509UserProxyVOName", "«f.name»"),
        ("X509UserProxyFirstFQAN", "/«f.name»/Role=Analysis/Capability=NULL"),
        ("AuthTokenGroups", "/«f.name»,/«f.name»/production"),
        ("OAuthServicesNeeded", "«e.name»_production_«x10»*handle"),
        ("FIFE_CATEGORIES", "«e.name»"),
    )
)
KNOWN = shapes(
    "experiment",
    "text",
    """
    word: -c «e.name» --debug
    path: /pnfs/«e.name»/scratch/x
    path in capitals: /pnfs/«e.name|upper»/scratch/x
    software: /cvmfs/«e.name».opensciencegrid.org/products
    before a host's number: «e.name»gpvm01
    before underscore: «e.name»_reco_mc.fcl
    behind underscore: prod_«e.name».fcl
    glued to capitals: run«e.name|title»SAM.py
    glued behind a digit: setup_v2«e.name|title»Data.sh
    address: http://samweb.example.org:8480/sam/«e.name»/api
    proxy of a group: /tmp/x509up_voms_«e.name»_Analysis_5012
    role: voms:«e.name»:/«e.name»/Role=Analysis
    requirement: (TARGET.HAS_CVMFS_«e.name» == true)
    JSON: {"experiment": "«e.name»"}
    """,
)
VARIABLES = shapes(
    "experiment variable",
    "Environment",
    """
    EXPERIMENT: EXPERIMENT=«f.name» A=yes
    capitals: EXPERIMENT=«f.name|upper» A=yes
    quoted: EXPERIMENT='«f.name»' A=yes
    SAM_EXPERIMENT: SAM_EXPERIMENT=«f.name» A=yes
    SAM_GROUP: SAM_GROUP=«f.name» A=yes
    SAM_STATION: A=yes SAM_STATION=«f.name»
    with path: EXPERIMENT=«f.name» AREA=/exp/«f.name»/app
    """,
)
EXPERIMENTS = (*COLUMNS, *KNOWN, *VARIABLES)
