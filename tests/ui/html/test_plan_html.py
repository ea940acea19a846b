"""How a question was understood, in HTML."""

from __future__ import annotations

from dataclasses import replace

from scripted_assistant import MISSPELT, TWO_PAPERS, answer

from assistant.answer import Intent, Plan
from assistant.planning.plan_words import Chip
from ui.html.plan_html import plan_html
from ui.page.conversation import Exchange, Progress
from vectorstore.filters import Filters, Order

PLAN = Plan(
    "?", Intent.LIST, "a < servign", filters=Filters(organization='"Org"', order=Order.NEWEST)
)
WHOLE = answer("?", TWO_PAPERS, plan=PLAN, corrections=MISSPELT)
EXCHANGE = Exchange("?", WHOLE, Progress.DONE, taken_off=(Chip("dates", "2025 only"),))
TOPIC = (
    '<ul class="plan"><li><button type="button" class="chip" data-filter="topic" '
    'aria-label="Take off: topic: a &lt; serving"><bdi>topic: a &lt; serving</bdi>'
    '<span class="sign" aria-hidden="true">×</span></button></li>'
)
NOTE = '<p class="note"><bdi>Searched for “serving” instead of “servign”.</bdi></p>'


def test_filters_can_be_taken_off_and_put_back() -> None:
    assert plan_html(EXCHANGE) == (
        f'{TOPIC}<li><button type="button" class="chip" data-filter="dates" '
        'aria-label="Put back: 2025 only"><s><bdi>2025 only</bdi></s>'
        '<span class="sign" aria-hidden="true">+</span></button></li>'
        '<li><button type="button" class="chip" data-filter="organization" '
        'aria-label="Take off: from &quot;Org&quot;"><bdi>from &quot;Org&quot;</bdi>'
        '<span class="sign" aria-hidden="true">×</span></button></li>'
        '<li><button type="button" class="chip" data-filter="order" '
        'aria-label="Take off: newest first"><bdi>newest first</bdi>'
        f'<span class="sign" aria-hidden="true">×</span></button></li></ul>{NOTE}'
    )


def test_of_a_growing_one_they_are_text() -> None:
    exchange = replace(EXCHANGE, progress=Progress.RUNNING)
    assert plan_html(exchange) == (
        '<ul class="plan"><li><span class="chip"><bdi>topic: a &lt; serving</bdi></span></li>'
        '<li><span class="chip"><span class="unseen">Taken off: </span>'
        "<s><bdi>2025 only</bdi></s></span></li>"
        '<li><span class="chip"><bdi>from &quot;Org&quot;</bdi></span></li>'
        f'<li><span class="chip"><bdi>newest first</bdi></span></li></ul>{NOTE}'
    )


def test_a_question_that_says_it_all_has_no_plan() -> None:
    assert plan_html(Exchange("?", answer("?", TWO_PAPERS))) == ""
    assert plan_html(Exchange("?")) == ""


def test_a_failed_question_can_still_be_asked_with_its_filter() -> None:
    failed = replace(EXCHANGE, answer=None, progress=Progress.FAILED)
    assert plan_html(failed) == (
        '<ul class="plan"><li><button type="button" class="chip" data-filter="dates" '
        'aria-label="Put back: 2025 only"><s><bdi>2025 only</bdi></s>'
        '<span class="sign" aria-hidden="true">+</span></button></li></ul>'
    )


def test_without_filters_a_topic_is_told_and_cannot_be_taken_off() -> None:
    plain = replace(WHOLE, plan=replace(PLAN, filters=Filters()))
    assert plan_html(Exchange("?", plain, Progress.DONE)) == (
        '<ul class="plan"><li class="topic">Searched for “<bdi>a &lt; serving</bdi>”</li></ul>'
        f"{NOTE}"
    )
