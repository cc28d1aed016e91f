"""Handles as values of keys, in sentences of logs and before the host of a URL."""

from __future__ import annotations

import pyarrow as pa
import pytest
from anonkit_std.tokenizers.finding.keyed_handles import WHOLE_TEXTS, in_keys
from anonkit_std.tokenizers.finding.scan import Scan


def handles(text: str) -> set[str]:
    return set(in_keys(Scan.from_text(pa.array([None, text], pa.string()))).handles.to_pylist())


@pytest.mark.parametrize(
    "text",
    [
        "E;123.host.example.org;user=annak group=x", "owner=annak@host", "requestor=annak@host", "-Oglobal.user=annak",
        "--poms_user=annak", '[ Owner = "annak"; ]', 'Owner=="annak"', 'Owner =?= "annak"', 'RemoteUser =!= "annak@x"',
        '{"tm_username": "annak"}', '{"CMSUser":"annak"}', '{"preferred_username": "annak"}', '{"sub": "annak@x"}',
        "{'resubmitter': 'annak'}", '{\\"user\\": \\"annak\\"}', "via condor_rm (by user annak)",
        "session opened for user annak by (uid=0)", "Accepted publickey for annak from 192.0.2.1", "# owner: annak",
        "chown annak:x y", "chown -R annak y", "setfacl -m u:annak:rw y", "quota -u annak;", "lfs quota -u annak /x",
        "root://annak@node1.example.org//store", "postgresql://annak@node1/x", "mysql://annak:hunter2@node1/x",
        r'{"a": "{\\\"owner\\\": \\\"annak\\\"}"}', "metacat auth login -m x509 annak",
        """condor_submit -append '+Owner="annak"'""", "<user>annak</user>", "<Owner>annak@x</Owner>",
        "setfacl -m user:annak:r x", "Job <5>, User <annak>, Project <x>", "from host <node1> by user <annak> in x",
        "eduPersonPrincipalName=annak@example.org", '{"userPrincipalName": "annak@example.org"}',
        "owner: annak", "username: 'annak'", "user: annak, group: x", "User: annak Queue: x", "Owner: annak\nQueue: x",
        "JobId=5 UserId=annak(5012) GroupId=x(1000)", "LocalUserId: annak", "<LocalUserId>annak</LocalUserId>",
        "<urf:LocalUser>annak</urf:LocalUser>", 'localUserId="annak"', "DOCKER_USERNAME=annak", "SUBMITTED_BY=annak",
        "FLUX_OWNER=annak", "CREATED_BY='annak'", "HADOOP_USER_NAME=annak", "REQUESTER=annak", "USER_ID=annak",
        '{"created_by": "annak"}', '{"createdBy":"annak"}', '{"user_name": "annak"}', '{"cern_upn":"annak"}',
        '{"nickname": "annak"}', "attribute : nickname = annak (x)", "AD_USER='EXAMPLE\\annak'",
        "USER=EXAMPLE\\\\annak", "Job submitted by user annak on x", "SFTP_LOGIN=annak",
        '[ Who = "annak@example.org"; How = "x" ]',
        '{"Who": "annak@x", "How": "y"}', "CHANGE_AUTHOR=annak",
        "batch slurm annak@node1.example.org", "--accounting-group-user annak",
    ],
)  # fmt: skip
def test_one_handle(text: str) -> None:
    assert handles(text) == {"annak"}


@pytest.mark.parametrize(
    "text",
    [
        "user=$USER", "max_per_user=300", "run_as_owner=true", "user=", 'Owner == "x"', '{"user": null}',
        "user defined", "user: not found", "Owner: see below for details", "<user>$USER</user>", "<owner>",
        "https://git@example.org/x", "https://x-access-token:abc@example.org/x", "https://example.org:80/x@y", "--user",
        "removed by user request", "batch size 3", '{"username": ""}', "chown 1000:1000 x",
        "Accepted 3 files for input", "userName=Anna Example", "USER_ID=5012", "UserId=(null)", "</user>annak</x>",
        "LOGIN=yes",
        '[ Who = "itself"; How = "OF_ITS_OWN_ACCORD" ]', "submitted by the scheduler", "nickname = ",
        "USER_NAME=${USER}", "CREATED_BY=", "usage: x --user <account>",
    ],
)  # fmt: skip
def test_no_handle(text: str) -> None:
    assert handles(text) == set()


def test_marks_of_whole_texts_fit_in_a_segment() -> None:
    assert all(len(mark) < 32 and " " not in mark.rstrip() for mark in WHOLE_TEXTS if "': " not in mark)
