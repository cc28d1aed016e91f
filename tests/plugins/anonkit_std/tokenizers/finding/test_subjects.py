"""Subjects and names in text: quoted, not quoted, escaped, in environments, flattened."""

from __future__ import annotations

import re
from functools import partial
from itertools import product

import pyarrow as pa
import pytest
from anonkit_std.tokenizers.finding.scan import Scan
from anonkit_std.tokenizers.finding.subjects import in_name_variables, in_text
from call_counts import count_calls
from hypothesis import given
from hypothesis import strategies as st

DN = "/DC=org/O=Example Laboratory/CN=Anna Example"


def found(text: str) -> list[tuple[str | None, tuple[str, ...]]]:
    return [(one.handle, one.names) for _, one in in_text(Scan.from_text(pa.array([text])))]


@pytest.mark.parametrize(
    "text",
    [
        DN,
        f"--dn '{DN}' -v",
        f'--dn "{DN}" -v',
        f"--dn {DN} --more",
        f"A=1 DN={DN} B=2",
        f"A=1 'DN={DN}' B=2",
        f"A=1;DN={DN};B=2",
        f"A=1|DN={DN}|B=2",
        f"A=1\nDN={DN}\nB=2",
        f'{{"dn": "{DN}", "n": 1}}',
        '{"dn": "' + DN.replace("/", "\\/") + '"}',
        "--dn 'CN=Anna Example,O=Example Laboratory'",
        "--dn 'O = Example, CN = Anna Example'",
        'CN="Example, Anna",O="Example, Inc"',
        f"subject   : {DN}",
        f"{DN},/nova/Role=NULL",
        f'A=1;DN="{DN}";B=2',
        '{"dn": "CN=Example\\\\, Anna,O=Example Laboratory"}',
        '{"dn": "/O=Example/CN=\\u0041nna Example"}',
        "dn=%2FO%3DExample%2FCN%3DAnna%20Example",
        "/tmp/x_DC_org_O_Example_CN_Anna_Example_123",
        "/x/_DC_org_OU_People_CN_Anna_Example_259919_nova_Role_NULL_Capability_NULL_nova03/51/a",
        "/x/_C_IT_O_Example_CN_Anna_Example_nova_Role_NULL_Capability_NULL",
        "modify-user annak /C=FR/O=Org/CN=Anna Example dirac_user",
    ],
)
def test_one_person(text: str) -> None:
    assert found(text) == [(None, ("Anna Example",))]


def test_a_handle_beside_the_name() -> None:
    for text in (f"'{DN}/CN=UID:annak'", "/x_CN_Anna_Example_CN_UID_annak", "_OU_Users_CN_annak_CN_12_CN_Anna_Example"):
        assert found(text) == [("annak", ("Anna Example",))]


def test_an_apostrophe_that_quotes_double() -> None:
    assert (None, ("Anna O'Example",)) in found("DN='/O=Example/CN=Anna O''Example' B=2")


def test_words_after_a_name_in_text_without_quotes() -> None:
    assert found(f"{DN} submitted this") == [(None, ("Anna Example submitted this", "Anna Example"))]


@pytest.mark.parametrize(
    "rest", [" wrote 5 files", ", FQAN: /nova/Role=A", " is not authorized", " (mapped to 7)", " has 3 jobs of Class 2"]
)
@pytest.mark.parametrize("name", ["Anna Example", "Anna van der Berg"])
def test_a_name_in_a_sentence_is_known_without_the_rest_of_it(name: str, rest: str) -> None:
    assert name in {spelling for _, names in found(f"user /DC=org/CN={name}{rest}") for spelling in names}


def test_the_rest_of_a_sentence_after_a_number_is_no_name() -> None:
    assert found(f"{DN}/CN=1234567890 is not authorized") == [(None, ("Anna Example",))]


