from __future__ import annotations

import sys
from pathlib import Path

# The slow references that fast paths are compared with are modules beside the tests.
sys.path.insert(0, str(Path(__file__).parent))
