from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from fakes import FakeModelServer, Request, Script, says

from assistant.answer import BlockKind, Intent, Plan, Usage
from assistant.draft import (
    Cite,
    Composer,
    Count,
    Piece,
    Received,
    Remark,
    Sent,
    SourcePaper,
    SourceSentence,
    Spent,
    StartBlock,
    Task,
    Text,
)
from assistant.errors import ModelError
from assistant.model.chat_model import ChatModel, ChatModelSettings
from assistant.model.token_usage import counted_tokens
from assistant.writing.compose_with_model import ModelComposer
from assistant.writing.prompt import build_prompt
from vectorstore.filters import Filters
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
PROMPT = build_prompt(TASK, 5_000)
BEGINNING: list[Piece] = [Spent(Usage(PROMPT.tokens)), Sent(PROMPT.messages)]


def composer_for(server: FakeModelServer) -> Composer:
    settings = ChatModelSettings("tiny", server.base_url, timeout_s=5.0, retries=0)
    return ModelComposer(ChatModel(settings))


def took(chunks: Sequence[str], sent: Piece = BEGINNING[1]) -> Spent:
    """Return what a reply took where the server does not count."""
    assert isinstance(sent, Sent)
    return Spent(
        Usage(*counted_tokens([message.text for message in sent.messages], "".join(chunks)))
    )


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
        *BEGINNING,
        Received("- **Fast Serving**: is 3x"),
        StartBlock(BlockKind.ITEM),
        Text("Fast Serving: is 3x"),
        Received(" faster [s2b"),
        Text(" faster"),
        Received("2b, s7777]"),
        Received(".\n"),
        Text("."),
        Cite(("s2b2b", "s7777")),
        took(script.chunks),
    ]


def test_the_model_is_asked_with_the_prompt() -> None:
    def quote(request: Request) -> Script:
        line = next(line for line in request.prompt.splitlines() if "3x" in line)
        return says(f"It says: {line[8:-1]} {line[:7]}.")

    with FakeModelServer(quote) as server:
        pieces = list(composer_for(server).compose(TASK, threading.Event()))
    assert pieces == [
        *BEGINNING,
        Received("It says: It is 3x faster [s2b2b]."),
        StartBlock(BlockKind.PARAGRAPH),
        Text("It says: It is 3x faster"),
        Text("."),
        Cite(("s2b2b",)),
        took(["It says: It is 3x faster [s2b2b]."]),
    ]
    sent = [message["content"] for message in server.requests[0].body["messages"]]
    assert sent == [message.text for message in PROMPT.messages]


def test_fails_in_mid_draft() -> None:
    pieces, error = failure(says("It is fas", ending="cut"))
    begun = [StartBlock(BlockKind.PARAGRAPH), Text("It is fas")]
    assert pieces == [*BEGINNING, Received("It is fas"), *begun]
    assert error.problem.endswith("broke off in the middle of its reply")


@pytest.mark.parametrize(
    "reply", ["", "\n", "[s3k9x]", "<think>Well.</think>", "<think>It is fast [s3k9x]. So"]
)
def test_fails_where_the_reply_has_no_text(reply: str) -> None:
    pieces, error = failure(says(reply))
    assert pieces == [*BEGINNING, *([Received(reply)] if reply else [])]
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
    begun = [StartBlock(BlockKind.PARAGRAPH), Text("It is fast")]
    assert pieces == [*BEGINNING, Received("It is fast [s3k9"), *begun, took(["It is fast [s3k9"])]


OTHER = SourcePaper(
    Paper("small", "Small Models", "Models shrink."),
    0.8,
    (SourceSentence("s4444", Span(0, 14), "Models shrink.", 0.6),),
)
REMARKS = [
    ((SOURCE,), Count(1), (), "The search found 1 matching paper:"),
    ((SOURCE,), Count(1), ("fast",), "Among those papers the search found 1 matching paper:"),
    (
        (SOURCE, OTHER),
        Count(2),
        (),
        "The search found 2 matching papers; of these the model chose:",
    ),
    (
        (SOURCE, OTHER),
        Count(3),
        (),
        "The search found 3 matching papers; from the best 2 of them the model chose:",
    ),
    (
        (SOURCE, OTHER),
        Count(2, at_least=True),
        (),
        "The search found at least 2 matching papers; from the best 2 of them the model chose:",
    ),
    (
        (SOURCE,),
        Count(2),
        (),
        "The search found 2 matching papers; from the best of them the model chose:",
    ),
]


@pytest.mark.parametrize("intent", [Intent.LIST, Intent.COUNT])
@pytest.mark.parametrize(("sources", "matching", "scope", "remark"), REMARKS)
def test_code_says_how_many_papers_there_are(
    sources: tuple[SourcePaper, ...],
    matching: Count,
    scope: tuple[str, ...],
    remark: str,
    intent: Intent,
) -> None:
    plan = Plan(QUESTION, intent, QUESTION, filters=Filters(scope=scope))
    with FakeModelServer(says("- It is fast [s3k9x].")) as server:
        task = Task(plan, sources, matching=matching)
        pieces = list(composer_for(server).compose(task, threading.Event()))
    assert pieces[2:] == [
        StartBlock(BlockKind.PARAGRAPH),
        Remark(remark),
        Received("- It is fast [s3k9x]."),
        StartBlock(BlockKind.ITEM),
        Text("It is fast"),
        Text("."),
        Cite(("s3k9x",)),
        took(["- It is fast [s3k9x]."], pieces[1]),
    ]
