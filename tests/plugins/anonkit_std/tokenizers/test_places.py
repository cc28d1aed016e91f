"""A weak name is replaced where text names a person, and is a word elsewhere."""

from __future__ import annotations

import pyarrow as pa
import pytest
from anonkit_std.tokenizers.experiment import ExperimentTokenizer
from anonkit_std.tokenizers.user import UserTokenizer

from anonkit.api import Tokenizer
from anonkit.text.replace import TextReplacer
from anonkit.text.spellings import Literal, Literals

USER = UserTokenizer()
EXPERIMENT = ExperimentTokenizer()


def garbled(text: str, tokenizer: Tokenizer = USER, token: str = "UR_1") -> str:
    literal = Literal("data", tokenizer.boundary("data"), token, places=tokenizer.places())
    (result,) = TextReplacer(Literals.from_literals([literal]))(pa.array([text])).to_pylist()
    return str(result)


@pytest.mark.parametrize(
    "text",
    [
        "/home/NAME/x", "/home3/NAME/x", "/nashome/d/NAME/x", "/exp/nova/app/users/NAME",
        "/afs/example.org/work/d/NAME/x",
        "/eos/home-d/NAME/x", "/eos/user/d/NAME/x", "/store/user/NAME/x", "/store/temp/user/NAME.0123456789abcdef/x",
        "/uploads/NAME/2023_12_31_1/x", "/uploads/nova/NAME/2023-12-31/x", "/uscms_data/d1/NAME/x",
        "/pscratch/sd/d/NAME/x", "/var/spool/mail/NAME", "NAME@EXAMPLE.ORG", "NAME/cron/node1.example.org@EXAMPLE.ORG",
        "NAME/admin@EXAMPLE.ORG", "_CN_UID_NAME", "_CN_NAME_CN_123456_CN_", "231231_200812:NAME_crab_reco",
        "user.NAME:user.NAME.raw", "--outDS=user.NAME.raw", "USER=NAME", "/tmp/krb5cc_NAME", "group_nova.NAME",
        'Owner=="NAME"', 'Owner = "NAME";', "E;12;user=NAME group=x", '"resubmitter": "NAME"', "(by user NAME)",
        "session opened for user NAME by", "Accepted publickey for NAME from x", "chown NAME:x y", "chown -R NAME y",
        "setfacl -m u:NAME:rw y", "quota -u NAME", "condor_q NAME", "condor_rm NAME", "su - NAME",
        "accounting_group_user = NAME", "--accounting-group-user NAME", "--credkey=NAME",
        "oauth/creds/nova/NAME:default",
        "sbatch --mail-user NAME x", "srun --uid=NAME x", "UserId=NAME(5012)", "condor_history NAME", "user_name=NAME",
        '{"created_by": "NAME"}', "submitted_by: NAME", "requester=NAME", '{"sub": "NAME"}',
        '{"preferred_username":"NAME"}', "LocalUserId: NAME", "<Owner>NAME</Owner>",
        "<x:LocalUserId>NAME</x:LocalUserId>",
        "uid=5012(NAME) gid=1", "rucio -a NAME whoami", "squeue -h -u NAME", "sacct -S now -u NAME",
        "/home1/01234/NAME/x", "root://NAME@node1.example.org//x", "--inds user.NAME.raw", "docker run -u NAME:x y",
        "-NAME@example.org", "x=_NAME@example.org_1", "--cc +NAME@example.org", "--poms_user NAME x",
        "Job <5>, User <NAME>, x", '{"userPrincipalName": "NAME"}',
    ],
)  # fmt: skip
def test_a_weak_handle_is_replaced_where_a_person_is_named(text: str) -> None:
    assert garbled(text.replace("NAME", "data")) == text.replace("NAME", "UR_1")


@pytest.mark.parametrize(
    "text",
    [
        "/data/x", "/pnfs/nova/data/x", "/work/data/x", "/scratch/data/x", "/eos/nova/data/x", "data_crab_x",
        "-Duser.data=/x", "/uploads/data/x", "data/cronjobs", "/x/data/cron/y", "my_CN_data", "user.data.x",
        "HOME=/data", "DATA=data", "https://data/x@y", "xchown data", "owner data", "-u data",
        "pre-data@example.org", "x_data@example.org", "a.data@example.org",
    ],
)  # fmt: skip
def test_a_weak_handle_stays_elsewhere(text: str) -> None:
    assert garbled(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "EXPERIMENT=NAME", "group_NAME.prod", "/NAME/Role=Analysis", "/fermilab/NAME/Role=Analysis",
        "GLIDECLIENT_Group=NAME",
        "condor_creds/NAME_production_1", "/tmp/bt_NAME_x", "voms-proxy-init --voms=NAME", "-voms NAME:/x",
        "jobsub_submit -G NAME file://x", "jobsub_q --group NAME", "/pnfs/NAME/x", "/exp/NAME",
    ],
)  # fmt: skip
def test_a_weak_experiment_is_replaced_where_an_experiment_is_named(text: str) -> None:
    assert garbled(text.replace("NAME", "data"), EXPERIMENT, "EX_1") == text.replace("NAME", "EX_1")


@pytest.mark.parametrize("text", ["/data/x", "tar -G data", "--group-by data", "x/bt/data", "/data/Roles", "-vo data"])
def test_a_weak_experiment_stays_elsewhere(text: str) -> None:
    assert garbled(text, EXPERIMENT, "EX_1") == text