@pytest.mark.parametrize("text", ["CAMPAIGN=Anna Example", "/DC=org/CN=host/node1.example.org", "XCN=Anna Example", ""])
def test_no_identity(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "GIT_AUTHOR_NAME='Anna Example' GIT_AUTHOR_EMAIL=annak@example.org",
        "'GIT_AUTHOR_NAME=Anna Example' GIT_AUTHOR_EMAIL='annak@example.org'",
        "GIT_AUTHOR_NAME=Anna Example;GIT_AUTHOR_EMAIL=annak@example.org",
        '{"GIT_AUTHOR_NAME": "Anna Example", "GIT_AUTHOR_EMAIL": "annak@example.org"}',
        "AUTHOR='Anna Example' AUTHOR_EMAIL=annak@example.org",
        "AUTHOR_EMAIL=annak@example.org AUTHOR='Anna Example'",
        "BUILD_REQUESTEDFOR='Anna Example' BUILD_REQUESTEDFOREMAIL=annak@example.org",
    ],
)
def test_a_name_variable_beside_an_address(text: str) -> None:
    people = [one for _, one in in_name_variables(Scan.from_text(pa.array(["x", text])))]
    assert [(one.handle, one.names) for one in people] == [("annak", ("Anna Example",))]


@given(
    st.lists(st.sampled_from([DN, "CN=", "'", '"', " ", "/", "=", ",", "Anna Example", "_CN_", "%3D", "\\", "NAME="]))
)
def test_anything_is_read_without_a_fault(parts: list[str]) -> None:
    scan = Scan.from_text(pa.array(["".join(parts)]))
    for _, one in (*in_text(scan), *in_name_variables(scan)):
        assert one.handle or one.names


def test_the_output_of_id_is_no_subject() -> None:
    assert found("uid=0(root) gid=0(root) groups=0(root)") == []
    assert found("uid=1234(annak) gid=5063(nova)") == []


@pytest.mark.parametrize(
    "variable", ["DRONE_COMMIT_AUTHOR_NAME", "CHANGE_AUTHOR_DISPLAY_NAME", "USER_DISPLAY_NAME", "PI_NAME"]
)
def test_a_name_variable_of_a_person(variable: str) -> None:
    people = [one for _, one in in_name_variables(Scan.from_text(pa.array([f"A=1 {variable}='Anna Example' B=2"])))]
    assert [one.names for one in people] == [("Anna Example",)]


def test_a_name_variable_of_something_else() -> None:
    assert not [*in_name_variables(Scan.from_text(pa.array(["WINDOW_DISPLAY_NAME='Anna Example' SITE_NAME='A B'"])))]


def people(text: str) -> set[tuple[str | None, tuple[str, ...]]]:
    return {(person.handle, person.names) for _, person in in_name_variables(Scan.from_text(pa.array([text])))}


PARTS = ("AUTHOR", "_", "E_MAIL", "_EMAIL", "=annak@y ", "='Anna Example'", '="Carl Third" ', ": ", "Z" * 59, "a", "1")


@given(st.lists(st.sampled_from(PARTS), max_size=20))
def test_each_variable_is_beside_each_address_of_its_name(parts: list[str]) -> None:
    text = "".join((*parts, " AUTHOR_EMAIL=annak@y"))
    # An apostrophe between two letters is one of the name.
    values = re.findall(r"""(?<![A-Z0-9])AUTHOR(?:='Anna Example'(?![A-Za-z])|="Carl T)""", text)
    assert {"Anna Example" if "Anna" in value else "Carl Third" for value in values} <= {
        name for handle, names in people(text) if handle == "annak" for name in names
    }


def test_of_few_addresses_and_names_every_pair_is_one_person_and_of_many_each_is_one() -> None:
    few, many = ("xa", "xb"), [f"x{number}" for number in range(100)]
    names = [f"Anna Example{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(100)]
    written = "".join(f"AB='{name}' " for name in names)
    assert people(written + "".join(f"AB_EMAIL={handle}@y " for handle in few)) == {
        (handle, (name,)) for handle, name in product(few, names)
    }
    found = people(written + "".join(f"AB_EMAIL={handle}@y " for handle in many))
    assert {handle for handle, _ in found} == {*many}
    assert {name for _, (name,) in found} == {*names}


@pytest.mark.parametrize(
    "part", ["AB_EMAIL=x@y ", "AB_EMAIL=x@y AB='Anna Example' ", "AUTHOR_NAME=A B ", "AA_BB_CC_EMAIL=x@y BB_CC=1 "]
)
def test_calls_grow_with_the_length(part: str) -> None:
    short, long = (count_calls(partial(people, part * repeats)) for repeats in (100, 400))
    assert long < 5 * short
