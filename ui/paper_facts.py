"""What is shown of a paper beside its title, abstract and date, in the words that all views share.

Owns the addresses of identifiers and the names of languages and of what is suspicious. Nothing is
said of what is not known. Invariant: an address is made only from a valid identifier.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

from vectorstore import identifiers as valid
from vectorstore.records import Paper

_LANGUAGES = dict(
    pair.split(":")
    for pair in (
        "ar:Arabic bg:Bulgarian ca:Catalan cs:Czech da:Danish de:German el:Greek es:Spanish"
        " et:Estonian fa:Persian fi:Finnish fr:French he:Hebrew hi:Hindi hr:Croatian hu:Hungarian"
        " id:Indonesian it:Italian ja:Japanese ko:Korean lt:Lithuanian lv:Latvian nl:Dutch"
        " no:Norwegian pl:Polish pt:Portuguese ro:Romanian ru:Russian sk:Slovak sl:Slovenian"
        " sr:Serbian sv:Swedish th:Thai tr:Turkish uk:Ukrainian ur:Urdu vi:Vietnamese zh:Chinese"
    ).split()
)
_SUSPICIONS = {
    "zero-width": "invisible characters",
    "bidirectional": "characters that turn text round",
    "hidden": "hidden text",
    "look-alike": "letters of another alphabet that look like Latin ones",
    "repeated": "the same words over and over",
    "instruction": "text that addresses a model",
}


class Identifier(NamedTuple):
    """An identifier as it is shown, and where it leads."""

    shown: str
    address: str


def linked_identifiers(paper: Paper) -> Iterator[Identifier]:
    """Yield the paper's arXiv id and DOI, as far as they are known and valid."""
    if arxiv_id := valid.arxiv_id(paper.arxiv_id or ""):
        yield Identifier(f"arXiv:{arxiv_id}", f"https://arxiv.org/abs/{arxiv_id}")
    if doi := valid.doi(paper.doi or ""):
        yield Identifier(f"doi:{doi}", f"https://doi.org/{quote(doi, safe='/:;().-')}")


def identifiers(paper: Paper) -> tuple[str, ...]:
    """Return the same as texts."""
    return tuple(identifier.shown for identifier in linked_identifiers(paper))


def is_identifier(url: str, paper: Paper) -> bool:
    """Tell whether the address is that of the paper's arXiv id or DOI, in whatever form."""
    named = (valid.arxiv_id(url), valid.doi(url))
    return any(name and name in (paper.arxiv_id, paper.doi) for name in named)


def foreign_language(paper: Paper) -> str:
    """Return the language of the abstract by its name; empty where it is English or not known."""
    if not paper.language or paper.language == "en":
        return ""
    return _LANGUAGES.get(paper.language, paper.language)


def suspicion(paper: Paper) -> str:
    """Return what the paper's texts have that a reader would want to know of, as a clause."""
    found = [_SUSPICIONS.get(name, name) for name in paper.suspicious]
    return f"has {_listing(found)}" if found else ""


def shortened(names: Sequence[str], most: int) -> tuple[tuple[str, ...], str]:
    """Return the first names, and how many more there are in words."""
    more = len(names) - most
    return tuple(names[:most]), f" and {more:,} more" if more > 0 else ""


def _listing(items: Sequence[str]) -> str:
    *most, last = items
    return f"{', '.join(most)} and {last}" if most else last
