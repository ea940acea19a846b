"""A plan in words, whole, and that every filter can be taken off again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Intent, Plan
from assistant.planning.plan_words import (
    FILTER_NAMES,
    TOPIC,
    Chip,
    corrected_topic,
    filter_chips,
    plan_chips,
    plan_sentence,
    plan_without,
    searched_topic,
    topic_chip,
    without,
)
from vectorstore.filters import Filters, Order
from vectorstore.question import Correction

NAMES = (
    "dates",
    "organization",
    "author",
    "category",
    "venue",
    "authors",
    "source",
    "order",
    "scope",
)
EVERYTHING = Filters(
    published_from=date(2025, 1, 1),
    published_to=date(2025, 12, 31),
    organization="Apple",
    author="Alice Baker",
    category="cs.CL",
    venue="Bread Science",
    min_authors=2,
    max_authors=4,
    source="page-3.txt",
    scope=("a", "b"),
    order=Order.NEWEST,
)
counts = st.none() | st.integers(0, 10_000)
some_filters = st.builds(
    Filters,
    published_from=st.none() | st.dates(),
    published_to=st.none() | st.dates(),
    organization=st.text(),
    author=st.text(),
    category=st.text(),
    venue=st.text(),
    min_authors=counts,
    max_authors=counts,
    source=st.text(),
    scope=st.lists(st.text(), max_size=3).map(tuple),
    order=st.sampled_from(Order),
)


def test_every_filter_has_its_chip() -> None:
    assert filter_chips(EVERYTHING) == (
        Chip("dates", "2025 only"),
        Chip("organization", "from Apple"),
        Chip("author", "by Alice Baker"),
        Chip("category", "in cs.CL"),
        Chip("venue", "published in Bread Science"),
        Chip("authors", "2 to 4 authors"),
        Chip("source", "file page-3.txt"),
        Chip("order", "newest first"),
        Chip("scope", "among 2 papers of the earlier search"),
    )
    assert filter_chips(Filters()) == ()


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), "2025 only"),
        (date(2021, 1, 1), date(2023, 12, 31), "2021 to 2023"),
        (date(2025, 10, 1), date(2025, 10, 31), "October 2025"),
        (date(2024, 2, 1), date(2024, 2, 29), "February 2024"),
        (date(2024, 2, 1), date(2024, 2, 28), "1 February to 28 February 2024"),
        (date(2024, 3, 1), date(2024, 6, 30), "1 March to 30 June 2024"),
        (date(2023, 11, 5), date(2024, 3, 2), "5 November 2023 to 2 March 2024"),
        (date(2024, 3, 5), date(2024, 3, 5), "on 5 March 2024"),
        (date(2023, 1, 1), None, "since 2023"),
        (date(2023, 10, 1), None, "since October 2023"),
        (date(2023, 10, 5), None, "since 5 October 2023"),
        (None, date(2019, 12, 31), "before 2020"),
        (None, date(2019, 10, 31), "before November 2019"),
        (None, date(2019, 10, 5), "until 5 October 2019"),
        (None, date.max, "until 31 December 9999"),
    ],
)
def test_dates(first: date | None, last: date | None, words: str) -> None:
    dated = Filters(published_from=first, published_to=last)
    assert filter_chips(dated) == (Chip("dates", words),)


@pytest.mark.parametrize(
    ("fewest", "most", "words"),
    [
        (1, 1, "one author"),
        (None, 1, "one author"),
        (1, None, "at least 1 author"),
        (5, None, "at least 5 authors"),
        (None, 3, "at most 3 authors"),
        (3, 3, "3 authors"),
        (2, 4, "2 to 4 authors"),
    ],
)
def test_authors(fewest: int | None, most: int | None, words: str) -> None:
    assert filter_chips(Filters(min_authors=fewest, max_authors=most)) == (Chip("authors", words),)


@pytest.mark.parametrize(
    ("filters", "chip"),
    [
        (Filters(order=Order.OLDEST), Chip("order", "oldest first")),
        (Filters(order=Order.DISCUSSED), Chip("order", "most discussed first")),
        (Filters(scope=("a",)), Chip("scope", "among 1 paper of the earlier search")),
    ],
)
def test_other_words(filters: Filters, chip: Chip) -> None:
    assert filter_chips(filters) == (chip,)


def test_one_is_taken_off_and_the_others_stay() -> None:
    assert [chip.name for chip in filter_chips(without(EVERYTHING, "dates"))] == list(NAMES[1:])
    with pytest.raises(ValueError, match=r"'published_from' is no filter; there are dates, org"):
        without(EVERYTHING, "published_from")


@given(some_filters)
def test_taking_every_chip_off_leaves_no_filter(filters: Filters) -> None:
    for chip in filter_chips(filters):
        assert chip not in filter_chips(without(filters, chip.name))
        filters = without(filters, chip.name)
    assert filters == Filters()


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (Plan("Quantisation?", Intent.LIST, "quantisation"), ""),
        (Plan("Hello", Intent.SMALL_TALK, "greetings"), ""),
        (Plan("What is new?", Intent.LIST), ""),
        (
            Plan("Newest of 2025?", Intent.LIST, filters=Filters(order=Order.NEWEST)),
            "Limits: newest first.",
        ),
        (
            Plan("and quantised\n ones?", Intent.LIST, "quantised\n models"),
            "Searched for “quantised models”.",
        ),
        (
            Plan("new quantised ones of 2025?", Intent.LIST, "quantised", filters=EVERYTHING),
            "Searched for “quantised”, 2025 only, from Apple, by Alice Baker, in cs.CL, published "
            "in Bread Science, 2 to 4 authors, file page-3.txt, newest first, among 2 papers of "
            "the earlier search.",
        ),
    ],
)
def test_a_plan_in_a_sentence(plan: Plan, sentence: str) -> None:
    assert plan_sentence(plan) == sentence


def test_what_was_searched_for_is_told_only_where_the_question_does_not_say_it() -> None:
    assert searched_topic(Plan("What of salt?", Intent.FACT, "salt")) == "salt"
    assert searched_topic(Plan(" Salt ?", Intent.FACT, "salt")) == ""


OF_TWO = Plan("These?", Intent.LIST, filters=Filters(scope=("a", "b")), chosen=("a", "b"))
OF_ONE = Plan("It?", Intent.FACT, filters=EVERYTHING, chosen=("a",), chosen_title="Rye:\n Bread")
SOME_OF_THREE = replace(OF_TWO, chosen=("a", "b", "c"))


@pytest.mark.parametrize(
    ("plan", "chips"),
    [
        (Plan("All?", Intent.LIST), ()),
        (OF_TWO, (Chip("chosen", "2 chosen papers"),)),
        (
            SOME_OF_THREE,
            (
                Chip("scope", "among 2 papers of the earlier search"),
                Chip("chosen", "3 chosen papers"),
            ),
        ),
        (
            replace(OF_ONE, filters=Filters(scope=("a",), order=Order.NEWEST)),
            (Chip("order", "newest first"), Chip("chosen", "this paper only: Rye: Bread")),
        ),
        (
            Plan("Hello", Intent.SMALL_TALK, chosen=tuple(map(str, range(2345)))),
            (Chip("chosen", "2,345 chosen papers"),),
        ),
    ],
)
def test_chosen_papers_have_a_chip_of_their_own(plan: Plan, chips: tuple[Chip, ...]) -> None:
    assert plan_chips(plan) == chips


def test_every_chip_has_its_place() -> None:
    assert (*NAMES, "chosen") == FILTER_NAMES


def test_a_plan_without_a_filter_tells_so_and_stays_within_the_chosen_papers() -> None:
    assert plan_without(SOME_OF_THREE, "scope") == replace(
        SOME_OF_THREE, filters=Filters(scope=("a", "b", "c")), taken_off=("scope",)
    )
    dated = Plan("New?", Intent.LIST, filters=EVERYTHING, taken_off=("order",))
    assert plan_without(dated, "dates") == replace(
        dated, filters=without(EVERYTHING, "dates"), taken_off=("order", "dates")
    )
    assert plan_without(OF_TWO, "chosen") == replace(OF_TWO, taken_off=("chosen",))
    with pytest.raises(ValueError, match="is no filter"):
        plan_without(OF_TWO, "colour")


@pytest.mark.parametrize(
    ("question", "topic", "shown"),
    [
        ("papers on breda ovens", "breda ovens", "bread ovens"),
        ("Breda, and breda?", "Breda, breda-like", "Breda, bread-like"),
        ("of ovenbreda?", "ovenbreda", "ovenbreda"),
        ("breda?", "breda", ""),  # the question says it
    ],
)
def test_a_topic_as_it_was_searched_for(question: str, topic: str, shown: str) -> None:
    plan = Plan(question, Intent.LIST, topic)
    corrections = (Correction("breda", "bread"), Correction("suop", "soup"))
    assert corrected_topic(plan, corrections) == shown


@pytest.mark.parametrize(
    ("topic", "words"),
    [
        ("Which papers cover soup?", "topic: soup"),
        ("summarise the work on  rye bread", "topic: rye bread"),
        ("Summarise bread", "topic: bread"),
        ("bread", "topic: bread"),
        ("Which papers cover ?", "topic: Which papers cover ?"),
    ],
)
def test_the_topic_is_a_chip_where_filters_are_left_without_it(topic: str, words: str) -> None:
    narrow = Plan("?", Intent.LIST, topic, filters=Filters(organization="Mill"))
    assert topic_chip(narrow) == Chip(TOPIC, words)
    assert topic_chip(replace(narrow, filters=Filters())) is None
    assert topic_chip(replace(narrow, intent=Intent.FACT)) is None
    bare = plan_without(narrow, TOPIC)
    assert bare == replace(narrow, topic="", taken_off=(TOPIC,))
    assert topic_chip(bare) is None
