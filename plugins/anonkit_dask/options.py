"""The options of the executor. They have a module of their own, so that `--help` does not import dask."""

from __future__ import annotations

import re

import attrs

from anonkit.api import option

__all__ = ["DaskOptions"]

# A scheme, a host and a port.
_ADDRESS = re.compile(r"(?:(?:tcp|tls|ucx|wss?)://)?[^/\s]+:[0-9]+")


@attrs.frozen(kw_only=True)
class DaskOptions:
    """`[executors.dask]`."""

    address: str | None = option(
        None,
        help="the scheduler of a running cluster; not set: start [run] workers on this machine",
        flag="--dask-address",
        metavar="tcp://HOST:PORT",
    )
    shared_files: bool | None = option(
        None, help="whether workers see the output folder under the same path; not set: only those on this machine"
    )
    timeout: int = option(30, help="seconds to wait for the scheduler to answer", minimum=1)

    def __attrs_post_init__(self) -> None:
        if self.address is not None and not _ADDRESS.fullmatch(self.address):
            raise ValueError(
                f"address = {self.address!r} is not the address of a dask scheduler; write tcp://HOST:PORT, "
                "as the scheduler says itself when it starts"
            )
