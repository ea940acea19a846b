"""The reader of listing pages: the text of a web page that lists papers, saved as it stands.

Owns which block of text is a title and which its abstract, and which year an undated year means.
That is told by position: texts alternate, and a tail (authors, date) can only follow an abstract.
Shape is asked only where position can't be right, and what stays unclear is skipped with its line.
Invariant: a fault never reaches past the next tail, so the good entries of a bad page are read.
A text of several lines keeps its line ends; only white space around it is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ingest.content import Content
from ingest.entries import Entry, Skipped, checked, excerpt
from ingest.readers.fields import clean_text
from ingest.readers.listing_blocks import Block, PageStart, Tail, Text, blocks_of
from vectorstore.records import Source

# The longest title of the shipped pages has 174 characters, the shortest abstract 1,378.
LONGEST_TITLE_BY_SHAPE = 300
# A page whose header is not known word for word: a few short lines, then the page's own date.
HEADER_BLOCKS = 12
LONGEST_HEADER_LINE = 80
# Without any header or tail, so much of the text must look like titles and abstracts in turn.
RECOGNISED_SHARE = 2 / 3
SHORTEST_BY_SHAPE = 200  # characters of such an abstract: shorter ones are notes and lists
SAMPLE_BLOCKS = 30


@dataclass(frozen=True, slots=True)
class _Page:
    """Where entries are being read, and the year that the page leaves out."""

    file: str
    year: int | None


class ListingPages:
    """Reads the pages of data/daily-papers, whole or in part, with or without their header."""

    suffixes: tuple[str, ...] = (".txt",)

    def accepts(self, content: Content) -> bool:
        """Tell whether a page's frame or a tail is found, or else titles and abstracts in turn."""
        head = content.head
        if any(_is_of_a_listing(block) for block in blocks_of(head)):
            return True
        sample = [b for b in islice(blocks_of(head), SAMPLE_BLOCKS) if isinstance(b, Text)]
        pairs = _pairs_by_shape(sample)
        paired = 2 * sum(bool(a and b and len(b.text) >= SHORTEST_BY_SHAPE) for a, b in pairs)
        return paired > 0 and paired >= RECOGNISED_SHARE * len(sample)

    def read(self, content: Content) -> Iterator[Entry | Skipped]:
        """Yield the entries of all pages in it; each page infers the year it leaves out."""
        for blocks in _pages(content.text()):
            body = _without_header(blocks)
            page = _Page(content.file, _omitted_year(body))
            for texts, tail in _stretches(body):
                yield from _entries(texts, tail, page)


def _is_of_a_listing(block: Block) -> bool:
    # A date alone may stand in any text; authors or an organisation above a dot do not.
    is_tail = isinstance(block, Tail) and bool(block.author_count or block.organization)
    return is_tail or isinstance(block, PageStart)


def _pages(text: str) -> Iterator[list[Text | Tail]]:
    """Split a file into the copies of the page that were saved into it, one after another."""
    page: list[Text | Tail] = []
    for block in blocks_of(text):
        if isinstance(block, PageStart):
            yield page
            page = []
        else:
            page.append(block)
    yield page


def _without_header(blocks: Sequence[Text | Tail]) -> Sequence[Text | Tail]:
    """Return what follows the page's own date, or everything where the page shows none."""
    for position, block in enumerate(blocks[:HEADER_BLOCKS]):
        if isinstance(block, Tail):
            return blocks[position + 1 :] if _is_page_date(block) else blocks
        if len(block.text) > LONGEST_HEADER_LINE:
            break
    return blocks


def _is_page_date(tail: Tail) -> bool:
    has_year = tail.printed is not None and tail.printed.year is not None
    return not (tail.has_separator or has_year or tail.author_count or tail.organization)


def _omitted_year(blocks: Sequence[Text | Tail]) -> int | None:
    """Return the year after the latest one that the page prints: it omits that of its capture.

    Never later than the true year; too early only where a page lists nothing of the year before.
    """
    printed = [b.printed for b in blocks if isinstance(b, Tail) and b.printed]
    years = [p.year for p in printed if p.year is not None and p.in_year(None)]
    return max(years) + 1 if years else None


def _stretches(blocks: Sequence[Text | Tail]) -> Iterator[tuple[list[Text], Tail | None]]:
    """Yield the texts between two tails, each time with the tail that ends them."""
    texts: list[Text] = []
    for block in blocks:
        if isinstance(block, Tail):
            yield texts, block
            texts = []
        else:
            texts.append(block)
    yield texts, None


def _entries(texts: Sequence[Text], tail: Tail | None, page: _Page) -> Iterator[Entry | Skipped]:
    if tail and not texts:
        yield Skipped(page.file, tail.line, "authors or a date without a title and an abstract")
    for title, abstract in _pairs(texts):
        if title and abstract:
            # After a gap, a tail still belongs to the abstract right above it.
            yield _entry(title, abstract, tail if abstract is texts[-1] else None, page)
        elif title:
            reason = f"a title without an abstract: {excerpt(title.text)}"
            yield Skipped(page.file, title.line, reason)
        elif abstract:
            reason = f"an abstract without a title: {excerpt(abstract.text)}"
            yield Skipped(page.file, abstract.line, reason)


def _pairs(texts: Sequence[Text]) -> Iterator[tuple[Text | None, Text | None]]:
    titles = texts[::2]
    is_even = len(texts) % 2 == 0
    if is_even and all(len(title.text) <= LONGEST_TITLE_BY_SHAPE for title in titles):
        yield from zip(titles, texts[1::2], strict=True)
    else:
        yield from _pairs_by_shape(texts)


def _pairs_by_shape(texts: Sequence[Text]) -> Iterator[tuple[Text | None, Text | None]]:
    """Pair what looks like a title with what looks like an abstract right after it."""
    title: Text | None = None
    for text in texts:
        if _looks_like_abstract(text.text):
            yield title, text
            title = None
        else:
            if title:
                yield title, None
            title = text
    if title:
        yield title, None


def _looks_like_abstract(text: str) -> bool:
    return len(text) > LONGEST_TITLE_BY_SHAPE or text.endswith(".")


def _entry(title: Text, abstract: Text, tail: Tail | None, page: _Page) -> Entry | Skipped:
    source = Source(page.file, title.line)
    entry = Entry(clean_text(title.text), clean_text(abstract.text), source)
    return checked(_with_tail(entry, tail, page.year) if tail else entry)


def _with_tail(entry: Entry, tail: Tail, omitted_year: int | None) -> Entry:
    printed = tail.printed
    published = printed.in_year(omitted_year) if printed else None
    return replace(
        entry,
        published=published,
        year_is_inferred=bool(published and printed and printed.year is None),
        author_count=tail.author_count,
        organization=tail.organization,
        comment_count=tail.comment_count,
    )
