"""What answers make of 500 near copies of one abstract, and of one that repeats a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from embedders import WordEmbedder
from fakes import FakeModelServer, says
from flooded_papers import different_papers, near_copies, stuffed
from kitchen import PAPERS

from assistant.answer import Answer, Asking, BlockKind
from assistant.answering import Assistant
from assistant.explaining.standing import Standing
from assistant.model.chat_model import ChatModel, ChatModelSettings
from assistant.settings import AssistantSettings
from assistant.writing.compose_with_model import ModelComposer
from vectorstore.embedding import Embedder
from vectorstore.library import Library
from vectorstore.records import Paper

OWN, COPIES = different_papers(30), near_copies(500)
ALL_ANSWER = AssistantSettings(
    answerability_floor=0.0, list_relevance=0.001, borderline_relevance=0.001, support_relevance=0.0
)
LIST = "Which papers study sourdough?"


def said(answer: Answer) -> list[str]:
    return [claim.text for claim in answer.blocks[0].claims]


def cited(answer: Answer) -> list[str]:
    return [citation.paper.id for citation in answer.citations]


def remarks_on_copies(answer: Answer) -> dict[str, str]:
    """Return what items say of copies, by their titles."""
    claims = ((block, block.claims[-1]) for block in answer.blocks[1:] if block.claims)
    return {block.lead: claim.text for block, claim in claims if "near cop" in claim.text}


@pytest.mark.parametrize(
    ("question", "introduction"),
    [
        (LIST, "31 papers in this collection match (499 near copies of them are not counted):"),
        (
            "How many papers study sourdough?",
            "31 papers in this collection match (499 near copies of them are not counted):",
        ),
        (
            "Which papers are from 2023 or later?",
            "31 papers in this collection match (since 2023;"
            " 499 near copies of them are not counted):",
        ),
    ],
)
def test_a_list_counts_what_it_shows_and_says_so(
    flooded: Library, question: str, introduction: str
) -> None:
    answer = Assistant(flooded, settings=ALL_ANSWER).ask(question)
    assert said(answer) == [introduction]
    assert len(set(cited(answer))) == len(cited(answer)) == 31
    [(title, remark)] = remarks_on_copies(answer).items()
    assert title in {paper.title for paper in COPIES}
    assert remark == "499 other papers are near copies of it."


@pytest.mark.parametrize(
    "question",
    [
        "Summarise what is known of sourdough.",
        "What does sourdough take in a kitchen?",
        "Compare loaves that keep their moisture with sourdough at dawn.",
        "How do broth and starters differ?",
    ],
)
def test_prose_has_a_text_once(flooded: Library, question: str) -> None:
    answer = Assistant(flooded, settings=ALL_ANSWER).ask(question)
    copies = [paper_id for paper_id in cited(answer) if paper_id.startswith("copy")]
    assert len(copies) <= 1
    assert len(cited(answer)) >= 2


def test_more_papers_than_can_be_compared_are_all_counted(flooded: Library) -> None:
    """Where not all papers were looked at, the number says what it counts."""
    few = replace(ALL_ANSWER, ranking_papers=5, list_papers=5)
    answer = Assistant(flooded, settings=few).ask(LIST)
    assert said(answer) == [
        "At least 5 papers in this collection match (499 near copies of them are not counted):"
    ]


def test_a_model_is_told(flooded: Library) -> None:
    with FakeModelServer(says("Much is known of it.")) as server:
        settings = ChatModelSettings("tiny", server.base_url, api_key="sk-1", retries=0)
        assistant = Assistant(flooded, ModelComposer(ChatModel(settings)), ALL_ANSWER)
        answer = assistant.ask(LIST)
    [request] = server.requests
    assert said(answer) == [
        "The search found 31 matching papers (499 near copies of them are not counted);"
        " of these the model chose:"
    ]
    facts = [line for line in request.prompt.splitlines() if "near cop" in line]
    assert facts == [
        f"- “{COPIES[0].title}”: 499 other papers are near copies of it. They are not shown."
    ]


def test_why_a_copy_is_not_listed_itself(flooded: Library) -> None:
    explained = Assistant(flooded, settings=ALL_ANSWER).explain(LIST, COPIES[9].id)
    assert (explained.hit.paper, explained.standing) == (COPIES[9], Standing.NEAR_COPY)
    assert explained.reason == (
        f"Its abstract is nearly that of “{COPIES[0].title}”, which stands for it: number"
        f" {explained.rank} of the papers that were scored."
    )


def test_two_copies_that_are_chosen_are_both_answered_from(flooded: Library) -> None:
    chosen = (COPIES[3].id, COPIES[4].id)
    *_, answer = Assistant(flooded, settings=ALL_ANSWER).answer(
        Asking("Which of these study sourdough?", within=chosen)
    )
    assert sorted(cited(answer)) == sorted(chosen)
    items = [block for block in answer.blocks if block.kind is BlockKind.ITEM]
    assert len(items) == 2


@pytest.mark.parametrize(
    "question", ["Which papers ferment sourdough?", "Which papers clear onion soup?"]
)
def test_a_text_that_repeats_the_question_hides_no_other(
    make_library: Callable[[Sequence[Paper], Embedder], Library], question: str
) -> None:
    repeated = stuffed("which papers ferment sourdough or clear onion soup")
    assert repeated.suspicious == ("repeated",)
    library = make_library((*PAPERS, repeated), WordEmbedder(dimension=128, token_dimension=256))
    assistant = Assistant(library)
    answer = assistant.ask(question)
    library.remove([repeated.id])
    without = assistant.ask(question)
    assert cited(answer) == cited(without) != []
    assert repeated.id not in cited(answer)
