"""The identifiers of papers, each in one form: arXiv ids without their version, DOIs in lower case.

arXiv's own DOIs (10.48550/arXiv.…) are its ids written another way, and are taken as those.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

# https://info.arxiv.org/help/arxiv_identifier.html: since April 2007, and before.
_NEW_ID = r"\d{4}\.\d{4,5}"
_OLD_ID = r"[a-z-]+(?:\.[a-z]{2})?/\d{7}"
_ARXIV_ID = re.compile(rf"(?P<id>{_NEW_ID}|{_OLD_ID})(?:v\d+)?", re.IGNORECASE)
_ARXIV_PLACE = re.compile(
    r"(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|(?:https?://)?(?:dx\.)?"
    r"(?:doi\.org/|doi:\s*)?10\.48550/arxiv\.|arxiv\s*:\s*",
    re.IGNORECASE,
)
_DOI_PLACE = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi\s*:\s*", re.IGNORECASE)
# https://www.crossref.org/blog/dois-and-matching-regular-expressions/, any registrant.
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>\ud800-\udfff]{1,200}")
_TRAILING = ".,;:)]}"
_OPENING = {")": "(", "]": "[", "}": "{"}


def arxiv_id(text: str) -> str | None:
    """Return the arXiv id that `text` is, bare, with a version, in an address or as a DOI."""
    place = _ARXIV_PLACE.match(text.strip())
    bare = text.strip()[place.end() if place else 0 :].removesuffix(".pdf")
    found = _ARXIV_ID.fullmatch(bare)
    return found["id"].lower() if found else None


def doi(text: str) -> str | None:
    """Return the DOI that `text` is, bare or in an address; None for arXiv's, which are its ids."""
    stripped = text.strip()
    place = _DOI_PLACE.match(stripped)
    bare = unquote(stripped[place.end() :]) if place else stripped
    found = _DOI.fullmatch(_without_trailing(bare))
    return found[0].lower() if found and arxiv_id(text) is None else None


def _without_trailing(text: str) -> str:
    """Return `text` without the signs of the sentence around it; brackets of its own stay."""
    while text.endswith(tuple(_TRAILING)):
        last = text[-1]
        if last in _OPENING and text.count(_OPENING[last]) >= text.count(last):
            break
        text = text[:-1]
    return text
