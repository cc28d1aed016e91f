"""Hooks of anonkit-batch-groups. Every help page imports this module, so it must stay cheap."""

from __future__ import annotations

from anonkit.api import (
    EncoderSpec,
    ExecutorSpec,
    ReaderSpec,
    ReporterSpec,
    TokenizerSpec,
    TransformSpec,
    hookimpl,
    option,
    options,
)

ANONKIT_API = "1.0"
"""The version of the plugin API that this package is made for."""


@options
class BatchGroupsReaderOptions:
    """`[readers.batch_groups_reader]`."""

    comment: str = option("#", help="lines that begin with this text are passed over")


@options
class BatchGroupsTokenizerOptions:
    """`[anonymizers.batch_groups_tokenizer]`."""

    column: str = option(
        "AccountingGroup",
        help="column of the groups",
        flag="--batch-groups-tokenizer-col",
        metavar="COL",
    )


@options
class BatchGroupsTransformOptions:
    """`[anonymizers.batch_groups_transform]`."""

    column: str = option("RequestMemory", help="column of numbers to round down", metavar="COL")
    step: int = option(
        512,
        help="round down to a multiple of this",
        flag="--batch-groups-transform-step",
        metavar="N",
        minimum=1,
    )


@options
class BatchGroupsReporterOptions:
    """`[reporters.batch_groups_reporter]`."""

    top: int = option(
        10,
        help="how many sites to list",
        flag="--batch-groups-reporter-top",
        metavar="N",
        minimum=1,
    )
    file: str = option("batch_groups_reporter.json", help="name of the output", file_name=True)


@options
class BatchGroupsListingOptions:
    """`[reporters.batch_groups_listing]`."""

    file: str = option(
        "batch_groups_listing.txt",
        help="name of the output",
        flag="--batch-groups-listing-file",
        file_name=True,
    )


@options
class BatchGroupsEncoderOptions:
    """`[encoders.batch_groups_encoder]`."""

    level: int = option(
        6,
        help="how hard to compress, 1 to 9",
        flag="--batch-groups-encoder-level",
        metavar="N",
        minimum=1,
    )
    endings: tuple[str, ...] = option((".json", ".txt"), help="endings of the outputs that are compressed")


@options
class BatchGroupsExecutorOptions:
    """`[executors.batch_groups_executor]`."""

    most: int | None = option(None, help="most processes, whatever the number of workers", minimum=1)


@hookimpl
def register_readers() -> list[ReaderSpec]:
    """Return the reader."""
    return [
        ReaderSpec(
            name="batch_groups_reader",
            summary="user, group and site in each line",
            options=BatchGroupsReaderOptions,
            factory="anonkit_batch_groups.reader:BatchGroupsReader",
            patterns=("*.batch_groups",),
        ),
    ]


@hookimpl
def register_anonymizers() -> list[TokenizerSpec | TransformSpec]:
    """Return the tokenizer and the transform."""
    return [
        TokenizerSpec(
            name="batch_groups_tokenizer",
            summary="tokens for groups",
            options=BatchGroupsTokenizerOptions,
            factory="anonkit_batch_groups.tokenizer:BatchGroupsTokenizer",
        ),
        TransformSpec(
            name="batch_groups_transform",
            summary="rounds a column of numbers down",
            options=BatchGroupsTransformOptions,
            factory="anonkit_batch_groups.transform:BatchGroupsTransform",
        ),
    ]


@hookimpl
def register_reporters() -> list[ReporterSpec]:
    """Return the reporter and the listing."""
    return [
        ReporterSpec(
            name="batch_groups_reporter",
            summary="sites by jobs",
            options=BatchGroupsReporterOptions,
            factory="anonkit_batch_groups.reporter:BatchGroupsReporter",
        ),
        ReporterSpec(
            name="batch_groups_listing",
            summary="user and site of each job",
            options=BatchGroupsListingOptions,
            factory="anonkit_batch_groups.listing:BatchGroupsListing",
        ),
    ]


@hookimpl
def register_encoders() -> list[EncoderSpec]:
    """Return the encoder."""
    return [
        EncoderSpec(
            name="batch_groups_encoder",
            summary="outputs compressed by gzip",
            options=BatchGroupsEncoderOptions,
            factory="anonkit_batch_groups.encoder:BatchGroupsEncoder",
        ),
    ]


@hookimpl
def register_executors() -> list[ExecutorSpec]:
    """Return the executor."""
    return [
        ExecutorSpec(
            name="batch_groups_executor",
            summary="workers that start anew",
            options=BatchGroupsExecutorOptions,
            factory="anonkit_batch_groups.executor:batch_groups_executor",
        ),
    ]
