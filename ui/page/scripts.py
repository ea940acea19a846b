"""The files that the browser gets: scripts and styles of the page."""

from __future__ import annotations

from pathlib import Path

ASSETS = Path(__file__).parent / "assets"


def script(*names: str) -> str:
    """Return the text of a script, or of several that run one after the other as one."""
    return "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in names)
