"""Handles, full names and addresses of people, in columns, paths, options, principals, credential files and groups."""

from __future__ import annotations

from benchmarks.accuracy.shapes.shape import Shape, shapes

__all__ = ["PEOPLE"]

COLUMNS = (
    Shape("column, user", "«p.handle»@example.org", "User"),
    Shape("column, user of another domain", "«p.handle»@«~lab.example.net»", "User"),
    Shape("column, owner", "«n.handle»", "Owner"),
    Shape("column, group user", "«n.handle»", "AcctGroupUser"),
    Shape("column, operating system's user", "«n.handle»", "OsUser"),
    Shape("column, token's subject", "«n.handle»@«~example.org»", "AuthTokenSubject"),
    Shape("column, principal", "«n.handle»@«~EXAMPLE.ORG»", "JobsubClientKerberosPrincipal"),
    Shape("column, principal, instance", "«n.handle»/cron/node1@«~EXAMPLE.ORG»", "JobsubClientKerberosPrincipal"),
    Shape("column, notified user", "«n.mail»", "NotifyUser"),
    Shape("column, proxy's address", "«n.mail»", "x509UserProxyEmail"),
    Shape("column, address of a known user", "«p.handle»@«~p.domain»", "NotifyUser"),
    Shape("column, notified account", "«n.handle»", "NotifyUser"),
    Shape("column, notified user with a name", "«n.name» <«n.mail»>", "NotifyUser"),
    Shape("column, domain of Windows", "«~EXAMPLE\\»«n.handle»", "OsUser"),
    Shape("column, accounting group", "group_«e.name».«p.handle»", "AccountingGroup"),
    Shape("column, group with a role", "group_«e.name».prod.«n.handle»", "AccountingGroup"),
    Shape("column, group with a dotted member", "group_«e.name».«n.dotted»", "AccountingGroup"),
    Shape("column, group with a domain", "group_«e.name».«n.handle»@«~example.org»", "AccountingGroup"),
    Shape("column, scopes", "storage.read:/«e.name»/users/«p.handle» compute.create", "AuthTokenScopes"),
    Shape("column, user log", "/storage/local/data1/«p.handle»/run.log", "UserLog"),
    Shape("column, working folder", "/home/«p.handle»/submit", "Iwd"),
    Shape("column, list of inputs", "/data/in.tar,/home/«p.handle»/a.py,/exp/x/«q.handle».cfg", "TransferInput"),
)

KNOWN = shapes(
    "known handle",
    "text",
    """
    word: --run-as «p.handle» --verbose
    option: --user=«p.handle» -n 3
    two people: «p.handle» and «q.handle»
    upper case: OWNER «p.handle|upper»
    title case: by «p.handle|title»
    before underscore: «p.handle»_reco_stage.fcl
    behind underscore: reco_«p.handle».fcl
    behind dash: job-«p.handle»-7
    before digits: «p.handle»_2023123120_5296
    glued to capitals: run«p.handle|title»Job.sh
    in brackets: [«p.handle»] (done)
    quoted: name="«p.handle»"
    single quotes: name='«p.handle»'
    file extension: out.«p.handle».root
    URL path: https://web.example.org/~«p.handle»/index.html
    remote copy: scp out.root «p.handle»@«~web01.example.net»:/tmp
    data set: user.«p.handle»:ntuple_v3
    SAM definition: --defname «p.handle»_prodgenie_nominal
    branch: git checkout «p.handle»/feature-x
    image: docker://«p.handle»/analysis:v3
    query: ?user=«p.handle»&n=1
    JSON: {"user": "«p.handle»", "n": 3}
    full name: --author '«p.name»'
    full name with underscore: «p.name|underscores»_plots
    full name with dots: «p.name|dots».pdf
    full name with dashes: «p.name|dashes»-thesis
    full name without blank: «p.name|together»Thesis
    full name in small letters: «p.name|lower|underscores»/plots
    full name in capitals: «p.name|upper»
    surname first: «p.surname-first»
    surname before given name: «p.reversed-name|underscores»
    full name in a URL: ?author=«p.name|url»&x=1
    full name in a form: author=«p.name|plus»&x=1
    mail of the full name: --mail «p.dotted»@«~p.domain»
    mail of the handle: --mail «p.handle»@«~p.domain»
    """,
)

