"""Puts the project's folder on the import path: `benchmarks` is not among what it installs."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))
