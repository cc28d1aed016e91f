"""Handles in the names of data sets and tasks; and names that are nobody's."""

from __future__ import annotations

import pyarrow as pa
import pytest
from anonkit_std.tokenizers.finding.data_sets import in_data_sets
from anonkit_std.tokenizers.finding.scan import Scan


def people(text: str) -> set[str]:
    return set(in_data_sets(Scan.from_text(pa.array([None, text], pa.string()))).handles.to_pylist())


@pytest.mark.parametrize(
    "text",
    [
        "231231_200812:annak_crab_reco_v1", "/store/x/231231_200812%3Aannak_crab_reco", "user.annak:user.annak.raw.v1",
        "--inDS=user.annak:user.annak.raw_EXT0/", "--outDS user.annak.raw.v1", "--outDS='user.annak.raw'",
        "annak_task_RECO-2__v1_T_231231_200812_7", "/annak_ACDC0_task_RECO_231231_200812_7/Processing",
        "user.annak:ntuple_v3", "user.annak:user.other.raw", "rucio upload --scope user.annak x",
        "--inds user.annak.raw/", "rucio:user.annak:ntuple_v3", "--outds=user.annak.12.raw",
        "annak_HIG-Run3X-0001__v1_T_231231_200812_7", "/store/x/annak_EXO-0001__v12_T_231231_200812_7/in",
    ],
)  # fmt: skip
def test_one_person(text: str) -> None:
    assert people(text) == {"annak"}


@pytest.mark.parametrize(
    "text",
    [
        "my_task_7", "merge_task_3_of_4", "run_ACDC_231231", "pre.annak_task_x_231231_200812_7",
        "my_crab_task", "12:annak_crab_x", "-Duser.dir=/x -Duser.home=/y", "user.name:user.email",
        "outDS=group.reco.v1", "git config user.name x", "outDS user.annak",
        "reco__v1_T_231231_200812_7", "pre.annak_HIG__v1_T_231231_200812_7", "annak_HIG-0001__v1",
        "run_reco__v1_T_231231_200812_7",
    ],
)  # fmt: skip
def test_no_identity(text: str) -> None:
    assert people(text) == set()
