"""Hosts: what is one's name, what only looks like it, and what a garbled row shows."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
import pytest
from anonkit_std.options.tokenizers import HostOptions
from anonkit_std.tokenizers.finding.host_names import HostNames
from anonkit_std.tokenizers.finding.scan import Scan
from anonkit_std.tokenizers.host import HostTokenizer
from hypothesis import given
from hypothesis import strategies as st

from anonkit import anonymize
from anonkit.api import Alias, Boundary, Roles

NAMES = HostNames(("cluster.lan", "grid"), ("squid.example.org", "*.sites.example.net"))
SINFUL = "<192.0.2.1:9618?addrs=192.0.2.1-9618&alias=node1234.example.org&noUDP&sock=startd_1_2>"


def found(*texts: str | None) -> list[str]:
    return [name for _, name in NAMES.in_text(Scan.from_text(pa.array(texts, pa.string())))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("fnpc1234.example.org", ["fnpc1234.example.org"]),
        ("slot1_2@FNPC1234.Example.Org", ["FNPC1234.Example.Org"]),
        ("https://a.b.example.com:8443/x", ["a.b.example.com"]),
        ("node1.example.ac.uk and node2.example.cz.", ["node1.example.ac.uk", "node2.example.cz"]),
        ("192-0-2-1.example.net", ["192-0-2-1.example.net"]),
        ("pre_node1.example.org", ["node1.example.org"]),
        ("123.node1.example.org", ["node1.example.org"]),
        ("1.2.node1.example.org", ["node1.example.org"]),
        ("node1.cluster.lan wn1.example.novalocal", ["node1.cluster.lan", "wn1.example.novalocal"]),
        ("n1.cluster.lan n2.grid", ["n1.cluster.lan", "n2.grid"]),
        ("host%3Dnode1.example.org%26 host%253Dnode2.example.org", ["node1.example.org", "node2.example.org"]),
        (r"host\u003dnode1.example.org host\x3dnode2.example.org", ["node1.example.org", "node2.example.org"]),
        (r"C:\node1.example.org", ["node1.example.org"]),
        ("x node1.dot,pilots.dot,zone,y", ["node1.dot,pilots.dot,zone"]),
        ("slot1@Node-1.dot,example.dot,org 7.dot,x", ["Node-1.dot,example.dot,org"]),
        (SINFUL, ["node1234.example.org"]),
        (SINFUL.replace(".example.org", ""), ["node1234"]),
        (SINFUL.replace("node1234.example.org", "a"), []),
    ],
)
def test_full_names_are_found_in_text(text: str, names: list[str]) -> None:
    assert found(text, None, "x") == names


@pytest.mark.parametrize(
    "text",
    [
        "example.org", "www.org", "example.ac.uk", "example.co.jp",
        "libfoo.so.1", "job.sh", "setup.py", "my.job.sh", "foo.tar.gz", "a.b.root", "x.y.fcl", "run.v2.pl",
        "v09.75.03", "1.2.3", "1.2.org", "v1.2.de", "192.0.2.1",
        "org.apache.hadoop.fs", "com.example.org", "java.util.net", "net.example.www.org",
        "a.example.orgs", "a.example.org.txt", "a.example.org_x", "a.example.org-x",
        "-.example.org", "a..example.org", "a.-b.org", "12.example.org", "é.example.org",
        "squid.example.org", "ce.sites.example.net", "/cvmfs/nova.software.example.org/x", "cluster.lan", "grid",
        "alias=node1", "x&alias=node1",
    ],
)  # fmt: skip
def test_text_that_only_looks_like_a_host_stays(text: str) -> None:
    assert found(text) == []


LABELS = st.sampled_from(
    ["a", "node1", "www", "example", "ac", "co", "org", "com", "uk", "12", "v2", "x-y", "-", "", "é", "sh"]
)
AROUND = st.sampled_from(["", " ", "/", "@", "_", "-", ".", "x", "=", "/cvmfs/", "é"])


@given(st.lists(LABELS, max_size=6), AROUND, AROUND)
def test_names_equal_those_of_the_reference(labels: list[str], before: str, after: str) -> None:
    """Every piece of the text that could be a name, the longest that ends at each place."""
    text = before + ".".join(labels) + after
    plain = HostNames()
    expected = []
    for stop in range(len(text) + 1):
        if re.match(r"[A-Za-z0-9_-]|\.[A-Za-z0-9]", text[stop:]):
            continue
        start = stop
        while start and re.fullmatch(r"[A-Za-z0-9.-]", text[start - 1]):
            start -= 1
        name = text[start:stop].lstrip(".-")
        head = text[: stop - len(name)]
        labels = name.split(".")
        while len(labels) > 1 and labels[0].isdigit() and labels[1]:
            labels = labels[1:]
        if len(labels) != 2:
            name = ".".join(labels)
        if name and re.search(r"[A-Za-z0-9]\Z", name) and not head.endswith("/cvmfs/") and _is_host(name):
            expected.append(name)
    assert [name for _, name in plain.in_text(Scan.from_text(pa.array([text])))] == expected


def _is_host(name: str) -> bool:
    labels = name.split(".")
    if any(not re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", label) for label in labels):
        return False
    if labels[-1] not in ("org", "com", "uk"):
        return False
    own = labels[:-1]
    if labels[-1] == "uk" and own and own[-1] in ("ac", "co", "com", "org"):
        own = own[:-1]
    if len(own) < 2 or labels[0] in ("com", "org"):
        return False
    return len(own[-1]) > 1 and own[-1] != "12" and labels[0] != "12"


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("slot1_2@node12", "node12"),
        ("node12#123.0#1700000000", "node12"),
        ("node1.example.org:9618", "node1.example.org"),
        ("<192.0.2.1:9618>", None),
        ("slot1@worker.local", "worker.local"),
        ("slot1@wn1.cluster", "wn1.cluster"),
        ("slot1_1_2@node5.example.pl", "node5.example.pl"),
        ("slot1@glidein_1_2@wn_7.example.cern", "wn_7.example.cern"),
        ("slot1@wn12.dot,example.dot,org", "wn12.dot,example.dot,org"),
        ("123.node1.example.org", "node1.example.org"),
        ("1234567[12].ce01", "ce01"),
        ("schedd_1@gfactory-2.example.org#1.0#1700000000", "gfactory-2.example.org"),
        ("https://node1.example.dev:8443/x", "node1.example.dev"),
        ("12.0@node1.example.zone", "node1.example.zone"),
        ("slot1@knoten7.münchen.example", "knoten7.münchen.example"),
        ("slot1@rack", "rack"),
        ("slot1@d3f9a1b2c4e5", "d3f9a1b2c4e5"),
        ("node1.example.org.", "node1.example.org"),
        ("rack", None),
        ("slot1@172.17.0.4", None),
        ("[2001:db8::7]", None),
        ("localhost.localdomain", None),
        ("Local Job", None),
        ("$$(GLIDEIN_Schedd:Unknown)", None),
        ("undefined", None),
        ("Unknown", None),
        ("", None),
        ("squid.example.org", None),
    ],
)
def test_a_cell_of_a_host_column_names_a_host(cell: str, name: str | None) -> None:
    assert NAMES.in_cell(cell) == name


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("knot[01-03,07]", ["knot[01-03,07]", "knot01", "knot02", "knot03", "knot07"]),
        ("knot[9-11].example.org", ["knot[9-11].example.org", *(f"knot{n}.example.org" for n in (9, 10, 11))]),
        ("r[1-2]n[1-2]", ["r[1-2]n[1-2]", "r1n1", "r1n2", "r2n1", "r2n2"]),
        ("knot12,knot[14-15],login", ["knot12", "knot[14-15]", "knot14", "knot15"]),
        ("knot12/0+knot13/1*8", ["knot12", "knot13"]),
        ("slot1@knot1.lan,slot2_1@knot2.lan", ["knot1.lan", "knot2.lan"]),
        ("slot1@wn12.dot,example.dot,org", ["wn12.dot,example.dot,org"]),
        ("<192.0.2.1:9618?addrs=192.0.2.1-9618+192.0.2.2-9618>", []),
        ("None assigned", []),
        ("[2001:db8::7]", []),
    ],
)
def test_a_cell_of_a_host_column_names_several_hosts(cell: str, names: list[str]) -> None:
    assert list(NAMES.in_cells(cell)) == names


def test_of_a_long_list_of_nodes_some_are_known_by_themselves() -> None:
    assert len(list(NAMES.in_cells("knot[1-99999999]"))) == 1025
    assert len(list(NAMES.in_cells("a[1-9999]b[1-9999]c[1-9999]"))) == 1025


@pytest.mark.parametrize(
    "text",
    [
        "SLURM_JOB_NODELIST=knot[01-02]", "SLURM_NODELIST='knot[01-02]'", '{"SLURM_NODELIST": "knot[01-02]"}',
        "NodeList=knot[01-02] BatchHost=x", "--nodelist knot[01-02] x", "--nodelist=knot[01-02]",
    ],
)  # fmt: skip
def test_lists_of_nodes_in_text(text: str) -> None:
    spellings = HostTokenizer().mentions(pa.array([text]), "Args", Roles()).spellings.to_pylist()
    assert spellings == ["knot[01-02]", "knot01", "knot02"]


@pytest.mark.parametrize("text", ["exec_host=knot12/0+knot13/1", "exec_vnode=(knot12:ncpus=1)+(knot13:ncpus=2)"])
def test_hosts_of_a_record_of_pbs(text: str) -> None:
    found = HostTokenizer().mentions(pa.array([text]), "Args", Roles())
    assert found.spellings.to_pylist() == ["knot12", "knot13"]


@pytest.mark.parametrize("text", ["SLURM_NODELIST=$X", "x[0-9] y[1]", "job[1-100]", "--nodelist login"])
def test_no_lists_of_nodes(text: str) -> None:
    assert not len(HostTokenizer().mentions(pa.array([text]), "Args", Roles()).spellings)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("MATCH_GLIDEIN_Machine", "node12"), ("MATCH_EXP_JOB_GLIDEIN_SiteWMS_Slot", "slot1@node12"),
        ("MATCH_GLIDEIN_Gatekeeper", "node12:9619/jobmanager-condor"), ("LastRemotePool", "node12:9618"),
        ("GridResource", "condor ce node12:9619"), ("Jobsub_Server", "node12"), ("hostname", "node12"),
    ],
)  # fmt: skip
def test_columns_of_hosts(column: str, cell: str) -> None:
    assert HostTokenizer().mentions(pa.array([None, cell, " "]), column, Roles()).spellings.to_pylist() == ["node12"]


def test_aliases() -> None:
    tokenizer = HostTokenizer()
    assert list(tokenizer.aliases("node12.example.org")) == [
        "node12.example.org",
        Alias("node12", Boundary.WORD, find_encoded=True),
    ]
    assert list(tokenizer.aliases("www.example.org")) == ["www.example.org"]
    assert list(tokenizer.aliases("computer.example.org"))[1:] == [Alias("computer", Boundary.WORD, find_encoded=True)]
    assert list(tokenizer.aliases("node12")) == ["node12"]
    assert list(HostTokenizer(HostOptions(short_names=False)).aliases("n1.example.org")) == ["n1.example.org"]
    assert (tokenizer.prefix, tokenizer.text_prefix) == ("HO", "HO_")
    assert tokenizer.columns(pa.schema([]), Roles()) == ()


def test_a_host_in_all_its_places() -> None:
    row: dict[str, Any] = {
        "User": "annak@example.org",
        "LastRemoteHost": "slot1_2@Node12.example.org",
        "MachineAttrMachine0": "node12.example.org",
        "RemoteHost": "slot1@wn-7",
        "GlobalJobId": "jobsub01.example.org#123.0#1700000000",
        "StarterIpAddr": "<192.0.2.1:9618?alias=node12.example.org&noUDP>",
        "Cmd": "/logs/node12/x job.sh libfoo.so.1 annak@example.org xnode12 node123 wn-7",
    }
    config = {"anonymizers": {"host": {"enabled": True}}}
    jobs = pa.table({name: [cell] for name, cell in row.items()} | {"JobsubClientIpAddress": ["192.0.2.1"]})
    garbled = anonymize(jobs, config).read_all().to_pylist()[0]
    assert garbled == {
        "User": "UR_1@example.org",
        "LastRemoteHost": "slot1_2@HO_2",
        "MachineAttrMachine0": "HO_2",
        "RemoteHost": "slot1@HO_3",
        "GlobalJobId": "HO_1#123.0#1700000000",
        "StarterIpAddr": "<IP1:9618?alias=HO_2&noUDP>",
        "Cmd": "/logs/HO_2/x job.sh libfoo.so.1 UR_1@example.org xnode12 node123 HO_3",
        "JobsubClientIpAddress": "IP1",
    }
