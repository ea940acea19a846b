"""What is asked of arXiv: the user's words in the language of its search, and a range of days."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date, datetime

MOST_PAPERS = 30_000  # arXiv pages through no more
LONGEST_NAME = 40

_FIELD = re.compile(r"\b(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate|lastUpdatedDate):")
_TOKEN = re.compile(r'"[^"]*"|[()]|[^\s()"]+')
_OPERATORS = frozenset({"AND", "OR", "ANDNOT"})
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class ArxivQuery:
    """Papers submitted from `since` to `until`, both inclusive, that match `text`.

    Of those the newest, `limit` at most. `text` is plain words or arXiv's own syntax, which has a
    field before every word: `cat:cs.CL AND ti:bread`.
    """

    text: str
    since: date | None = None
    until: date | None = None
    limit: int = 1_000

    @property
    def name(self) -> str:
        """Return what a folder of its papers is called; `limit` is no part of it."""
        words = "-".join(re.findall("[a-z0-9]+", self.text.lower()))[:LONGEST_NAME].strip("-")
        asked = json.dumps([terms(self.text), str(self.since), str(self.until)])
        return f"{words or 'query'}-{hashlib.sha256(asked.encode()).hexdigest()[:8]}"

    def search(self, begun: datetime) -> str:
        """Return it as `search_query`.

        An open range ends when the fetch had `begun`, so that pages stay the same to its end.
        """
        if not (self.since or self.until):
            return terms(self.text)
        first = f"{self.since:%Y%m%d}0000" if self.since else "199101010000"
        last = f"{self.until:%Y%m%d}2359" if self.until else f"{begun:%Y%m%d%H%M}"
        return f"({terms(self.text)}) AND submittedDate:[{first} TO {last}]"


def terms(text: str) -> str:
    """Return plain words as terms that all must be found in any field; empty where there are none.

    Quoted words stay a phrase; AND, OR, ANDNOT and brackets keep their meaning. What already names
    a field is returned as it is.
    """
    if _FIELD.search(text):
        return " ".join(text.split())
    found: list[str] = []
    for token in _TOKEN.findall(text):
        term = token if token in _OPERATORS or token in ("(", ")") else _term(token)
        joined = not found or found[-1] in _OPERATORS or found[-1] == "("
        if term and not joined and term not in _OPERATORS and term != ")":
            found.append("AND")
        found += [term] if term else []
    return (
        " ".join(found).replace("( ", "(").replace(" )", ")") if any(map(_is_term, found)) else ""
    )


def _term(token: str) -> str:
    """Return the term of a word or phrase without the signs that arXiv's search takes for its own.

    A word with a hyphen is a phrase: arXiv finds it by its parts.
    """
    words = _WORD.findall(token)
    return f'all:"{" ".join(words)}"' if len(words) > 1 else "".join(f"all:{w}" for w in words)


def _is_term(token: str) -> bool:
    return token.startswith("all:")
