"""On planted data, the shares that an attack and a comparison of releases find are the true ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
from anonkit_risk.attack import attack, handles_in, ranked_shares
from anonkit_risk.diff import diff
from command import run_command

from anonkit.api import ConfigError, InputError

PEOPLE = 100
ALONE = 37
"""People with a memory size of their own; the others share one."""


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("releases")


@pytest.fixture(scope="module")
def raw(folder: Path) -> Path:
    rows = [
        {
            "User": f"person{n:03}@example.org",
            "RequestMemory": 10_000 + 17 * n if n < ALONE else 2000,
            "QDate": 60 * job,
        }
        for n in range(PEOPLE)
        for job in range(4 + n)
    ]
    return written(folder / "raw.parquet", rows)


@pytest.fixture(scope="module")
def release(folder: Path, raw: Path) -> Path:
    """The tokens are in another order than the people."""
    rows = [
        {**row, "User": f"UR_{int(row['User'][6:9]) * 7 % PEOPLE + 1}@example.org"}
        for row in pq.read_table(raw).to_pylist()
    ]
    (folder / "release").mkdir()
    return written(folder / "release" / "dataset.parquet", rows)


@pytest.fixture(scope="module")
def tokens() -> dict[str, str]:
    return {f"person{n:03}": f"UR_{n * 7 % PEOPLE + 1}" for n in range(PEOPLE)}


@pytest.mark.parametrize("known", [1, 3])
def test_known_jobs_find_people_who_are_alone(raw: Path, release: Path, tokens: dict[str, str], known: int) -> None:
    result = attack(release, raw, tokens, known=known, columns=["RequestMemory"])
    assert result.people == PEOPLE
    assert result.by_jobs_before == pytest.approx(ALONE / PEOPLE, abs=0.02)
    assert result.by_jobs_after == pytest.approx(ALONE / PEOPLE, abs=0.02)
    assert (result.by_volume_before, result.by_volume_after) == (1.0, 1.0)


def test_a_coarsened_release_is_attacked_with_coarsened_jobs(
    raw: Path, folder: Path, release: Path, tokens: dict[str, str]
) -> None:
    coarse = folder / "coarse"
    coarse.mkdir()
    rows = pq.read_table(release).to_pylist()
    written(coarse / "dataset.parquet", [{**row, "RequestMemory": row["RequestMemory"] // 100 * 100} for row in rows])
    config = {"anonymizers": {"coarsen": {"columns": {"RequestMemory": "100"}}, "time_shift": {}}}
    (coarse / "manifest.json").write_text(json.dumps({"config": config}))
    result = attack(coarse, raw, tokens, known=1)
    assert result.columns == ("RequestMemory",)  # the times are shifted
    bins = [(10_000 + 17 * n) // 100 for n in range(ALONE)]
    alone = sum(bins.count(one) == 1 for one in bins)
    assert result.by_jobs_before == pytest.approx(ALONE / PEOPLE, abs=0.02)
    assert result.by_jobs_after == pytest.approx(alone / PEOPLE, abs=0.02)


def test_values_that_the_release_does_not_have_find_no_person(raw: Path, folder: Path, tokens: dict[str, str]) -> None:
    rows = [{"User": f"UR_{n}", "RequestMemory": None} for n in range(PEOPLE)]
    result = attack(written(folder / "blank.parquet", rows), raw, tokens, known=1, columns=["RequestMemory"])
    assert result.by_jobs_after == 0
    assert result.by_volume_after == pytest.approx(1 / PEOPLE, abs=0.02)  # all have one row


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_raw_records_are_of_any_format(
    raw: Path, folder: Path, release: Path, tokens: dict[str, str], suffix: str
) -> None:
    rows = pq.read_table(raw)
    text = csv_text(rows) if suffix == "csv" else "".join(json.dumps(row) + "\n" for row in rows.to_pylist())
    place = folder / f"raw.{suffix}"
    place.write_text(text)
    assert handles_in(place) == handles_in(raw)
    assert attack(release, place, tokens, known=1) == attack(release, raw, tokens, known=1)


def csv_text(rows: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    pacsv.write_csv(rows, sink)
    return sink.getvalue().to_pybytes().decode()


def test_ties_in_the_ranking() -> None:
    shares = ranked_shares({"a": 3, "b": 3, "c": 1}, {"T1": 3, "T2": 3, "T3": 1}, {"a": "T1", "b": "T2", "c": "T3"})
    assert shares == pytest.approx((0.5 + 0.5 + 1) / 3, abs=1e-6)


def test_the_command_needs_the_mapping_and_tells_shares_alone(raw: Path, release: Path, tmp_path: Path) -> None:
    identities = [[f"person{n:03}", n * 7 % PEOPLE + 1] for n in range(PEOPLE)]
    kind = {"prefix": "UR", "text_prefix": "UR_", "identities": identities}
    mapping = {"format": "anonkit-mapping-2", "domain": "0" * 32, "kinds": {"user": kind}}
    (tmp_path / "mapping.json").write_text(json.dumps(mapping))
    call = ("attack", release, "--with", raw, "--known", "1", "--columns", "RequestMemory")
    done = run_command(*call, "--mapping", "mapping.json", cwd=tmp_path)
    assert done.stdout.splitlines() == [
        "attacker knows               found before  found after",
        "1 known job (RequestMemory)  37.0%         37.0%",
        "rank by number of jobs       100.0%        100.0%",
        "",
        "of 100 people",
    ]
    as_json = json.loads(run_command(*call, "--mapping", "mapping.json", "--json", cwd=tmp_path).stdout)
    assert as_json["by_jobs_after"] == 0.37
    assert (tmp_path / "mapping.json.access.log").exists()
    assert "no mapping is named" in run_command(*call, cwd=tmp_path, status=2).stderr
    wrong = run_command(*call[:-1], "Memory", "--mapping", "mapping.json", cwd=tmp_path, status=2)
    assert "columns: not in both data sets: 'Memory' (did you mean 'RequestMemory'?)" in wrong.stderr
    none = run_command(*call, "--known", "0", "--mapping", "mapping.json", cwd=tmp_path, status=2)
    assert "--known 0: expected at least 1" in none.stderr


def test_a_manifest_that_is_none(raw: Path, folder: Path, release: Path, tokens: dict[str, str]) -> None:
    damaged = folder / "damaged"
    damaged.mkdir()
    written(damaged / "dataset.parquet", pq.read_table(release).to_pylist()[:5])
    (damaged / "manifest.json").write_text("{}")
    with pytest.raises(InputError, match=r"manifest\.json: is not a manifest of anonkit"):
        attack(damaged, raw, tokens)


def month(folder: Path, name: str, factor: int, *, hours: int, domain: str | None = None) -> Path:
    """A release in which each of 60 users has a volume of the user's own; the first `hours` an hour, too."""
    place = folder / name
    place.mkdir()
    rows = [
        {"User": f"UR_{n}", "QDate": 3600 * (n if n < hours else 100) + job}
        for n in range(60)
        for job in range(factor * (5 + 3 * n))
    ]
    written(place / "dataset.parquet", rows)
    mapping = {} if domain is None else {"mapping": {"domain": domain}}
    (place / "manifest.json").write_text(json.dumps({"config": {"anonymizers": {}}, **mapping}))
    return place


