"""What workers need in nearly every run: imported once, by the server that they fork off.

The server may start before the configuration is known. So it takes the plugins that are switched on unless something
else is said, and of these ours alone, which start no threads; workers import the others for themselves.
"""

from importlib import import_module

from anonkit.plugin.registry import SECTIONS, discover

__all__ = ["modules"]


def modules() -> list[str]:
    """Return the modules of the plugins."""
    registry = discover()
    offered = [one for section in SECTIONS for one in registry.section(section).values()]
    ours = [one.type.factory for one in offered if one.package == "anonkit" and one.type.enabled]
    return sorted({place.partition(":")[0] for place in ours if isinstance(place, str)})


for _module in ("anonkit.engine.passes", *modules()):
    import_module(_module)
