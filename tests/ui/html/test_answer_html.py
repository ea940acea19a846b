"""What the transcript says in HTML, whole, and that no text can become markup."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_assistant import SERVING, TWO_PAPERS, TWO_SOURCES, answer

from assistant.answer import Block, BlockKind, Claim, Intent, Outcome, Plan, Verdict
from ui.html.answer_html import answer_html, exchange_html, transcript_html
from ui.html.plain_text import escaped, readable, text_html
from ui.page.conversation import Exchange, Progress
from vectorstore.filters import Filters
from vectorstore.question import Correction
from vectorstore.records import Hit, Paper, ScoreParts

EXCHANGE_TAGS = (
    "article h2 bdi ul li bdi li button bdi span p bdi"  # question, topic, chip, correction
    " div p bdi ul li strong bdi span bdi button span bdi"  # notice to doubt
    " details summary ul li span bdi p bdi"  # papers below the line, facts
).split()
MARKER_1 = (
    '<button type="button" class="cite" data-turn="0" data-number="1" '
    f'aria-label="Source 1: {SERVING.title}">[1]</button>'
)
FACTS = '<p class="answer-facts"><bdi>2 sources · extractive · 0.4 s</bdi></p>'

texts = st.text(st.characters(exclude_categories=()) | st.sampled_from("<>&\"'`$*_[]()\u202e\r"))


class Reading(HTMLParser):
    """What a parser makes of HTML: its tags, and its text by element."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.isolated: list[str] = []
        self._inside: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._inside.append(tag)
        if tag == "bdi":
            self.isolated.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._inside.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._inside and self._inside[-1] == "bdi":
            self.isolated[-1] += data


def paragraph(*claims: Claim) -> Block:
    return Block(BlockKind.PARAGRAPH, claims)


def test_an_answer_with_sources() -> None:
    blocks = (
        Block(BlockKind.HEADING, (Claim("Serving"),)),
        Block(BlockKind.ITEM, (Claim("Pages", (1,)), Claim(", shared.")), "A lead"),
        Block(BlockKind.ITEM, (Claim("Twice as fast.", (1,), Verdict.WEAK, ("2",)),)),
    )
    assert answer_html(answer("?", blocks, citations=TWO_SOURCES), 0) == (
        '<h3><span class="claim"><bdi>Serving</bdi></span></h3>'
        '<ul><li><strong class="lead"><bdi>A lead</bdi></strong> '
        f'<span class="claim"><bdi>Pages</bdi>{MARKER_1}</span>'
        '<span class="claim"><bdi>, shared.</bdi></span></li>'
        f'<li><span class="claim weak"><bdi>Twice as fast.</bdi>{MARKER_1} '
        '<span class="flag"><bdi>not all of it is in the cited sentence: 2</bdi></span></span>'
        '</li></ul><p class="answer-facts"><bdi>2 sources · 1 of 4 claims not borne out · '
        "extractive · 0.4 s</bdi></p>"
    )


def test_an_answer_that_found_nothing_says_so_with_its_notice_first() -> None:
    found_nothing = answer(
        "?",
        (paragraph(Claim("No paper covers bread.")),),
        outcome=Outcome.NOT_FOUND,
        notice="The model did not answer (401).",
        mode="some/model<1>",
        dropped_citations=2,
    )
    assert answer_html(found_nothing, 0) == (
        '<p class="notice"><bdi>The model did not answer (401).</bdi></p>'
        '<p class="verdict">Not found in this collection</p>'
        '<p><span class="claim"><bdi>No paper covers bread.</bdi></span></p>'
        '<p class="answer-facts"><bdi>0 sources · 2 references to unknown sentences left out · '
        "some/model&lt;1&gt; · 0.4 s</bdi></p>"
    )


def below(title: str, relevance: float) -> Hit:
    paper = Paper(title[:8], title, "An abstract.")
    return Hit(paper, relevance, relevance, ScoreParts(relevance))


def test_papers_below_the_line_are_folded_away_under_a_whole_answer() -> None:
    whole = answer(
        "?", (paragraph(Claim("Two.")),), borderline=(below("A <b>", 0.391), below("C", 0.2))
    )
    assert answer_html(whole, 0) == (
        '<p><span class="claim"><bdi>Two.</bdi></span></p>'
        '<details class="borderline"><summary>Borderline, perhaps of interest: 2 papers</summary>'
        '<ul><li><span class="relevance">0.39</span> <bdi>A &lt;b&gt;</bdi></li>'
        '<li><span class="relevance">0.20</span> <bdi>C</bdi></li></ul></details>'
        '<p class="answer-facts"><bdi>0 sources · extractive · 0.4 s</bdi></p>'
    )
    assert "borderline" not in answer_html(replace(whole, complete=False), 0)


