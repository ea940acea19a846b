"""What bibliographies say in several places or among other words: dates, addresses, ids, counts."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.readers.fields import Dated, read_date
from vectorstore.identifiers import arxiv_id
from vectorstore.records import ID_DIGITS, DatePrecision

LONGEST_COUNT = 6  # digits
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_EXPORT_ID = re.compile(rf"[0-9a-f]{{{ID_DIGITS}}}")

_PRECISIONS = (DatePrecision.DAY, DatePrecision.MONTH, DatePrecision.YEAR)


def finest(dates: Iterable[str]) -> Dated | None:
    """Return the date of which most is known, the first of several."""
    best: Dated | None = None
    for dated in filter(None, map(read_date, dates)):
        if best is None or _PRECISIONS.index(dated.precision) < _PRECISIONS.index(best.precision):
            best = dated
        if best.precision is DatePrecision.DAY:
            break
    return best


def web_address(text: str) -> str | None:
    """Return the first web address in `text`; paths of files on a disk are none."""
    found = _ADDRESS.search(text)
    return found[0] if found else None


def arxiv_id_in(texts: Iterable[str]) -> str | None:
    """Return the first arXiv id that one of the texts is, or names as "arXiv:2403.00001"."""
    for text in texts:
        words = (word for word in text.split() if word.lower().startswith("arxiv:"))
        if found := next(filter(None, map(arxiv_id, [text, *words])), None):
            return found
    return None


def count(text: str) -> int | None:
    """Return a number of authors or comments, None where `text` is none."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_COUNT else None


def export_id(text: str) -> str | None:
    """Return the paper id that an export of ours wrote, None where `text` is none."""
    return text if _EXPORT_ID.fullmatch(text) else None
