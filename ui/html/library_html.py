"""The library view: the table of papers, its filters, and the question before papers are removed.

Owns the HTML as pure functions; the view's script puts it in place. Invariant: titles and names
show as the text they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from assistant.paper_dates import DateForm, paper_date
from ui.html.add_papers_html import add_papers_html
from ui.html.plain_text import escaped, text_html
from ui.page.upload_state import UploadLimits
from ui.paper_facts import foreign_language, shortened, suspicion
from vectorstore.listing import Sort
from vectorstore.listing_facets import PaperMark

if TYPE_CHECKING:
    from vectorstore.catalog import CatalogCounts
    from vectorstore.listing_facets import MarkCount, MonthCount, NameCount
    from vectorstore.records import Paper

NAMED_BEFORE_REMOVAL = 12
NAMED_CATEGORIES = 3
BEGINNING = 240  # characters of an abstract: more than one line of the widest table

_COLUMNS = (
    ("Title", Sort.TITLE),
    ("Published", Sort.PUBLISHED),
    ("Organisation", Sort.ORGANIZATION),
    ("Authors", Sort.AUTHORS),
)
SORTS = (
    ("Newest", Sort.PUBLISHED, True),
    ("Oldest", Sort.PUBLISHED, False),
    ("Added last", Sort.ADDED, True),
    ("Added first", Sort.ADDED, False),
    ("Title, A to Z", Sort.TITLE, False),
    ("Title, Z to A", Sort.TITLE, True),
    ("Organisation, A to Z", Sort.ORGANIZATION, False),
    ("Organisation, Z to A", Sort.ORGANIZATION, True),
    ("Most authors", Sort.AUTHORS, True),
    ("Fewest authors", Sort.AUTHORS, False),
)
EMPTY_LIBRARY = (
    '<div class="library-none"><p class="library-none-title">No papers yet</p>'
    "<p>Add files above. For a whole folder, stop paperchat and run"
    " <code>paperchat ingest FOLDER</code>.</p>"
    "</div>"
)
NO_MATCH = (
    '<div class="library-none"><p class="library-none-title">No paper matches</p>'
    "<p>Each word must begin a word of the title, the abstract, an author or the organisation.</p>"
    '<button type="button" class="button" data-does="clear">Clear search and filters</button></div>'
)


def library_template(limits: UploadLimits) -> str:
    """Return the view before anything is listed."""
    return f"""
<div class="library" data-file-bytes="{limits.file_bytes}" data-files="{limits.files}"
 data-upload-bytes="{limits.upload_bytes}">
<div class="library-head"><h2>Library</h2><p class="library-counts"></p></div>
{add_papers_html(limits)}
<div class="uploads"></div>
<div class="library-tools" role="search">
<input type="search" class="field library-words" name="text" aria-label="Search the library"
 placeholder="Search titles, abstracts, authors" autocomplete="off" spellcheck="false"
 maxlength="500">
