"""What a page of arXiv's API says of itself: how many papers it has and there are, or an error.

Invariant: a page is refused before it is stored unless it is a whole Atom feed of search results.
A feed has no use for a document type, so that nothing in it can be expanded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from ingest.feeds.errors import LOG_IN_HINT, EmptyPageError, FeedError, UnreadyError
from ingest.readers.fields import folded

_ATOM = "http://www.w3.org/2005/Atom"
_FEED, _ENTRY = f"{_ATOM} feed", f"{_ATOM} entry"
_TOTAL = "http://a9.com/-/spec/opensearch/1.1/ totalResults"
_ERROR_PARTS = {f"{_ATOM} {name}": name for name in ("id", "title", "summary")}
_LONGEST_WORDS = 300  # characters of an error
_LONGEST_NUMBER = 9  # digits
_DEEPEST = 20  # tags in tags; arXiv has five
_IN_ENTRY = 3  # tags from the root to the texts of an entry, both included


@dataclass(frozen=True, slots=True)
class ArxivPage:
    """A page as it was sent, the number of papers on it, and how many match the query in all."""

    body: bytes
    papers: int
    total: int


@dataclass(slots=True)
class _Outline:
    """What is gathered of a feed: its tags from the root to here, and the first entry's texts."""

    path: list[str] = field(default_factory=list)
    root: str = ""
    entries: int = 0
    texts: dict[str, str] = field(default_factory=dict)
    broken: bool = False

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self.root = self.root or tag
        self.path.append(tag)
        self.entries += self.path == [_FEED, _ENTRY]
        if len(self.path) > _DEEPEST:
            raise ValueError("tags in tags without end")

    def end(self, _tag: str) -> None:
        self.path.pop()

    def text(self, text: str) -> None:
        name = ""
        if self.path == [_FEED, _TOTAL]:
            name = "total"
        elif self.entries == 1 and len(self.path) == _IN_ENTRY:
            name = _ERROR_PARTS.get(self.path[-1], "")
        if name:
            self.texts[name] = self.texts.get(name, "") + text[:_LONGEST_WORDS]

    @property
    def error(self) -> str:
        """Return what went wrong, as arXiv words it; empty where nothing did."""
        told, title = self.texts.get("id", ""), self.texts.get("title", "").strip()
        if "/api/errors" in told or (title == "Error" and "/abs/" not in told):
            return folded(self.texts.get("summary", "") or "Error")[:_LONGEST_WORDS]
        return ""


def read_page(body: bytes, start: int, where: str) -> ArxivPage:
    """Return the page from the paper number `start`, which counts from 0, on.

    Raises FeedError for what is no such page, UnreadyError where another try may help.
    """
    outline = _outline(body)
    if outline.root != _FEED:
        problem = "arXiv sent something that is no Atom feed"
        raise FeedError(problem, where=where, hint=LOG_IN_HINT)
    if outline.broken:
        raise UnreadyError("arXiv sent a broken feed", where=where)
    if outline.error:
        hint = "Correct the query; arXiv's user manual has its syntax."
        raise FeedError(f"arXiv says: “{outline.error}”", where=where, hint=hint)
    total = outline.texts.get("total", "").strip()
    if not (total.isascii() and total.isdigit() and len(total) <= _LONGEST_NUMBER):
        hint = "Check PAPERCHAT_ARXIV_URL."
        raise FeedError("arXiv sent a feed of no search", where=where, hint=hint)
    if not outline.entries and int(total) > start:
        problem = f"arXiv sent an empty page, though it counts {int(total):,} papers"
        raise EmptyPageError(problem, where=where)
    return ArxivPage(body, outline.entries, int(total))


def said(body: bytes) -> str:
    """Return the message of an error's feed, empty where there is none."""
    return _outline(body).error


def _outline(body: bytes) -> _Outline:
    outline = _Outline()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = outline.start
    parser.EndElementHandler = outline.end
    parser.CharacterDataHandler = outline.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError):  # the last two: an encoding, or ours
        outline.broken = True
    return outline


def _refuse(*_: object) -> None:
    raise ValueError("a document type")
