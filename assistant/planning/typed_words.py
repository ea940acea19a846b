"""Words as people type them in a hurry, spelled out: "wich papers r abt" and "pls"."""

from __future__ import annotations

import re

_SPELLED_OUT = {
    "abt": "about",
    "artical": "article",
    "articals": "articles",
    "pappers": "papers",
    "paprs": "papers",
    "plz": "please",
    "pls": "please",
    "ppl": "people",
    "smth": "something",
    "sth": "something",
    "thx": "thanks",
    "u": "you",
    "wat": "what",
    "wich": "which",
    "wut": "what",
    "y": "why",
}
_TYPED = re.compile(rf"\b(?:{'|'.join(_SPELLED_OUT)})\b")


def spelled_out(question: str) -> str:
    """Return `question` with such words in full, if they are typed in lower case."""
    return _TYPED.sub(lambda match: _SPELLED_OUT[match.group()], question)
