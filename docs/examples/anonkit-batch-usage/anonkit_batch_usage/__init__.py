"""Hooks of anonkit-batch-usage. Every help page imports this module, so it must stay cheap."""

from __future__ import annotations

from anonkit.api import ReporterSpec, TokenizerSpec, hookimpl, option, options

ANONKIT_API = "1.0"
"""The version of the plugin API that this package is made for."""


@options
class BatchOptions:
    """`[anonymizers.batch]`."""

    column: str = option("JobBatchName", help="column of the batch names", flag="--batch-col", metavar="COL")


@options
class UsageOptions:
    """`[reporters.usage_by_hour]`."""

    column: str = option("QDate", help="column of times, in seconds since 1970", flag="--usage-col", metavar="COL")
    file: str = option("usage_by_hour.csv", help="name of the output", file_name=True)


@hookimpl
def register_anonymizers() -> list[TokenizerSpec]:
    """Return the tokenizer of batch names."""
    factory = "anonkit_batch_usage.tokenizer:BatchTokenizer"
    return [TokenizerSpec(name="batch", summary="tokens for batch names", options=BatchOptions, factory=factory)]


@hookimpl
def register_reporters() -> list[ReporterSpec]:
    """Return the reporter of jobs by hour and experiment."""
    factory = "anonkit_batch_usage.reporter:UsageByHour"
    summary = "jobs by hour and experiment, as CSV"
    return [ReporterSpec(name="usage_by_hour", summary=summary, options=UsageOptions, factory=factory)]
