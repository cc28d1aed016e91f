"""The mapping file: its owner's alone, replaced in one step or not at all, and read with suspicion."""

from __future__ import annotations

import errno
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from mappings import kind, saved

from anonkit.errors import InputError, OutputError
from anonkit.identities.kind_survey import Identity
from anonkit.mapping import Keys, KindMapping, Mapping

SECRET = "annakovaleva"


class TestRoundTrip:
    def test_an_absent_file_is_an_empty_mapping(self, path: Path) -> None:
        mapping = Mapping.load(path)
        assert mapping == Mapping(path, {}, None)
        assert mapping.numbers("user") == {}

    def test_what_is_written_is_read(self, path: Path) -> None:
        numbers: dict[Identity, int] = {"bob": 3, None: 1, "o'brien \"é\n😀": 2}
        saved(path, user=numbers, ip={"192.0.2.1": 1})
        mapping = Mapping.load(path)
        assert mapping.kinds == {
            "user": KindMapping("UR", "UR_", numbers),
            "ip": KindMapping("IP", "IP", {"192.0.2.1": 1}),
        }
        assert mapping.numbers("user") == numbers
        assert mapping.numbers("other") == {}

    def test_the_file_is_text_in_the_order_of_the_numbers(self, path: Path) -> None:
        saved(path, user={"zoé": 2, "bob": 1, None: 10})
        user = {"prefix": "UR", "text_prefix": "UR_", "identities": [["bob", 1], ["zoé", 2], [None, 10]], "retired": []}
        assert json.loads(path.read_text(encoding="utf-8")) == {
            "format": "anonkit-mapping-2",
            "domain": Mapping.load(path).domain,
            "kinds": {"user": user},
        }
        assert "zoé" in path.read_text(encoding="utf-8")

    def test_identities_absent_from_a_run_stay(self, path: Path) -> None:
        saved(path, user={"bob": 1, None: 2}, ip={"192.0.2.1": 1})
        Mapping.load(path).save({"user": kind({"carl": 3}, absent={"bob": 1})})
        mapping = Mapping.load(path)
        assert mapping.numbers("user") == {"bob": 1, None: 2, "carl": 3}
        assert mapping.numbers("ip") == {"192.0.2.1": 1}

    def test_prefixes_are_those_of_the_last_run(self, path: Path) -> None:
        saved(path, user={"bob": 1})
        content = path.read_text().replace("UR_", "OLD_")
        path.write_text(content)
        assert Mapping.load(path).kinds["user"].text_prefix == "OLD_"
        saved(path, user={"bob": 1})
        assert Mapping.load(path).kinds["user"].text_prefix == "UR_"

    def test_the_same_mapping_is_the_same_bytes(self, path: Path) -> None:
        first = saved(path, user={"bob": 1, "anna": 2}).read_bytes()
        assert saved(path, user={"bob": 1}).read_bytes() == first


class TestDomain:
    def test_it_is_drawn_once_and_stays(self, path: Path) -> None:
        first = Mapping.load(saved(path, user={"bob": 1})).domain
        assert first is not None
        assert re.fullmatch("[0-9a-f]{32}", first)
        assert Mapping.load(saved(path, user={"carl": 2})).domain == first

    def test_two_mappings_of_the_same_identities_have_two(self, tmp_path: Path) -> None:
        domains = {Mapping.load(saved(tmp_path / f"{n}.json", user={"bob": 1})).domain for n in range(20)}
        assert len(domains) == 20

    def test_a_run_knows_it_before_it_is_written(self, path: Path) -> None:
        with Mapping.locked(path, Keys()) as mapping:
            mapping.save({})
        assert Mapping.load(path).domain == mapping.domain

    def test_a_mapping_from_before_gets_one_when_it_is_written(self, path: Path) -> None:
        path.write_bytes(document())
        assert Mapping.load(path).domain is None
        assert Mapping.load(path).numbers("user") == {SECRET: 1}
        saved(path, user={"bob": 2})
        assert Mapping.load(path).domain is not None
        assert Mapping.load(path).numbers("user") == {SECRET: 1, "bob": 2}
        assert json.loads(path.read_text())["format"] == "anonkit-mapping-2"


class TestRetiredNumbers:
    def test_they_stay_and_count_as_given(self, path: Path) -> None:
        path.write_bytes(document(retired=[7, 3]))
        assert Mapping.load(path).retired("user") == {3, 7}
        saved(path, user={"bob": 8})
        assert Mapping.load(path).kinds["user"].retired == {3, 7}
        assert Mapping.load(path).retired("ip") == frozenset()


