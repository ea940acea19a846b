"""One exchange in HTML: how it stands, what can be done with it, what to ask next."""

from __future__ import annotations

import pytest
from scripted_assistant import answer

from ui.html.exchange_html import exchange_html
from ui.page.conversation import Exchange, Progress

KEPT = (
    '<button type="button" class="button quiet" data-does="copy">Copy</button>'
    '<details class="menu"><summary class="button quiet">Export</summary><div class="menu-items">'
    '<button type="button" class="button quiet" data-keep=".md">Markdown</button>'
    '<button type="button" class="button quiet" data-keep=".bib">BibTeX</button>'
    '<button type="button" class="button quiet" data-keep=".ris">RIS</button>'
    '<button type="button" class="button quiet" data-keep=".csv">CSV</button></div></details>'
)


def actions(kept: str = "") -> str:
    return (
        f'<div class="actions" role="group" aria-label="This answer">{kept}'
        '<button type="button" class="button quiet" data-does="edit">Edit question</button>'
        '<button type="button" class="button quiet last-only" data-does="again">Ask again</button>'
        '<span class="feedback-slot"></span></div>'
    )


def whole(busy: str, inside: str, below: str) -> str:
    return (
        f'<article class="exchange" aria-busy="{busy}">'
        '<h2 class="question" tabindex="-1"><bdi>Why?</bdi></h2>'
        f'<div class="answer">{inside}</div>{below}</article>'
    )


@pytest.mark.parametrize(
    ("exchange", "html"),
    [
        (
            Exchange("Why?"),
            whole("true", '<p class="working">Searching the abstracts…</p>', ""),
        ),
        (
            Exchange("Why?", answer("Why?", (), complete=False)),
            whole("true", '<p class="working">Writing…</p>', ""),
        ),
        (
            Exchange("Why?", progress=Progress.STOPPED),
            whole("false", '<p class="stopped">Stopped.</p>', actions()),
        ),
        (
            Exchange("Why?", progress=Progress.FAILED, problem="Too <long>", hint="Shorten it."),
            whole(
                "false",
                '<div class="failure" role="alert"><p><bdi>Too &lt;long&gt;</bdi></p>'
                "<p><bdi>Shorten it.</bdi></p></div>",
                actions(),
            ),
        ),
        (
            Exchange("Why?", answer("Why?", ()), Progress.DONE),
            whole(
                "false",
                '<p class="answer-facts"><bdi>0 sources · extractive · 0.4 s</bdi></p>',
                actions(KEPT),
            ),
        ),
    ],
)
def test_an_exchange_says_how_it_stands(exchange: Exchange, html: str) -> None:
    assert exchange_html(exchange) == html


def test_what_to_ask_next_stands_below() -> None:
    asked = exchange_html(Exchange("Why?", progress=Progress.STOPPED), ("And <b>?",))
    assert asked == whole(
        "false",
        '<p class="stopped">Stopped.</p>',
        f'{actions()}<nav class="next last-only" aria-label="Ask next"><ul><li>'
        '<button type="button" class="suggestion" data-ask="And &lt;b&gt;?">'
        "<bdi>And &lt;b&gt;?</bdi></button></li></ul></nav>",
    )
