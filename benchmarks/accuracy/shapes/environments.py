"""Variables of environments that name people, hosts and experiments, in every way an environment is stored."""

from __future__ import annotations

from benchmarks.accuracy.shapes.shape import Shape, shapes

__all__ = ["ENVIRONMENTS"]

V2 = shapes(
    "environment",
    "Environment",
    """
    grid user: CLUSTER=7 GRID_USER=«n.handle» PROCESS=0
    user and login: USER=«n.handle» LOGNAME=«n.handle» A=yes
    SAM user: SAM_USER=«n.handle» SAM_STATION=«e.name»
    home: HOME=/nashome/«n.initial»/«n.handle» A=yes
    quoted: NOTE='it''s by «p.handle»' A=yes
    quoted name: A=yes GIT_AUTHOR_NAME='«n.name»' GIT_AUTHOR_EMAIL=«n.mail»
    old form: CLUSTER=7;GRID_USER=«n.handle»;EXPERIMENT=«f.name»
    lines: CLUSTER=7\nGRID_USER=«n.handle»\nB=no
    bars: A=yes|GRID_USER=«n.handle»|Z=no
    JSON: {"GRID_USER": "«n.handle»", "EXPERIMENT": "«f.name»", "N": null}
    JSON list: ["GRID_USER=«n.handle»", "EXPERIMENT=«f.name»"]
    JSON of names and values: [{"name": "GRID_USER", "value": "«n.handle»"}]
    tmp: CONDOR_TMP=/storage/local/data1/uploads/«e.name»/«p.handle»/2023_12_31_200812.«x8»
    token file: BEARER_TOKEN_FILE=.condor_creds/«e.name»_production_«x10».use
    job id: JOBSUBJOBID=«#8».0@«h.full»
    SAM project: SAM_PROJECT=«p.handle»_nominal_v0_2023123120_5296
    Kerberos: KRB5CCNAME=FILE:/tmp/krb5cc_«n.handle» A=yes
    subject: X509_USER_DN='/O=GermanGrid/OU=Prova/CN=«n.name»' A=yes
    user of a registry: DOCKER_USERNAME=«n.handle» A=yes
    domain of Windows: AD_USER=EXAMPLE\\«n.handle» A=yes
    creator: CREATED_BY=«n.handle» A=yes
    author's name: A=yes DRONE_COMMIT_AUTHOR_NAME='«n.name»'
    author beside an address: AUTHOR='«n.name»' AUTHOR_EMAIL=«n.mail»
    notebook: JUPYTERHUB_USER=«n.handle» JUPYTERHUB_SERVICE_PREFIX=/user/«n.handle»/
    proxy server: http_proxy=http://«g.full»:3128 A=yes
    unset reference: HOME=$HOME USER=«p.handle»
    """.replace("\\n", "\n"),
)
OLD = (Shape("environment, old attribute", "GRID_USER=«n.handle»;EXPERIMENT=«f.name»", "Env"),)
ITEMS = "GRID_USER=«n.handle» EXPERIMENT=«f.name» HOME=/home/«p.handle» N=no"
NESTED = tuple(Shape(f"environment, {form}", ITEMS, "Environment", form) for form in ("struct", "map", "list"))
ENVIRONMENTS = (*V2, *OLD, *NESTED)
