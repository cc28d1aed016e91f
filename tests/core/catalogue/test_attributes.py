"""The table of attributes: well formed, complete for the ads that were measured, not more trusting than they allow."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonkit.api import Attribute, AttributeClass, attribute
from anonkit.catalogue import attributes, catalogue

TABLE = Path(attributes.__file__).with_name("attributes.tsv")
MEASURED = {
    name: frozenset(marks)
    for name, *marks in map(str.split, Path(__file__).with_name("fifebatch_attributes.txt").read_text().splitlines())
}
"""The attributes of finished jobs of one day, and what stood in their values: owner, experiment, ip, address, host."""
KINDS = {"", "user", "ip", "host", "email", "experiment"}
TYPES = {"string", "integer", "real", "boolean", "expression"}


def cls(name: str) -> AttributeClass:
    found = attribute(name)
    assert found is not None
    return found.cls


class TestTable:
    def test_lines_are_well_formed(self) -> None:
        head, *lines = TABLE.read_text("utf-8").splitlines()
        assert head.split("\t") == ["name", "class", "kind", "type", "unit", "meaning"]
        assert all(len(line.split("\t")) == 6 and line == line.strip("\n") for line in lines)
        assert all(cell == cell.strip() for line in lines for cell in line.split("\t"))

    def test_names_are_sorted_and_unique_in_any_case(self) -> None:
        names = [one.name.casefold() for one in catalogue()]
        assert names == sorted(set(names))
        assert len(names) == len(TABLE.read_text("utf-8").splitlines()) - 1

    def test_cells_are_of_known_kinds(self) -> None:
        assert {one.kind for one in catalogue()} <= KINDS
        assert {one.type for one in catalogue()} <= TYPES
        assert all(re.fullmatch(r"[@\w*]+", one.name) for one in catalogue())
        assert all(one.meaning and not one.meaning.endswith(".") for one in catalogue())

    def test_an_identity_has_a_kind_and_what_is_harmless_has_none(self) -> None:
        for one in catalogue():
            if one.cls is AttributeClass.IDENTITY:
                assert one.kind, one.name
            elif one.cls is not AttributeClass.TEXT:
                assert not one.kind, one.name

    def test_a_number_has_no_share_of_text(self) -> None:
        harmless = (AttributeClass.PLAIN, AttributeClass.QUASI_IDENTIFIER)
        numbers = [one for one in catalogue() if one.type in ("integer", "real", "boolean")]
        assert {one.cls for one in numbers} <= set(harmless)


class TestMeasured:
    def test_there_are_many(self) -> None:
        assert len(MEASURED) == 360

    @pytest.mark.parametrize("name", MEASURED)
    def test_every_attribute_is_known(self, name: str) -> None:
        found = attribute(name)
        assert found is not None
        assert found.name == name

    @pytest.mark.parametrize("name", [name for name, marks in MEASURED.items() if marks])
    def test_attributes_seen_to_hold_identities_are_not_trusted(self, name: str) -> None:
        assert cls(name) in (AttributeClass.IDENTITY, AttributeClass.TEXT, AttributeClass.NEVER)

    def test_columns_that_files_have_besides(self) -> None:
        assert cls("message") is AttributeClass.NEVER
        assert cls("host") is AttributeClass.IDENTITY
        assert cls("source") is AttributeClass.TEXT
        assert cls("QDate_ms") is AttributeClass.QUASI_IDENTIFIER


class TestLookingUp:
    def test_what_is_known_of_one(self) -> None:
        assert attribute("ResidentSetSize") == Attribute(
            name="ResidentSetSize",
            cls=AttributeClass.QUASI_IDENTIFIER,
            kind="",
            type="integer",
            unit="KiB",
            meaning="largest resident memory, rounded up",
        )

    @pytest.mark.parametrize(("name", "kind"), [("Owner", "user"), ("x509UserProxyEmail", "email"), ("host", "host")])
    def test_identities_tell_their_kind(self, name: str, kind: str) -> None:
        found = attribute(name)
        assert found is not None
        assert (found.cls, found.kind) == (AttributeClass.IDENTITY, kind)

    @pytest.mark.parametrize("name", ["nothing_of_that_name", "", "*", "Owne", "Owner ", "Owner\n", "MachineAttr\n"])
    def test_unknown_names(self, name: str) -> None:
        found = attribute(name)
        assert found is None or name.startswith("MachineAttr")

    @pytest.mark.parametrize("name", ["owner", "OWNER", "oWnEr"])
    def test_letter_case_does_not_matter(self, name: str) -> None:
        found = attribute(name)
        assert found is not None
        assert (found.name, found.cls) == (name, AttributeClass.IDENTITY)

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("MachineAttrMachine17", AttributeClass.IDENTITY),
            ("MachineAttrCpus0", AttributeClass.PLAIN),
            ("MachineAttrAnything0", AttributeClass.TEXT),
            ("MATCH_EXP_JOB_Anything", AttributeClass.TEXT),
            ("MATCH_EXP_JOB_Site", AttributeClass.PLAIN),
            ("SUBMIT_Owner", AttributeClass.TEXT),
            ("SomeSize_RAW", AttributeClass.QUASI_IDENTIFIER),
            ("GPUsProvisioned", AttributeClass.QUASI_IDENTIFIER),
        ],
    )
    def test_families(self, name: str, expected: AttributeClass) -> None:
        assert cls(name) is expected

    @pytest.mark.parametrize(
        "name",
        [
            *("ClaimId", "claimid", "ClaimIds", "orig_ClaimId", "MATCH_EXP_JOB_ClaimId", "MachineAttrCapability"),
            *("SUBMIT_TransferKey", "AuthTokenId", "orig_AuthTokenId", "SUBMIT_MySecretFile", "Message"),
        ],
    )
    def test_a_secret_stays_one_under_any_prefix(self, name: str) -> None:
        assert cls(name) is AttributeClass.NEVER

    @pytest.mark.parametrize("name", ["PublicClaimId", "LastPublicClaimId"])
    def test_the_public_part_of_a_claim_is_text(self, name: str) -> None:
        assert cls(name) is AttributeClass.TEXT

    @given(st.text())
    def test_any_name_may_be_asked_for(self, name: str) -> None:
        found = attribute(name)
        assert found is None or found.name == name

    def test_importing_the_surface_reads_no_table(self) -> None:
        program = (
            "import anonkit.api; from anonkit.catalogue import attributes; print(attributes._table.cache_info().misses)"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "0"


class TestLanguage:
    """Meanings are read by people outside: plain words, no markup, no placeholder."""

    def test_meanings_have_no_markup(self) -> None:
        assert not [one.name for one in catalogue() if re.search(r"[<>`*|\[\]\\_]", one.meaning)]

    def test_units_are_known_units(self) -> None:
        known = {"", "s", "s since 1970", "ms since 1970", "bytes", "KiB", "MB", "cores"}
        assert {one.unit for one in catalogue()} <= known
