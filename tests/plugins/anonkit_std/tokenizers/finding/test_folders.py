"""Names in paths: home and personal folders of people, credential files; and folders that are nobody's."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from anonkit_std.tokenizers.finding.escaped_paths import unescaped_paths
from anonkit_std.tokenizers.finding.folders import MARKS, RULES, Person, in_folders, is_below_initials
from anonkit_std.tokenizers.finding.scan import Scan
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_profiles import many_examples


def found(*texts: str | None) -> list[tuple[int, Person]]:
    names = in_folders(Scan.from_text(pa.array(texts, pa.string())))
    people = [names.people[code] for code in names.codes.tolist()]
    return sorted(zip(names.rows.tolist(), people, strict=True), key=repr)


def people(text: str) -> list[str]:
    return sorted({one.handle for _, one in found(text) if not one.is_group})


def in_views(text: str) -> set[str]:
    """Return the names in a text and in the views of it in which paths have slashes."""
    views = [text, *(view.to_pylist()[0] for view in unescaped_paths(pa.array([text])))]
    return {name for view in views if view for name in people(view)}


@pytest.mark.parametrize(
    "text",
    [
        "/home1/01234/annak/x", "/dss/dsshome1/lxc01/annak/x", "/home/belle2/annak/x",
        "/home/kit/ikp/annak/x", "/home/fr/fr_ph/annak/x", "/pfs/data5/home/ka/ka_ikp/annak/x",
        "secret/oauth/creds/nova/annak:default",
        "/home/annak", "HOME=/home/annak/bin", "/nashome/a/annak/x", "/home/a/annak/x", "/home/an/annak/x",
        "/home/a/an/annak/x", "/exp/nova/app/users/annak", "'/pnfs/nova/scratch/users/annak'", "/home3/annak/x",
        "/afs/example.org/user/a/annak", "/afs/example.org/work/a/annak", "/afs/example.org/home/a/annak/x",
        "/homes/annak", "/export/home/annak/x", "/net/home/annak", "/lustre/home/annak/x", "/home/users/annak/x",
        "/home/staff/annak/x", "/home/example.org/annak/x", "/home/1/annak/x", "/home/annak@example.org/x",
        "/eos/user/a/annak/x", "root://eos.example.org//eos/user/a/annak/x", "/eos/nova/user/a/annak/x",
        "/nfs/dust/nova/user/annak/x", "/nova/data/users/annak/x", "/exp/nova/app/home/annak/x", "/u/annak/x",
        "/pnfs/example.org/usr/nova/scratch/users/annak/x", "/store/user/annak", "/hdfs/store/user/annak/x",
        "/store/temp/user/annak.0123456789abcdef/x", "/global/homes/a/annak/x", "/global/u1/a/annak/x",
        "/fife/local/scratch/uploads/nova/annak/2018-05-29_140715.587231_9786/a.sh", "/uploads/annak/2023_12_31_2/x",
        "/data/jobsub/uploads/nova/annak/2023_12_31_200812.uuid/a.sh", "/dropbox/nova/annak/20231231.uuid",
        "/Users/annak/Library", "~annak/bin/run.sh", "cd ~annak", "https://example.org/~annak/x",
        "/pscratch/sd/a/annak", "/store/user/rucio/annak/x", "/var/spool/mail/annak", "/direct/usatlas+u/annak/x",
        "/n/home03/annak/x", "/ospool/ap21/data/annak/x", "osdf:///osgconnect/public/annak/x",
        "/var/lib/creds/nova/x509cc_annak_Analysis", "/tmp/x509cc_annak", "/tmp/x509up_annak", "FILE:/tmp/krb5cc_annak",
        "/tmp/krb5cc_annak_a8Xk2q", "/uscms_data/d1/annak/x", "/usr/people/annak", "PATH=/bin:/home/annak",
        "/eos/home-a/annak/x", "/star/u/annak/x", "/global/cscratch1/sd/annak/x", "/var/spool/cron/annak",
        "/var/lib/condor/credential/annak.cred", "/var/lib/condor/krb_credentials/annak.cc", "//srv/home$/annak/x",
        "/home/belle/annak/x", "/users/PAS1234/annak/x", "/work2/01234/annak/frontera", "/scratch1/01234/annak",
        "/sphenix/u/annak/x", "/sphenix/user/annak/x", "/star/users/annak", "/sdcc/user/annak/x",
        "/direct/phenix+u/annak", "osdf:///ospool/PROTECTED/annak/x", "/fslhome/annak/x",
        "/leonardo/home/userexternal/annak", "/gpfs/scratch/userexternal/annak/x", "/gpfswork/rech/gen01/annak/x",
        "/expanse/lustre/scratch/annak/temp_project", "/ocean/projects/abc/annak/x", "/work/01234/annak",
        "/tmp/pytest-of-annak/pytest-0/x", "/tmp/hsperfdata_annak", "/tmp/torchinductor_annak/x",
        "/x/gangadir/workspace/annak/LocalXML/5",
        "/scratch/3DayLifetime/annak/x", "/var/lib/condor/oauth_credentials/annak/x.use", "http://x/%7Eannak/x",
    ],
)  # fmt: skip
def test_one_person(text: str) -> None:
    assert people(text) == ["annak"]


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("/nashome/a/annak/x", "a/annak"), ("/eos/user/a/annak", "a/annak"), ("/home/a/an/annak/x", "a/an/annak"),
        ("/afs/example.org/work/a/annak", "a/annak"), ("/global/u1/a/annak/x", "a/annak"), ("/home/annak/x", "annak"),
        ("/home/users/a/annak", "a/annak"), ("/home/b/annak/x", None),
    ],
)  # fmt: skip
def test_first_letters_above_a_home_are_the_person_s(text: str, spelling: str | None) -> None:
    assert {one.below_initials for _, one in found(text)} == ({spelling} if spelling else set())
    assert is_below_initials(spelling or "a/b") == ("/" in (spelling or ""))


@pytest.mark.parametrize(
    "text",
    [
        "/home/setup.sh", "/home/${USER}", "/home/$USER", "/home/%s", "/home/", "/home", "/users/al", "/users/Annak",
        "/superusers/annak", "home/annak", "/home/" + "a" * 33, "/tmp/x509up_u12345", "/tmp/krb5cc_12345", "1~2", "~/x",
        "/home/pool001/x", "/home/cmsprd012/x", "/home/atlas001", "/work/annak", "/user/annak", "file~", "/home/<user>",
        "/home/kit/ikp/work/x", "/home/ab/cde/x.sh",
        "/pnfs/nova/x", "/usr/local/bin", "/home/anna.k", "/uploads/file", "/home/*", "/home/12345/x",
    ],
)  # fmt: skip
def test_no_identity(text: str) -> None:
    assert people(text) == []


@pytest.mark.parametrize("text", ["/home/anna.example/x", "/home/anna.example", "/user/anna.example/x"])
def test_handles_with_a_dot(text: str) -> None:
    assert people(text) == ["anna.example"]


def test_a_folder_below_a_home_may_be_a_person_s_and_the_home_a_group_s() -> None:
    assert found("/home/genie/annak/run.sh") == [(0, Person("annak", "genie")), (0, Person("genie"))]
    assert people("/home/genie/work/run.sh") == ["genie"]
    assert people("/home/genie/run.sh") == ["genie"]


@pytest.mark.parametrize("below", ["miniconda3", "root6", "mambaforge", "geant4", "cmssw", "work2", "envs"])
def test_common_folders_below_a_home_are_no_person_s(below: str) -> None:
    assert people(f"/home/annak/{below}/bin") == ["annak"]


@pytest.mark.parametrize(
    "text",
    [r"C:\Users\anna.k\x", "C:/Users/anna.k/x", r"\\files\users\anna.k\x", "/home/anna.k/x", "/users/a/anna.k/x"],
)
def test_a_dot_before_a_letter(text: str) -> None:
    assert in_views(text) == {"anna.k"}


@pytest.mark.parametrize("text", [r"C:\Users\Zoë\x", "/Users/Zoë/Library"])
def test_letters_outside_ascii(text: str) -> None:
    assert in_views(text) == {"Zoë"}


@pytest.mark.parametrize("text", ["/users/v1.2/x", "/home/run.C", "/users/build.py", "/home/x.d/y", "/users/a.b/c"])
def test_versions_and_files_are_no_person_s(text: str) -> None:
    assert people(text) == []


def test_folders_of_groups_show_that_a_name_is_no_person_s() -> None:
    text = "/pnfs/genie/x /exp/genie/app /cvmfs/genie.example.org/x /uploads/genie/annak/x"
    assert set(found(text)) == {(0, Person("genie", is_group=True)), (0, Person("annak"))}


@pytest.mark.parametrize(
    "text",
    [
        r"C:\Users\annak\run.bat",
        "C:/Users/annak/run.bat",
        r"C:\\Users\\annak",
        "%2Fhome%2Fannak%2Fx",
        r"\/home\/annak\/x",
    ],
)
def test_escaped_paths(text: str) -> None:
    assert in_views(text) == {"annak"}


PIECES = st.sampled_from(
    [*(mark.decode() for mark in MARKS), "/", "a/", "annak", "bob", "genie", "example.org", "2023_12", "@", " ", "é",
     "'", ".", "1", "x", ":", "_Role", "\n"]
)  # fmt: skip
TEXTS = st.lists(st.none() | st.lists(PIECES, max_size=8).map("".join), max_size=5)


def reference(text: str) -> set[Person]:
    """Every place by itself: at each the longest mark, and then on from its end."""
    names: set[Person] = set()
    place = 0
    while place < len(text):
        marks = [mark for mark in MARKS if text.startswith(mark.decode(), place)]
        if not marks:
            place += 1
            continue
        mark = max(marks, key=len)
        before, place = text[:place], place + len(mark)
        path = re.match(r"""[^\x00-\x20"'`,;:)\]}>|&?#@\\]*""", text[place:])
        is_word = re.search(r"[A-Za-z0-9_.~-]\Z", before) is not None
        begins = mark not in (b"~", b"/u/", b"/exp", b"/pnfs", b"/cvmfs") or not is_word
        is_folder = not mark.startswith(b"/") or mark.endswith(b"/") or text[place : place + 1] == "/"
        if path and begins and is_folder:
            names |= set(RULES[mark](path[0]))
    return names


@many_examples
@given(TEXTS)
def test_they_equal_the_reference(texts: list[str | None]) -> None:
    expected = {(row, one) for row, text in enumerate(texts) for one in reference(text or "")}
    # Longer paths are read as far as 80 bytes.
    if all(text is None or len(text.encode()) < 80 for text in texts):
        assert set(found(*texts)) == expected


def test_the_file_of_a_proxy_of_a_group_names_the_group() -> None:
    ((_, person),) = found("/tmp/x509up_voms_nova_Analysis_5012")
    assert person.handle == "nova"
    assert person.is_group
