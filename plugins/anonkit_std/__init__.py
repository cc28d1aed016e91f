"""The readers, tokenizers, transforms and reporters that come with anonkit. This module holds the hooks.

A hook imports the options that it declares: `anonkit --help` asks for commands alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from anonkit.api import EncoderSpec, ReaderSpec, ReporterSpec, TokenizerSpec, TransformSpec, hookimpl

__all__ = ["register_anonymizers", "register_encoders", "register_readers", "register_reporters"]


@hookimpl
def register_readers() -> Iterable[ReaderSpec]:
    """Return the readers of all formats that anonkit knows."""
    from anonkit_std.options.readers import TableOptions

    return (
        ReaderSpec(
            name="parquet",
            summary="parquet files",
            factory="anonkit_std.readers.parquet:ParquetReader",
            patterns=("*.parquet", "*.parq", "*.pq"),
            example="anonkit demo --rows 1000 data",
        ),
        ReaderSpec(
            name="duckdb",
            summary="a table of a DuckDB file",
            options=TableOptions,
            factory="anonkit_std.readers.tables:DuckDbReader",
            patterns=("*.duckdb", "*.ddb"),
            example="duckdb jobs.duckdb \"CREATE TABLE jobs AS FROM 'jobs.csv'\"",
        ),
        ReaderSpec(
            name="sqlite",
            summary="a table of an SQLite file",
            options=TableOptions,
            factory="anonkit_std.readers.tables:SqliteReader",
            patterns=("*.sqlite", "*.sqlite3"),
            example="sqlite3 jobs.sqlite '.import --csv jobs.csv jobs'",
        ),
        ReaderSpec(
            name="jsonl",
            summary="JSON lines: an object in each line; of a search engine's hit its _source",
            factory="anonkit_std.readers.json_lines:JsonLinesReader",
            patterns=("*.jsonl", "*.ndjson", "*.json"),
            example="condor_history -jsonl > jobs.jsonl",
        ),
        ReaderSpec(
            name="json",
            summary="JSON: an array of objects, or objects one after the other; the answer of a search engine",
            factory="anonkit_std.readers.json_array:JsonReader",
            patterns=("*.json",),
            example="condor_history -json > jobs.json",
        ),
        ReaderSpec(
            name="classad",
            summary="ads of HTCondor in the long form, and history files",
            factory="anonkit_std.readers.classad_long:ClassAdReader",
            patterns=("history", "history.*", "*.long", "*.ads"),
            example="condor_history -long > jobs.long",
        ),
        ReaderSpec(
            name="classad_new",
            summary="new ClassAds of HTCondor, each in brackets",
            factory="anonkit_std.readers.classad_new:ClassAdNewReader",
            patterns=("*.ads", "*.ad", "*.classad"),
            example="condor_q -allusers -long:new > jobs.ads",
        ),
        ReaderSpec(
            name="classad_xml",
            summary="ads of HTCondor as XML",
            factory="anonkit_std.readers.classad_xml:ClassAdXmlReader",
            example="condor_history -xml > jobs.xml",
        ),
        ReaderSpec(
            name="sacct",
            summary="what Slurm's sacct --parsable2 prints",
            factory="anonkit_std.readers.sacct:SacctReader",
            patterns=("*sacct*",),
            example="sacct --allusers --parsable2 --format=ALL --starttime=2024-01-01 > sacct.txt",
        ),
        ReaderSpec(
            name="swf",
            summary="traces in the Standard Workload Format",
            factory="anonkit_std.readers.swf:SwfReader",
            patterns=("*.swf",),
            example="a trace of the Parallel Workloads Archive: trace.swf.gz",
        ),
        ReaderSpec(
            name="csv",
            summary="comma-separated values, with a header",
            factory="anonkit_std.readers.comma_separated:CsvReader",
            patterns=("*.csv",),
            example="duckdb jobs.duckdb -csv -c 'FROM jobs' > jobs.csv",
        ),
        ReaderSpec(
            name="tsv",
            summary="tab-separated values, with a header",
            factory="anonkit_std.readers.comma_separated:TsvReader",
            patterns=("*.tsv", "*.tab"),
            example="mysql --batch -e 'SELECT * FROM jobs' > jobs.tsv",
        ),
    )


@hookimpl
def register_anonymizers() -> Iterable[TokenizerSpec | TransformSpec]:
    """Return the tokenizers: user, ip, experiment; and the transforms: secrets, suppress, time_shift, coarsen."""
    from anonkit_std.options.secrets import SecretsOptions
    from anonkit_std.options.tokenizers import EmailOptions, ExperimentOptions, HostOptions, IpOptions, UserOptions
    from anonkit_std.options.transforms import CoarsenOptions, SuppressOptions, TimeShiftOptions

    return (
        TokenizerSpec(
            name="user",
            summary="users by handle: the part of the user column before the @, and wherever it shows in text",
            options=UserOptions,
            factory="anonkit_std.tokenizers.user:UserTokenizer",
            enabled=True,
        ),
        TokenizerSpec(
            name="ip",
            summary="IPv4 and IPv6 addresses, in their column and anywhere in text",
            options=IpOptions,
            factory="anonkit_std.tokenizers.ip:IpTokenizer",
            enabled=True,
        ),
        TokenizerSpec(
            name="experiment",
            summary="experiments named in environments, and known names anywhere in text",
            options=ExperimentOptions,
            factory="anonkit_std.tokenizers.experiment:ExperimentTokenizer",
            enabled=True,
        ),
        TokenizerSpec(
            name="host",
            summary="host names, in full and in short, in columns of hosts and anywhere in text",
            options=HostOptions,
            factory="anonkit_std.tokenizers.host:HostTokenizer",
        ),
        TokenizerSpec(
            name="email",
            summary="e-mail addresses anywhere in text; those of a user become the user's token",
            options=EmailOptions,
            factory="anonkit_std.tokenizers.email:EmailTokenizer",
        ),
        TransformSpec(
            name="secrets",
            summary="blanks passwords, tokens and keys in all text, by the names of variables and by known forms",
            options=SecretsOptions,
            factory="anonkit_std.transforms.secrets:Secrets",
            enabled=True,
        ),
        TransformSpec(
            name="suppress",
            summary="blanks columns, or leaves them out",
            options=SuppressOptions,
            factory="anonkit_std.transforms.suppress:Suppress",
        ),
        TransformSpec(
            name="time_shift",
            summary="puts all times back by one secret number of weeks",
            options=TimeShiftOptions,
            factory="anonkit_std.transforms.time_shift:TimeShift",
        ),
        TransformSpec(
            name="coarsen",
            summary="rounds numbers and times down, and holds them below a limit",
            options=CoarsenOptions,
            factory="anonkit_std.transforms.coarsen:Coarsen",
        ),
    )


@hookimpl
def register_reporters() -> Iterable[ReporterSpec]:
    """Return the reporters: summary, failed_users, site_jobs, cmd_env_report, dataset, swf, batsim."""
    from anonkit_std.options.dataset import DatasetOptions
    from anonkit_std.options.reporters import CmdEnvReportOptions, FailedUsersOptions, SiteJobsOptions, SummaryOptions
    from anonkit_std.options.workloads import BatsimOptions, SwfOptions

    return (
        ReporterSpec(
            name="summary",
            summary="users, addresses and which user came from which address",
            options=SummaryOptions,
            factory="anonkit_std.reporters.summary:SummaryReporter",
            enabled=True,
        ),
        ReporterSpec(
            name="failed_users",
            summary="users whose jobs started and never completed",
            options=FailedUsersOptions,
            factory="anonkit_std.reporters.failed_users:FailedUsersReporter",
            enabled=True,
        ),
        ReporterSpec(
            name="site_jobs",
            summary="the row records of one site, or of each",
            options=SiteJobsOptions,
            factory="anonkit_std.reporters.site_jobs.reporter:SiteJobsListing",
            enabled=True,
        ),
        ReporterSpec(
            name="cmd_env_report",
            summary="command and environment of every job, as text",
            options=CmdEnvReportOptions,
            factory="anonkit_std.reporters.text_report.reporter:CmdEnvReport",
            enabled=True,
        ),
        ReporterSpec(
            name="dataset",
            summary="the anonymized rows as parquet, with a dictionary of the columns",
            options=DatasetOptions,
            factory="anonkit_std.reporters.dataset.reporter:Dataset",
        ),
        ReporterSpec(
            name="swf",
            summary="a trace of the jobs in the Standard Workload Format",
            options=SwfOptions,
            factory="anonkit_std.reporters.workload.swf:SwfReporter",
        ),
        ReporterSpec(
            name="batsim",
            summary="a workload of the jobs for the simulator Batsim",
            options=BatsimOptions,
            factory="anonkit_std.reporters.workload.batsim:BatsimReporter",
        ),
    )


@hookimpl
def register_encoders() -> Iterable[EncoderSpec]:
    """Return the encoder: compression."""
    from anonkit_std.options.reporters import CompressionOptions

    return (
        EncoderSpec(
            name="compression",
            summary="compresses the outputs as they are written, or packs them into one archive",
            options=CompressionOptions,
            factory="anonkit_std.encoders.compression:Compression",
        ),
    )