def test_a_title_only_item_has_its_markers_beside_the_title() -> None:
    items = (
        Block(BlockKind.ITEM, (Claim("", (1,)),), "A lead"),
        Block(BlockKind.ITEM, (Claim("", (1,)), Claim("More.")), "Another"),
        Block(BlockKind.ITEM, (Claim("Bare", (1,)), Claim("", (1,))), ""),
    )
    assert answer_html(answer("?", items, citations=TWO_SOURCES), 0) == (
        f'<ul><li><strong class="lead"><bdi>A lead</bdi>{MARKER_1}</strong></li>'
        f'<li><strong class="lead"><bdi>Another</bdi>{MARKER_1}</strong> '
        '<span class="claim"><bdi>More.</bdi></span></li>'
        f'<li><span class="claim"><bdi>Bare</bdi>{MARKER_1}</span>'
        f'<span class="claim">{MARKER_1}</span></li></ul>{FACTS}'
    )


@pytest.mark.parametrize(
    ("exchange", "busy", "inside"),
    [
        (Exchange("Why?"), "true", '<p class="working">Searching the abstracts…</p>'),
        (Exchange("Why?", progress=Progress.STOPPED), "false", '<p class="stopped">Stopped.</p>'),
        (
            Exchange("Why?", progress=Progress.FAILED, problem="Too <long>", hint="Shorten it."),
            "false",
            '<div class="failure" role="alert"><p><bdi>Too &lt;long&gt;</bdi></p>'
            "<p><bdi>Shorten it.</bdi></p></div>",
        ),
        (
            Exchange("Why?", answer("Why?", (), complete=False)),
            "true",
            '<p class="working">Writing…</p>',
        ),
    ],
)
def test_an_exchange_says_how_it_stands(exchange: Exchange, busy: str, inside: str) -> None:
    assert exchange_html(exchange, 0) == (
        f'<article class="exchange" aria-busy="{busy}"><h2 class="question"><bdi>Why?</bdi></h2>'
        f'<div class="answer">{inside}</div></article>'
    )


def test_markers_name_their_turn() -> None:
    exchange = Exchange("?", answer("?", TWO_PAPERS, citations=TWO_SOURCES), Progress.DONE)
    html = transcript_html((exchange,)) + exchange_html(exchange, 1)
    assert [html.count(f'data-turn="{turn}"') for turn in range(3)] == [4, 4, 0]


@given(texts)
def test_any_text_comes_back_as_it_is(text: str) -> None:
    assert "".join(Reading(escaped(text)).texts) == readable(text)
    assert Reading(text_html(text)).isolated == [readable(text)]


@given(st.lists(texts.filter(str.strip), min_size=8, max_size=8))
def test_no_text_of_an_exchange_becomes_markup(words: list[str]) -> None:
    question, notice, lead, claim, title, topic, organization, missing = words
    source = TWO_SOURCES[0]
    hostile = type(source)(1, type(source.paper)(id="x", title=title, abstract=""), ())
    topic = " ".join(f"about {topic}".split())
    plan = Plan("asked", Intent.FACT, topic, filters=Filters(organization=organization))
    whole = answer(
        "asked",
        (Block(BlockKind.ITEM, (Claim(claim, (1,), Verdict.WEAK, (missing,)),), lead),),
        plan=plan,
        citations=(hostile,),
        notice=notice,
        borderline=(below(title, 0.3),),
        corrections=(Correction(missing, topic),),
    )
    reading = Reading(exchange_html(Exchange(question, whole, Progress.DONE), 0))
    assert reading.tags == EXCHANGE_TAGS
    assert reading.isolated == [
        readable(text)
        for text in (
            question,
            topic,
            f"from {organization}",
            f"Searched for “{topic}” instead of “{missing}”.",
            notice,
            lead,
            claim,
            f"not all of it is in the cited sentence: {missing}",
            title,
            "1 source · 1 of 1 claim not borne out · extractive · 0.4 s",
        )
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("![x](http://evil) *bold* $x$", "![x](http://evil) *bold* $x$"),
        ("19.0 \u202eCUA\u202c \u2066a\u2069", "19.0 CUA a"),
        ("a\x00b\ud800c", "a\ufffdb\ufffdc"),
        ("שלום &amp; hello", "שלום &amp; hello"),
    ],
)
def test_what_is_shown_of_a_text(text: str, shown: str) -> None:
    assert Reading(text_html(text)).isolated == [shown]
