"""The extractive composer: which sentences it takes, in which layout, and how many."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import pytest
from papers import BREAD, SOUP, source

from assistant.answer import AnswerLength, BlockKind, Intent, Plan
from assistant.draft import Cite, Piece, Remark, SourcePaper, StartBlock, Task, Text, Theme
from assistant.writing.compose_extractive import ExtractiveComposer
from assistant.writing.overview_table import table_pieces
from assistant.writing.page_words import most_words, words_of
from vectorstore.filters import Filters
from vectorstore.records import Paper

SOURCES = (source(BREAD, 0.5, 0.45, 0.9), source(SOUP, 0.2, 0.6))
EMPTY = SourcePaper(Paper("empty", "Empty", ""), 0.9, ())

PARAGRAPH = StartBlock(BlockKind.PARAGRAPH)
BREAD_ITEM = StartBlock(BlockKind.ITEM, BREAD.title)
SOUP_ITEM = StartBlock(BlockKind.ITEM, SOUP.title)
LEVAIN = (Text("We present Levain, a starter that rises 3.5 times faster."), Cite(("bread-1",)))
CODE = (Text("Code is available at https://example.org/levain."), Cite(("bread-2",)))
MEASURED = replace(
    BREAD,
    abstract="We present Levain, a starter that rises dough. Results show it is 3 times faster.",
)
STARTER = (Text("We present Levain, a starter that rises dough."), Cite(("bread-0",)))
FASTER = (Text("Results show it is 3 times faster."), Cite(("bread-1",)))
GRAMS = (Text("We show that 12 grams are enough for 40 bowls."), Cite(("soup-1",)))


def plan_of(intent: Intent, question: str = "how fast?") -> Plan:
    return Plan(question, intent, question)


def draft(task: Task, stop: Event | None = None) -> list[Piece]:
    return list(ExtractiveComposer().compose(task, stop or Event()))


@pytest.mark.parametrize("intent", [Intent.LIST, Intent.COUNT])
def test_a_list_has_of_each_paper_what_it_did(intent: Intent) -> None:
    assert draft(Task(plan_of(intent), SOURCES)) == [
        PARAGRAPH,
        Remark("2 papers in this collection match:"),
        BREAD_ITEM,
        *LEVAIN,
        SOUP_ITEM,
        *GRAMS,
    ]


def test_a_list_narrowed_down_has_of_each_paper_what_is_nearest() -> None:
    plan = Plan("q", Intent.LIST, "q", filters=Filters(scope=("bread", "soup")))
    assert draft(Task(plan, SOURCES)) == [
        PARAGRAPH,
        Remark("2 of those papers match:"),
        BREAD_ITEM,
        *CODE,
        SOUP_ITEM,
        *GRAMS,
    ]


def test_a_list_of_filters_alone_has_what_a_paper_did() -> None:
    task = Task(Plan("papers of 2024", Intent.LIST), SOURCES[:1])
    assert draft(task)[2:] == [BREAD_ITEM, *LEVAIN]


def test_a_long_list_is_under_headings_in_the_order_of_its_themes() -> None:
    themes = (Theme("Kitchens", ("soup",)), Theme("", ("bread",)))
    assert draft(Task(plan_of(Intent.LIST), SOURCES, themes=themes))[2:] == [
        StartBlock(BlockKind.HEADING),
        Remark("Kitchens"),
        SOUP_ITEM,
        *GRAMS,
        StartBlock(BlockKind.HEADING),
        Remark("Others"),
        BREAD_ITEM,
        *LEVAIN,
    ]


def test_a_fact_is_said_at_once_and_what_others_say_comes_after() -> None:
    assert draft(Task(plan_of(Intent.FACT, "where is the code released?"), SOURCES)) == [
        PARAGRAPH,
        *CODE,
        PARAGRAPH,
        Remark("Also on this:"),
        SOUP_ITEM,
        *GRAMS,
    ]


def test_a_fact_of_one_paper_has_nothing_after_it() -> None:
    task = Task(plan_of(Intent.FACT, "where is the code released?"), SOURCES[:1])
    assert draft(task) == [PARAGRAPH, *CODE]


def test_a_paper_without_an_abstract_is_named() -> None:
    empty = StartBlock(BlockKind.ITEM, "Empty")
    assert draft(Task(plan_of(Intent.FACT), (EMPTY, SOURCES[1]))) == [
        PARAGRAPH,
        empty,
        SOUP_ITEM,
        *GRAMS,
    ]
    assert draft(Task(plan_of(Intent.LIST), (EMPTY,)))[2:] == [empty]
    assert draft(Task(plan_of(Intent.TITLE), (EMPTY,)))[2:] == [empty]


def test_a_summary_has_what_each_paper_found() -> None:
    assert draft(Task(plan_of(Intent.SUMMARY), SOURCES)) == [
        PARAGRAPH,
        Remark("What 2 papers in this collection report:"),
        BREAD_ITEM,
        *LEVAIN,
        SOUP_ITEM,
        *GRAMS,
    ]


def test_a_paper_that_was_looked_for_has_its_record_and_what_tells_most_of_it() -> None:
    assert draft(Task(plan_of(Intent.TITLE), SOURCES)) == [
        PARAGRAPH,
        Remark("These are the papers:"),
        BREAD_ITEM,
        Remark("Published 6 May 2024 · Bakery Lab."),
        *LEVAIN,
        *CODE,
        SOUP_ITEM,
        *GRAMS,
    ]


def test_a_comparison_has_what_the_question_asks_for_and_the_table_lacks() -> None:
    assert draft(Task(plan_of(Intent.COMPARE), SOURCES)) == [
        PARAGRAPH,
        Remark("Levain and Salt for Soup, side by side:"),
        BREAD_ITEM,
        *CODE,
    ]


def test_one_paper_that_has_nothing_to_be_compared_with_is_told_as_one_looked_for() -> None:
    assert draft(Task(plan_of(Intent.COMPARE), SOURCES[1:])) == [
        PARAGRAPH,
        Remark("There is only one paper here to compare:"),
        SOUP_ITEM,
        *GRAMS,
    ]


@pytest.mark.parametrize("intent", Intent)
def test_what_nothing_covers_is_said_last(intent: Intent) -> None:
    task = Task(plan_of(intent), SOURCES)
    assert draft(replace(task, uncovered=("gene therapy",))) == [
        *draft(task),
        PARAGRAPH,
        Remark("Nothing here covers “gene therapy”."),
    ]


def test_stop_ends_the_draft() -> None:
    stop = Event()
    task = Task(plan_of(Intent.LIST), SOURCES, uncovered=("gene therapy",))
    pieces = ExtractiveComposer().compose(task, stop)
    begun = [next(pieces) for _ in range(3)]
    stop.set()
    assert [*begun, *pieces] == [
        PARAGRAPH,
        Remark("2 papers in this collection match:"),
        BREAD_ITEM,
    ]


def test_the_closest_papers_where_nothing_answers() -> None:
    task = Task(plan_of(Intent.LIST), SOURCES[1:], uncovered=("gene therapy",))
    assert list(ExtractiveComposer().compose_closest(task)) == [
        PARAGRAPH,
        Remark("Nothing in this collection covers “gene therapy”. The closest papers are:"),
        SOUP_ITEM,
        *GRAMS,
    ]


def test_what_a_paper_says_that_does_not_state_what_is_asked() -> None:
    task = Task(plan_of(Intent.FACT), SOURCES[1:])
    assert list(ExtractiveComposer().compose_not_stated(task)) == [
        PARAGRAPH,
        Remark("The abstract of “Salt for Soup” does not say that. What comes closest:"),
        SOUP_ITEM,
        *GRAMS,
    ]


def test_small_talk() -> None:
    plan = Plan("Thank you!", Intent.SMALL_TALK)
    assert list(ExtractiveComposer().compose_talk(plan)) == [
        PARAGRAPH,
        Remark("You are welcome. What else would you like to know about these papers?"),
    ]


def long_source(number: int, words: int, sentences: int = 3) -> SourcePaper:
    """Return a paper whose sentences have so many words, the last one measuring a gain."""
    filling = " ".join(["kneading"] * (words - 4))
    texts = [f"We propose way {number}{at} {filling}." for at in range(sentences - 1)]
    abstract = " ".join([*texts, f"It is {number}% faster {filling}."])
    return source(Paper(str(number), f"Dough {number}", abstract))


@pytest.mark.parametrize("words", [10, 40, 90])
@pytest.mark.parametrize("papers", [1, 2, 4, 20])
@pytest.mark.parametrize("intent", Intent)
def test_no_draft_is_longer_than_its_kind_may_be(intent: Intent, papers: int, words: int) -> None:
    if intent not in {Intent.LIST, Intent.COUNT, Intent.SUMMARY}:
        papers = min(papers, 4)
    sources = tuple(long_source(number, words) for number in range(papers))
    ids = tuple(each.paper.id for each in sources)
    themes = (Theme("Dough", ids),) if papers > 8 else ()
    task = Task(plan_of(intent), sources, uncovered=("gene therapy",), themes=themes)
    whole = [*draft(task), *table_pieces(task)]
    assert words_of(whole) <= most_words(intent)
    assert {piece.lead for piece in whole if isinstance(piece, StartBlock) and piece.lead} <= {
        each.paper.title for each in sources
    }
    for compose in (ExtractiveComposer().compose_closest, ExtractiveComposer().compose_not_stated):
        assert words_of(compose(replace(task, sources=sources[:3]))) <= 250


def test_where_a_page_is_full_the_last_papers_are_cut_to_their_titles() -> None:
    sources = tuple(long_source(number, 200, sentences=2) for number in range(6))
    pieces = draft(Task(plan_of(Intent.LIST), sources))
    assert [piece for piece in pieces if isinstance(piece, StartBlock | Cite)] == [
        PARAGRAPH,
        *(
            piece
            for number in range(6)
            for piece in (StartBlock(BlockKind.ITEM, f"Dough {number}"), Cite((f"{number}-0",)))
        ),
    ]
    texts = [piece.text.split()[3] for piece in pieces if isinstance(piece, Text)]
    assert texts == ["00", "10", "20", "30"]


COLD = (Text("Bread rises slowly in cold kitchens."), Cite(("bread-0",)))


@pytest.mark.parametrize(
    ("length", "answer"),
    [
        (AnswerLength.SHORT, [*LEVAIN]),
        (AnswerLength.NORMAL, [*LEVAIN]),
        (AnswerLength.LONG, [*COLD, *LEVAIN, *CODE]),
    ],
)
def test_a_fact_by_length(length: AnswerLength, answer: list[Piece]) -> None:
    task = Task(plan_of(Intent.FACT), (source(BREAD, 0.1, 0.6, 0.5),), length=length)
    assert draft(task) == [PARAGRAPH, *answer]


@pytest.mark.parametrize(
    ("length", "bread"),
    [(AnswerLength.SHORT, [*STARTER]), (AnswerLength.LONG, [*STARTER, *FASTER])],
)
def test_a_list_by_length(length: AnswerLength, bread: list[Piece]) -> None:
    task = Task(plan_of(Intent.LIST), (source(MEASURED), SOURCES[1]), length=length)
    items = [StartBlock(BlockKind.ITEM, MEASURED.title), *bread, SOUP_ITEM, *GRAMS]
    assert draft(task)[2:] == items
