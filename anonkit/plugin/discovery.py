"""Finding the installed plugins.

A plugin package names a module under the entry-point group ``anonkit``:

    [project.entry-points.anonkit]
    mine = "my_package"

That module implements one or more of the hooks in `anonkit.plugin.hooks`. A package that cannot be imported, a hook
that fails, a specification that is not right or has the name of another: each becomes a `Broken` with the reason. It
spoils no help page and no run that does not use it.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import attrs
import pluggy

from anonkit.errors import nearest
from anonkit.plugin import hooks as hookspecs
from anonkit.plugin.api_version import OtherVersion, check_version
from anonkit.plugin.guard import guarded_output, innermost
from anonkit.plugin.hooks import TokenizerSpec, TransformSpec
from anonkit.plugin.registry import SECTIONS, Broken, Installed, Registry
from anonkit.plugin.validation import check_spec

__all__ = ["BLOCK_VARIABLE", "GROUP", "OFFERS", "blocked_packages", "discover", "package_names"]

GROUP = "anonkit"
BLOCK_VARIABLE = "ANONKIT_BLOCK_PLUGINS"
"""Packages to leave out, with commas between them."""
OFFERS = (*SECTIONS, "commands", "roles", "profiles")
"""The sections of the registry; a hook fills each."""


@attrs.frozen
class _Package:
    """An entry point's package."""

    name: str
    version: str
    key: str
    """The package's name for pluggy: two packages may name their entry points alike."""
    module: str
    """The top-level package of its code."""

    @classmethod
    def from_entry_point(cls, entry: EntryPoint) -> _Package:
        module = entry.value.partition(":")[0].partition(".")[0]
        if entry.dist is None:
            return cls(entry.name, "?", entry.name, module)
        return cls(entry.dist.name, entry.dist.version, f"{entry.dist.name}:{entry.name}", module)


def blocked_packages(variable: str | None = None) -> tuple[str, ...]:
    """Return the packages that ``ANONKIT_BLOCK_PLUGINS`` names, or the text given instead of its value."""
    text = os.environ.get(BLOCK_VARIABLE, "") if variable is None else variable
    return tuple(filter(None, map(str.strip, text.split(","))))


def discover(
    entries: Iterable[EntryPoint] | None = None,
    *,
    block: Collection[str] | None = None,
    sections: Collection[str] = OFFERS,
) -> Registry:
    """Return every plugin offered by installed packages, in the order of the entry points' names.

    `block` names packages, or their entry points, that are left out without being imported; None: those that
    ``ANONKIT_BLOCK_PLUGINS`` names. `entries` replaces the entry points of this Python, for tests. Hooks of other
    `sections` than those given are not called; the registry holds none of their plugins, nor why one is broken.
    """
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    blocked = _names(blocked_packages() if block is None else block)
    left_out: list[str] = []
    broken: list[Broken] = []
    packages: list[_Package] = []
    chosen = entry_points(group=GROUP) if entries is None else entries
    for entry in sorted(chosen, key=lambda entry: (entry.name, entry.value)):
        package = _Package.from_entry_point(entry)
        if blocked & _names((package.name, entry.name)):
            manager.set_blocked(package.key)
            left_out.append(package.name)
            continue
        try:
            with guarded_output():
                _register(manager, entry, package)
        except OtherVersion as error:
            broken.append(Broken(package.name, str(error), is_of_other_version=True))
        except (Exception, SystemExit) as error:  # a package may raise anything while it is imported
            broken.append(Broken(package.name, _reason(error, package)))
        else:
            packages.append(package)
    offered = [plugin for package in packages for plugin in _offers(manager, package, sections, broken)]
    return _unique(offered, broken, tuple(dict.fromkeys(left_out)))


def package_names() -> set[str]:
    """Return the names by which installed plugin packages can be blocked, with dashes and in lower case."""
    entries = entry_points(group=GROUP)
    return _names((*(entry.name for entry in entries), *(entry.dist.name for entry in entries if entry.dist)))


def _names(names: Iterable[str]) -> set[str]:
    """Return names of packages in the one form that dashes, underscores and letter case come to."""
    return {name.casefold().replace("_", "-") for name in names}


def _register(manager: pluggy.PluginManager, entry: EntryPoint, package: _Package) -> None:
    plugin = entry.load()
    if isinstance(plugin, type):
        raise TypeError(f"the entry point {entry.name!r} names a class; it must name the module with the hooks")
    check_version(plugin, package.name)
    manager.register(plugin, name=package.key)
    try:
        manager.check_pending()
    except pluggy.PluginValidationError:
        raise TypeError(_misspelt(manager, plugin)) from None
    finally:
        callers = manager.get_hookcallers(plugin)
        if not callers or any(not caller.has_spec() for caller in callers):
            manager.unregister(plugin)
    if not callers:
        hooks = ", ".join(f"register_{offer}" for offer in OFFERS)
        raise TypeError(f"{entry.value} implements no hook ({hooks}); is @hookimpl missing?")


