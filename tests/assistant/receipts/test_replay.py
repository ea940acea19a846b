"""Replays: what counts as a change, and the recorded words checked against today's abstracts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from embedders import WordEmbedder
from fakes import FakeModelServer, Request, Script, says
from papers import BREAD, SOUP
from receipts import CIRCUMSTANCES, PLAN, QUESTIONS, answered

from assistant.answer import EXTRACTIVE, Claim, Outcome, Quote, Verdict
from assistant.answering import Assistant
from assistant.checking.sentence_ids import SENTENCE_ID
from assistant.model.chat_model import ChatModel, ChatModelSettings
from assistant.receipts.receipt import CitedPaper, Receipt, make_receipt
from assistant.receipts.receipt_changes import Change, Part
from assistant.receipts.receipt_corpus import Corpus
from assistant.receipts.receipt_json import read_receipt, receipt_json
from assistant.receipts.recheck import LostQuote, needed_ids
from assistant.receipts.replay import Replay, replay
from assistant.receipts.trace import Trace
from assistant.settings import AssistantSettings
from assistant.writing.compose_with_model import ModelComposer
from ingest.indexing import index_pending
from vectorstore.embedding import Embedder
from vectorstore.library import Library
from vectorstore.records import Paper, Span

MakeLibrary = Callable[[Sequence[Paper], Embedder], Library]

TODAY = {"bread": BREAD, "soup": SOUP}
GRAMS = "We show that 12 grams are enough for 40 bowls."
LEVAIN = "We present Levain, a starter that rises 3.5 times faster."
NOTHING = Replay(asked_again=True, changes=(), rechecked=(), lost=())


@pytest.fixture
def recorded(make_library: MakeLibrary) -> Receipt:
    """Return a receipt of an answer by a model."""
    answer, trace = answered()
    library = make_library([BREAD, SOUP], WordEmbedder())
    return make_receipt(QUESTIONS, answer, trace, library, CIRCUMSTANCES)


def with_turn(receipt: Receipt, **changes: object) -> Receipt:
    """Return the receipt with another last turn."""
    return replace(receipt, turn=replace(receipt.turn, **changes))


def test_nothing_changed(recorded: Receipt) -> None:
    later = replace(recorded, made_at=recorded.made_at.replace(year=2027), paperchat="0.2.0")
    later = with_turn(later, seconds=9.0, sentences=(), prompt=(), usage=replace(later.turn.usage))
    assert replay(recorded, later, TODAY) == NOTHING
    assert NOTHING.same


def test_papers_that_came_went_and_changed(recorded: Receipt) -> None:
    now = Corpus(2, "other", {"bread": "5244af0dbc31db2c", "tea": "1"})
    changes = replay(recorded, replace(recorded, corpus=now), TODAY).changes
    assert changes == (
        Change(Part.PAPERS, "bread", "5244af0dbc31db2b", "5244af0dbc31db2c"),
        Change(Part.PAPERS, "soup", "152c2e4893cd94de", ""),
        Change(Part.PAPERS, "tea", "", "1"),
    )


def test_a_large_library_that_changed(recorded: Receipt) -> None:
    now = replace(recorded, corpus=Corpus(20_000, "other", None))
    before = f"2 {recorded.corpus.fingerprint}"
    assert replay(recorded, now, TODAY).changes == (Change(Part.PAPERS, "", before, "20000 other"),)


def test_models_and_settings(recorded: Receipt) -> None:
    now = replace(
        recorded,
        models=replace(recorded.models, chat="large", reranker="fastembed:x"),
        settings={"assistant.list_relevance": 0.5, "chat.temperature": 0.1, "new": True},
    )
    assert replay(recorded, now, TODAY).changes == (
        Change(Part.MODELS, "reranker", "", "fastembed:x"),
        Change(Part.MODELS, "chat", "tiny", "large"),
        Change(Part.SETTINGS, "assistant.list_relevance", "0.35", "0.5"),
        Change(Part.SETTINGS, "chat.temperature", "", "0.1"),
        Change(Part.SETTINGS, "chat.retries", "1", ""),
        Change(Part.SETTINGS, "new", "", "True"),
    )


def test_the_plan(recorded: Receipt) -> None:
    filters = replace(PLAN.filters, published_from=None, scope=("bread",), organization="lab")
    now = with_turn(recorded, plan=replace(PLAN, topic="stew", filters=filters))
    assert replay(recorded, now, TODAY).changes == (
        Change(Part.PLAN, "topic", "soup", "stew"),
        Change(Part.PLAN, "filters.published_from", "2024-01-01", ""),
        Change(Part.PLAN, "filters.organization", "", "lab"),
        Change(Part.PLAN, "filters.scope.2", "soup", ""),
    )


def test_the_ranking_of_the_best_ten(recorded: Receipt) -> None:
    first = recorded.turn.ranking[0]
    papers = [replace(first, paper_id=str(n), title=f"Title {n}") for n in range(14)]
    before = with_turn(recorded, ranking=tuple(papers[:12]))
    order = [1, 0, *range(2, 8), 10, 8, 11, 12, 13]
    after = with_turn(recorded, ranking=tuple(papers[n] for n in order))
    assert replay(before, after, TODAY).changes == (
        Change(Part.RANKING, "Title 1", "2", "1"),
        Change(Part.RANKING, "Title 0", "1", "2"),
        Change(Part.RANKING, "Title 10", "11", "9"),
        Change(Part.RANKING, "Title 8", "9", "10"),
        Change(Part.RANKING, "Title 9", "10", ""),
    )


def test_what_was_said(recorded: Receipt) -> None:
    first, second, third = recorded.turn.blocks
    weak = Claim(second.claims[0].text, (1,), Verdict.WEAK, ("12", "40"))
    now = with_turn(
        recorded,
        outcome=Outcome.NOT_STATED,
        mode=EXTRACTIVE,
        notice="The model failed.",
        blocks=(replace(first, claims=(Claim("It found 3:"),)), replace(second, claims=(weak,))),
        citations=recorded.turn.citations[:1],
        uncovered=("tea", "milk"),
    )
    assert replay(recorded, now, TODAY).changes == (
        Change(Part.OUTCOME, "outcome", "answered", "not stated"),
        Change(Part.OUTCOME, "mode", "tiny", "extractive"),
        Change(Part.OUTCOME, "notice", "", "The model failed."),
        Change(Part.OUTCOME, "uncovered.2", "", "milk"),
        Change(Part.TEXT, "", "The search found 2 papers:", "It found 3:"),
        Change(Part.TEXT, "", "Paper | Says", ""),
        Change(Part.TEXT, "", f"Levain | {LEVAIN}", ""),
        Change(Part.CITATIONS, BREAD.title, LEVAIN, ""),
        Change(Part.VERDICTS, weak.text, "supported", "weak, without 12, 40"),
    )
    assert third.all_claims()[-1].text == LEVAIN


def test_a_quote_that_moved_still_stands(recorded: Receipt) -> None:
    moved = replace(SOUP, abstract=f"Soup is old. {SOUP.abstract}")
    assert replay(recorded, recorded, TODAY | {"soup": moved}) == NOTHING


def test_a_changed_abstract(recorded: Receipt) -> None:
    changed = replace(SOUP, abstract=SOUP.abstract.replace("12", "13"))
    found = replay(recorded, recorded, TODAY | {"soup": changed})
    claim = "12 grams are enough for 40 bowls."
    assert found.lost == (LostQuote("soup", SOUP.title, GRAMS, is_here=True),)
    assert found.changes == ()
    assert [(each.part, each.what, each.before) for each in found.rechecked] == [
        (Part.VERDICTS, claim, "supported")
    ]
    assert not found.same


def test_a_removed_paper(recorded: Receipt) -> None:
    found = replay(recorded, recorded, {"soup": SOUP})
    assert found.lost == (LostQuote("bread", BREAD.title, LEVAIN, is_here=False),)
    assert [(each.part, each.what) for each in found.rechecked] == [(Part.VERDICTS, LEVAIN)]


def test_a_forged_quote_is_named(recorded: Receipt) -> None:
    forged = CitedPaper(1, "soup", SOUP.title, (Quote(Span(0, 5), "Soup needs sugar."),))
    edited = with_turn(recorded, citations=(forged, *recorded.turn.citations[1:]))
    found = replay(edited, edited, TODAY)
    assert found.lost == (LostQuote("soup", SOUP.title, "Soup needs sugar.", is_here=True),)
    assert found.rechecked == (Change(Part.CITATIONS, SOUP.title, "", GRAMS),)


@pytest.mark.parametrize("span", [Span(-5, -1), Span(10**30, 5), Span(9, 3)])
def test_spans_of_a_forger_find_nothing_else(recorded: Receipt, span: Span) -> None:
    sentences = tuple(replace(each, span=span) for each in recorded.turn.sentences)
    edited = with_turn(recorded, sentences=sentences)
    assert replay(edited, edited, TODAY) == NOTHING


def test_without_the_model_its_words_are_checked_again(recorded: Receipt) -> None:
    bare = replace(
        with_turn(recorded, plan=replace(PLAN, topic="x"), blocks=(), citations=(), ranking=()),
        models=replace(recorded.models, chat=EXTRACTIVE),
        settings={"assistant.list_relevance": 0.35},
    )
    found = replay(recorded, bare, TODAY)
    assert found == replace(NOTHING, asked_again=False)
    assert found.same
    alone = replace(recorded, questions=QUESTIONS[1:])
    assert replay(alone, bare, TODAY).changes == (
        Change(Part.PLAN, "topic", "soup", "x"),
        Change(Part.RANKING, BREAD.title, "1", ""),
        Change(Part.RANKING, SOUP.title, "2", ""),
    )


EVERYTHING = AssistantSettings(answerability_floor=0.0, list_relevance=0.0, support_relevance=0.0)
QUESTION = "Which papers are about salt for soup?"


def cites_what_it_was_shown(request: Request) -> Script:
    """Reply with the first sentence shown, as a claim of its own."""
    sources = request.body["messages"][-1]["content"]
    shown = re.search(rf"\[({SENTENCE_ID.pattern})\] (.+)", sources)
    assert shown
    return says(f"- {shown.group(2)[:9]}", f"{shown.group(2)[9:]} [{shown.group(1)}]\n")


def asked(library: Library, assistant: Assistant) -> Receipt:
    """Ask the question and return the receipt."""
    trace = Trace()
    answer = assistant.ask(QUESTION, trace=trace)
    circumstances = replace(CIRCUMSTANCES, chat=assistant.mode)
    return make_receipt((QUESTION,), answer, trace, library, circumstances)


@pytest.mark.parametrize("modelled", [False, True])
def test_from_question_to_replay(make_library: MakeLibrary, tmp_path: Path, modelled: bool) -> None:
    library = make_library([BREAD, SOUP], WordEmbedder(token_dimension=64))
    with FakeModelServer(cites_what_it_was_shown) as server:
        model = ModelComposer(ChatModel(ChatModelSettings("tiny", server.base_url, retries=0)))
        assistant = Assistant(library, model if modelled else None, EVERYTHING)
        file = tmp_path / "receipt.json"
        file.write_text(receipt_json(asked(library, assistant)), "utf-8")
        before = read_receipt(file)
        assert before.turn.citations
        assert [message.role for message in before.turn.prompt] == ["system", "user"] * modelled
        papers = library.catalog.papers(needed_ids(before.turn))
        assert replay(before, asked(library, assistant), papers) == NOTHING

        cited = before.turn.citations[0].paper_id
        paper = replace(papers[cited], abstract="Tea is green. Rain is wet.")
        library.add([paper])
        index_pending(library)
        papers = library.catalog.papers(needed_ids(before.turn))
        found = replay(before, asked(library, assistant), papers)
    assert {change.part for change in found.changes} >= {Part.PAPERS, Part.TEXT, Part.CITATIONS}
    assert {quote.paper_id for quote in found.lost} == {cited}


def test_a_reply_checked_again_without_its_model(make_library: MakeLibrary) -> None:
    library = make_library([BREAD, SOUP], WordEmbedder(token_dimension=64))
    with FakeModelServer(cites_what_it_was_shown) as server:
        model = ModelComposer(ChatModel(ChatModelSettings("tiny", server.base_url, retries=0)))
        before = asked(library, Assistant(library, model, EVERYTHING))
    papers = library.catalog.papers(needed_ids(before.turn))
    today = asked(library, Assistant(library, settings=EVERYTHING))
    assert replay(before, today, papers) == replace(NOTHING, asked_again=False)
