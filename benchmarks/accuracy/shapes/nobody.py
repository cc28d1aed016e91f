"""Texts in which nobody is: ordinary words that are handles too, versions, placeholders, keys, numbers, files.

`WEAK` are handles and experiments of the corpus that are words of job records. They are replaced where they stand for
somebody, which the first shapes are about, and nowhere else.
"""

from __future__ import annotations

import attrs

from benchmarks.accuracy.shapes.shape import Shape, shapes

__all__ = ["NOBODY", "WEAK"]

WEAK = ("jobs", "data", "path", "home", "sam", "prod", "json", "1", "2023", "python")
POOL = ("prova001", "prova002", "prova003")

STANDS_FOR = (
    *(Shape(f"weak handle, {word} in its column", f"«={word}»@example.org", "User") for word in WEAK),
    Shape("weak handle, home folder", "cd /nashome/s/«=sam»/x"),
    Shape("weak handle, mail", "--mail «=prod»@«~example.org»"),
    Shape("weak handle, variable", "GRID_USER=«=sam» A=1", "Environment"),
    Shape("weak handle, group member", "group_«e.name».«=prod»", "AccountingGroup"),
    Shape("weak handle, principal", "kinit «=json»@«~EXAMPLE.ORG»"),
    Shape("weak handle, credential", "/tmp/x509cc_«=sam»_Analysis"),
    *(Shape(f"pool account, {word} in its column", f"«={word}»@example.org", "User") for word in POOL),
)
TEXTS = shapes(
    "nobody",
    "text",
    """
    paths: /data/prod/jobs/home.sh --path /home --out 2023
    python: python run.py --config sam.json --data jobs.list
    program: sam_validate --json --prod 1
    interpreter: /usr/bin/python3.9 /opt/sandbox/run_me.py
    version of five parts: --version 1.2.6.2.1
    release candidate: client 1.3.0.1.rc13
    version with v: setup tool v1.2.3.4
    package: tool-1.2.3.4-5.el7.x86_64.rpm
    object identifier: OID 1.3.6.1.4.1.2312
    date with dots: 2023.12.31.08
    unknown: --arch unknown --site Unknown
    expression: $$(GLIDEIN_ProcId:Unknown)
    undefined: x = undefined || y
    files: reco.fcl,merge.sh,out.root
    Java package: -Dorg.example.Main=com.example.Tool
    numbers: -n 50 --seed 1 --year 2023 --events 10000
    hex digest: sha256:«x32»«x32»
    uuid: «x8»-«x4»-«x4»-«x4»-«x12»
    trace: 00-«x32»-«x16»-01
    pool folder: /opt/sandbox/prova/j1.sh
    role: --role production --group analysis
    shared folder: /home/shared/x /users/public/y
    reference: cd $HOME && ls ${USER} ~/x
    repository: git clone git+ssh://git@«g.full»/x/repo.git
    switch: python -u run.py && sort -u x
    tokens to count: MAX_TOKENS=10 --tokenizer gpt2 --num-tokens 5
    local host: http://localhost:8080/ 127.0.0.1
    service subject: /DC=org/DC=example/OU=Services/CN=host/«g.full»
    robot subject: /DC=ch/DC=example/OU=Robots/CN=Robot: Data Management
    authority: /C=NL/O=Prova/CN=Prova Personal CA 4
    max tokens: --max-tokens 65536 --auth krb5
    pass number: --pass 2 --key-type rsa
    quoted words: 'it is' "a b" it's
    HTML entities: a &lt; b &amp;&amp; c
    percent signs: 100%25 50%20off
    unicode: Ünïcödé – “quoted” … 🙂
    backslashes: C:\\Temp\\new \\n \\t
    token-like words: URL_1 EXT_2 HOST1 IPA
    """,
)
VARIABLES = shapes(
    "nobody, environment",
    "Environment",
    """
    search paths: PATH=/bin:/usr/bin PYTHONPATH=/opt/python/lib HOME=/tmp
    numbers: NJOBS=100 YEAR=2023 N=1 DATA=raw
    harmless tokens: MAX_TOKENS=65536 CONDOR_AUTH=FS TOKENIZERS_PARALLELISM=false
    places of tokens: BEARER_TOKEN_FILE=/tmp/bt_u1000 TOKEN_LIFETIME=3600 KEYTAB=/etc/x.keytab
    JSON keys: {"data": 1, "jobs": [], "path": "/x", "home": null}
    sort keys: SORT_KEY=name PRIMARY_KEY=id PASS=3 PASSES=10
    references: PASSWORD=$DB_PASSWORD TOKEN=${TOKEN}
    quotes: A='b c' D='it''s' E=1
    """,
)
COLUMNS = (
    Shape("nobody, column of versions", "1.2.6.2.1", "JobsubServerVersion"),
    Shape("nobody, column of candidates", "1.3.0.1.rc13", "JobsubClientVersion"),
    Shape("nobody, unknown version", "unknown", "JobsubServerVersion"),
    Shape("nobody, column of platforms", "X86_64-CentOS_6.7", "CondorPlatform"),
    Shape("nobody, unmapped principal", "unauthenticated@unmapped", "StartdPrincipal"),
    Shape("nobody, local job", "Local Job", "MATCH_EXP_JOBGLIDEIN_ResourceName"),
    Shape("nobody, sites", "FermiGrid,Prague", "DESIRED_Sites"),
)
# In a data set of their own: elsewhere nobody's handle is such a word.
NOBODY = tuple(attrs.evolve(shape, form="weak") for shape in (*STANDS_FOR, *TEXTS, *VARIABLES, *COLUMNS))
