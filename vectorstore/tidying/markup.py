"""Tags and entities of HTML, JATS and MathML, taken out of a text.

Only names that these languages have are tags: "<kernel>" and "p < 0.05" are words of the paper.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.entities import html5

from vectorstore.tidying.alignment import Edit

# What a browser puts on a line of its own, or between two words.
_BLOCKS = "p|br|hr|div|li|ul|ol|dl|dt|dd|sec|tr|td|th|table|h[1-6]|list|list-item|disp-formula"
_HEADINGS = "title|label"  # of a part of an abstract: "Background"
_INLINE = "i|b|u|em|strong|italic|bold|sub|sup|sc|span|font|small|big|tt|code|a|inline-formula|math"
_INLINE += "|tex-math|alternatives|img|script|style|svg"
_FORMATS = "jats|mml|m|x?html|ns[0-9]"

# Every repeat ends at the next "<" and is possessive, so that time is linear in the text.
_PIECE = re.compile(
    r"(?P<comment><!--(?:[^-<]|-(?!->)|<(?!!--))*+-->|<!\[CDATA\[|\]\]>)"
    rf"|(?P<tag><(?P<close>/?)(?:(?:{_FORMATS}):(?P<format>[a-z-]{{1,30}}+)"
    rf"|(?P<name>(?:{_BLOCKS}|{_HEADINGS}|{_INLINE})(?![\w:-])))"
    r"(?:\s[^<>=]{0,60}+=[^<>]{0,500}+|\s*+/?)>)"
    r"|(?P<entity>&(?P<twice>(?:amp;)*+)"
    r"(?P<sign>(?:\#\d{1,7}+|\#x[0-9a-f]{1,6}+|[a-z][a-z0-9]{1,31}+);)?)",
    re.IGNORECASE,
)
_BLOCK = re.compile(f"(?:{_BLOCKS})", re.IGNORECASE)
_HEADING = re.compile(f"(?:{_HEADINGS})", re.IGNORECASE)


def markup_edits(text: str) -> Iterator[Edit]:
    """Yield what stands for each tag and entity in plain text."""
    if "<" not in text and "&" not in text and "]]>" not in text:
        return
    for match in _PIECE.finditer(text):
        if match["entity"]:
            yield Edit(*match.span(), _decoded(match))
        else:
            yield Edit(*match.span(), _in_place_of_tag(match) if match["tag"] else "")


def _decoded(match: re.Match[str]) -> str:
    """Return what an entity means, also one whose "&" was written as an entity in its turn."""
    sign = match["sign"] or ""
    if sign.startswith("#"):
        return html.unescape(f"&{sign}")
    return html5.get(sign, f"&{sign}")


def _in_place_of_tag(match: re.Match[str]) -> str:
    name = match["format"] or match["name"]
    if _BLOCK.fullmatch(name):
        return " "
    if _HEADING.fullmatch(name):
        return ": " if match["close"] else " "
    if name.lower() == "sup" and not match["close"] and _is_power(match):
        return "^"
    return ""


def _is_power(match: re.Match[str]) -> bool:
    """Tell whether a raised number follows something that it could run together with."""
    text, start, end = match.string, match.start(), match.end()
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return (before.isalnum() or before in (")", "]")) and (
        after.isdigit() or after in ("-", "+", "−")
    )