class TestWriting:
    def test_a_link_stays_one(self, tmp_path: Path) -> None:
        (tmp_path / "far").mkdir()
        link, target = tmp_path / "mapping.json", tmp_path / "far" / "real.json"
        link.symlink_to(target)
        saved(link, user={"bob": 1})
        assert link.is_symlink()
        assert Mapping.load(target).numbers("user") == {"bob": 1}

    def test_only_its_owner_may_read_it(self, path: Path) -> None:
        before = os.umask(0)
        try:
            saved(path, user={"bob": 1})
        finally:
            os.umask(before)
        assert path.stat().st_mode & 0o777 == 0o600
        path.chmod(0o644)
        saved(path, user={"carl": 2})
        assert path.stat().st_mode & 0o777 == 0o600

    def test_folders_are_made(self, tmp_path: Path) -> None:
        path = saved(tmp_path / "a" / "b" / "mapping.json", user={"bob": 1})
        assert Mapping.load(path).numbers("user") == {"bob": 1}

    def test_nothing_else_is_left_behind(self, path: Path) -> None:
        saved(path, user={"bob": 1})
        saved(path, user={"carl": 2})
        assert list(path.parent.iterdir()) == [path]

    @pytest.mark.parametrize("step", ["fsync", "replace", "mkstemp"])
    def test_a_failure_leaves_the_old_file(self, path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
        saved(path, user={SECRET: 1})
        before = path.read_bytes()

        def full(*_: object, **__: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        where = {"fsync": "os.fsync", "replace": "pathlib.Path.replace", "mkstemp": "tempfile.mkstemp"}[step]
        monkeypatch.setattr(where, full)
        with pytest.raises(OutputError) as caught:
            Mapping.load(path).save({"user": kind({"bob": 2})})
        assert str(caught.value) == (
            f"--mapping {path}: cannot be written (No space left on device); nothing was published. "
            "Check free space and permissions, or name another file"
        )
        assert path.read_bytes() == before
        assert list(path.parent.iterdir()) == [path]

    def test_a_folder_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        path = tmp_path / "file" / "mapping.json"
        with pytest.raises(OutputError, match=rf"^--mapping {path}: cannot be locked \("):
            saved(path, user={"bob": 1})

    @pytest.mark.parametrize("change", ["other", "gone", "new", "folder"])
    def test_a_file_that_changed_meanwhile_is_not_overwritten(self, path: Path, change: str) -> None:
        if change != "new":
            saved(path, user={"bob": 1})
        mapping = Mapping.load(path)
        if change in {"other", "new"}:
            path.write_bytes(b"{}")
        else:
            path.unlink()
            if change == "folder":
                path.mkdir()
        with pytest.raises(OutputError) as caught:
            mapping.save({"user": kind({"carl": 1})})
        assert str(caught.value) == (
            f"--mapping {path}: another run changed the file during this one, so tokens would not agree; "
            "nothing was written: run again"
        )
        assert not path.is_file() or path.read_bytes() == b"{}"


def document(**changes: Any) -> bytes:
    held = {"prefix": "UR", "text_prefix": "UR_", "identities": [[SECRET, 1]], **changes}
    return json.dumps({"format": "anonkit-mapping-1", "kinds": {"user": held}}).encode()


DAMAGED = {
    "nothing": b"",
    "no JSON": SECRET.encode(),
    "no text": b"\xff\xfe\xfa",
    "cut off": document()[:-9],
    "two documents": document() * 2,
    "deep": b"[" * 100_000,
    "a list": b"[]",
    "a number": b"7",
    "no format": b'{"kinds": {}}',
    "another format": b'{"format": "anonkit-mapping-3", "domain": "0123456789abcdef0123456789abcdef", "kinds": {}}',
    "no domain": b'{"format": "anonkit-mapping-2", "kinds": {}}',
    "a domain that is none": b'{"format": "anonkit-mapping-2", "domain": "user", "kinds": {}}',
    "a domain that is no text": b'{"format": "anonkit-mapping-2", "domain": 1, "kinds": {}}',
    "a retired number that is in use": document(retired=[1]),
    "a retired number twice": document(retired=[2, 2]),
    "a retired number that is none": document(retired=["bob"]),
    "retired numbers that are none": document(retired=7),
    "no kinds": b'{"format": "anonkit-mapping-1"}',
    "kinds as a list": b'{"format": "anonkit-mapping-1", "kinds": []}',
    "a kind as text": b'{"format": "anonkit-mapping-1", "kinds": {"user": "x"}}',
    "no prefix": b'{"format": "anonkit-mapping-1", "kinds": {"user": {"text_prefix": "", "identities": []}}}',
    "a prefix that is no text": document(prefix=1),
    "a text prefix that is no text": document(text_prefix=None),
    "no identities": document(identities=None),
    "an entry too short": document(identities=[[SECRET]]),
    "an entry too long": document(identities=[[SECRET, 1, 1]]),
    "entries as text": document(identities=["ab"]),
    "an identity that is a number": document(identities=[[1, 1]]),
    "an identity that is a list": document(identities=[[[], 1]]),
    "an identity that no text can hold": document(identities=[["\ud800", 1]]),
    "a number as text": document(identities=[[SECRET, "1"]]),
    "a number that is true": document(identities=[[SECRET, True]]),
    "a broken number": document(identities=[[SECRET, 1.0]]),
    "number zero": document(identities=[[SECRET, 0]]),
    "a number below": document(identities=[[SECRET, -1]]),
    "a number twice": document(identities=[[SECRET, 1], ["bob", 1]]),
    "an identity twice": document(identities=[[SECRET, 1], [SECRET, 2]]),
    "an identity twice with one number": document(identities=[[SECRET, 1], [SECRET, 1]]),
    "null twice": document(identities=[[None, 1], [None, 2]]),
}


class TestDamage:
    def test_the_sound_file_is_read(self, path: Path) -> None:
        path.write_bytes(document())
        assert Mapping.load(path).numbers("user") == {SECRET: 1}

    @pytest.mark.parametrize("damage", DAMAGED)
    def test_a_damaged_file_is_refused_and_not_quoted(self, path: Path, damage: str) -> None:
        path.write_bytes(DAMAGED[damage])
        with pytest.raises(InputError) as caught:
            Mapping.load(path)
        assert str(caught.value) == (
            f"--mapping {path}: not a mapping written by anonkit, or damaged; name another file or restore this one"
        )
        assert caught.value.__suppress_context__

    def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(InputError) as caught:
            Mapping.load(tmp_path)
        assert str(caught.value) == (
            f"--mapping {tmp_path}: cannot be read (Is a directory); check its permissions, or name another file"
        )
