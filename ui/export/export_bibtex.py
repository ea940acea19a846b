"""The sources of an answer as BibTeX, for LaTeX and for programs that keep references.

Owns the escaping and the keys. Invariants: braces are always balanced, since those of papers become
commands, which a parser that counts braces does not see; a key is ASCII and names one entry.
Letters stay as they are, in UTF-8, which biber and today's LaTeX read.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from assistant.answer import Answer, Citation
from ui.export.export_sources import exported_sources, plain_line
from vectorstore.question_words import STOP_WORDS
from vectorstore.records import Paper

_KEY_CHARACTERS = 24  # of a word; longer ones are no words
_ID_CHARACTERS = 6  # of a paper's id where two papers would have one key
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",  # LaTeX's first font has other signs in the place of these three
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        **{sign: f"\\{sign}" for sign in "#$%&_"},
    }
)
# Of a web address, which is read as it stands: what would end it early, and what no address has.
_NOT_IN_ADDRESS = re.compile(r"[ {}\\]|%(?![0-9A-Fa-f]{2})")
_NOT_ONE_NAME = re.compile(r"\b(?:and|others)\b|,.*,", re.IGNORECASE)


def answer_bibtex(answer: Answer) -> str:
    """Return an entry for each source, in the order of the numbers; empty where there is none.

    Quotes are in `annote`: unlike `note`, which the usual styles print into the list of references,
    it is for the reader of the file.
    """
    sources = exported_sources(answer)
    keys = citation_keys([source.paper for source in sources])
    return "\n".join(_entry(*pair) for pair in zip(keys, sources, strict=True))


def paper_bibtex(paper: Paper) -> str:
    """Return the entry of one paper, without quotes."""
    [key] = citation_keys([paper])
    return _entry(key, Citation(1, paper, ()))


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
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", folded)[:_KEY_CHARACTERS]


def _entry(key: str, source: Citation) -> str:
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(source))
    return f"@misc{{{key},\n{fields}}}\n"


def _fields(source: Citation) -> Iterator[tuple[str, str]]:
    paper = source.paper
    # In braces of its own, so that no style changes its case.
    yield "title", f"{{{_title(paper.title)}}}"
    if authors := _authors(paper):
        yield "author", authors
    if paper.published:
        yield "year", f"{paper.published.year:04}"
        yield "month", str(paper.published.month)
        yield "day", str(paper.published.day)
    if publisher := plain_line(paper.organization or ""):
        yield "organization", _latex(publisher)
    if address := plain_line(paper.url or ""):
        yield "url", _address(address)
    if source.quotes:
        yield "annote", " ".join(f"“{_latex(plain_line(quote.text))}”" for quote in source.quotes)


def _title(title: str) -> str:
    """Return the title; one that began with a command would be taken for one letter with an accent,
    and its case changed.
    """
    text = _latex(plain_line(title))
    return f"{{}}{text}" if text.startswith("\\") else text


def _authors(paper: Paper) -> str:
    """Return the names that are known; a number of authors alone names nobody."""
    names = [name for name in map(plain_line, paper.authors) if name]
    shown = [
        f"{{{_latex(name)}}}" if _NOT_ONE_NAME.search(name) else _latex(name) for name in names
    ]
    more = ["others"] if shown and len(shown) < (paper.author_count or 0) else []
    return " and ".join(shown + more)


def _address(url: str) -> str:
    return _NOT_IN_ADDRESS.sub(lambda found: f"%{ord(found[0]):02X}", url)


def _latex(text: str) -> str:
    return text.translate(_LATEX)