def _misspelt(manager: pluggy.PluginManager, plugin: object) -> str:
    known = [f"register_{offer}" for offer in OFFERS]
    unknown = [caller.name for caller in manager.get_hookcallers(plugin) or () if not caller.has_spec()]
    return "; ".join(f"there is no hook {name!r}{nearest(name, known)}" for name in unknown)


def _offers(
    manager: pluggy.PluginManager, package: _Package, sections: Collection[str], broken: list[Broken]
) -> Iterator[tuple[str, Installed[Any]]]:
    """Yield the specifications of a package, by section; its hooks are called alone, so a failure harms no other."""
    others = [plugin for name, plugin in manager.list_name_plugin() if name != package.key and plugin is not None]
    for section in sections:
        hook = f"register_{section}"
        if not any(
            implementation.plugin_name == package.key for implementation in getattr(manager.hook, hook).get_hookimpls()
        ):
            continue
        try:
            with guarded_output():
                given = manager.subset_hook_caller(hook, others)()
                if not given:  # pluggy drops a None
                    raise TypeError("it gave None; return a list of specifications")
                specs = [spec for implementation in given for spec in _several(implementation)]
        except (Exception, SystemExit) as error:  # as above
            broken.append(Broken(package.name, f"{hook}: {_reason(error, package)}"))
            continue
        for spec in specs:
            fault = _fault(section, spec, package)
            if fault is not None:
                broken.append(fault)
            else:
                yield section, Installed(package.name, package.version, spec)


def _several(given: Any) -> Sequence[Any]:
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise TypeError(f"gave a {type(given).__name__}; return a list of specifications")
    return list(given)


def _fault(section: str, spec: Any, package: _Package) -> Broken | None:
    try:
        with guarded_output():
            check_spec(section, spec)
    except (Exception, SystemExit) as error:  # an options class may run code of its own
        name = getattr(spec, "name", "")
        plugin = f"{section}.{name}" if isinstance(name, str) and name else ""
        return Broken(package.name, f"register_{section}: {_reason(error, package)}", plugin, hides=_hides(spec))
    return None


def _hides(spec: Any) -> bool:
    return isinstance(spec, (TokenizerSpec, TransformSpec)) and spec.enabled is True


def _reason(error: BaseException, package: _Package) -> str:
    where = innermost(error, package.module)
    return f"{type(error).__name__}: {error}{f' (at {where})' if where else ''}"


def _unique(offered: list[tuple[str, Installed[Any]]], broken: list[Broken], blocked: tuple[str, ...]) -> Registry:
    """Return the registry of all plugins with a name of their own; no other package takes a name of anonkit's."""
    claims: dict[tuple[str, str], list[Installed[Any]]] = {}
    for section, installed in offered:
        claims.setdefault((section, installed.type.name), []).append(installed)
    unique: dict[str, dict[str, Installed[Any]]] = {section: {} for section in OFFERS}
    for (section, name), plugins in claims.items():
        owner = _owner(plugins)
        if owner is not None:
            unique[section][name] = owner
        broken += _left_out(f"{section}.{name}", plugins, [plugin for plugin in plugins if plugin is not owner])
    return Registry(**unique, broken=tuple(broken), blocked=blocked)


def _owner(plugins: Sequence[Installed[Any]]) -> Installed[Any] | None:
    """Return the one of several plugins of a name that has it: anonkit's own, or the only one."""
    shipped = [plugin for plugin in plugins if plugin.is_shipped]
    candidates = shipped or plugins
    return candidates[0] if len(candidates) == 1 else None


def _left_out(place: str, plugins: Sequence[Installed[Any]], left_out: Sequence[Installed[Any]]) -> Iterator[Broken]:
    """Yield a fault for each package with a plugin that is left out because of its name."""
    hiding = {plugin.package for plugin in left_out if _hides(plugin.type)}
    reason = _taken(place.rpartition(".")[2], plugins)
    for package in dict.fromkeys(plugin.package for plugin in left_out):
        yield Broken(package, reason, place, clashes=True, hides=package in hiding)


def _taken(name: str, plugins: Sequence[Installed[Any]]) -> str:
    if any(plugin.is_shipped for plugin in plugins):
        return f"the name {name!r} is taken by a plugin that comes with anonkit"
    packages = " and ".join(dict.fromkeys(plugin.package for plugin in plugins))
    return f"the name {name!r} is claimed by {packages}; uninstall or --block all but one of them"
