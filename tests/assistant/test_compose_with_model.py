from __future__ import annotations

import threading

import pytest
from fakes import FakeModelServer, Request, Script, says

from assistant.answer import BlockKind, Intent, Plan
from assistant.chat_model import ChatModel, ChatModelSettings
from assistant.compose_with_model import ModelComposer
from assistant.draft import (
    Cite,
    Composer,
    Piece,
    PromptSize,
    SourcePaper,
    SourceSentence,
    StartBlock,
    Task,
    Text,
)
from assistant.errors import ModelError
from assistant.prompt import build_prompt
from vectorstore.records import Paper, Span

ABSTRACT = "We serve models. It is 3x faster."
SOURCE = SourcePaper(
    Paper("fast", "Fast Serving", ABSTRACT),
    0.9,
    (
        SourceSentence("s3k9x", Span(0, 16), ABSTRACT[:16], 0.7),
        SourceSentence("s2b2b", Span(17, 33), ABSTRACT[17:], 0.4),
    ),
)
QUESTION = "Which papers serve models?"
TASK = Task(Plan(QUESTION, Intent.LIST, QUESTION), (SOURCE,))
SIZE = PromptSize(build_prompt(TASK, 5_000).tokens)


def composer_for(server: FakeModelServer) -> Composer:
    settings = ChatModelSettings("tiny", server.base_url, timeout_s=5.0, retries=0)
    return ModelComposer(ChatModel(settings))


def failure(script: Script) -> tuple[list[Piece], ModelError]:
    pieces: list[Piece] = []
    with FakeModelServer(script) as server:
        draft = composer_for(server).compose(TASK, threading.Event())
        with pytest.raises(ModelError) as caught:
            pieces.extend(draft)
    return pieces, caught.value


def test_its_mode_is_the_name_of_the_model() -> None:
    with FakeModelServer(says("")) as server:
        assert composer_for(server).mode == "tiny"


def test_passes_on_the_draft_as_it_is_written() -> None:
    script = says("- **Fast Serving**: is 3x", " faster [s2b", "2b, s7777]", ".\n")
    with FakeModelServer(script) as server:
        pieces = list(composer_for(server).compose(TASK, threading.Event()))
    assert pieces == [
        SIZE,
        StartBlock(BlockKind.ITEM),
        Text("Fast Serving: is 3x"),
        Text(" faster"),
        Text("."),
        Cite(("s2b2b", "s7777")),
    ]


def test_the_model_is_asked_with_the_prompt() -> None:
    def quote(request: Request) -> Script:
        line = next(line for line in request.prompt.splitlines() if "3x" in line)
        return says(f"It says: {line[8:-1]} {line[:7]}.")

    with FakeModelServer(quote) as server:
        pieces = list(composer_for(server).compose(TASK, threading.Event()))
    assert pieces == [
        SIZE,
        StartBlock(BlockKind.PARAGRAPH),
        Text("It says: It is 3x faster"),
        Text("."),
        Cite(("s2b2b",)),
    ]
    sent = [message["content"] for message in server.requests[0].body["messages"]]
    assert sent == [message.text for message in build_prompt(TASK, 5_000).messages]


def test_fails_in_mid_draft() -> None:
    pieces, error = failure(says("It is fas", ending="cut"))
    assert pieces == [SIZE, StartBlock(BlockKind.PARAGRAPH), Text("It is fas")]
    assert error.problem.endswith("broke off in the middle of its reply")


@pytest.mark.parametrize(
    "reply", ["", "\n", "[s3k9x]", "<think>Well.</think>", "<think>It is fast [s3k9x]. So"]
)
def test_fails_where_the_reply_has_no_text(reply: str) -> None:
    pieces, error = failure(says(reply))
    assert pieces == [SIZE]
    assert str(error) == ("The model tiny gave an empty reply. Ask again, or choose another model.")


def test_ends_soon_after_stop_and_shows_no_half_citation() -> None:
    stop = threading.Event()
    with FakeModelServer(says("It is fast [s3k9", ending="stall")) as server:
        pieces = []
        for piece in composer_for(server).compose(TASK, stop):
            pieces.append(piece)
            if isinstance(piece, Text):
                threading.Timer(0.2, stop.set).start()
        assert server.client_left.wait(30)
    assert pieces == [SIZE, StartBlock(BlockKind.PARAGRAPH), Text("It is fast")]