HOMES = shapes(
    "home",
    "text",
    """
    plain: cd /home/«n.handle»/work
    at the end: cd /home/«n.handle»
    nashome: /nashome/«n.initial»/«n.handle»/bin/run.sh
    initial: /home/«n.initial»/«n.handle»/x
    group: /home/«e.name»/«n.handle»/run.sh
    numbered: /home3/«n.handle»/x
    export: /export/home/«n.handle»/x
    network: /net/home/«n.handle»/x
    users: /users/«n.handle»/x
    u: /u/«n.handle»/x
    Mac: /Users/«n.handle»/Library/x
    Windows: C:\\Users\\«n.handle»\\run.bat
    Windows and a full name: C:\\Users\\«n.name»\\run.bat
    institute of a university: /home/kit/ikp/«n.handle»/x
    institute with a prefix: /home/fr/fr_ph/«n.handle»/x
    Windows with slashes: C:/Users/«n.handle»/run.bat
    tilde: ~«n.handle»/bin/run.sh
    AFS user: /afs/cern.ch/user/«n.initial»/«n.handle»/public/x
    AFS work: /afs/cern.ch/work/«n.initial»/«n.handle»/x
    AFS cell: /afs/example.org/home/«n.initial»/«n.handle»/x
    EOS: root://eosuser.cern.ch//eos/user/«n.initial»/«n.handle»/x.root
    EOS of an experiment: /eos/«e.name»/user/«n.initial»/«n.handle»/x
    dust: /nfs/dust/«e.name»/user/«n.handle»/x
    experiment's app: /exp/«e.name»/app/users/«n.handle»/v1
    experiment's data: /«e.name»/data/users/«n.handle»/v1
    experiment's home: /exp/«e.name»/app/home/«n.handle»/v1
    pnfs scratch: /pnfs/«e.name»/scratch/users/«n.handle»/out
    pnfs persistent: /pnfs/«e.name»/persistent/users/«n.handle»/out
    pnfs usr: /pnfs/fnal.gov/usr/«e.name»/scratch/users/«n.handle»/out
    uploads: /fife/local/scratch/uploads/«e.name»/«n.handle»/2018-05-29_140715.587231_9786/a.sh
    jobsub uploads: /storage/local/data1/jobsub/uploads/«e.name»/«n.handle»/2023_12_31_200812.«x8»/a.sh
    store user: /store/user/«n.handle»/crab/0000/out_1.root
    store user with a hash: /store/temp/user/«n.handle».«x8»/out.root
    hdfs store: /hdfs/store/user/«n.handle»/x
    pnfs store: /pnfs/example.org/cms/tier2/store/user/«n.handle»/x
    global homes: /global/homes/«n.initial»/«n.handle»/x
    global u1: /global/u1/«n.initial»/«n.handle»/x
    scratch users: /scratch/users/«n.handle»/x
    gpfs users: /gpfs/users/«n.handle»/x
    lustre home: /lustre/home/«n.handle»/x
    dotted: /home/«n.dotted»/x
    below a project: /users/PAS1234/«n.handle»/x
    below an allocation: /work2/01234/«n.handle»/frontera
    outside people: /leonardo/home/userexternal/«n.handle»/x
    group of a project: /ocean/projects/abc123p/«n.handle»/x
    protected origin: osdf:///ospool/PROTECTED/«n.handle»/in.tar
    temporary project: /expanse/lustre/scratch/«n.handle»/temp_project/x
    quoted: "/home/«n.handle»"
    in a search path: /usr/bin:/home/«n.handle»/bin:/bin
    file URL: file:///home/«n.handle»/x
    gsiftp: gsiftp://door.example.org:2811//pnfs/«e.name»/users/«n.handle»/x
    escaped: %2Fhome%2F«n.handle»%2Fx
    in JSON with escapes: {"p": "\\/home\\/«n.handle»\\/x"}
    """,
)

CREDENTIALS = shapes(
    "credential",
    "text",
    """
    proxy with a role: /var/lib/jobsub/creds/proxies/«e.name»/x509cc_«n.handle»_Analysis
    proxy without a role: /tmp/x509cc_«n.handle»
    proxy: /tmp/x509up_«n.handle»
    Kerberos cache: FILE:/tmp/krb5cc_«n.handle»
    Kerberos cache with a suffix: /tmp/krb5cc_«n.handle»_a8Xk2q
    principal: kinit «n.handle»@«~EXAMPLE.ORG»
    principal with an instance: kinit «n.handle»/root@«~EXAMPLE.ORG»
    principal in quotes: -p '«n.handle»@«~EXAMPLE.ORG»'
    pilot's user folder: /var/lib/condor/credential/«p.handle».cred
    """,
)

