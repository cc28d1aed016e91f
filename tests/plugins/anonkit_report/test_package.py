"""A release folder explains itself, and is packed into the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from anonkit_report.release.contents import content_of
from command import run_command

import anonkit
from anonkit.api import ConfigError, InputError
from anonkit.demo import write_demo

ABOUT = {
    "title": "Jobs of <2023>",
    "licence": "https://creativecommons.org/licenses/by/4.0/",
    "creator": "Our Centre",
    "cite": "Our Centre (2026): Jobs of 2023",
    "url": "https://example.org/jobs",
    "published": "2026-11-29",
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finished")
    write_demo(folder / "data", rows=300, files=1)
    run = {"data_dir": str(folder / "data"), "output_dir": str(folder / "out"), "workers": 1}
    anonkit.run({"run": run, "reporters": {"dataset": {"enabled": True}, "cmd_env_report": {"enabled": False}}})
    return folder / "out"


@pytest.fixture
def release(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "release"))


def test_the_command_completes_and_packs_the_folder(release: Path, tmp_path: Path) -> None:
    flags = [word for key, text in ABOUT.items() for word in (f"--{key}", text)]
    done = run_command("package", "release", *flags, cwd=tmp_path)
    assert done.stdout.strip().endswith("release.zip")
    names = {path.name for path in release.iterdir()}
    assert names >= {"README.md", "SHA256SUMS", "datapackage.json", "croissant.json", "manifest.json"}
    with zipfile.ZipFile(tmp_path / "release.zip") as archive:
        assert {name.removeprefix("release/") for name in archive.namelist()} == names
        assert archive.read("release/README.md") == (release / "README.md").read_bytes()
    for line in (release / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((release / name).read_bytes()).hexdigest() == digest
    text = (release / "README.md").read_text()
    assert text.startswith("# Jobs of &#60;2023&#62;\n")
    for part in ("300 jobs", "| User |", "Licence: https://", "Cite as: Our Centre (2026)", "What may not be tried"):
        assert part in text


def test_the_same_files_give_the_same_bytes(release: Path, tmp_path: Path) -> None:
    first = anonkit.package(release, tmp_path / "one.zip", ABOUT).read_bytes()
    (release / "SHA256SUMS").touch()
    assert anonkit.package(release, tmp_path / "two.zip", ABOUT).read_bytes() == first


def test_every_list_is_explained_in_readme_and_metadata(release: Path) -> None:
    anonkit.package(release)
    text = (release / "README.md").read_text()
    descriptions = {
        "datapackage.json": [
            one["description"] for one in json.loads((release / "datapackage.json").read_bytes())["resources"]
        ],
        "croissant.json": [
            one["description"] for one in json.loads((release / "croissant.json").read_bytes())["distribution"]
        ],
    }
    for name in ("summary.json", "failed_users.json"):
        assert f"## Lists in {name}" in text
        for key in json.loads((release / name).read_bytes()):
            assert f"\n| {key} | " in text
            assert all(any(f"{key}: " in one for one in found) for found in descriptions.values())


@pytest.mark.parametrize(
    ("name", "keys"),
    [("jobs_at_x.json", ["jobs_at_site", "listings", "meta"]), ("jobs_at_x.csv", []), ("jobs_at_x.parquet", [])],
)
def test_listings_have_lists_as_their_format_has(name: str, keys: list[str]) -> None:
    assert list(content_of({"name": name, "reporter": "site_jobs"}).keys) == keys


def test_metadata_names_files_and_columns(release: Path) -> None:
    anonkit.package(release, about=ABOUT)
    columns = [one["name"] for one in json.loads((release / "dataset.json").read_bytes())["columns"]]
    tables = json.loads((release / "datapackage.json").read_bytes())
    (table,) = [one for one in tables["resources"] if one["path"] == "dataset.parquet"]
    assert [field["name"] for field in table["schema"]["fields"]] == columns
    assert {field["type"] for field in table["schema"]["fields"]} == {"string", "number"}
    croissant = json.loads((release / "croissant.json").read_bytes())
    assert [field["source"]["extract"]["column"] for field in croissant["recordSet"][0]["field"]] == columns
    assert croissant["citeAs"] == ABOUT["cite"]


def test_a_release_without_a_data_set_and_without_texts(release: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_bytes())
    manifest["outputs"] = [one for one in manifest["outputs"] if one["reporter"] != "dataset"]
    (release / "manifest.json").write_text(json.dumps(manifest))
    (release / "dataset.json").unlink()
    anonkit.package(release)
    text = (release / "README.md").read_text()
    assert "## Columns of the data set" not in text
    assert "Licence: none is given; ask before you use or pass on this release." in text
    assert json.loads((release / "croissant.json").read_bytes())["recordSet"] == []


def test_what_is_refused(release: Path, tmp_path: Path) -> None:
    message = run_command("package", ".", cwd=tmp_path, status=1).stderr
    assert "no manifest.json there; name the output folder of a run" in message
    with pytest.raises(ConfigError, match="is inside the folder that it would hold"):
        anonkit.package(release, release / "all.zip")
    with pytest.raises(ConfigError, match=r"about: no such key 'license' \(did you mean 'licence'\?\)"):
        anonkit.package(release, about={"license": "MIT"})
    summary = (release / "summary.json").read_bytes()
    (release / "summary.json").write_bytes(summary + b"\n")
    with pytest.raises(InputError, match=r"summary\.json: is not as the run wrote it; run again"):
        anonkit.package(release)
    (release / "summary.json").unlink()
    with pytest.raises(InputError, match=r"summary\.json: cannot be read"):
        anonkit.package(release)
    (release / "summary.json").write_bytes(summary)
    (release / "manifest.json").write_bytes(
        (release / "manifest.json").read_bytes().replace(b'"garbled": true', b'"garbled": false', 1)
    )
    with pytest.raises(InputError, match="holds originals, and must not be handed on"):
        anonkit.package(release)
    (release / "manifest.json").write_text("{")
    with pytest.raises(InputError, match=r"manifest\.json: is not JSON"):
        anonkit.package(release)


def test_frictionless_accepts_the_data_package(release: Path) -> None:
    import frictionless  # it takes seconds, which other workers of the tests need not wait for

    anonkit.package(release, about=ABOUT)
    report = frictionless.validate(str(release / "datapackage.json"))
    assert report.valid, report.to_summary()


# It uses parts of rdflib and pandas that these have deprecated.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_mlcroissant_reads_the_records(release: Path) -> None:
    import mlcroissant

    anonkit.package(release, about=ABOUT)
    dataset = mlcroissant.Dataset(str(release / "croissant.json"))
    assert len(list(dataset.records("dataset"))) == 300
