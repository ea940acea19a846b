"""What the transcript says in HTML, whole, and that no text can become markup."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_assistant import (
    PAGES,
    SERVING,
    SERVING_ABSTRACT,
    THROUGHPUT,
    TWO_SOURCES,
    answer,
    span_of,
)

from assistant.answer import Block, BlockKind, Claim, Intent, Outcome, Plan, Verdict
from ui.html.answer_html import answer_html
from ui.html.exchange_html import exchange_html
from ui.html.plain_text import escaped, readable, text_html
from ui.page.conversation import Exchange, Progress
from vectorstore.filters import Filters
from vectorstore.question import Correction
from vectorstore.records import Hit, Paper, ScoreParts

EXCHANGE_TAGS = (
    "article h2 bdi ul li bdi li button bdi span p bdi"  # question, topic, chip, correction
    " div p bdi ul li strong bdi span bdi button span bdi"  # notice to doubt
    " details summary ul li span button bdi p bdi"  # papers below the line, facts
    " div button details summary div button button button button button button span"  # actions
    " nav ul li button bdi"  # what to ask next
).split()
PAGES_AT, THROUGHPUT_AT = (
    f"{span.start}-{span.end}"
    for span in (span_of(SERVING_ABSTRACT, part) for part in (PAGES, THROUGHPUT))
)
MARKER_1 = (
    f'<button type="button" class="cite" data-number="1" data-paper="{SERVING.id}" '
    f'data-spans="{PAGES_AT},{THROUGHPUT_AT}" data-quote="{PAGES} … {THROUGHPUT}" '
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
    assert answer_html(answer("?", blocks, citations=TWO_SOURCES)) == (
        '<h3><span class="claim"><bdi>Serving</bdi></span></h3>'
        '<ul><li><strong class="lead"><bdi>A lead</bdi></strong> '
        f'<span class="claim"><bdi>Pages</bdi>{MARKER_1}</span>'
        '<span class="claim"><bdi>, shared.</bdi></span></li>'
        '<li><span class="claim weak"><bdi>Twice as </bdi>'
        f'<span class="tail">fast.{MARKER_1}</span> '
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
    assert answer_html(found_nothing) == (
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
    assert answer_html(whole) == (
        '<p><span class="claim"><bdi>Two.</bdi></span></p>'
        '<details class="borderline"><summary>Borderline, perhaps of interest: 2 papers</summary>'
        '<ul><li><span class="relevance">0.39</span> <button type="button" class="title" '
        'data-open-paper="A &lt;b&gt;"><bdi>A &lt;b&gt;</bdi></button></li>'
        '<li><span class="relevance">0.20</span> <button type="button" class="title" '
        'data-open-paper="C"><bdi>C</bdi></button></li></ul></details>'
        '<p class="answer-facts"><bdi>0 sources · extractive · 0.4 s</bdi></p>'
    )
    assert "borderline" not in answer_html(replace(whole, complete=False))


def test_a_title_only_item_has_its_markers_beside_the_title() -> None:
    items = (
        Block(BlockKind.ITEM, (Claim("", (1,)),), "A lead"),
        Block(BlockKind.ITEM, (Claim("", (1,)), Claim("More.")), "Another"),
        Block(BlockKind.ITEM, (Claim("Bare", (1,)), Claim("", (1,))), ""),
    )
    assert answer_html(answer("?", items, citations=TWO_SOURCES)) == (
        f'<ul><li><strong class="lead"><bdi>A lead</bdi>{MARKER_1}</strong></li>'
        f'<li><strong class="lead"><bdi>Another</bdi>{MARKER_1}</strong> '
        '<span class="claim"><bdi>More.</bdi></span></li>'
        f'<li><span class="claim"><bdi>Bare</bdi>{MARKER_1}</span>'
        f'<span class="claim">{MARKER_1}</span></li></ul>{FACTS}'
    )


@given(texts)
def test_any_text_comes_back_as_it_is(text: str) -> None:
    assert "".join(Reading(escaped(text)).texts) == readable(text)
    assert Reading(text_html(text)).isolated == [readable(text)]


@given(st.lists(texts.filter(str.strip), min_size=9, max_size=9))
def test_no_text_of_an_exchange_becomes_markup(words: list[str]) -> None:
    question, notice, lead, claim, title, topic, organization, missing, following = words
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
        corrections=(Correction(f"{missing} typed", topic),),
    )
    reading = Reading(exchange_html(Exchange(question, whole, Progress.DONE), (following,)))
    assert reading.tags == EXCHANGE_TAGS
    assert reading.isolated == [
        readable(text)
        for text in (
            question,
            topic,
            f"from {organization}",
            f"Searched for “{topic}” instead of “{missing} typed”.",
            notice,
            lead,
            claim,
            f"not all of it is in the cited sentence: {missing}",
            title,
            "1 source · 1 of 1 claim not borne out · extractive · 0.4 s",
            following,
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
