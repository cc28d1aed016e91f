"""Hooks of anonkit-web-logs. Every help page imports this module, so it must stay cheap."""

from __future__ import annotations

from anonkit.api import ReaderSpec, ReporterSpec, TokenizerSpec, hookimpl, option, options

ANONKIT_API = "1.0"
"""The version of the plugin API that this package is made for."""


@options
class LogOptions:
    """`[readers.web_log]`."""

    encoding: str = option("utf-8", help="encoding of the files")


@options
class VisitorOptions:
    """`[anonymizers.visitor]`."""

    columns: tuple[str, ...] = option(("remote_host", "account"), help="columns that name a visitor")


@options
class HitsOptions:
    """`[reporters.web_hits]`."""

    top: int = option(20, help="how many paths to list", flag="--hits-top", metavar="N", minimum=1)
    file: str = option("web_hits.csv", help="name of the output", file_name=True)


@hookimpl
def register_readers() -> list[ReaderSpec]:
    """Return the reader of logs."""
    return [
        ReaderSpec(
            name="web_log",
            summary="the combined log of a web server",
            options=LogOptions,
            factory="anonkit_web_logs.reader:LogReader",
            patterns=("access.log", "access.log.*", "*.access"),
            example="cp /var/log/nginx/access.log data/",
        ),
    ]


@hookimpl
def register_anonymizers() -> list[TokenizerSpec]:
    """Return the tokenizer of visitors."""
    factory = "anonkit_web_logs.tokenizer:VisitorTokenizer"
    return [TokenizerSpec(name="visitor", summary="tokens for visitors", options=VisitorOptions, factory=factory)]


@hookimpl
def register_reporters() -> list[ReporterSpec]:
    """Return the reporter of hits."""
    factory = "anonkit_web_logs.reporter:WebHits"
    return [ReporterSpec(name="web_hits", summary="hits by path, as CSV", options=HitsOptions, factory=factory)]
