"""A configuration as a whole: what fits each other, and what a run needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from config_loading import PATHS, loaded, mistakes
from sample_plugins import registry

from anonkit.config import load_resolved
from anonkit.config.model import MappingOptions


class TestConsistency:
    @pytest.mark.parametrize(
        "mapping", ["out/m.json", "out/deep/m.json", "out/../out/m.json", "other/../out/x", "link/m", "out"]
    )
    def test_the_mapping_stays_out_of_the_outputs(self, mapping: str) -> None:
        Path("out").mkdir()
        Path("link").symlink_to("out")
        [mistake] = mistakes(values={"run": PATHS}, flags={"run.mapping": mapping})
        assert mistake.startswith(f"--mapping: {mapping!r} is ")
        assert mistake.endswith(("choose a file elsewhere", "is a folder; name a file"))

    @pytest.mark.parametrize("mapping", ["m.json", "../out/m.json", "outside/m.json", "out.json"])
    def test_the_mapping_may_be_anywhere_else(self, mapping: str) -> None:
        assert loaded(values={"run": {**PATHS, "mapping": mapping}}).run.mapping == mapping

    def test_the_mappings_keys_come_from_every_layer(self) -> None:
        config = loaded(
            "[mapping]\nidentity_file = 'key.txt'\naccess_log = 'uses.log'",
            environ={"ANONKIT_MAPPING_IDENTITY_FILE": "other.txt"},
            flags={"mapping.recipients": ("age1a", "ssh-ed25519 AAAA annak@example.org, of the office")},
        )
        assert config.mapping == MappingOptions(
            identity_file="other.txt",
            access_log="uses.log",
            recipients=("age1a", "ssh-ed25519 AAAA annak@example.org, of the office"),
        )

    def test_a_passphrase_is_in_no_configuration(self) -> None:
        variables = {"ANONKIT_MAPPING_PASSPHRASE": "geheim", "ANONKIT_MAPPING_NEW_PASSPHRASE": "secreto"}
        resolved = load_resolved(environ=variables, registry=registry(), complete=False)
        assert "geheim" not in repr(resolved)
        assert "secreto" not in repr(resolved)
        assert resolved.config == loaded()

    @pytest.mark.parametrize(
        "given",
        [{"values": {"mapping": {"passphrase": "geheim"}}}, {"assignments": ("mapping.passphrase=geheim",)}],
    )
    def test_a_passphrase_that_would_show_is_refused_and_not_quoted(self, given: dict[str, Any]) -> None:
        [mistake] = mistakes(**given)
        assert "passphrase: no such" in mistake
        assert "geheim" not in mistake

    def test_the_mapping_has_a_name(self) -> None:
        assert mistakes(values={"run": {**PATHS, "mapping": ""}}) == [
            "[run] mapping: expected the name of a file; leave the option out to write none"
        ]

    @pytest.mark.parametrize("key", ["identity_file", "passphrase_file", "access_log"])
    def test_what_opens_the_mapping_stays_out_of_the_outputs(self, key: str) -> None:
        found = mistakes(values={"run": PATHS, "mapping": {key: "out/x"}})
        assert found == [
            f"[mapping] {key}: 'out/x' is inside the output folder 'out', which is meant to be handed on; choose a "
            "file elsewhere"
        ]
        assert mistakes(values={"mapping": {key: ""}}) == [
            f"[mapping] {key}: expected the name of a file; leave the option out to have none"
        ]
        assert mistakes(values={"mapping": {key: "a\0b"}}) == [f"[mapping] {key}: no path holds a null character"]

    def test_the_output_folder_is_a_folder(self) -> None:
        Path("out").write_text("")
        assert mistakes(values={"run": PATHS}) == ["[run] output_dir: 'out' is a file; name a folder"]

    def test_a_path_with_a_null_character(self) -> None:
        assert mistakes('[run]\nmapping = "a\\u0000b"') == [
            "anonkit.toml: [run] mapping: no path holds a null character"
        ]

    def test_two_outputs_have_two_names(self) -> None:
        assert mistakes("[reporters.tally]\nfile = 'A.json'\nextra_file = 'a.json'") == [
            "anonkit.toml: [reporters.tally] extra_file: the name 'a.json' is also that of [reporters.tally] file; "
            "choose another"
        ]

    def test_a_disabled_plugin_writes_nothing(self) -> None:
        assert loaded("[reporters.tally]\nfile = 'a.json'\nextra_file = 'a.json'\nenabled = false")

    def test_the_manifest_has_its_name(self) -> None:
        assert mistakes("[reporters.tally]\nfile = 'manifest.json'") == [
            "anonkit.toml: [reporters.tally] file: the name 'manifest.json' is also that of the manifest; "
            "choose another"
        ]


class TestCompleteness:
    def test_input_and_output_are_needed_for_a_run(self) -> None:
        assert mistakes(complete=True) == [
            "run.data_dir: not set "
            "(input: a folder, one file, a glob, a URI (s3://..., https://...), or - for standard input; "
            "the flag may be given again); "
            "give --data-dir PATH, set ANONKIT_DATA_DIR, or write data_dir below [run] in anonkit.toml",
            "run.output_dir: not set (folder for the outputs); give --output-dir DIR, set ANONKIT_OUTPUT_DIR, "
            "or write output_dir below [run] in anonkit.toml",
        ]

    def test_they_are_not_needed_to_look_at_a_configuration(self) -> None:
        assert loaded(complete=False).run.data_dir == ""

    def test_what_is_wrong_is_not_missing_as_well(self) -> None:
        assert mistakes("[run]\ndata_dir = 1\noutput_dir = 'x'", complete=True) == [
            "anonkit.toml: [run] data_dir: expected a text, found the number 1"
        ]

    def test_nothing_is_garbled_without_a_tokenizer(self) -> None:
        assert mistakes(values={"run": PATHS}, disable=("host",), enable=("round",), complete=True) == [
            "[anonymizers]: none is switched on, so outputs would hold originals; --enable one, or say --no-garble"
        ]
        assert loaded(values={"run": {**PATHS, "garble": False}}, disable=("host",), complete=True)
