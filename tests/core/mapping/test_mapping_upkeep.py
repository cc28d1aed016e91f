"""Merging, sealing anew, forgetting: no number means two people, and what is forgotten is gone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest
from mappings import access_log, saved

from anonkit.errors import ConfigError, InputError, OutputError
from anonkit.mapping import AccessLog, Keys, Mapping, forget, merge, rekey, reveal
from anonkit.mapping.lock import lock
from anonkit.mapping.vault import is_sealed

SECRET = "annakovaleva"


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    made = pyrage.x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(str(made))
    return Keys((str(made.to_public()),), str(tmp_path / "key.txt"))


@pytest.fixture
def copy(known: Path, tmp_path: Path) -> Path:
    """A copy of `known`, which goes its own way."""
    other = tmp_path / "copy.json"
    other.write_bytes(known.read_bytes())
    return other


class TestMerge:
    @pytest.fixture
    def output(self, tmp_path: Path) -> Path:
        return tmp_path / "merged.json"

    def test_both_are_in_it(self, known: Path, copy: Path, output: Path) -> None:
        saved(known, user={"dora": 13})
        saved(copy, ip={"192.0.2.2": 2}, experiment={"nova": 1})
        assert merge(known, copy, output) == 8
        merged = Mapping.load(output)
        assert merged.domain == Mapping.load(known).domain
        assert merged.numbers("user") == Mapping.load(known).numbers("user")
        assert merged.numbers("ip") == {"192.0.2.1": 1, "192.0.2.2": 2}
        assert merged.numbers("experiment") == {"nova": 1}
        assert output.stat().st_mode & 0o777 == 0o600

    def test_with_itself_it_is_the_same(self, known: Path, copy: Path, output: Path) -> None:
        merge(known, copy, output)
        assert output.read_bytes() == known.read_bytes()

    def test_of_two_domains(self, known: Path, tmp_path: Path, output: Path) -> None:
        other = saved(tmp_path / "other.json", user={"bob": 1})
        with pytest.raises(InputError) as caught:
            merge(known, other, output)
        assert str(caught.value) == (
            f"{known} and {other}: of domains {Mapping.load(known).domain} and {Mapping.load(other).domain}, so their "
            "tokens do not belong together; merge copies of one mapping"
        )
        assert not output.exists()

    def test_with_one_from_before_there_were_domains(self, known: Path, copy: Path, output: Path) -> None:
        document = json.loads(copy.read_text())
        del document["domain"]
        copy.write_text(json.dumps({**document, "format": "anonkit-mapping-1"}))
        merge(copy, known, output)
        assert Mapping.load(output).domain == Mapping.load(known).domain

    def test_conflicts_are_reported_by_token(self, known: Path, copy: Path, output: Path) -> None:
        saved(known, user={SECRET: 13, "dora": 14})
        saved(copy, user={"emil": 13, "dora": 15})
        with pytest.raises(InputError) as caught:
            merge(known, copy, output)
        assert str(caught.value).splitlines() == [
            f"{known} and {copy}: do not agree, so nothing was written",
            f"UR_13: is another user in {copy}",
            f"UR_14: the same user is UR_15 in {copy}",
        ]
        assert not output.exists()
        assert access_log(output) == []

    @pytest.mark.parametrize("order", [1, -1])
    def test_what_one_has_forgotten_stays_forgotten(self, known: Path, copy: Path, output: Path, order: int) -> None:
        forget(known, ["UR_1"])
        saved(known, user={"bob": 13})
        merge(*(known, copy)[::order], output)
        assert Mapping.load(output).numbers("user")["bob"] == 13
        assert Mapping.load(output).kinds["user"].retired == {1}

    def test_what_is_there_is_replaced_when_it_may_be(self, known: Path, copy: Path) -> None:
        saved(copy, user={"dora": 13})
        with pytest.raises(OutputError) as caught:
            merge(known, copy, known)
        assert str(caught.value) == f"--output {known}: is there already; --force replaces it"
        merge(known, copy, known, force=True)
        assert Mapping.load(known).numbers("user")["dora"] == 13

    def test_not_in_an_output_folder(self, known: Path, copy: Path, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "manifest.json").write_text('{"anonkit": "0.1.0", "outputs": []}')
        with pytest.raises(OutputError, match="which is meant to be handed on; choose a file elsewhere"):
            merge(known, copy, tmp_path / "out" / "merged.json")
        assert [one.name for one in (tmp_path / "out").iterdir()] == ["manifest.json"]

    def test_a_folder(self, known: Path, copy: Path, tmp_path: Path) -> None:
        (tmp_path / "folder").mkdir()
        with pytest.raises(OutputError, match=r"cannot be written \(Is a directory\); name another file"):
            merge(known, copy, tmp_path / "folder", force=True)

    def test_encrypted_mappings_are_merged_into_an_encrypted_one(
        self, known: Path, copy: Path, output: Path, keys: Keys
    ) -> None:
        rekey(copy, keys=Keys(), new=keys)
        with pytest.raises(ConfigError, match="must not be written as plain text"):
            merge(known, copy, output, keys=Keys(identity_file=keys.identity_file))
        assert not output.exists()
        merge(known, copy, output, keys=keys)
        assert is_sealed(output.read_bytes())

    def test_it_is_noted(self, known: Path, copy: Path, output: Path) -> None:
        merge(known, copy, output)
        [line] = access_log(output)
        assert line == {
            "command": "merge",
            "mapping": "merged.json",
            "domain": Mapping.load(known).domain,
            "files": ["mapping.json", "copy.json"],
            "count": 5,
        }

    def test_one_that_is_not_there(self, known: Path, tmp_path: Path, output: Path) -> None:
        with pytest.raises(InputError, match=r"none\.json: no such file"):
            merge(known, tmp_path / "none.json", output)


class TestRekey:
    def test_there_and_back(self, known: Path, keys: Keys) -> None:
        before = known.read_bytes()
        assert rekey(known, keys=Keys(), new=keys) == 5
        assert is_sealed(known.read_bytes())
        assert rekey(known, keys=keys, new=None) == 5
        assert known.read_bytes() == before

    def test_to_other_recipients(self, known: Path, keys: Keys, tmp_path: Path) -> None:
        rekey(known, keys=Keys(), new=keys)
        other = pyrage.x25519.Identity.generate()
        (tmp_path / "other.txt").write_text(str(other))
        new = Keys((str(other.to_public()),), str(tmp_path / "other.txt"))
        rekey(known, keys=keys, new=new)
        assert Mapping.load(known, new).numbers("user")["bob"] == 1
        with pytest.raises(InputError, match="no key in"):
            Mapping.load(known, keys)

    def test_from_one_passphrase_to_another(self, known: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        used: list[tuple[str, str]] = []
        mark = b"age-encryption.org/v1\n-> scrypt "
        monkeypatch.setattr(
            pyrage.passphrase, "encrypt", lambda data, phrase: used.append(("encrypt", phrase)) or mark + data
        )
        monkeypatch.setattr(
            pyrage.passphrase, "decrypt", lambda data, phrase: used.append(("decrypt", phrase)) or data[len(mark) :]
        )
        monkeypatch.setenv("ANONKIT_MAPPING_PASSPHRASE", "the old one")
        monkeypatch.setenv("ANONKIT_MAPPING_NEW_PASSPHRASE", "the new one")
        keys = Keys(("age1unused",))
        for _ in range(2):
            rekey(known, keys=keys, new=keys.renewed(passphrase_file=None, ask=False))
        assert used == [("encrypt", "the new one"), ("decrypt", "the old one"), ("encrypt", "the new one")]

    def test_to_nothing(self, known: Path) -> None:
        with pytest.raises(ConfigError) as caught:
            rekey(known, keys=Keys(), new=Keys())
        assert str(caught.value) == (
            f"{known}: nothing is given to encrypt it with; give --mapping-recipient, --new-passphrase-file or "
            "--ask-new-passphrase, or --plain to write it unencrypted"
        )

    def test_it_is_noted(self, known: Path, keys: Keys) -> None:
        rekey(known, keys=Keys(), new=keys)
        rekey(known, keys=keys, new=None)
        assert [(line["command"], line["plain"], line["count"]) for line in access_log(known)] == [
            ("rekey", False, 5),
            ("rekey", True, 5),
        ]


class TestForget:
    def test_the_identity_is_erased_and_its_number_retired(self, known: Path) -> None:
        saved(known, user={SECRET: 13})
        assert forget(known, ["UR_13", "UR1"]) == ("UR_1", "UR_13")
        assert SECRET.encode() not in known.read_bytes()
        assert b"bob" not in known.read_bytes()
        mapping = Mapping.load(known)
        assert mapping.numbers("user") == {None: 2, "o'brien \"é\n": 3, "carl": 12}
        assert mapping.kinds["user"].retired == {1, 13}

    def test_by_original(self, known: Path) -> None:
        assert forget(known, originals=["carl", "192.0.2.1"]) == ("IP1", "UR_12")
        assert Mapping.load(known).numbers("ip") == {}

    def test_an_original_of_two_kinds(self, known: Path, copy: Path) -> None:
        for path in (known, copy):
            saved(path, experiment={"bob": 1})
        assert forget(known, originals=["bob"]) == ("EX_1", "UR_1")
        assert forget(copy, originals=["bob"], kind="experiment") == ("EX_1",)
        assert "bob" in Mapping.load(copy).numbers("user")

    def test_an_unknown_original_is_not_quoted(self, known: Path) -> None:
        before = known.read_bytes()
        with pytest.raises(ConfigError) as caught:
            forget(known, ["ZZ9", "UR_1"], originals=["carl", SECRET])
        assert caught.value.mistakes == (
            f"ZZ9: the mapping {known} has no such token",
            f"original 2: the mapping {known} does not have it; write it as reveal does",
        )
        assert known.read_bytes() == before
        assert access_log(known) == []

    def test_an_unknown_kind(self, known: Path) -> None:
        with pytest.raises(ConfigError) as caught:
            forget(known, originals=["bob"], kind="usre")
        assert str(caught.value) == f"--kind usre: the mapping {known} has none of that kind (did you mean 'user'?)"

    def test_twice(self, known: Path) -> None:
        forget(known, ["UR_1"])
        with pytest.raises(ConfigError, match="UR_1: was forgotten"):
            forget(known, ["UR_1"])

    def test_a_sealed_one_stays_sealed(self, known: Path, keys: Keys) -> None:
        rekey(known, keys=Keys(), new=keys)
        forget(known, ["UR_1"], keys=keys)
        assert is_sealed(known.read_bytes())
        assert "bob" not in Mapping.load(known, keys).numbers("user")

    def test_it_is_noted_without_the_original(self, known: Path) -> None:
        forget(known, originals=["bob"])
        log = known.with_name("mapping.json.access.log").read_text()
        assert "bob" not in log
        assert access_log(known)[0]["tokens"] == ["UR_1"]

    def test_no_file(self, path: Path) -> None:
        with pytest.raises(InputError) as caught:
            forget(path, ["UR_1"])
        assert (
            str(caught.value) == f"--mapping {path}: no such file; name the file that the run was given with --mapping"
        )
        assert not path.exists()


WAYS: dict[str, Callable[[Path, AccessLog], object]] = {
    "merge": lambda path, log: merge(path, path, path, force=True, log=log),
    "rekey": lambda path, log: rekey(path, keys=Keys(), new=None, log=log),
    "forget": lambda path, log: forget(path, ["UR_1"], log=log),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_cannot_be_noted_is_not_done(known: Path, way: str) -> None:
    before = known.read_bytes(), known.stat().st_ino
    with pytest.raises(OutputError, match="so nothing was revealed or changed"):
        WAYS[way](known, AccessLog.from_mapping(known, "/dev/null"))
    assert (known.read_bytes(), known.stat().st_ino) == before


@pytest.mark.parametrize("way", WAYS)
def test_not_while_a_run_has_it(known: Path, way: str) -> None:
    with lock(known), pytest.raises(OutputError, match="in use by another run"):
        WAYS[way](known, AccessLog.from_mapping(known))
    assert reveal(known, ["UR_1"])[0].identity == "bob"
