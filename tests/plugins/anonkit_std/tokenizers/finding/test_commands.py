"""Handles in command lines: options of users, and accounts on other machines; switches and hosts are none."""

from __future__ import annotations

import pyarrow as pa
import pytest
from anonkit_std.tokenizers.finding.commands import WHOLE_TEXTS, in_commands
from anonkit_std.tokenizers.finding.scan import Scan


def handles(text: str) -> list[str]:
    found: list[str] = in_commands(Scan.from_text(pa.array([None, text], pa.string()))).handles.to_pylist()
    return found


@pytest.mark.parametrize(
    "text",
    [
        "--user annak", "--user=annak", '--user "annak"', "--username annak --x", "--owner=annak,", "--submitter annak",
        "sudo -u annak ls", "squeue -u annak", "condor_q annak", "runas /user:annak x", "su - annak -c x",
        "accounting_group_user = annak", "--credkey=annak --x", '{"user": "annak"}', '{"owner":"annak"}',
        "uid=12(annak)", "su annak -c ls", "su -l annak", "sudo -iu annak ls", "crontab -u annak -l", "kinit annak",
        "getent passwd annak", "curl -u annak https://x", "mysql -u annak -p x",
        "psql -U annak x", "--run-as-user annak",
        "ssh annak@node1 ls", "ssh -o A=1 annak@node1", "scp annak@node1:/x .", "rsync -av annak@node1:/x y",
        "ssh -l annak node1", "ssh -p 22 -l annak node1", "git clone ssh://annak@node1/x", "sshfs annak@node1:/x /mnt",
        "rucio -a annak whoami", "rucio add-rule --account=annak x", '+AccountingGroup = "group_nova.annak"',
        "AccountingGroup=group_nova.prod.annak@example.org", "sacct -S now -u annak",
        "squeue -h -u annak -o %i", "docker login -u annak registry", "curl -sS -u annak: x",
        "lftp -u annak,x y", "curl --user annak:x https://x", "scancel -u annak", "quota -s -u annak;",
        "sudo -E -u annak ls", "bkill -u annak 0",
        "condor_history annak -limit 5", "condor_hold annak", "condor_release annak", "condor_q -submitter annak",
        "sbatch --mail-user annak x", "srun --uid=annak x", "find /x -user annak", "spark-submit --proxy-user annak x",
        "dask-ssh --ssh-username annak --hosts", "x --experimenter annak", "fs setacl /afs/x annak read",
        "fs setacl -dir /afs/x -acl annak rlidwk", "samweb -u annak list",
        "poms_submit --poms_user annak --x", "--db_username=annak", "x --job_user 'annak'",
    ],
)  # fmt: skip
def test_one_handle(text: str) -> None:
    assert handles(text) == ["annak"]


@pytest.mark.parametrize("text", ["xssh annak@node1", "xsudo -u annak", "xsu - annak"])
def test_a_part_of_a_word_is_no_command(text: str) -> None:
    assert handles(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "pip install --user numpy", "systemctl --user start x", "python setup.py install --user lib", "--user",
        "--user-agent x", "--user /x", "--owner 12", "condor_q 12.0", "ssh node1", "ssh -p 22 node1", "sshd annak@x",
        "scp /x y", "sudo -u", "--user=$USER",
        "tar --numeric-owner data.tar", "tar --no-same-owner data.tar", "rsync --no-owner src dst",
        "sbatch -a nova --account nova x", "AccountingGroup = group_nova",
        "git+ssh://git@node1/x", "ssh git@node1", "python -u run.py x", "python -u run", "sacct -j 5; tar -u x",
        "curl -u token:abc https://x", "curl --user token:abc https://x", "condor_history 4711.0",
        "condor_hold -all", "fs setacl /x system:anyuser rl",
        "docker run -u 1000:1000 x", "docker run -u $(id -u) x", "--user-data x",
        "kinit -k -t x", "sort -u x:y z", "tar -u -f x:", "issu x -c y",
    ],
)  # fmt: skip
def test_no_handle(text: str) -> None:
    assert handles(text) == []


def test_marks_of_whole_texts_fit_in_a_segment() -> None:
    assert all(len(mark) < 32 for mark in WHOLE_TEXTS)