MAIL = shapes(
    "mail",
    "text",
    """
    plain: --mail «n.mail» -v
    in angle brackets: From: <«n.mail»>
    mailto: mailto:«n.mail»?subject=x
    two: «n.mail»,«q.handle»@«~q.domain»
    in JSON: {"to": ["«n.mail»"]}
    header, name in quotes: From: "«n.surname-first»" <«n.mail»>
    header, name behind: From: «n.mail» («n.name»)
    escaped at sign: to=«n.dotted»«~%40»«~n.domain»
    local part of a known address: --mail «n.mail» --label «n.dotted»
    """,
)

# As accounting records, ClassAds, JSON, logs and commands name a person.
KEYED = shapes(
    "keyed",
    "text",
    """
    record of PBS: E;4711.«~pbs.example.org»;user=«n.handle» queue=grid ctime=1317509574
    owner in a record: owner=«n.handle»@«~pbs.example.org» queue=grid
    option of a launcher: fife_launch -Oglobal.user=«n.handle» --stage reco
    JDL: [ Owner = "«n.handle»"; JobName = "x"; ]
    expression: condor_q -constraint 'Owner=="«n.handle»"' -af x
    key in JSON: {"tm_username": "«n.handle»", "jobs": 3}
    key in JSON in JSON in JSON: {"a": "{\\\"owner\\\": \\\"«n.handle»\\\"}"}
    become: su «n.handle» -c ls
    ticket: kinit «n.handle»
    account: curl -u «n.handle» https://«~web.example.org»/x
    tag: <owner>«n.handle»</owner>
    list: owner: «n.handle»
    scope: rucio upload --scope user.«n.handle» x
    credential file: /var/lib/condor/krb_credentials/«n.handle».cc
    login of a catalogue: metacat auth login -m x509 «n.handle»
    request for a production: «n.handle»_task_RECO-2__v1_T_231231_200812_7
    key in capitals in JSON: {"CMSUser": "«n.handle»"}
    removed: via condor_rm (by user «n.handle»)
    session: pam_unix(cron:session): session opened for user «n.handle» by (uid=0)
    login: Accepted publickey for «n.handle» from port 51234 ssh2
    owner of a file: chown «n.handle» x
    quota: quota -u «n.handle» -s
    account in a URL: root://«n.handle»@«~door1.example.org»//store/x
    account of a database: postgresql://«n.handle»@«~db1.example.org»:5432/x
    batch system: batch slurm «n.handle»@«~ce1.example.org»
    accounting group: --accounting-group-user «n.handle» --label x
    data set: --inds user.«n.handle».raw/ --nfiles 3
    vault: secret/oauth/creds/x/«n.handle»:default
    allocation: /home1/01234/«n.handle»/x
    options beside each other: --mail «n.mail» --name '«n.name»'
    claims: {"name": "«n.name»", "email": "«n.mail»"}
    job of Slurm: JobId=5 JobName=x UserId=«n.handle»(5012) GroupId=x(1000)
    usage record: <urwg:LocalUserId>«n.handle»</urwg:LocalUserId>
    usage record, full name: <urwg:GlobalUsername>«n.name»</urwg:GlobalUsername>
    message of APEL: LocalUserId: «n.handle»
    key of a full name: {"prodUserName": "«n.name»", "n": 1}
    author in JSON: {"authors": [{"name": "«n.name»"}]}
    creator in JSON: {"created_by": "«n.handle»"}
    nickname: attribute : nickname = «n.handle» (x)
    notified user: sbatch --mail-user «n.handle» x.sh
    option after others: sacct -S now -u «n.handle» -X
    password after it: curl -sS -u «n.handle»:«s.» https://«~web.example.org»/x
    end of a job: [ Who = "«n.handle»@«~example.org»"; How = "VIA_CONDOR_RM"; When = 1704067200 ]
    history: condor_history «n.handle» -limit 5
    access list: fs setacl -dir /afs/x -acl «n.handle» rl
    account of Rucio: rucio -a «n.handle» whoami
    files of a scope: rucio list-dids user.«n.handle»:*
    group in a submit file: +AccountingGroup = "group_«e.name».«n.handle»"
    mounted folder: sshfs «n.handle»@«~node7.example.org»:/x /mnt
    folder of a test: /tmp/pytest-of-«n.handle»/pytest-0
    job of LSF: Job <5>, User <«n.handle»>, Project <x>, Status <DONE>
    principal of a directory: eduPersonPrincipalName=«n.handle»@«~example.org»
    claims without an address: {"name": "«n.name»", "eppn": "«n.handle»@«~example.org»"}
    request for what is prepared: «n.handle»_HIG-Run3-0001__v1_T_231231_200812_7
    workspace: /x/gangadir/workspace/«n.handle»/LocalXML/5
    """,
)

PEOPLE = (*COLUMNS, *KNOWN, *HOMES, *CREDENTIALS, *MAIL, *KEYED)
