"""The card of a source: all that is known of the paper, and the quotes where they stand."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Citation, Quote
from ui.html.paper_card import CardSource, card_html, highlighted, merged
from ui.html.plain_text import readable
from vectorstore.records import DatePrecision, Hit, Paper, ScoreParts, Source, Span, WordMatch

ACTIONS = (
    '<div class="card-actions" role="group" aria-label="This paper">'
    '<button type="button" class="button" data-does="only">Ask about this paper only</button>'
    '<button type="button" class="button" data-does="similar" aria-expanded="false">'
    "More like this</button>"
    '<button type="button" class="button" data-does="reference">Copy reference</button>'
    '<button type="button" class="button" data-does="bibtex">Copy BibTeX</button>'
    '</div><div class="card-similar"></div>'
)


def head(title: str, number: str = "Source 3") -> str:
    return (
        '<article class="card" aria-labelledby="card-title" data-paper="x">'
        f'<header class="card-head"><p class="card-number">{number}'
        f'<span class="card-name" aria-hidden="true"> <bdi>{title}</bdi></span></p>'
        '<button type="button" class="button card-close">Close</button></header>'
        f'<h2 id="card-title"><bdi>{title}</bdi></h2>'
    )


def card_of(citation: Citation, hit: Hit | None = None) -> str:
    return card_html(citation.paper, CardSource(citation, hit=hit))


class Marked(HTMLParser):
    """The text of an abstract's HTML, what of it is marked, and its tags."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.marked = ""
        self.tags: set[str] = set()
        self._in_mark = False
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert attrs in ([], [("class", "own")])
        self.tags.add(tag)
        self._in_mark = True

    def handle_endtag(self, tag: str) -> None:
        assert tag == "mark"
        self._in_mark = False

    def handle_data(self, data: str) -> None:
        self.text += data
        self.marked += data if self._in_mark else ""


def cited(paper: Paper, *spans: Span) -> Citation:
    quotes = tuple(Quote(span, paper.abstract[span.start : span.end]) for span in spans)
    return Citation(3, paper, quotes)


def test_a_card_with_everything() -> None:
    paper = Paper(
        id="x",
        title="A <Title>",
        abstract="One & two. Three.",
        published=date(2025, 3, 9),
        author_count=10,
        authors=tuple("ABCDEFGHIJ"),
        organization="Org",
        url="https://papers.example/?a=1&b=2",
        sources=(Source("page.txt", 12),),
    )
    assert card_of(cited(paper, Span(11, 17))) == (
        f"{head('A &lt;Title&gt;')}"
        '<p class="card-facts">9 March 2025 · <bdi>Org</bdi> · 10 authors</p>'
        '<p class="card-authors"><bdi>A</bdi>, <bdi>B</bdi>, <bdi>C</bdi>, <bdi>D</bdi>, '
        "<bdi>E</bdi>, <bdi>F</bdi>, <bdi>G</bdi>, <bdi>H</bdi> and 2 more</p>"
        '<p class="card-link"><a href="https://papers.example/?a=1&amp;b=2" target="_blank" '
        'rel="noopener noreferrer"><bdi>https://papers.example/?a=1&amp;b=2</bdi></a></p>'
        '<h3>Abstract</h3><p class="abstract" dir="auto">One &amp; two. <mark>Three.</mark></p>'
        f"{ACTIONS}"
        '<h3>Where to find it</h3><ul class="card-origins">'
        "<li><bdi>page.txt</bdi>, line 12</li></ul></article>"
    )


def double(number: int) -> str:
    return (
        f'<button type="button" class="title" data-open-paper="{number}&lt;">'
        f"<bdi>T &lt;{number}&gt;</bdi></button>"
    )


@pytest.mark.parametrize(
    ("papers", "shown"),
    [(0, ""), (1, double(0)), (6, f"{', '.join(map(double, range(5)))} and others")],
)
def test_other_papers_with_its_abstract(papers: int, shown: str) -> None:
    others = [Paper(f"{number}<", f"T <{number}>", "One.") for number in range(papers)]
    line = f'<p class="card-doubles">Same abstract as: {shown}</p>' if shown else ""
    assert card_html(Paper("x", "Title", "One."), doubles=others) == (
        f"{head('Title', 'Paper')}{line}"
        f'<h3>Abstract</h3><p class="abstract" dir="auto">One.</p>{ACTIONS}</article>'
    )


def test_a_card_with_identifiers_and_marks() -> None:
    paper = Paper(
        id="x",
        title="Title",
        abstract="Eins.",
        published=date(2025, 3, 1),
        date_precision=DatePrecision.MONTH,
        url="https://arxiv.org/pdf/2503.00001v2",
        arxiv_id="2503.00001",
        doi="10.1234/a<b",
        venue="Crumb & Crust",
        categories=tuple("abcdefghi"),
        language="de",
        suspicious=("zero-width",),
    )
    assert card_html(paper) == (
        f"{head('Title', 'Paper')}"
        '<p class="card-facts">March 2025 · <bdi>Crumb &amp; Crust</bdi> · German</p>'
        '<p class="card-link"><a href="https://arxiv.org/abs/2503.00001" target="_blank" '
        'rel="noopener noreferrer"><bdi>arXiv:2503.00001</bdi></a></p>'
        '<p class="card-categories"><bdi>a</bdi>, <bdi>b</bdi>, <bdi>c</bdi>, <bdi>d</bdi>, '
        "<bdi>e</bdi>, <bdi>f</bdi>, <bdi>g</bdi>, <bdi>h</bdi> and 1 more</p>"
        '<p class="card-mark">This paper has invisible characters.</p>'
        '<h3>Abstract</h3><p class="abstract" dir="auto" lang="de">Eins.</p>'
        f"{ACTIONS}</article>"
    )


