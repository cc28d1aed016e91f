"""The page's own sentences; each ``{}`` is a value. All of them, so that the audit knows them for the page's."""

from __future__ import annotations

from types import MappingProxyType

__all__ = [
    "ALL_SENTENCES", "ALONE", "BEFORE_AFTER", "BY_TIME", "BY_TIME_TREATED", "COLUMNS_ADD", "FAILED", "HEADS",
    "HIDDEN", "MEASURES", "NOBODY_ALONE", "NO_FAILURES", "NO_JOBS", "OTHERS", "SITES", "STEPS", "TABLE", "USERS",
    "USERS_WITH_JOBS",
]  # fmt: skip

OTHERS = "all others"
TABLE = "The figures as a table"
NO_JOBS = "There are no jobs."
BY_TIME = "Jobs by {}: {} on average, most ({}) from {} on."
BY_TIME_TREATED = "Jobs by {}: {} on average, most ({}) from {} on. The times are {}."
USERS = "{} has {} of the jobs; the {} of {} users with most jobs are shown."
SITES = "{} has {} of the jobs; the {} of {} sites with most jobs are shown."
FAILED = "{} of the jobs failed: the red part of a bar."
NO_FAILURES = "No job failed."
MEASURES = MappingProxyType(
    {
        "Wait time": "Waits are most often {} ({} of the jobs); ranges without jobs are left out.",
        "Run time": "Run times are most often {} ({} of the jobs); ranges without jobs are left out.",
        "Memory asked for": "Memory asked for is most often {} ({} of the jobs); ranges without jobs are left out.",
        "Memory used": "Memory used is most often {} ({} of the jobs); ranges without jobs are left out.",
    }
)
USERS_WITH_JOBS = "{}, of whom {} have jobs"
HIDDEN = (
    "{} of {} jobs ({}) are alike in {} with jobs of at least {} users; red: fewer. Users of the "
    "smallest combination: {}."
)
ALONE = (
    "The values of {} together are those of one user alone for {} of {} jobs ({}); {} "
    "of {} users with a name have such a job."
)
COLUMNS_ADD = "{} makes most jobs those of one user alone: {}, beside all other columns."
NOBODY_ALONE = "No column makes a job that of one user alone."
BEFORE_AFTER = (
    "Before these settings {} of the jobs were one user's alone, with them {} are. Users of the smallest combination: "
    "{} before, {} after. Red: fewer than {} users."
)
STEPS = ("hour", "day", "week", "4 weeks", "quarter")
HEADS = (
    *("jobs", "failed", "user", "site", "users", "column", "values", "jobs that it adds", "fewest users of a value"),
    *("Before", "After", "number of users alike", "from", "run time", "wait time", "memory", "jobs by user", "jobs"),
)
ALL_SENTENCES = (
    *(OTHERS, TABLE, NO_JOBS, BY_TIME, BY_TIME_TREATED, USERS, SITES, FAILED, NO_FAILURES, *MEASURES.values()),
    *(USERS_WITH_JOBS, HIDDEN, ALONE, COLUMNS_ADD, NOBODY_ALONE, BEFORE_AFTER, *STEPS, *HEADS),
)
