"""Papers as BibTeX, for LaTeX and for programs that keep references: the sources of an answer, one
paper, or each of a library.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.answer import Answer
from ui.export.bibtex_text import address, latex, latex_labels, latex_names, latex_title
from ui.export.citation_keys import citation_keys, library_key
from ui.export.export_sources import exported_sources, plain_line, plain_paper
from vectorstore.records import DatePrecision, Paper

Fields = Iterable[tuple[str, str]]


def answer_bibtex(answer: Answer) -> str:
    """Return an entry for each source, in the order of the numbers; empty where there is none.

    Quotes are in `annote`: unlike `note`, which the usual styles print into the list of references,
    it is for the reader of the file.
    """
    sources = exported_sources(answer)
    keys = citation_keys([source.paper for source in sources])
    return "\n".join(
        _entry(key, plain_paper(source.paper), _quotes([quote.text for quote in source.quotes]))
        for key, source in zip(keys, sources, strict=True)
    )


def paper_bibtex(paper: Paper) -> str:
    """Return the entry of one paper, without quotes."""
    [key] = citation_keys([paper])
    return _entry(key, plain_paper(paper))


def library_bibtex(paper: Paper) -> str:
    """Return the entry of a paper of a library, from which it is read back as it is."""
    return f"{_entry(library_key(paper), paper, _record(paper))}\n"


def _entry(key: str, paper: Paper, more: Fields = ()) -> str:
    # What is known without a venue is an abstract, not where it appeared: of no special type.
    kind = "article" if paper.venue else "misc"
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in (*_fields(paper), *more))
    return f"@{kind}{{{key},\n{fields}}}\n"


def _fields(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "title", latex_title(paper.title)
    # A number of authors alone names nobody.
    if authors := latex_names(paper.authors, more=len(paper.authors) < (paper.author_count or 0)):
        yield "author", authors
    yield from _date(paper)
    if paper.venue:
        yield "journal", latex(paper.venue)
    if paper.organization:
        yield "organization", latex(paper.organization)
    if paper.doi:
        yield "doi", address(paper.doi)
    if paper.arxiv_id:
        yield from (("eprint", address(paper.arxiv_id)), ("archiveprefix", "arXiv"))
    if paper.url:
        yield "url", address(paper.url)
    if paper.categories:
        yield "keywords", latex_labels(paper.categories)


def _date(paper: Paper) -> Iterator[tuple[str, str]]:
    """Yield as much of the date as is known."""
    if paper.published is None:
        return
    yield "year", f"{paper.published.year:04}"
    if paper.date_precision is not DatePrecision.YEAR:
        yield "month", str(paper.published.month)
    if paper.date_precision is DatePrecision.DAY:
        yield "day", str(paper.published.day)


def _quotes(texts: Iterable[str]) -> Fields:
    quoted = " ".join(f"“{latex(plain_line(text))}”" for text in texts)
    return [("annote", quoted)] if quoted else []


def _record(paper: Paper) -> Iterator[tuple[str, str]]:
    """Yield what only readers of whole records ask for."""
    yield "abstract", latex(paper.abstract)
    for name, number in (
        ("authorcount", paper.author_count),
        ("commentcount", paper.comment_count),
    ):
        if number is not None:
            yield name, str(number)
    yield "paperchat", address(paper.id)
