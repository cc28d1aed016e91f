from __future__ import annotations

from hypothesis import settings

# Example-based time limits only measure the machine; what must be fast is measured in benchmarks/.
settings.register_profile("anonkit", deadline=None)
settings.load_profile("anonkit")
