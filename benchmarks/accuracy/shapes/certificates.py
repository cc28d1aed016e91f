"""Certificate subjects: of issuers all over the world, in a column, in text, with escapes, flattened into paths."""

from __future__ import annotations

from benchmarks.accuracy.shapes.shape import Shape, shapes

__all__ = ["CERTIFICATES"]

CILOGON = "/DC=org/DC=cilogon/C=US/O=Prova National Laboratory"

SUBJECTS = shapes(
    "subject",
    "JobsubClientDN",
    """
    with UID: CILOGON/OU=People/CN=«n.name»/CN=UID:«n.handle»
    proxy: CILOGON/OU=People/CN=«n.name»/CN=UID:«n.handle»/CN=633718598
    old UID: /DC=gov/DC=example/O=Prova/OU=People/CN=«n.given»«~ J. »«n.surname»/UID=«n.handle»
    USERID: /DC=gov/DC=example/O=Prova/OU=People/CN=«n.name»/USERID=«n.handle»
    robot of a person: CILOGON/OU=Robots/CN=cron/CN=«n.name»/CN=UID:«n.handle»
    account of a robot: CILOGON/OU=Robots/CN=jobsub01.example.org/CN=UID:«n.handle»
    letter and number behind: /DC=org/DC=cilogon/C=US/O=University of Prova/CN=«n.name» «~A12345»
    number behind: /DC=org/DC=doegrids/OU=People/CN=«n.name» «~364520»
    account and number before: /DC=ch/DC=cern/OU=Organic Units/OU=Users/CN=«n.handle»«~/CN=369123/CN=»«n.name»
    account before, proxy: /DC=ch/DC=cern/OU=Organic Units/OU=Users/CN=«n.handle»«~/CN=369123/CN=»«n.name»/CN=proxy
    eduPerson name behind: /DC=org/DC=terena/DC=tcs/C=NL/O=Prova/CN=«n.name» «n.handle»@«~example.nl»
    address behind a dash: /DC=org/DC=terena/DC=tcs/C=NL/O=Prova/CN=«n.name» - «n.handle»@«~example.nl»
    code of the issuer: /DC=eu/DC=rcauth/DC=rcauth-clients/O=Prova/CN=«n.name» «~aBcDeFgHiJkLmNoP»
    robot and address: /DC=org/DC=terena/DC=tcs/C=NL/O=Prova/CN=Robot: «n.name» - «n.handle»@«~example.nl»
    surname comma given: /DC=org/DC=terena/DC=tcs/C=DE/O=Prova/CN=«n.surname-first» «n.handle»@«~example.org»
    robot dash person: /DC=org/DC=terena/DC=tcs/C=NL/O=Prova/CN=Robot - «n.name» «~1086@example.nl»
    robot colon person: /O=GRID-FR/C=FR/O=CNRS/OU=I3S/CN=Robot: VAPOR - «n.name»
    robot with remark: /C=DE/O=GermanGrid/OU=Prova/CN=Robot - grid client - «n.name» (client tester)
    handle behind: /C=PL/O=PL-Grid/O=Uzytkownik/O=PL-Grid/CN=«n.name»/CN=«n.handle»
    account of a portal before: /C=US/O=Prova/OU=Globus Connect User/CN=«n.handle»/CN=«n.name»
    handle before a dash: /DC=org/DC=prova/O=Prova/CN=«n.handle» - «n.name»
    national: /O=GermanGrid/OU=Prova/CN=«n.name»
    Italy: /C=IT/O=INFN/OU=Personal Certificate/L=Padova/CN=«n.name»
    small letters: /C=UK/O=eScience/OU=Oxford/L=OeSC/CN=«n.name|lower»
    surname before given name: /C=JP/O=KEK/OU=CRC/CN=«n.reversed-name»
    capitals: /C=CN/O=HEP/OU=PHYS/O=IHEP/CN=«n.name|upper»
    without case: /C=CN/O=HEP/OU=PHYS/O=IHEP/CN=«c.whole-caseless»
    title before: /C=DE/O=DFN-Verein/CN=«~Dr.» «n.name»
    suffix behind: /C=US/O=Prova/CN=«n.name» «~Jr.»
    mail address behind: /C=IT/O=Prova/CN=«n.name»/emailAddress=«n.mail»
    mail in the same part: /DC=org/DC=cilogon/C=US/O=Prova/CN=«n.name» «~T173053» email=«n.mail»
    given name and surname: /DC=eu/DC=example/O=Prova/«~GN=»«~n.given»«~/SN=»«n.surname»/CN=«n.name»
    parts of the name: «~SN=»«n.surname»«~, GN=»«~n.given», CN=«n.reversed-name», O=Prova
    other script in brackets: /C=CN/O=HEP/CN=«c.whole-caseless» («~Na Li»)
    bytes escaped: /C=CZ/O=Prova/CN=«n.name|x-bytes»
    comma form: CN=UID:«n.handle»,CN=«n.name»,OU=People,O=Prova,C=US,DC=cilogon,DC=org
    comma form with blanks: CN=«n.name», OU=People, O=Prova, C=US
    front to back: DC = org, DC = cilogon, C = US, O = Prova\\, Inc, CN = «n.name»
    two values: CN=«n.name»+UID=«n.handle»,OU=People,O=Prova
    serial number beside: CN=«n.name»+serialNumber=«~4711»,O=Prova,C=IT
    pairs of digits: CN=«n.name|pair-bytes»,O=Prova,C=CZ
    comma escaped: CN=«n.surname»\\, «n.given»,OU=Users,DC=example,DC=org
    quoted value: CN="«n.surname-first»",O="Prova, Inc",C=US
    types in small letters: cn=«n.name»,ou=People,o=Prova
    office word in the name: /O=Grid/OU=Prova/CN=«~Test» «n.name»
    """.replace("CILOGON", CILOGON),
)
ENTITLED = (
    Shape("subject, with a role", f"{CILOGON}/OU=People/CN=«n.name»/CN=UID:«n.handle»,/«e.name»/Role=Analysis",
          "x509UserProxyFQAN"),
    Shape("subject, of the proxy", "/O=GermanGrid/OU=Prova/CN=«n.name»", "x509userproxysubject"),
    Shape("subject, another spelling of the column", "«~/O=GermanGrid/OU=Prova/CN=»«n.name»", "x509UserProxySubject"),
    Shape("subject, CRAB", "/DC=ch/DC=cern/OU=Users/CN=«n.handle»«~/CN=369123/CN=»«n.name»", "CRAB_UserDN"),
)  # fmt: skip
IN_TEXT = tuple(
    Shape(shape.name.replace("subject", "subject in text"), f"--dn '{shape.template}' -v") for shape in SUBJECTS
)
SENTENCES = shapes(
    "subject in a sentence",
    "text",
    """
    number behind: user /O=GermanGrid/OU=Prova/CN=«n.name» wrote 5 files
    proxy: authenticated as /O=GermanGrid/OU=Prova/CN=«n.name»/CN=1234567890 from a host
    roles: DN: /O=GermanGrid/OU=Prova/CN=«n.name»/CN=1234567890, FQAN: /«e.name»/Role=Analysis
    """,
)
FLATTENED = shapes(
    "subject in a path",
    "text",
    """
    common name: /tmp/up_DC_org_DC_cilogon_C_US_O_Prova_CN_«n.name|underscores»_CN_UID_«n.handle»
    common name and number: /data/_O_GermanGrid_OU_Prova_CN_«n.name|underscores»_123/x
    account and number: _DC_ch_DC_cern_OU_Users_CN_«n.handle»_CN_«~369123»_CN_«n.name|underscores»
    name, number and role: /sandbox/_DC_org_OU_People_CN_«n.name|underscores»_2599_«e.name»_Role_NULL_Capability_N/x
    percent: dn=%2FO%3DGermanGrid%2FOU%3DProva%2FCN%3D«n.name|url»
    """,
)
CERTIFICATES = (*SUBJECTS, *ENTITLED, *IN_TEXT, *SENTENCES, *FLATTENED)
