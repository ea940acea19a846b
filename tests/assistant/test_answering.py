"""Questions from beginning to end on the shipped pages, in the words of the abstracts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from threading import Event

import pytest
from embedders import WordEmbedder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whole_answers import assert_verified, blocks_of, first_words, table_texts

from assistant.answer import (
    Answer,
    AnswerLength,
    Asking,
    Block,
    BlockKind,
    Claim,
    Intent,
    Outcome,
    Turn,
)
from assistant.answering import Assistant
from assistant.errors import AssistantError, QuestionError
from assistant.explaining.standing import Standing
from assistant.receipts.trace import Trace
from assistant.settings import AssistantSettings
from assistant.writing.remarks import GREETING, OUT_OF_SCOPE
from ui.export.answer_markdown import answer_markdown
from vectorstore.embedding import Embedder
from vectorstore.filters import Filters, Order
from vectorstore.library import Library
from vectorstore.question import Correction
from vectorstore.records import Paper, Span

QUESTION = "Which papers cover LLM serving?"
FEDERATED = "papers on federated learning"
OFF_TOPIC = "How long does sourdough bread take to rise at high altitude?"
LLUMNIX = "Llumnix: Dynamic Scheduling for Large Language Model Serving"
TAILS = (
    "Our evaluations show that Llumnix improves tail latencies by an order of magnitude,"
    " accelerates high-priority requests by up to 1.5x, and delivers up to 36% cost savings while"
    " achieving similar tail latencies, compared against state-of-the-art LLM serving systems."
)
RESCHEDULES = (
    "We introduce Llumnix, an LLM serving system that reacts to such heterogeneous and"
    " unpredictable requests by runtime rescheduling across multiple model instances."
)
UNDATED = "82 papers without a date are left out"


@pytest.fixture
def assistant(shipped_library: Library) -> Assistant:
    return Assistant(shipped_library)


def ask(
    assistant: Assistant, question: str, history: Sequence[Turn] = (), without: tuple[str, ...] = ()
) -> Answer:
    """Return the whole answer, and insist on its promises."""
    *_, answer = assistant.stream(question, history, without=without)
    assert_verified(answer)
    return answer


def quoted(sentence: str, answer: Answer) -> Claim:
    """Return the claim that is this sentence of the first paper cited."""
    start = answer.citations[0].paper.abstract.index(sentence)
    return Claim(sentence, (1,), quotes=((1, Span(start, start + len(sentence))),))


def test_a_list_has_an_item_for_each_paper_and_a_borderline_that_nothing_cites(
    assistant: Assistant,
) -> None:
    answer = ask(assistant, FEDERATED)
    limits = AssistantSettings()
    listed = [hit.paper for hit in answer.ranking if hit.relevance >= limits.list_relevance]
    assert (answer.plan.intent, answer.outcome, answer.mode) == (
        Intent.LIST,
        Outcome.ANSWERED,
        "extractive",
    )
    assert [citation.paper for citation in answer.citations] == listed
    assert [(block.kind, block.lead) for block in answer.blocks] == [
        (BlockKind.PARAGRAPH, ""),
        *((BlockKind.ITEM, paper.title) for paper in listed),
    ]
    assert first_words(answer) == "8 papers in this collection match (1 more is borderline):"
    assert [hit.paper for hit in answer.borderline] == [hit.paper for hit in answer.ranking[8:9]]
    assert limits.borderline_relevance <= answer.borderline[0].relevance < limits.list_relevance
    assert (len(answer.ranking), answer.notice, answer.dropped_citations) == (50, "", 0)


def test_a_long_list_is_grouped_by_theme(assistant: Assistant) -> None:
    answer = ask(assistant, QUESTION)
    headings = [block.claims[0].text for block in blocks_of(answer, BlockKind.HEADING)]
    items = blocks_of(answer, BlockKind.ITEM)
    assert len(items) > AssistantSettings().grouped_papers
    assert len(headings) == len(set(headings)) > 1
    assert answer.blocks[1].kind is BlockKind.HEADING
    assert len({block.lead for block in items}) == len(items)
    assert first_words(answer) == (
        f"{len(items)} papers in this collection match ({len(answer.borderline)} more are"
        " borderline):"
    )


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("newest papers on LLM serving", Order.NEWEST),
        ("papers from October 2025", Order.RELEVANCE),
    ],
)
def test_papers_in_an_order_or_by_filters_alone_are_not_grouped(
    assistant: Assistant, question: str, order: Order
) -> None:
    answer = ask(assistant, question)
    assert answer.plan.filters.order is order
    assert len(blocks_of(answer, BlockKind.ITEM)) > AssistantSettings().grouped_papers
    assert blocks_of(answer, BlockKind.HEADING) == []
    dates = [str(citation.paper.published or "") for citation in answer.citations]
    assert dates == sorted(dates, reverse=True)


def test_a_count_within_limits(assistant: Assistant) -> None:
    answer = ask(assistant, "how many papers came out in October 2025")
    assert (answer.plan.intent, answer.plan.topic) == (Intent.COUNT, "")
    assert answer.plan.filters == Filters(date(2025, 10, 1), date(2025, 10, 31))
    assert first_words(answer) == (f"13 papers in this collection match (October 2025, {UNDATED}):")
    months = {str(citation.paper.published)[:7] for citation in answer.citations}
    assert (len(answer.citations), months, answer.borderline) == (13, {"2025-10"}, ())


def test_limits_and_borderline_papers_are_said_in_one_breath(assistant: Assistant) -> None:
    answer = ask(assistant, "papers on LLM serving from 2025")
    assert first_words(answer) == (
        f"{len(answer.citations)} papers in this collection match (2025 only, {UNDATED};"
        f" {len(answer.borderline)} more are borderline):"
    )


def test_a_fact_is_the_sentence_that_has_it(assistant: Assistant) -> None:
    answer = ask(assistant, "What does Llumnix do about tail latencies?")
    assert (answer.plan.intent, answer.outcome) == (Intent.FACT, Outcome.ANSWERED)
    assert answer.blocks == (Block(BlockKind.PARAGRAPH, (quoted(TAILS, answer),)),)
    assert [citation.paper.title for citation in answer.citations] == [LLUMNIX]
    assert answer.borderline == ()


def test_a_fact_comes_first_and_then_what_others_say(assistant: Assistant) -> None:
    answer = ask(assistant, "How can federated learning cope with stale updates?")
    said, also, *others = answer.blocks
    assert answer.plan.intent is Intent.FACT
    assert (said.kind, said.claims[0].citations) == (BlockKind.PARAGRAPH, (1,))
    assert also == Block(BlockKind.PARAGRAPH, (Claim("Also on this:"),))
    assert 0 < len(others) < AssistantSettings().fact_papers
    assert {block.kind for block in others} == {BlockKind.ITEM}
    assert [block.lead for block in others] == [
        citation.paper.title for citation in answer.citations[1:]
    ]


def test_what_the_abstract_does_not_say_is_not_made_up(assistant: Assistant) -> None:
    answer = ask(assistant, "what battery life does Llumnix reach?")
    assert (answer.outcome, answer.mode) == (Outcome.NOT_STATED, "extractive")
    assert answer.blocks == (
        Block(
            BlockKind.PARAGRAPH,
            (Claim(f"The abstract of “{LLUMNIX}” does not say that. What comes closest:"),),
        ),
        Block(BlockKind.ITEM, (quoted(TAILS, answer),), LLUMNIX),
    )


def test_two_papers_side_by_side(assistant: Assistant) -> None:
    answer = ask(assistant, "Compare Llumnix and DistServe")
    assert answer.plan.intent is Intent.COMPARE
    assert first_words(answer) == "Llumnix and DistServe, side by side:"
    names, published, *aspects = table_texts(answer)
    assert names == ["", "Llumnix", "DistServe"]
    assert published == ["Published", "5 June 2024 · 7 authors", "17 January 2024 · 8 authors"]
    assert [row[0] for row in aspects] == ["Problem", "Approach", "Result"]
    assert (aspects[1][1], aspects[2][1]) == (RESCHEDULES, TAILS)
    assert len(answer.citations) == 2


def test_papers_of_one_name_are_set_side_by_side(assistant: Assistant) -> None:
    answer = ask(assistant, "what does comet do?")
    assert first_words(answer) == "2 papers here go by the name “comet”:"
    assert table_texts(answer)[0] == ["", "COMET", "Comet"]
    assert len(answer.citations) == 2


def test_a_paper_that_is_looked_for_has_its_record(assistant: Assistant) -> None:
    answer = ask(assistant, "the paper on Llumnix")
    assert answer.plan.intent is Intent.TITLE
    assert answer.blocks == (
        Block(BlockKind.PARAGRAPH, (Claim("This is the paper:"),)),
        Block(
            BlockKind.ITEM,
            (
                Claim("Published 5 June 2024 · 7 authors."),
                quoted(RESCHEDULES, answer),
                quoted(TAILS, answer),
            ),
            LLUMNIX,
        ),
    )


def test_a_summary_of_a_broad_topic_has_themes_and_a_table_of_the_best(
    assistant: Assistant,
) -> None:
    answer = ask(assistant, "Summarise the work on efficient inference of language models")
    assert answer.plan.intent is Intent.SUMMARY
    assert first_words(answer) == "What 20 papers in this collection report:"
    assert len(blocks_of(answer, BlockKind.HEADING)) > 1
    assert len(blocks_of(answer, BlockKind.ITEM)) == len(answer.citations) == 20
    assert answer.blocks[-2].claims == (
        Claim("The 8 papers that are most on the topic, side by side:"),
    )
    columns, *rows = table_texts(answer)
    assert columns == ["Paper", "Year", "What it does", "Headline result"]
    assert len(rows) == 8
    assert answer.borderline == ()


def test_nothing_within_the_limits_has_no_sources(assistant: Assistant) -> None:
    answer = ask(assistant, "papers on LLM serving from 1999")
    assert (answer.outcome, answer.citations, answer.ranking) == (Outcome.NOT_FOUND, (), ())
    none = f"No paper in this collection is within these limits (1999 only, {UNDATED})."
    assert answer.blocks == (Block(BlockKind.PARAGRAPH, (Claim(none),)),)


def test_nothing_found_shows_the_closest_papers(assistant: Assistant) -> None:
    answer = ask(assistant, OFF_TOPIC)
    assert answer.outcome is Outcome.NOT_FOUND
    assert [c.paper for c in answer.citations] == [hit.paper for hit in answer.ranking[:3]]
    assert answer.uncovered


PARTLY = "Which papers deal with federated learning in porcelain kilns?"


def test_an_answer_ends_with_what_nothing_covers(shipped_library: Library) -> None:
    anything = AssistantSettings(answerability_floor=0.0, list_relevance=0.0)
    answer = ask(Assistant(shipped_library, settings=anything), PARTLY)
    assert answer.blocks[-1] == Block(
        BlockKind.PARAGRAPH, (Claim("Nothing here covers “porcelain kilns”."),)
    )
    assert (answer.outcome, answer.uncovered) == (Outcome.ANSWERED, ("porcelain kilns",))


def test_a_refusal_names_what_nothing_covers(shipped_library: Library) -> None:
    nothing = AssistantSettings(answerability_floor=1.1)
    answer = ask(Assistant(shipped_library, settings=nothing), PARTLY)
    assert (answer.outcome, answer.borderline) == (Outcome.NOT_FOUND, ())
    assert answer.uncovered == ("porcelain kilns",)
    assert first_words(answer) == (
        "Nothing in this collection covers “porcelain kilns”. The closest papers are:"
    )


@pytest.mark.parametrize(
    ("question", "intent", "outcome", "said"),
    [
        ("Hello!", Intent.SMALL_TALK, Outcome.ANSWERED, GREETING),
        ("write me a poem about cats", Intent.OUT_OF_SCOPE, Outcome.NOT_FOUND, OUT_OF_SCOPE),
    ],
)
def test_what_is_no_question_for_papers(
    assistant: Assistant, question: str, intent: Intent, outcome: Outcome, said: str
) -> None:
    answer = ask(assistant, question)
    assert (answer.plan.intent, answer.outcome) == (intent, outcome)
    assert answer.blocks == (Block(BlockKind.PARAGRAPH, (Claim(said),)),)
    assert (answer.citations, answer.ranking, answer.mode) == ((), (), "extractive")


def test_a_filter_is_taken_off(assistant: Assistant) -> None:
    question = "newest papers on LLM serving from 2024"
    whole = ask(assistant, question)
    answer = ask(assistant, question, without=("dates",))
    assert whole.plan.filters == Filters(date(2024, 1, 1), date(2024, 12, 31), order=Order.NEWEST)
    assert answer.plan == replace(
        whole.plan, filters=Filters(order=Order.NEWEST), taken_off=("dates",)
    )
    assert len(answer.citations) > len(whole.citations)
    both = ask(assistant, question, without=("dates", "order"))
    assert (both.plan.filters, both.plan.taken_off) == (Filters(), ("dates", "order"))


def test_corrections_are_told(assistant: Assistant) -> None:
    answer = ask(assistant, "papers on mergng models")
    assert answer.corrections == (Correction("mergng", "merging"),)
    assert answer.citations[0].paper.title.startswith("PLeaS")


def test_a_search_within_limits(assistant: Assistant) -> None:
    limits = Filters(published_from=date(2025, 1, 1), order=Order.OLDEST)
    result = assistant.search("LLM serving", 5, limits)
    dates = [str(hit.paper.published) for hit in result.hits]
    assert dates == sorted(dates)
    assert dates[0] >= "2025"
    assert result.filtered.undated == 82


def test_a_follow_up_within_the_papers_of_the_answer(assistant: Assistant) -> None:
    first = ask(assistant, FEDERATED)
    second = ask(assistant, "which of those deal with stale updates?", [Turn(FEDERATED, first)])
    assert set(second.plan.scope) <= {hit.paper.id for hit in first.ranking}
    assert {hit.paper.id for hit in second.ranking} <= set(second.plan.scope)
    assert first_words(second).endswith("of those papers match:")
    assert "Staleness" in second.citations[0].paper.title


def test_none_of_those_papers_is_within_the_limits(assistant: Assistant) -> None:
    first = ask(assistant, FEDERATED)
    second = ask(assistant, "which of those are from 1999?", [Turn(FEDERATED, first)])
    assert (second.outcome, second.citations) == (Outcome.NOT_FOUND, ())
    assert first_words(second).startswith("None of those papers is within these limits (1999 only")


def test_a_long_conversation_still_hears_the_last_question(assistant: Assistant) -> None:
    history: list[Turn] = []
    for question in (
        FEDERATED,
        "and on stale updates?",
        "and what about quantum computers?",
        "and is there anything on musical instruments?",
    ):
        history.append(Turn(question, ask(assistant, question, history)))
    assert "Musical Instrument" in history[-1].answer.citations[0].paper.title


def test_snapshots_grow_into_the_answer(assistant: Assistant) -> None:
    *snapshots, answer = assistant.stream(QUESTION)
    assert not any(snapshot.complete for snapshot in snapshots)
    lengths = [len(snapshot.blocks) for snapshot in snapshots]
    assert lengths == sorted(lengths)
    assert snapshots[-1].blocks == answer.blocks
    assert 0 < snapshots[0].seconds <= answer.seconds


def test_stop_ends_an_extractive_answer_without_its_table(assistant: Assistant) -> None:
    stop = Event()
    snapshots = []
    for snapshot in assistant.stream("Summarise what is said of LLM serving", stop=stop):
        snapshots.append(snapshot)
        if len(snapshot.citations) == 1:
            stop.set()
    last = snapshots[-1]
    assert not last.complete
    assert len(last.citations) == 1
    assert blocks_of(last, BlockKind.TABLE) == []


def test_a_trace_is_told_what_the_answer_is_made_from(assistant: Assistant) -> None:
    trace = Trace()
    answer = assistant.ask("What does Llumnix do about tail latencies?", trace=trace)
    assert trace.plan == answer.plan
    assert [source.paper for source in trace.sources] == [answer.citations[0].paper]
    [source] = trace.sources
    assert any(sentence.words for sentence in source.sentences)
    assert [sentence.id for sentence in source.sentences if sentence.text == TAILS] == [
        sentence_id for piece in trace.draft for sentence_id in getattr(piece, "sentence_ids", ())
    ]


@pytest.mark.parametrize("question", ["", " \n\t", "x" * 4_001])
def test_a_question_that_cannot_be_used(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError):
        assistant.ask(question)


def test_an_empty_library(
    make_library: Callable[[Sequence[Paper], Embedder], Library],
) -> None:
    with pytest.raises(AssistantError, match="There are no papers to answer from yet"):
        Assistant(make_library([], WordEmbedder())).ask(QUESTION)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_any_question_ends_verified(shipped_library: Library, question: str) -> None:
    assert_verified(Assistant(shipped_library).ask(question))


def test_why_understands_the_limits_of_the_question(shipped_library: Library) -> None:
    explanation = Assistant(shipped_library).explain("federated learning, 2023 only", "FedSpeed")
    assert explanation.question == "federated learning"
    assert explanation.standing is Standing.UNDATED


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        "Summarise the work on federated learning",
        "Compare Llumnix and DistServe",
        "How can federated learning cope with stale updates?",
    ],
)
def test_an_answer_is_as_long_as_was_asked_for(assistant: Assistant, question: str) -> None:
    answers = []
    for length in AnswerLength:
        *_, answer = assistant.answer(Asking(question, length=length))
        assert_verified(answer)
        answers.append(answer)
    short, normal, long = (len(answer_markdown(answer).split()) for answer in answers)
    assert short <= normal < long
    assert replace(answers[1], seconds=0) == replace(assistant.ask(question), seconds=0)
