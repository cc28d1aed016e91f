"""Plugins of a stranger's package, with an option of every type; nothing of them is ever made."""

from __future__ import annotations

from typing import Any, Literal

import attrs

from anonkit.options import option
from anonkit.plugin.hooks import EncoderSpec, ExecutorSpec, PluginSpec, ReporterSpec, TokenizerSpec, TransformSpec
from anonkit.plugin.registry import Broken, Installed, Registry


@attrs.frozen(kw_only=True)
class HostOptions:
    prefix: str = option("HOST", help="before a host's number")
    domains: dict[str, tuple[str, ...]] = option({}, help="domains by site", secret=True)
    names: tuple[str, ...] = option(("a", "b"), help="hosts by name", flag="--hosts", secret=True)
    code: int = option(0, help="a number that nobody may see", secret=True, minimum=0)


@attrs.frozen(kw_only=True)
class TallyOptions:
    file: str = option("tally.json", help="name of the output", flag="--tally-file", metavar="NAME", file_name=True)
    extra_file: str | None = option(None, help="name of another output", file_name=True)
    top: int = option(10, help="how many to list", flag="--top", minimum=1)
    share: float = option(0.5, help="share to list", minimum=0)
    level: int | None = option(None, help="how deep to look")
    style: Literal["long", "short"] = option("long", help="how to write it", flag="--style")
    tone: Literal["dry", "warm"] | None = option(None, help="how to put it")
    sites: tuple[str, ...] = option((), help="a site to count", flag="--tally-site", flag_appends=True)
    columns: tuple[str, ...] | None = option(None, help="columns to count by", flag="--by")
    labels: dict[str, str] = option({}, help="what to call a column")
    bold: bool = option(False, help="write it bold", flag="--bold")
    meta: bool = option(True, help="write what it is", flag="--tally-meta/--no-tally-meta")


@attrs.frozen(kw_only=True)
class ClusterOptions:
    address: str = option("", help="where the cluster is")

    def __attrs_post_init__(self) -> None:
        if self.address == "nowhere":
            raise ValueError("address: nowhere is no place; name a host")


@attrs.frozen(kw_only=True)
class Empty:
    pass


HOST = TokenizerSpec(name="host", summary="hosts", options=HostOptions, factory="nowhere:Host", enabled=True)
ROUND = TransformSpec(name="round", summary="rounds numbers", factory="nowhere:Round")
TALLY = ReporterSpec(name="tally", summary="counts", options=TallyOptions, factory="nowhere:Tally", enabled=True)
QUIET = ReporterSpec(name="quiet", summary="says nothing", factory="nowhere:Quiet")
CLUSTER = ExecutorSpec(name="cluster", summary="elsewhere", options=ClusterOptions, factory="nowhere:cluster")
SAMPLE = (HOST, ROUND, TALLY, QUIET, CLUSTER)


def registry(*types: PluginSpec, package: str = "their-package", broken: tuple[Broken, ...] = ()) -> Registry:
    """A registry with these plugins, by default all of the sample."""
    sections: dict[str, dict[str, Installed[PluginSpec]]] = {
        "readers": {},
        "anonymizers": {},
        "reporters": {},
        "encoders": {},
        "executors": {},
    }
    for plugin in types or SAMPLE:
        sections[section_of(plugin)][plugin.name] = Installed(package, "1.0", plugin)
    return Registry(**sections, broken=broken)


def section_of(plugin: PluginSpec) -> str:
    if isinstance(plugin, ReporterSpec):
        return "reporters"
    if isinstance(plugin, EncoderSpec):
        return "encoders"
    return "executors" if isinstance(plugin, ExecutorSpec) else "anonymizers"


def reporter(name: str, options: type[Any] = Empty, *, enabled: bool = True) -> ReporterSpec:
    return ReporterSpec(name=name, summary="", options=options, factory="nowhere:Reporter", enabled=enabled)
