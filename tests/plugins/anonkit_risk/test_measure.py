"""The figures of risk.json are those of a slow reference, whatever the table."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
import risk_reference as slow
from anonkit_risk.measure import figures, loaded, opened_data, options_from, question_of, risk
from anonkit_risk.points import DRAWS
from anonkit_risk.result import RiskResult
from anonkit_risk.session import session
from anonkit_risk.sorted_keys import KEY_BITS
from hypothesis import given, settings
from hypothesis import strategies as st

from anonkit.api import ConfigError, InputError

QUASI = ["QDate", "RequestMemory", "Site"]
SCHEMA = pa.schema(
    [("User", pa.string()), ("QDate", pa.int64()), ("RequestMemory", pa.int64()), ("Site", pa.string()),
     ("ExitCode", pa.int64())]
)  # fmt: skip

users = st.sampled_from(["UR_1@example.org", "UR_1@example.com", "UR_2", "UR_3", "UR_4", "UR_5", None, "@x"])
tables = st.lists(
    st.fixed_dictionaries(
        {
            "User": users,
            "QDate": st.sampled_from([100, 200, 300, None]),
            "RequestMemory": st.sampled_from([1, 2, None]),
            "Site": st.sampled_from(["north", "south", "", None]),
            "ExitCode": st.sampled_from([0, 1, 2, None]),
        }
    ),
    max_size=40,
)


def table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, SCHEMA)


def measured(rows: list[dict[str, Any]], **config: Any) -> RiskResult:
    return risk(table(rows), {"columns": QUASI, "sensitive": ["ExitCode"], "small": 3, **config})


def measured_with_keys(rows: list[dict[str, Any]], key_bits: int) -> RiskResult:
    options = options_from({"columns": QUASI, "sensitive": ["ExitCode"], "small": 3})
    with opened_data(table(rows), options) as (opened, question):
        return figures(opened, question, options, key_bits)


@settings(max_examples=25)
@given(tables, st.sampled_from([4, 10, 12, 14, KEY_BITS]))
def test_the_figures_are_those_of_the_reference(rows: list[dict[str, Any]], key_bits: int) -> None:
    """Whether all classes are sorted, or some, or none: codes take up to three bits a column, and a user three."""
    result = measured_with_keys(rows, key_bits)
    known = [row for row in rows if slow.person_of(row)]

    assert (result["people"], result["rows"]) == (len(slow.users_in(known)), len(rows))
    assert result["rows_without_user"] == len(rows) - len(known)
    assert {key: result[key] for key in slow.sizes(rows, QUASI, 3)} == slow.sizes(rows, QUASI, 3)
    assert result["users_per_class"] == slow.histogram(rows, QUASI)
    assert result["sample_uniques"] == slow.sample_uniques(rows, QUASI)
    minimal = slow.minimal_uniques(rows, QUASI)
    for entry in result["subsets"]:
        wanted = slow.sizes(rows, entry["columns"], 3)
        assert {key: entry[key] for key in wanted} == wanted
        assert entry["minimal_sample_uniques"] == len(minimal[tuple(entry["columns"])])
    assert [(one["columns"], one["uniques"], one["users"]) for one in result["minimal_sample_uniques"]] == [
        (
            size,
            sum(len(people) for subset, people in minimal.items() if len(subset) == size),
            len({person for subset, people in minimal.items() if len(subset) == size for person in people}),
        )
        for size in (1, 2, 3)
    ]
    (learnt,) = result["sensitive"]
    least, farthest = slow.sensitive(rows, QUASI, "ExitCode")
    assert (learnt["l"], learnt["t"]) == (least, pytest.approx(farthest, abs=2e-6))
    for entry in result["columns"]:
        others = slow.sizes(rows, [name for name in QUASI if name != entry["column"]], 3)
        assert (entry["k_without"], entry["rows_in_single_user_classes_without"]) == (
            others["k"],
            others["rows_in_single_user_classes"],
        )


@settings(max_examples=10)
@given(tables)
def test_the_shares_that_known_points_single_out_are_those_of_the_reference(rows: list[dict[str, Any]]) -> None:
    result = measured(rows)
    assert result["points"] == ["QDate", "RequestMemory"]
    wanted = slow.singled_out(rows, ("QDate", "RequestMemory"), DRAWS)
    assert {one["token"]: one["singled_out"] for one in result["users"]} == wanted


def test_more_points_than_draws_take() -> None:
    rows = [
        {"User": f"UR_{number % 3}", "QDate": number // (3 if number % 2 else 2), "RequestMemory": 1, "Site": None}
        for number in range(300)
    ]
    wanted = slow.singled_out(rows, ("QDate", "RequestMemory"), DRAWS)
    assert {one["token"]: one["singled_out"] for one in measured(rows)["users"]} == wanted


@pytest.mark.parametrize("threads", [1, 4])
def test_the_figures_do_not_depend_on_threads(threads: int) -> None:
    rows = [
        {"User": f"UR_{n % 7}", "QDate": n % 11, "RequestMemory": n % 3, "Site": f"S{n % 5}", "ExitCode": n % 2}
        for n in range(500)
    ]
    options = options_from({"columns": QUASI, "sensitive": ["ExitCode"], "small": 3})
    with session(threads=threads) as opened:
        names = loaded(opened, table(rows).to_reader())
        assert figures(opened, question_of(names, options), options).figures == measured(rows).figures


def test_more_rows_than_a_key_takes() -> None:
    """Twelve bits leave four for rows: at most fifteen in one key."""
    rows = [{"User": f"UR_{n % 4}", "QDate": n % 3, "RequestMemory": n % 2, "Site": "north"} for n in range(500)]
    for key_bits in (12, KEY_BITS):
        assert measured_with_keys(rows, key_bits).figures == measured_with_keys(rows, 4).figures
    assert measured_with_keys(rows, 12)["users_per_class"] == slow.histogram(rows, QUASI)


def test_ranks_and_small_cells() -> None:
    rows = [
        *({"User": "UR_1", "JobsubClientIpAddress": "IP1", "NumJobStarts": 1, "NumJobCompletions": 0},) * 5,
        *({"User": "UR_2", "JobsubClientIpAddress": "IP1", "NumJobStarts": 1, "NumJobCompletions": 1},) * 2,
        *({"User": "UR_3", "JobsubClientIpAddress": "IP2", "NumJobStarts": 1, "NumJobCompletions": 0},) * 2,
    ]
    result = risk(pa.Table.from_pylist(rows), {"columns": ["NumJobStarts"], "small": 3})
    assert [(one["token"], one["rows"], one["rank"]) for one in result["users"]] == [
        ("UR_1", 5, 1),
        ("UR_2", 2, 2),
        ("UR_3", 2, 2),
    ]
    assert {one["table"]: (one["cells"], one["small"]) for one in result["small_cells"]} == {
        "summary.users": (3, 2),
        "summary.ips": (2, 1),
        "summary.user_ip_pairs": (3, 2),
        "failed_users.failed_users": (2, 1),
    }


# One row for each user: then users are rows, as in the published library pyCANON (1.3.6), which gave these figures
# for this table: k_anonymity, l_diversity, t_closeness with the quasi-identifiers QDate and Site, sensitive ExitCode.
PYCANON_ROWS = [
    {"User": f"UR_{n}", "QDate": n * 7 % 4, "Site": "ab"[n * n % 3 == 1], "ExitCode": f"code {n * 5 % 11 % 4}"}
    for n in range(60)
]


def test_k_l_and_t_are_those_of_a_published_library() -> None:
    result = risk(pa.Table.from_pylist(PYCANON_ROWS), {"columns": ["QDate", "Site"], "sensitive": ["ExitCode"]})
    learnt = result["sensitive"][0]
    assert (result["k"], learnt["l"], learnt["t"]) == (5, 3, 0.25)


def test_nested_values_and_floats_are_compared_as_they_are() -> None:
    rows = [{"User": f"UR_{n}", "Lists": [n // 2], "Share": n // 2 / 10} for n in range(4)]
    assert risk(pa.Table.from_pylist(rows), {"columns": ["Lists", "Share"]})["users_per_class"] == [[2, 2, 4]]


def test_no_identity() -> None:
    result = measured([])
    assert (result["k"], result["classes"], result["users"], result["marketer_risk"]) == (0, 0, [], 0.0)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"columns": ["Qdate"]}, "columns: the data set has no column 'Qdate' (did you mean 'QDate'?)"),
        ({"sensitive": ["Exit"]}, "sensitive: the data set has no column 'Exit'"),
        ({"minusers": 3}, "[risk] minusers: no such key (did you mean 'min_users'?)"),
        ({"max_risk": 2}, "[risk] max_risk: expected a share above 0 and up to 1, found 2"),
    ],
)
def test_what_is_wrong_with_a_question(config: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as error:
        risk(table([]), config)
    assert message in str(error.value)


def test_a_table_without_users_or_quasi_identifiers() -> None:
    with pytest.raises(ConfigError, match=r"no column 'User'.*; it must have the users"):
        risk(pa.table({"QDate": [1]}))
    with pytest.raises(
        ConfigError, match=r"no column that the catalogue has as a quasi-identifier; name those .* from: User"
    ):
        risk(pa.table({"User": ["UR_1"], "Whatever": [1]}))


def test_a_folder_without_a_data_set_and_a_file_that_is_none(tmp_path: Any) -> None:
    with pytest.raises(InputError, match="no data set there; give a parquet file"):
        risk(tmp_path)
    (tmp_path / "dataset.parquet").write_bytes(b"PAR1 is not all of it")
    with pytest.raises(InputError, match=r"dataset\.parquet: cannot be read as parquet"):
        risk(tmp_path)


def test_a_result_is_a_table_in_notebooks() -> None:
    html = measured([{"User": "UR_1", "QDate": 1, "RequestMemory": 1, "Site": "<b>"}])._repr_html_()
    assert "<th>fewest users in a class (k)</th><td>1</td>" in html
