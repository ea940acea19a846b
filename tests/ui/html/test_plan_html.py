"""How a question was understood, in HTML."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scripted_assistant import MISSPELT, TWO_PAPERS, answer

from assistant.answer import Intent, Plan
from assistant.planning.plan_words import Chip
from ui.html.plan_html import plan_html
from ui.page.conversation import Exchange, Progress
from vectorstore.filters import Filters, Order

PLAN = Plan("?", Intent.LIST, "a < b", filters=Filters(organization='"Org"', order=Order.NEWEST))
WHOLE = answer("?", TWO_PAPERS, plan=PLAN, corrections=MISSPELT)
EXCHANGE = Exchange("?", WHOLE, Progress.DONE, taken_off=(Chip("dates", "2025 only"),))
TOPIC = '<ul class="plan"><li class="topic">Searched for “<bdi>a &lt; b</bdi>”</li>'
NOTE = '<p class="note"><bdi>Searched for “serving” instead of “servign”.</bdi></p>'


def test_of_the_last_exchange_filters_can_be_taken_off_and_put_back() -> None:
    assert plan_html(EXCHANGE, last=True) == (
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


@pytest.mark.parametrize(
    ("exchange", "last"), [(EXCHANGE, False), (replace(EXCHANGE, progress=Progress.RUNNING), True)]
)
def test_of_an_earlier_or_a_growing_one_they_are_text(exchange: Exchange, last: bool) -> None:
    assert plan_html(exchange, last=last) == (
        f'{TOPIC}<li><span class="chip"><span class="unseen">Taken off: </span>'
        "<s><bdi>2025 only</bdi></s></span></li>"
        '<li><span class="chip"><bdi>from &quot;Org&quot;</bdi></span></li>'
        f'<li><span class="chip"><bdi>newest first</bdi></span></li></ul>{NOTE}'
    )


def test_a_question_that_says_it_all_has_no_plan() -> None:
    assert plan_html(Exchange("?", answer("?", TWO_PAPERS)), last=True) == ""
    assert plan_html(Exchange("?"), last=True) == ""


def test_a_failed_question_can_still_be_asked_with_its_filter() -> None:
    failed = replace(EXCHANGE, answer=None, progress=Progress.FAILED)
    assert plan_html(failed, last=True) == (
        '<ul class="plan"><li><button type="button" class="chip" data-filter="dates" '
        'aria-label="Put back: 2025 only"><s><bdi>2025 only</bdi></s>'
        '<span class="sign" aria-hidden="true">+</span></button></li></ul>'
    )
