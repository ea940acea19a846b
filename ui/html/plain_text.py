"""Shows text that nobody vouches for as the text it is, whatever it looks like.

Owns escaping. Abstracts, titles, questions and what a model writes all pass through here once, on
their way into HTML; nothing on the page interprets Markdown, LaTeX or markup in them. Invariant:
what a browser shows is the text less the characters named below.
"""

from __future__ import annotations

import html
import re

# Embeddings, overrides and isolates: they can make a quote read differently from what it says.
# Right-to-left text needs none of them, the browser takes its direction from its letters.
# Tag characters show nothing at all, and carry text to whoever a quote is pasted for.
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
# A lone surrogate cannot be sent as UTF-8, and a NUL is not allowed in HTML.
_UNSENDABLE = re.compile("[\x00\ud800-\udfff]")


def readable(text: str) -> str:
    """Return `text` without what hides or turns it, and with U+FFFD for what cannot be sent."""
    return _UNSENDABLE.sub("\ufffd", _HIDDEN.sub("", text))


def escaped(text: str) -> str:
    """Return `text` escaped for an attribute's value, or for an element that isolates its own
    direction.
    """
    return html.escape(readable(text))


def text_html(text: str) -> str:
    """Return `text` escaped and set apart, so that its direction cannot leak into its
    surroundings.
    """
    return f"<bdi>{escaped(text)}</bdi>"
