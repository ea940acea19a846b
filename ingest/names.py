"""Which names of files that come from elsewhere can be shown and stored: names are never paths."""

from __future__ import annotations

import re
import unicodedata

LONGEST_MEMBER_NAME = 1_000  # folders included
TURNING = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")  # Unicode's own names

_DRIVE = re.compile("[A-Za-z]:")


def plays_tricks(character: str) -> bool:
    """Tell whether a character breaks the line, is none, or turns the direction of the others."""
    category, direction = unicodedata.category(character), unicodedata.bidirectional(character)
    return category in ("Cc", "Cs", "Zl", "Zp") or direction in TURNING


def member_name_problem(name: str) -> str:
    """Return why a file of an archive cannot be known by this name, empty where it can.

    Folders inside the archive may go before it, with "/" after each.
    """
    if len(name) > LONGEST_MEMBER_NAME:
        return f"its name has {len(name):,} characters"
    if any(map(plays_tricks, name)):
        return "its name has control characters"
    if "\\" in name:
        return "its name has backslashes"
    if name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
        return "its name is a path out of the archive"
    return ""