def test_users_are_followed_by_token_volume_and_time(folder: Path, tmp_path: Path) -> None:
    old = month(folder, "old", 1, hours=24, domain="a" * 32)
    new = month(folder, "new", 2, hours=24, domain="a" * 32)
    result = diff(old, new)
    assert (result.users, result.by_token) == ((60, 60), 1.0)
    assert (result.by_volume, result.volume_right) == (1.0, 1.0)
    assert result.by_time == pytest.approx(24 / 60, abs=0.02)
    assert result.time_right == pytest.approx(24 / 60, abs=0.02)
    done = run_command("diff", old, new, cwd=tmp_path)
    assert "token         100.0%  100.0%" in done.stdout
    assert json.loads(run_command("diff", old, new, "--json", cwd=tmp_path).stdout)["by_time"] == result.by_time


def test_tokens_of_other_mappings_tell_nothing(folder: Path, tmp_path: Path) -> None:
    old, new = month(folder, "one", 1, hours=0), month(folder, "other", 1, hours=0)
    result = diff(old, new)
    assert (result.by_token, result.volume_right, result.by_time) == (None, None, 0.0)
    assert diff(old, new, same_tokens=True).by_token == 1.0
    assert "time pattern  0.0%" in run_command("diff", old, new, cwd=tmp_path).stdout
    with pytest.raises(ConfigError, match="--time: the data set has no column 'Qdate'"):
        diff(old, new, time_column="Qdate")
    with pytest.raises(ConfigError, match="the data set has no column 'Owner'"):
        diff(old, new, user_column="Owner")
