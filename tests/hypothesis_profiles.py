"""How many examples a property is tried on: few in `make test`, many in `make fuzz`."""

from __future__ import annotations

import os

from hypothesis import settings

__all__ = ["many_examples"]

# Time limits for examples would measure the machine; benchmarks/ measures what must be fast.
# `make test` gives one answer for one tree, since its examples are the same in each run; `make fuzz` draws new ones.
settings.register_profile("quick", deadline=None, max_examples=50, derandomize=True)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

many_examples = settings(max_examples=2 * settings().max_examples)
"""Decorates a property that parses or replaces text: its inputs differ in so many ways that a few say little."""
