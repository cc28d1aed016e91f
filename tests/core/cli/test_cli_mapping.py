"""`reveal`, `restore` and `mapping`: what they take, what they say."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sample_plugins import registry

from anonkit.config.schema import Schema

Call = Callable[..., Any]

DOMAIN = "0123456789abcdef0123456789abcdef"


def write_mapping(path: str, domain: str = DOMAIN) -> Path:
    kinds = {"user": {"prefix": "UR", "text_prefix": "UR_", "identities": [["bob", 1], ["müllerj", 2]], "retired": []}}
    Path(path).write_text(json.dumps({"format": "anonkit-mapping-2", "domain": domain, "kinds": kinds}))
    return Path(path)


@pytest.fixture
def mapping() -> Path:
    return write_mapping("m.json")


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    return lambda data: monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


class TestWhichMapping:
    def test_from_every_layer(self, call: Call, mapping: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert call("reveal", "UR1", "--mapping", "m.json").out == "UR1\tuser\tbob\n"
        Path("anonkit.toml").write_text("[run]\nmapping = 'm.json'\n[mapping]\naccess_log = 'uses.log'")
        assert call("reveal", "UR1").out == "UR1\tuser\tbob\n"
        assert Path("uses.log").exists()
        monkeypatch.setenv("ANONKIT_MAPPING", "none.json")
        assert "none.json: no such file" in call("reveal", "UR1").err

    def test_none(self, call: Call) -> None:
        said = call("restore", "out/summary.json")
        assert (said.status, said.err) == (
            2,
            "anonkit: no mapping is named; give --mapping FILE, set ANONKIT_MAPPING, or write mapping below [run] in "
            "anonkit.toml\n",
        )

    @pytest.mark.parametrize("command", [("reveal",), ("restore",), ("mapping", "merge"), ("mapping", "forget")])
    def test_their_flags_are_those_of_the_mapping_alone(self, call: Call, command: tuple[str, ...]) -> None:
        text = call(*command, "--help").out
        settings = Schema.from_registry(registry()).settings
        flags = {flag: name for name, one in settings.items() for flag in one.info.flags if f" {flag} " in text}
        # Some of them write a file, which has a flag of its own of this name.
        flags.pop("--force", None)
        expected = {name for name, one in settings.items() if one.section == "mapping" and one.info.flag}
        assert set(flags.values()) == expected | ({"run.mapping"} if len(command) == 1 else set())


class TestReveal:
    def test_the_manifest_is_checked(self, call: Call, mapping: Path) -> None:
        Path("manifest.json").write_text(json.dumps({"anonkit": "1", "outputs": [], "mapping": {"domain": "f" * 32}}))
        said = call("reveal", "UR1", "--mapping", "m.json", "--manifest", "manifest.json")
        assert (said.status, said.out) == (1, "")
        assert f"m.json: of domain {DOMAIN}, and manifest.json is of domain {'f' * 32}" in said.err


class TestRestore:
    def test_to_a_file(self, call: Call, mapping: Path) -> None:
        Path("report.txt").write_text("UR_1 and UR_2 and UR_1")
        said = call("restore", "report.txt", "--mapping", "m.json", "--output", "private.txt")
        assert said.out == ""
        assert said.err == "anonkit: 3 places restored, of 2 tokens: ORIGINALS, for internal use only\n"
        assert Path("private.txt").read_text() == "bob and müllerj and bob"
        again = call("restore", "report.txt", "--mapping", "m.json", "--output", "private.txt")
        assert (again.status, again.err) == (
            1,
            "anonkit: --output private.txt: is there already; --force replaces it\n",
        )
        assert call("restore", "report.txt", "--mapping", "m.json", "--output", "private.txt", "--force").status == 0

    def test_to_standard_output(self, call: Call, mapping: Path) -> None:
        Path("report.json").write_text('["UR1", "UR_2"]\n')
        assert call("restore", "report.json", "--mapping", "m.json").out == '["bob", "müllerj"]\n'


class TestMerge:
    def test_it_says_what_it_wrote(self, call: Call, mapping: Path) -> None:
        write_mapping("copy.json")
        said = call("mapping", "merge", "m.json", "copy.json", "--output", "both.json")
        assert said.out == "both.json is written; it knows 2 identities\n"
        assert call("mapping", "merge", "m.json", "copy.json", "--output", "both.json").status == 1
        assert call("mapping", "merge", "m.json", "copy.json", "--output", "both.json", "--force").status == 0

    def test_conflicts(self, call: Call, mapping: Path) -> None:
        copy = write_mapping("copy.json")
        copy.write_text(copy.read_text().replace("bob", "annak"))
        said = call("mapping", "merge", "m.json", "copy.json", "--output", "both.json")
        assert (said.status, said.err) == (
            1,
            "anonkit: m.json and copy.json: do not agree, so nothing was written\n"
            "  UR_1: is another user in copy.json\n",
        )


class TestRekey:
    @pytest.fixture
    def recipient(self) -> str:
        import pyrage

        made = pyrage.x25519.Identity.generate()
        Path("key.txt").write_text(str(made))
        return str(made.to_public())

    def test_there_and_back(self, call: Call, mapping: Path, recipient: str) -> None:
        said = call("mapping", "rekey", "m.json", "--mapping-recipient", recipient)
        assert said.out == "m.json is written encrypted; it knows 2 identities\n"
        assert mapping.read_bytes().startswith(b"age-encryption.org/v1\n")
        assert call("reveal", "UR1", "--mapping", "m.json", "--mapping-identity", "key.txt").out == "UR1\tuser\tbob\n"
        said = call("mapping", "rekey", "m.json", "--mapping-identity", "key.txt", "--plain")
        assert said.out == "m.json is written as plain text; it knows 2 identities\n"
        assert b'"bob"' in mapping.read_bytes()

    @pytest.mark.parametrize(
        "flags",
        [
            ("--mapping-recipient", "age1x", "--plain"),
            ("--mapping-recipient", "age1x", "--ask-new-passphrase"),
            ("--new-passphrase-file", "p", "--plain"),
        ],
    )
    def test_one_way_at_a_time(self, call: Call, mapping: Path, flags: tuple[str, ...]) -> None:
        said = call("mapping", "rekey", "m.json", *flags)
        assert (said.status, said.err) == (
            2,
            "anonkit: give only one of recipients, a new passphrase and --plain\n",
        )

    def test_no_way(self, call: Call, mapping: Path) -> None:
        said = call("mapping", "rekey", "m.json")
        assert said.status == 2
        assert "nothing is given to encrypt it with" in said.err


class TestForget:
    def test_by_token(self, call: Call, mapping: Path) -> None:
        assert call("mapping", "forget", "m.json", "UR2", "UR_1").out == "forgotten: UR_1, UR_2\n"
        said = call("reveal", "UR1", "--mapping", "m.json")
        assert said.status == 2
        assert "UR1: was forgotten" in said.err

    def test_by_original(self, call: Call, mapping: Path, stdin: Callable[[bytes], None]) -> None:
        stdin("müllerj\n\n".encode())
        assert call("mapping", "forget", "m.json", "--stdin", "--kind", "user").out == "forgotten: UR_2\n"
        assert "llerj" not in mapping.read_text()

    def test_of_nobody(self, call: Call, mapping: Path, stdin: Callable[[bytes], None]) -> None:
        stdin(b"\n")
        for flags in ((), ("--stdin",)):
            said = call("mapping", "forget", "m.json", *flags)
            assert (said.status, said.err) == (
                2,
                "anonkit: no identity to forget; give tokens, or originals on standard input with --stdin\n",
            )

    def test_what_is_no_text(self, call: Call, mapping: Path, stdin: Callable[[bytes], None]) -> None:
        stdin(b"m\xfcllerj\n")
        said = call("mapping", "forget", "m.json", "--stdin")
        assert (said.status, said.err) == (
            2,
            "anonkit: standard input: not UTF-8; write the originals as text\n",
        )
