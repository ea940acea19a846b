"""Whether what the server said in `benchmarks.soak` was to be expected.

Owns the reasons: each is a fault that the soak itself brings about.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

REASONS = (
    ("a killed server left papers that were not indexed", r"Finishing what an earlier run began\."),
)


def explained(complaints: Path) -> Counter[str]:
    """Return how many lines each reason explains."""
    reasons = (_reason(line) for line in _lines(complaints))
    return Counter(reason for reason in reasons if reason)


def unexplained(complaints: Path) -> list[str]:
    """Return the lines that no reason explains, each once."""
    return list(dict.fromkeys(line for line in _lines(complaints) if not _reason(line)))


def traces(log: Path) -> list[str]:
    """Return the errors of a server's logs with what they went through, each line as it stands."""
    found: list[str] = []
    is_error = False
    files = sorted(log.parent.glob(f"{log.name}*"))  # those before it too
    for line in (line for file in files for line in file.read_text("utf-8").splitlines()):
        is_error = " ERROR " in line or (is_error and line.startswith(" "))
        found += [line] if is_error else []
    return found


def _lines(complaints: Path) -> list[str]:
    return [line for line in complaints.read_text("utf-8").splitlines() if line.strip()]


def _reason(line: str) -> str:
    return next((reason for reason, pattern in REASONS if re.search(pattern, line)), "")
