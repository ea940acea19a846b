"""Words about papers for a terminal, which nothing in them can steer."""

from __future__ import annotations

from ui.html.plain_text import readable
from vectorstore.records import Paper


def terminal_text(text: str) -> str:
    """Return `text` on one line, without anything that could steer a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in readable(text)).split())


def details(paper: Paper) -> str:
    """Return where and when the paper appeared, in brackets; empty where neither is known."""
    known = (paper.organization, paper.published and paper.published.isoformat())
    shown = ", ".join(terminal_text(detail) for detail in known if detail)
    return f"  ({shown})" if shown else ""
