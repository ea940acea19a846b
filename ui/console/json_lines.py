"""JSON for other programs, one object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import IO


def print_json(value: Mapping[str, object], stream: IO[str] | None = None) -> None:
    """Write an object as a line, on stdout where no stream is named.

    Straight to the stream: rich would wrap long lines. In ASCII, so that any output takes it.
    """
    (stream or sys.stdout).write(json.dumps(value) + "\n")