<select class="field" name="organization" aria-label="Organisation"></select>
<select class="field" name="period" aria-label="Published"></select>
<select class="field" name="sort" aria-label="Sort by">{_sort_options()}</select>
<div class="library-names">
<select class="field" name="author" aria-label="Author" hidden></select>
<select class="field" name="category" aria-label="Category" hidden></select>
<select class="field" name="venue" aria-label="Venue" hidden></select>
<select class="field" name="mark" aria-label="Marked" hidden></select></div></div>
<div class="library-bar"><p class="library-found" role="status"></p>
<div class="library-chosen" role="group" aria-label="Selected papers" hidden>
<span class="library-chosen-count"></span>
<button type="button" class="button" data-does="ask">Ask about these</button>
<button type="button" class="button" data-does="doom">Remove</button>
<button type="button" class="button quiet" data-does="unpick">Clear selection</button></div></div>
<div class="library-doom" hidden></div>
<table class="library-table" role="table" aria-label="Papers" hidden>
<thead role="rowgroup"><tr role="row"><td role="cell" class="pick">
<input type="checkbox" data-does="pick-all" aria-label="Select all papers that are shown"></td>
{"".join(_column(name, sort) for name, sort in _COLUMNS)}</tr></thead>
<tbody role="rowgroup"></tbody></table>
<div class="library-instead"><p class="library-wait">Reading…</p></div>
<div class="library-lost" role="alert" hidden><p>The list of papers could not be read.</p>
<button type="button" class="button" data-does="read">Try again</button></div>
<button type="button" class="button library-further" data-does="further" hidden>Show more</button>
</div>
"""


def rows_html(papers: Sequence[Paper]) -> str:
    """Return papers as rows of the table."""
    return "".join(map(_row, papers))


def counts_html(counts: CatalogCounts) -> str:
    """Return how many papers there are and what is known of them."""
    if not counts.papers:
        return ""
    known = (
        (counts.dated, "dated"),
        (counts.with_author_count, "with their number of authors"),
        (counts.with_organization, "with an organisation"),
    )
    said = "".join(f", {count:,} {of_them}" for count, of_them in known if count)
    waiting = f"; {counts.pending:,} wait to be indexed" if counts.pending else ""
    return f"{plural(counts.papers)}{said}{waiting}"


def name_options(found: Sequence[NameCount], chosen: str, everything: str) -> str:
    """Return what a filter of names offers, `everything` first; what is chosen stays, however few
    it has.
    """
    options = [(each.name, f"{each.name} ({each.papers:,})") for each in found]
    if chosen and chosen.lower() not in {name.lower() for name, _ in options}:
        options.insert(0, (chosen, f"{chosen} (0)"))
    shown = [_option(value, label, value.lower() == chosen.lower()) for value, label in options]
    return _option("", everything, not chosen) + "".join(shown)


def mark_options(found: Sequence[MarkCount], chosen: str) -> str:
    """Return what the filter of marked papers offers; the mark that is chosen stays."""
    papers = {each.mark: each.papers for each in found}
    shown = [mark for mark in PaperMark if mark in papers or mark == chosen]
    labels = ((mark, f"{_MARKS[mark]} ({papers.get(mark, 0):,})") for mark in shown)
    options = (_option(mark, label, mark == chosen) for mark, label in labels)
    return _option("", "All papers", not chosen) + "".join(options)


def period_options(found: Sequence[MonthCount], chosen: str) -> str:
    """Return the years, each with its months, latest first, that papers were published in."""
    options = [_option("", "Any date", not chosen)]
    values = {""}
    for year, group in groupby(found, key=lambda month: month.year):
        months = list(group)
        whole = sum(month.papers for month in months)
        listed = [(f"{year:04}", f"{year} ({whole:,})")]
        listed += [
            (f"{year:04}-{month.month:02}", f"{_MONTHS[month.month - 1]} {year} ({month.papers:,})")
            for month in months
        ]
        values |= {value for value, _ in listed}
        options += [_option(value, label, value == chosen) for value, label in listed]
    if chosen not in values:
        options.insert(1, _option(chosen, f"{chosen} (0)", chosen=True))
    return "".join(options)


def removal_html(papers: Sequence[Paper]) -> str:
    """Return the question whether to remove these papers, which names them."""
    items = [f"<li>{text_html(paper.title)}</li>" for paper in papers[:NAMED_BEFORE_REMOVAL]]
    more = len(papers) - len(items)
    rest = f"<li>and {more:,} more</li>" if more else ""
    those = "it" if len(papers) == 1 else "them"
    return (
        f'<div role="group" aria-labelledby="library-doom-title"><p id="library-doom-title">'
        f"Remove {plural(len(papers))} from the library?</p><ul>{''.join(items)}{rest}</ul>"
        f"<p>No answer or search will find {those} any more. Saved conversations keep what they"
        f" quote of {those}, and adding the files again brings {those} back.</p>"
        '<button type="button" class="button primary" data-does="remove">'
        f"Remove {plural(len(papers))}</button>"
        f'<button type="button" class="button" data-does="keep">Keep {those}</button></div>'
    )


def plural(papers: int) -> str:
    """Return so many papers in words."""
    return f"{papers:,} paper{'' if papers == 1 else 's'}"


_MARKS = {
    PaperMark.FLAGGED: "Flagged: hidden text, or text that talks to a model",
    PaperMark.DOUBLED: "Same abstract as another",
}
_MONTHS = (
    "January February March April May June July August September October November December".split()
)


def _row(paper: Paper) -> str:
    paper_id = escaped(paper.id)
    day = paper_date(paper, DateForm.SHORT)
    when = f'<time datetime="{paper_date(paper)}">{day}</time>' if day else ""
    return (
        f'<tr role="row" data-paper="{paper_id}"><td role="cell" class="pick">'
        f'<input type="checkbox" aria-label="Select “{escaped(paper.title)}”"></td>'
        '<th role="rowheader" scope="row"><button type="button" class="title"'
        f' data-open-paper="{paper_id}">{text_html(paper.title)}</button>'
        f'<span class="library-beginning">{text_html(_beginning(paper.abstract))}</span>'
        f"{_more(paper)}</th>"
        f'<td role="cell" class="when">{when}</td>'
        f'<td role="cell">{text_html(paper.organization) if paper.organization else ""}</td>'
        f'<td role="cell">{_authors(paper)}</td></tr>'
    )


def _more(paper: Paper) -> str:
    """Return what is known of the paper beside the columns, on one line."""
    named, more = shortened(paper.categories, NAMED_CATEGORIES)
    known = [
        *([text_html(paper.venue)] if paper.venue else []),
        *([", ".join(map(text_html, named)) + more] if named else []),
        escaped(foreign_language(paper)),
        f'<span class="library-mark">{escaped(found)}</span>'
        if (found := suspicion(paper))
        else "",
    ]
    shown = " · ".join(part for part in known if part)
    return f'<span class="library-more">{shown}</span>' if shown else ""


def _beginning(abstract: str) -> str:
    return " ".join(abstract[:BEGINNING].split())


def _authors(paper: Paper) -> str:
    count = max(paper.author_count or 0, len(paper.authors))
    if paper.authors:
        others = f" +{count - 1:,}" if count > 1 else ""
        return f"{text_html(paper.authors[0])}{others}"
    return f"{count:,} author{'' if count == 1 else 's'}" if count else ""


def _column(name: str, sort: Sort) -> str:
    return (
        f'<th role="columnheader" scope="col" data-sort="{sort}">'
        f'<button type="button" data-does="sort">{name}</button></th>'
    )


def _sort_options() -> str:
    return "".join(
        _option(f"{sort} {'descending' if descending else 'ascending'}", label, chosen=not at)
        for at, (label, sort, descending) in enumerate(SORTS)
    )


def _option(value: str, label: str, chosen: bool) -> str:
    # No tags are shown inside an option, so what turns text is only taken out.
    selected = " selected" if chosen else ""
    return f'<option value="{escaped(value)}"{selected}>{escaped(label)}</option>'
