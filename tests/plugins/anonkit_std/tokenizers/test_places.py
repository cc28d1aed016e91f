"""A weak name is replaced where text names a person, and is a word elsewhere."""

from __future__ import annotations

import pyarrow as pa
import pytest
from anonkit_std.tokenizers.user import UserTokenizer

from anonkit.text.replace import TextReplacer
from anonkit.text.spellings import Literal, Literals

TOKENIZER = UserTokenizer()


def garbled(text: str) -> str:
    literal = Literal("data", TOKENIZER.boundary("data"), "UR_1", places=TOKENIZER.places())
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
    ],
)  # fmt: skip
def test_replaced_where_a_person_is_named(text: str) -> None:
    assert garbled(text.replace("NAME", "data")) == text.replace("NAME", "UR_1")


@pytest.mark.parametrize(
    "text",
    [
        "/data/x", "/pnfs/nova/data/x", "/work/data/x", "/scratch/data/x", "/eos/nova/data/x", "data_crab_x",
        "-Duser.data=/x", "/uploads/data/x", "data/cronjobs", "/x/data/cron/y", "my_CN_data", "user.data.x",
        "HOME=/data", "DATA=data",
    ],
)  # fmt: skip
def test_left_elsewhere(text: str) -> None:
    assert garbled(text) == text