HOSTILE = '"><script>x</script>\N{RIGHT-TO-LEFT OVERRIDE}'


def test_nothing_that_is_known_of_a_paper_is_markup() -> None:
    paper = Paper(
        id="x",
        title="Title",
        abstract="One.",
        url=f"https://a.example/{HOSTILE}",
        arxiv_id=HOSTILE,
        doi=f"10.1234/{HOSTILE}",
        venue=HOSTILE,
        categories=(HOSTILE,),
        language=HOSTILE,
        suspicious=(HOSTILE,),
    )
    card = card_html(paper)
    assert "<script" not in card
    assert card.count("&quot;&gt;&lt;script&gt;x&lt;/script&gt;") == 7
    assert card.count("href=") == 1


def test_a_card_with_nothing_but_its_abstract() -> None:
    paper = Paper(id="x", title="Title", abstract="One.")
    assert card_of(cited(paper, Span(0, 4))) == (
        f"{head('Title')}"
        '<h3>Abstract</h3><p class="abstract" dir="auto"><mark>One.</mark></p>'
        f"{ACTIONS}</article>"
    )


def test_a_paper_that_nothing_cites_has_its_whole_abstract_and_no_reason() -> None:
    paper = Paper(id="x", title="Title", abstract="One. Two.")
    assert card_html(paper) == (
        f"{head('Title', 'Paper')}"
        '<h3>Abstract</h3><p class="abstract" dir="auto">One. Two.</p>'
        f"{ACTIONS}</article>"
    )


def test_the_sentences_of_the_pressed_marker_stand_out() -> None:
    spans = [Span(0, 4), Span(5, 9), Span(10, 16)]
    assert highlighted("One. Two. Three.", spans, [Span(5, 9)]) == (
        '<mark>One.</mark> <mark class="own">Two.</mark> <mark>Three.</mark>'
    )


def test_a_card_tells_why_its_paper_is_there() -> None:
    paper = Paper(id="x", title="Title", abstract="One.", sources=(Source("page.txt", 12),))
    hit = Hit(
        paper,
        relevance=0.876,
        fused=0.5,
        parts=ScoreParts(pooled=-0.05, late=0.754, lexical=1.0, title=0.0),
        words=(WordMatch("a<b", 1.0, 0.9), WordMatch("c", 2.0, 0.1), WordMatch("d", 2.0, 0.7)),
    )
    assert card_of(cited(paper, Span(0, 4)), hit) == (
        f"{head('Title')}"
        '<h3>Abstract</h3><p class="abstract" dir="auto"><mark>One.</mark></p>'
        f"{ACTIONS}"
        '<details class="card-why"><summary>Why this paper</summary><p>Relevance 0.88</p>'
        "<p>Words it answers: <bdi>a&lt;b</bdi>, <bdi>d</bdi></p>"
        "<p>Words it does not: <bdi>c</bdi></p><dl>"
        "<dt>meaning as a whole</dt>"
        '<dd><meter min="0" max="1" value="-0.05" aria-label="meaning as a whole"></meter> -0.05'
        "</dd><dt>meaning word by word</dt>"
        '<dd><meter min="0" max="1" value="0.75" aria-label="meaning word by word"></meter> 0.75'
        "</dd><dt>words in common</dt>"
        '<dd><meter min="0" max="1" value="1.00" aria-label="words in common"></meter> 1.00'
        "</dd><dt>named in the question</dt>"
        '<dd><meter min="0" max="1" value="0.00" aria-label="named in the question"></meter> 0.00'
        "</dd></dl></details>"
        '<h3>Where to find it</h3><ul class="card-origins">'
        "<li><bdi>page.txt</bdi>, line 12</li></ul></article>"
    )


def test_without_words_there_are_none_to_answer() -> None:
    paper = Paper(id="x", title="Title", abstract="One.")
    card = card_of(cited(paper, Span(0, 4)), Hit(paper, 0.5, 0.5, ScoreParts(0.5)))
    assert "Words" not in card


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "//a", "http://[x"]
)
def test_only_web_addresses_are_links(url: str) -> None:
    card = card_of(cited(Paper(id="x", title="T", abstract="A.", url=url), Span(0, 2)))
    assert f'<p class="card-link"><bdi>{url}</bdi></p>' in card
    assert "href" not in card


@pytest.mark.parametrize(
    ("spans", "joined"),
    [
        ([], []),
        ([(5, 9), (0, 3)], [(0, 3), (5, 9)]),
        ([(0, 5), (5, 9)], [(0, 9)]),
        ([(0, 5), (3, 9), (4, 6)], [(0, 9)]),
        ([(2, 2), (4, 5)], [(4, 5)]),
    ],
)
def test_spans_that_touch_or_overlap_are_one(
    spans: list[tuple[int, int]], joined: list[tuple[int, int]]
) -> None:
    assert merged(Span(*span) for span in spans) == tuple(Span(*span) for span in joined)


@given(st.data())
def test_marks_cover_the_quotes_and_change_no_text(data: st.DataObject) -> None:
    abstract = data.draw(st.text(st.characters(exclude_categories=()) | st.sampled_from("<>&\"'")))
    edges = st.integers(0, len(abstract))
    pairs = data.draw(st.lists(st.tuples(edges, edges), max_size=4))
    spans = [Span(min(pair), max(pair)) for pair in pairs]
    own = data.draw(st.lists(st.sampled_from(spans))) if spans else []
    reading = Marked(highlighted(abstract, spans, own))
    covered = {index for span in spans for index in range(span.start, span.end)}
    quoted = "".join(letter for index, letter in enumerate(abstract) if index in covered)
    assert reading.tags <= {"mark"}
    assert (reading.text, reading.marked) == (readable(abstract), readable(quoted))
