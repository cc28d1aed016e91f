"""Making plugin objects from their specifications, each with a guard around its calls."""

from __future__ import annotations

from typing import Any

from anonkit.errors import AnonkitError, ConfigError, PluginError, PluginLoadError
from anonkit.plugin.guard import Guard, guarded_output, or_without
from anonkit.plugin.guarded import guarded
from anonkit.plugin.hooks import PluginSpec, resolve
from anonkit.plugin.sorts import SORTS

__all__ = ["made"]


def made(spec: PluginSpec, options: Any, *more: Any) -> Any:
    """Return the object that a plugin's factory makes of its options, and `more`, with a guard around its calls.

    PluginLoadError when it cannot be imported, PluginError when its factory fails or makes something else.
    """
    sort = SORTS[type(spec)]
    wanted, label = sort.contract, f"{sort.word} {spec.name}"
    factory = _loaded(spec, label)
    if lacking := getattr(factory, "__abstractmethods__", None):
        raise PluginError(f"{label}: its class {factory.__name__} does not implement {', '.join(sorted(lacking))}")
    plugin = _called(factory, spec.name, label, (options, *more))
    if wanted is None and not callable(getattr(plugin, "submit", None)):
        raise PluginError(
            f"{label}: its factory made a {type(plugin).__name__}, which is not an executor: it has no submit"
        )
    if wanted is not None and not isinstance(plugin, wanted):
        raise PluginError(f"{label}: its factory made a {type(plugin).__name__}, not a {wanted.__name__}")
    return guarded(plugin, Guard(label, _top_level(type(plugin))))


def _called(factory: Any, name: str, label: str, arguments: tuple[Any, ...]) -> Any:
    try:
        return Guard(label, _top_level(factory)).call(factory, *arguments)
    except ConfigError as error:
        if name in str(error):
            raise
        raise ConfigError(f"{label}: {error}") from None


def _loaded(spec: PluginSpec, label: str) -> Any:
    try:
        with guarded_output():
            return resolve(spec.factory)
    except AnonkitError:
        raise
    except (Exception, SystemExit) as error:  # a module may raise anything while it is imported
        raise PluginLoadError(
            f"{label}: cannot be loaded ({type(error).__name__}: {error}); install what it needs{or_without(label)}"
        ) from error


def _top_level(made: Any) -> str:
    return str(getattr(made, "__module__", "")).partition(".")[0]
