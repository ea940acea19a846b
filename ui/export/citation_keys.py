"""The keys of BibTeX entries, each from its paper alone: `levain2024bread`.

Invariant: a key is ASCII and names one entry.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ui.export.export_sources import plain_line
from vectorstore.normal_forms import normalised
from vectorstore.question_words import STOP_WORDS
from vectorstore.records import Paper

_KEY_CHARACTERS = 24  # of a word; longer ones are no words
_ID_CHARACTERS = 6  # of a paper's id where two papers would have one key


def citation_keys(papers: Sequence[Paper]) -> tuple[str, ...]:
    """Return a key for each paper, which does not depend on the order: author or title word, year,
    title word.

    Papers that would share one get some of their id, so that all of them stay the same in another
    answer that cites them together.
    """
    plain = [_key(paper) for paper in papers]
    shared = Counter(plain)
    keys: dict[str, None] = {}
    for paper, key in zip(papers, plain, strict=True):
        name = key if shared[key] == 1 else f"{key}-{_ascii(paper.id)[:_ID_CHARACTERS]}"
        keys[_unused(name, keys)] = None
    return tuple(keys)


def library_key(paper: Paper) -> str:
    """Return a key that no other paper of a library has, whichever they are: it ends in the id."""
    return f"{_key(paper)}-{_ascii(paper.id)}"


def _unused(name: str, used: dict[str, None]) -> str:
    numbered = name
    count = 1
    while numbered in used:
        count += 1
        numbered = f"{name}-{count}"
    return numbered


def _key(paper: Paper) -> str:
    words = [word for word in plain_line(paper.title).split() if word.lower() not in STOP_WORDS]
    known = [word for word in map(_ascii, words) if word]
    first = _surname(paper) or "".join(known[:1]) or "paper"
    second = known[:1] if _surname(paper) else known[1:2]
    year = str(paper.published.year) if paper.published else ""
    return first + year + "".join(second)


def _surname(paper: Paper) -> str:
    """Return the first author's last name in ASCII, empty where nobody is known."""
    name = plain_line(paper.authors[0]) if paper.authors else ""
    before_comma = name.partition(",")[0]
    return _ascii("".join(before_comma.split()[-1:]))


def _ascii(text: str) -> str:
    folded = normalised("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", folded)[:_KEY_CHARACTERS]
