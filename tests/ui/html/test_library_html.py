"""The library view's HTML: what is listed, offered and asked, whatever titles and names hold."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from ui.html.add_papers_html import add_papers_html
from ui.html.library_html import (
    EMPTY_LIBRARY,
    NAMED_BEFORE_REMOVAL,
    NO_MATCH,
    SORTS,
    counts_html,
    library_template,
    mark_options,
    name_options,
    period_options,
    removal_html,
    rows_html,
)
from ui.page.upload_state import UploadLimits
from vectorstore.catalog import CatalogCounts
from vectorstore.listing_facets import MarkCount, MonthCount, NameCount, PaperMark
from vectorstore.records import DatePrecision, Paper

HOSTILE = "<img src=x> \"&amp; ${x} {{y}} \N{RIGHT-TO-LEFT OVERRIDE}'"
SHOWN = "&lt;img src=x&gt; &quot;&amp;amp; ${x} {{y}} &#x27;"
BREAD = Paper("a", "Bread", "Dough\nrises.", date(2024, 7, 2), 4, ("Ann Levain",), "Levain & Co")


def row(paper_id: str, title: str, beginning: str, *cells: str) -> str:
    day, organization, authors = cells
    return (
        f'<tr role="row" data-paper="{paper_id}"><td role="cell" class="pick">'
        f'<input type="checkbox" aria-label="Select “{title}”"></td>'
        f'<th role="rowheader" scope="row"><button type="button" class="title"'
        f' data-open-paper="{paper_id}"><bdi>{title}</bdi></button>'
        f'<span class="library-beginning"><bdi>{beginning}</bdi></span></th>'
        f'<td role="cell" class="when">{day}</td><td role="cell">{organization}</td>'
        f'<td role="cell">{authors}</td></tr>'
    )


def test_rows() -> None:
    assert rows_html([BREAD]) == row(
        "a",
        "Bread",
        "Dough rises.",
        '<time datetime="2024-07-02">2 Jul 2024</time>',
        "<bdi>Levain &amp; Co</bdi>",
        "<bdi>Ann Levain</bdi> +3",
    )
    assert rows_html([]) == ""


def test_a_row_with_all_that_can_be_known() -> None:
    rye = replace(
        BREAD,
        date_precision=DatePrecision.YEAR,
        venue="Crumb & Crust",
        categories=tuple("abcd"),
        language="de",
        suspicious=("hidden", "instruction"),
    )
    shown = rows_html([rye])
    assert '<time datetime="2024">2024</time>' in shown
    assert (
        '<bdi>Dough rises.</bdi></span><span class="library-more"><bdi>Crumb &amp; Crust</bdi>'
        " · <bdi>a</bdi>, <bdi>b</bdi>, <bdi>c</bdi> and 1 more · German"
        ' · <span class="library-mark">has hidden text and text that addresses a model</span>'
        "</span></th>" in shown
    )


def test_hostile_row_and_one_of_which_nothing_is_known() -> None:
    hostile = Paper(HOSTILE, HOSTILE, HOSTILE, authors=(HOSTILE,), organization=HOSTILE)
    shown = f"<bdi>{SHOWN}</bdi>"
    assert rows_html([hostile]) == row(SHOWN, SHOWN, SHOWN, "", shown, shown)
    assert rows_html([Paper("b", "Soup", "")]) == row("b", "Soup", "", "", "", "")


@pytest.mark.parametrize(
    ("count", "authors", "shown"),
    [
        (None, (), ""),
        (0, (), ""),
        (1, (), "1 author"),
        (1234, (), "1,234 authors"),
        (None, ("Bo",), "<bdi>Bo</bdi>"),
        (1, ("Bo", "Cy"), "<bdi>Bo</bdi> +1"),
    ],
)
def test_authors(count: int | None, authors: tuple[str, ...], shown: str) -> None:
    paper = Paper("a", "Bread", "", author_count=count, authors=authors)
    assert rows_html([paper]).endswith(f'<td role="cell">{shown}</td></tr>')


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        (CatalogCounts(0, 0, 0, 0, 0, 0), ""),
        (CatalogCounts(1, 0, 4, 0, 0, 0), "1 paper"),
        (
            CatalogCounts(12_000, 7, 99, 1_000, 5, 1),
            "12,000 papers, 1,000 dated, 5 with their number of authors, 1 with an organisation;"
            " 7 wait to be indexed",
        ),
    ],
)
def test_counts(counts: CatalogCounts, shown: str) -> None:
    assert counts_html(counts) == shown


def test_names() -> None:
    found = (NameCount("Levain", 1_200), NameCount(HOSTILE, 1))
    assert name_options(found, "", "All organisations") == (
        '<option value="" selected>All organisations</option>'
        '<option value="Levain">Levain (1,200)</option>'
        f'<option value="{SHOWN}">{SHOWN} (1)</option>'
    )
    assert name_options(found, "LEVAIN", "All") == name_options(found, "Levain", "All")
    assert name_options((), HOSTILE, "All organisations") == (
        '<option value="">All organisations</option>'
        f'<option value="{SHOWN}" selected>{SHOWN} (0)</option>'
    )


def test_marks() -> None:
    found = (MarkCount(PaperMark.DOUBLED, 1_200),)
    assert mark_options(found, "") == (
        '<option value="" selected>All papers</option>'
        '<option value="doubled">Same abstract as another (1,200)</option>'
    )
    assert mark_options(found, "flagged") == (
        '<option value="">All papers</option><option value="flagged" selected>'
        "Flagged: hidden text, or text that talks to a model (0)</option>"
        '<option value="doubled">Same abstract as another (1,200)</option>'
    )


def test_periods() -> None:
    found = (MonthCount(2025, 1, 2), MonthCount(2024, 12, 1_000), MonthCount(2024, 7, 1))
    assert period_options(found, "2024") == (
        '<option value="">Any date</option>'
        '<option value="2025">2025 (2)</option>'
        '<option value="2025-01">January 2025 (2)</option>'
        '<option value="2024" selected>2024 (1,001)</option>'
        '<option value="2024-12">December 2024 (1,000)</option>'
        '<option value="2024-07">July 2024 (1)</option>'
    )
    assert period_options((), "2024-07") == (
        '<option value="">Any date</option><option value="2024-07" selected>2024-07 (0)</option>'
    )


def test_question_before_a_removal() -> None:
    assert removal_html([Paper("a", HOSTILE, "")]) == (
        '<div role="group" aria-labelledby="library-doom-title"><p id="library-doom-title">'
        f"Remove 1 paper from the library?</p><ul><li><bdi>{SHOWN}</bdi></li></ul>"
        "<p>No answer or search will find it any more. Saved conversations keep what they quote of"
        " it, and adding the files again brings it back.</p>"
        '<button type="button" class="button primary" data-does="remove">Remove 1 paper</button>'
        '<button type="button" class="button" data-does="keep">Keep it</button></div>'
    )
    many = removal_html([BREAD] * (NAMED_BEFORE_REMOVAL + 2))
    assert many.count("<li><bdi>Bread</bdi></li>") == NAMED_BEFORE_REMOVAL
    assert "</li><li>and 2 more</li></ul>" in many
    assert "Keep them</button>" in many


def test_template_is_left_alone_by_gradio() -> None:
    template = library_template(UploadLimits())
    assert "${" not in template
    assert "{{" not in template
    assert add_papers_html(UploadLimits()) in template
    limits = re.findall(r'data-(?:file-bytes|files|upload-bytes)="(\d+)"', template)
    assert limits == ["20000000", "200", "100000000"]


def test_sorts_are_offered_once_and_the_first_is_chosen() -> None:
    options = re.findall(
        r'<option value="(\w+ \w+)"( selected)?>', library_template(UploadLimits())
    )
    assert options[0] == ("published descending", " selected")
    assert len({value for value, _ in options}) == len(SORTS) == 10
    assert {chosen for _, chosen in options[1:]} == {""}


def test_in_place_of_the_table() -> None:
    assert "No papers yet" in EMPTY_LIBRARY
    assert 'data-does="clear"' in NO_MATCH
