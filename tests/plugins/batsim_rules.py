"""The rules by which Batsim takes a workload: those of its documentation, and those that it checks at loading."""

from __future__ import annotations

from typing import Any

LARGEST = 2**31 - 1
WORKLOAD = "w0"
"""How Batsim calls the first workload; an identifier with it in is taken for one of a workload and a job."""


def check_workload(content: Any) -> None:
    """Assert that Batsim loads a workload."""
    assert isinstance(content, dict)
    assert type(content["nb_res"]) is int
    assert 0 < content["nb_res"] <= LARGEST
    assert isinstance(content["profiles"], dict)
    for profile in content["profiles"].values():
        check_profile(profile)
    assert isinstance(content["jobs"], list)
    for job in content["jobs"]:
        check_job(job)
        assert job["profile"] in content["profiles"]
        assert job["res"] <= content["nb_res"]
    assert len({job["id"] for job in content["jobs"]}) == len(content["jobs"])


def check_profile(profile: Any) -> None:
    """Assert that a profile waits for a number of seconds above 0, and has a whole number as return code."""
    assert isinstance(profile, dict)
    assert profile["type"] in ("delay", "DelayProfile")
    assert is_number(profile["delay"])
    assert profile["delay"] > 0
    assert type(profile.get("ret", 0)) is int
    assert isinstance(profile.get("extra_data", ""), str)


def check_job(job: Any) -> None:
    """Assert that a job has what it must have; the limit of its time may be missing, is -1 for none, or above 0."""
    assert isinstance(job, dict)
    assert isinstance(job["id"], str)
    assert job["id"]
    assert "!" not in job["id"]
    assert WORKLOAD not in job["id"]
    assert is_number(job["subtime"])
    assert job["subtime"] >= 0
    assert type(job["res"]) is int
    assert 1 <= job["res"] <= LARGEST
    assert isinstance(job["profile"], str)
    limit = job.get("walltime", -1)
    assert is_number(limit)
    assert limit == -1 or limit > 0
    assert isinstance(job.get("extra_data", ""), str)


def is_number(value: Any) -> bool:
    """Whether it is a number, and no truth value."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)
