"""What a receipt keeps of the papers it was made from: a fingerprint, and which paper was what.

The fingerprint is of all that is stored of a paper, but of where on this machine it was read: the
same papers from another folder are the same corpus.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from vectorstore.library import Library
from vectorstore.records import Paper

# A receipt of so many papers has half a megabyte of them. Of more, that something changed is known,
# but not what.
LISTED_PAPERS = 10_000

_DIGEST_DIGITS = 16  # tell the versions of one paper apart
_BATCH = 500  # papers in memory at once


@dataclass(frozen=True, slots=True)
class Corpus:
    """The papers of a library: `fingerprint` is a SHA-256, `digests` one for each paper by its id,
    cut short, or None where there are too many papers.
    """

    papers: int
    fingerprint: str
    digests: dict[str, str] | None


def read_corpus(library: Library, listed_papers: int = LISTED_PAPERS) -> Corpus:
    """Return the corpus of a library, in one pass over its papers."""
    fingerprint = hashlib.sha256()
    digests: dict[str, str] = {}
    papers = 0
    for papers, paper in enumerate(_papers_by_id(library), start=1):
        digest = hashlib.sha256(_content(paper)).hexdigest()
        fingerprint.update(f"{paper.id}\0{digest}\n".encode())
        if papers <= listed_papers:
            digests[paper.id] = digest[:_DIGEST_DIGITS]
    return Corpus(papers, fingerprint.hexdigest(), digests if papers <= listed_papers else None)


def _papers_by_id(library: Library) -> Iterator[Paper]:
    index = library.snapshot().index
    rows = iter(sorted(index.row_by_id.items()))
    while batch := [int(index.numbers[row]) for _, row in islice(rows, _BATCH)]:
        yield from library.catalog.papers_by_number(batch)


def _content(paper: Paper) -> bytes:
    published = paper.published.isoformat() if paper.published else None
    known = (paper.title, paper.abstract, published, paper.author_count, paper.authors)
    more = (paper.organization, paper.comment_count, paper.url)
    return json.dumps([*known, *more]).encode()
