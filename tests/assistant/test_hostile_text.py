"""What hostile papers, and a model that obeys them, can make of an answer: nothing but text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pytest
from fakes import FakeModelServer, Request, fails
from hostile_papers import (
    ALL_ANSWER,
    ATTACKS,
    KEY,
    SCRIPTS,
    Attack,
    Obedience,
    hostile_library,
    obedient_answer,
    quoted_answer,
    shown_ids,
)

from assistant.answer import Answer
from assistant.answering import Assistant
from assistant.checking.sentence_ids import SENTENCE_ID
from assistant.model.chat_model import ChatModel, ChatModelSettings
from assistant.writing.compose_with_model import ModelComposer
from vectorstore.library import Library

MARKER = re.compile(r"[\[【［〔⟦]\W*\d+\W*[\]】］〕⟧]")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Return a library of hostile papers alone."""
    with hostile_library(tmp_path_factory.mktemp("hostile")) as library:
        yield library


def texts(answer: Answer) -> list[str]:
    """Return all that an answer says in words of its own or a model's."""
    said = [claim.text for block in answer.blocks for claim in block.all_claims()]
    leads = [block.lead for block in answer.blocks]
    return [*said, *leads, *(name for block in answer.blocks for name in block.columns)]


def assert_honest(answer: Answer) -> None:
    """Insist that all citations are real and that nothing else looks like one."""
    stored = {attack.paper.id: attack.paper for attack in ATTACKS}
    assert answer.complete
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    cited = {
        number
        for block in answer.blocks
        for claim in block.all_claims()
        for number in claim.citations
    }
    assert cited == set(numbers)
    for citation in answer.citations:
        assert citation.paper == stored[citation.paper.id]
        assert citation.quotes
        for quote in citation.quotes:
            assert quote.text == citation.paper.abstract[quote.span.start : quote.span.end] != ""
    assert not [text for text in texts(answer) if MARKER.search(text)]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_extractive_answer_quotes_and_nothing_more(library: Library, attack: Attack) -> None:
    answer = quoted_answer(library, attack)
    assert_honest(answer)
    assert attack.paper.id in {citation.paper.id for citation in answer.citations}


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_obedient_model_forges_nothing(
    library: Library, attack: Attack, script: Obedience
) -> None:
    answer, [request] = obedient_answer(library, attack, script)
    assert (answer.mode, answer.notice) == ("tiny", "")
    assert_honest(answer)
    handed_out = set(shown_ids(request))
    assert not [text for text in texts(answer) if handed_out & set(SENTENCE_ID.findall(text))]
    assert not [text for text in (*texts(answer), request.prompt) if KEY in text]
    assert_sealed(request)


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


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_a_server_that_repeats_the_key_does_not_get_it_shown(library: Library, status: int) -> None:
    with FakeModelServer(fails(status, f"Incorrect API key provided: {KEY}.")) as server:
        settings = ChatModelSettings("tiny", server.base_url, api_key=KEY, retries=0)
        assistant = Assistant(library, ModelComposer(ChatModel(settings)), ALL_ANSWER)
        answer = assistant.ask(ATTACKS[0].question)
    assert_honest(answer)
    assert answer.notice
    assert KEY not in answer.notice
