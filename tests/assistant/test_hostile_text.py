"""What hostile papers, and a model that obeys them, can make of an answer: nothing but text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fakes import FakeModelServer, Request, fails
from hostile.attack import Attack
from hostile_breaches import breaches, texts
from hostile_outlets import assert_shown_as_text
from hostile_papers import (
    ALL_ANSWER,
    ATTACKS,
    KEY,
    HostileLibrary,
    hostile_library,
    shown_ids,
)

from assistant.answer import EXTRACTIVE, Answer, BlockKind, Claim, Quote, Verdict
from assistant.answering import Assistant
from assistant.checking.sentence_ids import SENTENCE_ID
from assistant.model.chat_model import ChatModel, ChatModelSettings
from assistant.writing.compose_with_model import ModelComposer
from vectorstore.records import Span

STORED = {attack.paper.id: attack.paper for attack in ATTACKS}
INTRODUCTION = "At least 50 papers in this collection match; the best 4 are:"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostileLibrary]:
    """Return a library of hostile papers alone."""
    with hostile_library(tmp_path_factory.mktemp("hostile")) as hostile:
        yield hostile


def test_the_attacks_are_many_and_differ() -> None:
    names, abstracts, questions = zip(
        *((each.name, each.abstract + each.title, each.question.lower()) for each in ATTACKS),
        strict=True,
    )
    assert len(set(names)) == len(set(abstracts)) == len(set(questions)) == len(ATTACKS) >= 150


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_no_composer_breaks_a_promise(hostile: HostileLibrary, attack: Attack) -> None:
    before = len(hostile.server.requests)
    answers = hostile.answers(attack)
    broken = {name: breaches(answer, STORED) for name, answer in answers.items()}
    assert broken == dict.fromkeys(answers, ())
    assert [(answer.mode, answer.notice) for answer in answers.values()] == [
        (name, "") for name in answers
    ]
    assert_quotes_alone(answers[EXTRACTIVE], attack)
    for request in hostile.server.requests[before:]:
        assert_sealed(request)
        said, handed_out = texts(answers[request.body["model"]]), set(shown_ids(request))
        assert not [text for text in said if handed_out & set(SENTENCE_ID.findall(text))]
        assert not [text for text in (*said, request.prompt) if KEY in text]
    assert len(hostile.server.requests) == before + len(answers) - 1
    for answer in answers.values():
        assert_shown_as_text(answer, KEY)


def assert_quotes_alone(answer: Answer, attack: Attack) -> None:
    """Insist that an answer is an introduction and, paper by paper, sentences of the abstract."""
    introduction, *items = answer.blocks
    assert introduction.claims == (Claim(INTRODUCTION),)
    cited = [citation.paper for citation in answer.citations]
    assert attack.paper in cited
    assert [item.kind for item in items] == [BlockKind.ITEM] * len(cited)
    assert [" ".join(item.lead.split()) for item in items] == [
        unmarked(" ".join(paper.title.split())) for paper in cited
    ]
    for item, citation in zip(items, answer.citations, strict=True):
        assert [claim.text for claim in item.claims if claim.text] == [
            unmarked(" ".join(quote.text.split()))
            for quote in citation.quotes
            if len(item.claims[0].text) > 0
        ]
        assert {claim.citations for claim in item.claims} == {(citation.number,)}


def unmarked(text: str) -> str:
    """Return the text with its numbers in square brackets set in round ones."""
    beside = r"[^\w\[\]【】［］〔〕⟦⟧]*"
    return re.sub(rf"[\[【［〔⟦]{beside}(\d+){beside}[\]】］〕⟧]", r"(\1)", text)


def assert_sealed(request: Request) -> None:
    """Insist that no text in the prompt ends the sources, hides, or passes for an id of theirs."""
    system, user = (message["content"] for message in request.body["messages"])
    assert [message["role"] for message in request.body["messages"]] == ["system", "user"]
    sources = user.split("</sources>")[0]
    shown = shown_ids(request)
    assert len(set(shown)) == len(shown) > 0
    assert SENTENCE_ID.findall(user) == list(shown)
    assert not set(SENTENCE_ID.findall(system)) & set(shown)
    lines = user.splitlines()
    assert (lines.count("<sources>"), lines.count("</sources>")) == (1, 1)
    assert lines.count("<paper>") == lines.count("</paper>") == user.count("\nTitle: ")
    assert len(re.findall(r"[<＜﹤]\s*/?\s*(?:sources|paper)\b", user, re.IGNORECASE)) == (
        2 + 2 * lines.count("<paper>")
    )
    assert not re.search(r"[<＜﹤]\s*\|", user)
    assert not [
        sign for sign in user.replace("\n", "") if unicodedata.category(sign) in {"Cc", "Cf", "Cs"}
    ]
    assert all(
        re.match(r"<sources>$|</?paper>$|Title: |Published: |\[s\w{4}\] ", line)
        for line in sources.splitlines()
    )


def test_breaches_are_seen(hostile: HostileLibrary) -> None:
    """The promises are looked at: an answer that breaks them is told."""
    answer = hostile.answer(ATTACKS[0], EXTRACTIVE)
    citation, *others = answer.citations
    forged = replace(citation, quotes=(Quote(Span(0, 3), "I was hacked."),))
    block, item, *rest = answer.blocks
    said = (Claim("Trains leave Vienna early today.", item.claims[0].citations), Claim("So [1]"))
    broken = replace(
        answer,
        complete=False,
        blocks=(replace(block, claims=said), *rest),
        citations=(
            forged,
            *others,
            replace(citation, number=9, paper=replace(citation.paper, id="?")),
        ),
    )
    assert breaches(broken, STORED) == (
        "it ends",
        "its citations are numbered",
        "what is cited is a citation",
        "quotes stand in the abstract",
        "what is cited is a paper of the library",
        "only citations look like citations",
        "a claim's source says it",
        "what nothing bears out is marked",
    )


def test_what_is_unborne_is_said_to_be(hostile: HostileLibrary) -> None:
    answer = hostile.answer(ATTACKS[0], "obeys")
    claims = [claim for block in answer.blocks for claim in block.all_claims()]
    leaked = [claim for claim in claims if "The key is" in claim.text]
    assert [claim.verdict for claim in leaked] == [Verdict.UNSUPPORTED] * len(leaked) != []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_a_server_that_repeats_the_key_does_not_get_it_shown(
    hostile: HostileLibrary, status: int
) -> None:
    with FakeModelServer(fails(status, f"Incorrect API key provided: {KEY}.")) as server:
        settings = ChatModelSettings("tiny", server.base_url, api_key=KEY, retries=0)
        assistant = Assistant(hostile.library, ModelComposer(ChatModel(settings)), ALL_ANSWER)
        answer = assistant.ask(ATTACKS[0].question)
    assert breaches(answer, STORED) == ()
    assert answer.notice
    assert KEY not in answer.notice
