"""Which readings are of one paper.

An arXiv id says it, a DOI or a title suggests it. A title alone is not proof, since papers are
called "Introduction" and "Editorial" too: what a suggestion joins must also tell the same, or be
the new text of a record that was read from the same file before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

from ingest.entries import Entry
from vectorstore.records import ID_DIGITS, paper_id_from_title, title_identifier, title_key

# Share of the words of the shorter text. Two abstracts of different papers of one field share up to
# a fifth of theirs; versions of one abstract, more than half.
SAME_TEXT = 0.4
# Long titles are rarely given twice, so a shared author is enough under one.
TELLING_TITLE_WORDS = 4
TELLING_WORDS = 3  # of a text: "No abstract available." says nothing of its paper
_WORD = re.compile(r"[^\W\d_]{5,}")


def keys_of(entry: Entry) -> tuple[str, ...]:
    """Return what the entry's paper is known by, what says most first.

    The last is its whole text: of a thousand papers called "Editorial", it finds the very one.
    """
    keys = [f"arxiv:{entry.arxiv_id}"] if entry.arxiv_id else []
    keys += [f"doi:{entry.doi}"] if entry.doi else []
    return (*keys, f"text:{_hashed(entry.title, entry.abstract)}", title_identifier(entry.title))


def contradict(one: Entry, other: Entry) -> bool:
    """Tell whether two readings can't be of one paper, whatever they say."""
    return bool(one.arxiv_id and other.arxiv_id and one.arxiv_id != other.arxiv_id)


def alike(one: Entry, other: Entry) -> bool:
    """Tell whether two readings that share an identifier or a title tell of the same paper."""
    if one.arxiv_id and one.arxiv_id == other.arxiv_id:
        return True
    if one.abstract == other.abstract or tell_the_same(one.abstract, other.abstract):
        return True
    if differ_in_doi(one, other):
        return False
    key = title_key(one.title)
    is_telling = len(key.split()) >= TELLING_TITLE_WORDS and key == title_key(other.title)
    return is_telling and bool(surnames(one.authors) & surnames(other.authors))


def may_be_edited(one: Entry, other: Entry) -> bool:
    """Tell whether two records of one title and one file may be one that was rewritten.

    Under one word, such as "Editorial", it takes an author too.
    """
    if contradict(one, other) or differ_in_doi(one, other):
        return False
    is_telling = " " in title_key(one.title)
    return is_telling or bool(surnames(one.authors) & surnames(other.authors))


def differ_in_doi(one: Entry, other: Entry) -> bool:
    """Tell whether both have a DOI, and not the same: of a preprint and an article they differ."""
    return bool(one.doi and other.doi and one.doi != other.doi)


def tell_the_same(one: str, other: str) -> bool:
    """Tell whether two abstracts share so many of their longer words as versions of one do."""
    words, others = _words(one), _words(other)
    fewest = min(len(words), len(others))
    return fewest >= TELLING_WORDS and len(words & others) >= SAME_TEXT * fewest


def surnames(authors: Iterable[str]) -> set[str]:
    """Return the last words of the authors' names, folded."""
    return {key[-1] for name in authors if (key := title_key(name).split())}


def new_paper_id(entry: Entry, nth: int) -> str:
    """Return the id of a paper that none is known by yet; `nth` counts those whose id is taken."""
    if not nth:
        return paper_id_from_title(entry.title)
    return _hashed(*keys_of(entry), str(nth))


def _hashed(*texts: str) -> str:
    return sha256("\n".join(texts).encode("utf-8", "replace")).hexdigest()[:ID_DIGITS]


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))
