"""Revealing: both spellings, mistakes by name, and nothing told that was not noted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from mappings import access_log, saved

from anonkit.errors import ConfigError, InputError, OutputError
from anonkit.mapping import AccessLog, Mapping, Revealed, forget, reveal


class TestReveal:
    def test_both_spellings(self, known: Path) -> None:
        assert reveal(known, ["UR_12", "UR1", "IP1", "UR_1"]) == [
            Revealed("UR_12", "user", "carl"),
            Revealed("UR1", "user", "bob"),
            Revealed("IP1", "ip", "192.0.2.1"),
            Revealed("UR_1", "user", "bob"),
        ]

    def test_the_null_identity(self, known: Path) -> None:
        assert reveal(known, ["UR2"]) == [Revealed("UR2", "user", None)]

    def test_unknown_tokens_are_reported_at_once_with_the_nearest(self, known: Path) -> None:
        with pytest.raises(ConfigError) as caught:
            reveal(known, ["ur_12", "UR1", "ZZZ9", "bob"])
        assert caught.value.mistakes == (
            f"ur_12: the mapping {known} has no such token (did you mean 'UR_12'?)",
            f"ZZZ9: the mapping {known} has no such token",
            f"bob: the mapping {known} has no such token",
        )
        assert access_log(known) == []

    def test_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(InputError) as caught:
            reveal(tmp_path / "none.json", ["UR1"])
        assert str(caught.value) == (
            f"--mapping {tmp_path / 'none.json'}: no such file; name the file that the run was given with --mapping"
        )

    def test_no_tokens(self, known: Path) -> None:
        assert reveal(known, []) == []

    def test_a_token_that_was_forgotten(self, known: Path) -> None:
        forget(known, ["UR_1"])
        with pytest.raises(ConfigError) as caught:
            reveal(known, ["UR1"])
        assert str(caught.value) == (
            f"UR1: was forgotten; the mapping {known} has its number only, which is never given again"
        )

    def test_a_token_of_two_kinds_is_that_of_the_first(self, path: Path) -> None:
        saved(path, user={"bob": 1})
        path.write_text(path.read_text().replace('"UR', '"X'))
        document = json.loads(path.read_text())
        document["kinds"]["host"] = {"prefix": "X", "text_prefix": "H_", "identities": [["n1", 1]], "retired": []}
        path.write_text(json.dumps(document))
        assert reveal(path, ["X1", "H_1"]) == [Revealed("X1", "user", "bob"), Revealed("H_1", "host", "n1")]


class TestNoting:
    def test_tokens_and_no_original(self, known: Path) -> None:
        reveal(known, ["UR1", "IP1"])
        assert access_log(known) == [
            {
                "command": "reveal",
                "mapping": "mapping.json",
                "domain": Mapping.load(known).domain,
                "tokens": ["UR1", "IP1"],
                "count": 2,
            }
        ]

    def test_nothing_is_revealed_that_cannot_be_logged(self, known: Path, tmp_path: Path) -> None:
        with pytest.raises(OutputError, match="so nothing was revealed or changed"):
            reveal(known, ["UR1"], log=AccessLog.from_mapping(known, str(tmp_path)))


class TestManifest:
    def manifest(self, tmp_path: Path, **entries: object) -> Path:
        file = tmp_path / "manifest.json"
        file.write_text(json.dumps({"anonkit": "0.1.0", "outputs": [], **entries}))
        return file

    def test_of_this_mapping(self, known: Path, tmp_path: Path) -> None:
        manifest = self.manifest(tmp_path, mapping={"domain": Mapping.load(known).domain})
        assert reveal(known, ["UR1"], manifest=manifest) == [Revealed("UR1", "user", "bob")]

    def test_of_another(self, known: Path, tmp_path: Path) -> None:
        manifest = self.manifest(tmp_path, mapping={"domain": "0" * 32})
        with pytest.raises(InputError) as caught:
            reveal(known, ["UR1"], manifest=manifest)
        assert str(caught.value) == (
            f"--mapping {known}: of domain {Mapping.load(known).domain}, and {manifest} is of domain {'0' * 32}: the "
            "same tokens mean other identities there; name the mapping that the run was given"
        )

    def test_of_none(self, known: Path, tmp_path: Path) -> None:
        manifest = self.manifest(tmp_path)
        with pytest.raises(InputError) as caught:
            reveal(known, ["UR1"], manifest=manifest)
        assert str(caught.value) == (
            f"{manifest}: that run had no mapping, so its tokens cannot be undone; name an output of a "
            "run that was given --mapping"
        )

    @pytest.mark.parametrize("content", [None, "", "[]", "7", "{}", '{"anonkit": "1"}', '{"outputs": []}'])
    def test_what_is_no_manifest(self, known: Path, tmp_path: Path, content: str | None) -> None:
        manifest = tmp_path / "manifest.json"
        if content is not None:
            manifest.write_text(content)
        with pytest.raises(ConfigError, match=r"no manifest of anonkit; name the manifest\.json of the run"):
            reveal(known, ["UR1"], manifest=manifest)

    @pytest.mark.parametrize("domain", [None, 1, "", "bob", ["x"], "0" * 31])
    def test_a_domain_that_is_none(self, known: Path, tmp_path: Path, domain: object) -> None:
        with pytest.raises(InputError, match="had no mapping"):
            reveal(known, ["UR1"], manifest=self.manifest(tmp_path, mapping={"domain": domain}))

    def test_a_mapping_from_before(self, known: Path, tmp_path: Path) -> None:
        document = json.loads(known.read_text())
        domain = document.pop("domain")
        known.write_text(json.dumps({**document, "format": "anonkit-mapping-1"}))
        with pytest.raises(InputError, match=r"of domain \(none\)"):
            reveal(known, ["UR1"], manifest=self.manifest(tmp_path, mapping={"domain": domain}))
