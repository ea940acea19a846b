"""What reads replies of chat models: drafts, plans as JSON, and the stream that carries them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.fuzz_checks import check_one_line, check_plan, insist
from benchmarks.fuzz_input import END, Draw
from benchmarks.fuzz_library import TODAY
from benchmarks.fuzz_seeds import QUESTIONS, REPLIES, numbered, texts
from benchmarks.fuzz_target import Check, Target

if TYPE_CHECKING:
    import httpx

KEY = "sk-secret-5d1f7c"  # what no message may ever show
PLAN = json.dumps(
    {
        "intent": "list",
        "topic": "bread",
        "standalone": "Which papers are about bread?",
        "published_from": "2024-01-01",
        "published_to": None,
        "organization": "bakery lab",
        "author": "",
        "category": "cs.CL",
        "venue": "",
        "min_authors": 1,
        "max_authors": None,
        "order": "newest",
        "earlier_only": True,
        "papers": [1, 2],
        "sides": ["rye", "wheat"],
    }
)
CHUNK = json.dumps(
    {
        "id": "1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "tiny",
        "choices": [
            {"index": 0, "delta": {"role": "assistant", "content": "Soup"}, "finish_reason": None}
        ],
        "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11},
    }
)
STATUSES = (200, 200, 200, 200, 200, 204, 302, 400, 401, 403, 404, 422, 429, 500, 501, 503)


def targets() -> tuple[Target, ...]:
    """Return the targets."""
    return (
        Target("replies", _replies, partial(texts, REPLIES), 1_500),
        Target("model-plans", _plans, _plan_seeds, 1_500),
        Target("model-streams", _streams, _stream_seeds, 1_500),
        Target("model-lists", _lists, _stream_seeds, 1_500),
    )


def _replies() -> Check:
    from assistant.checking.reply import ReplyParser
    from assistant.checking.sentence_ids import SENTENCE_ID
    from assistant.draft import Cite, Piece, StartBlock, Text

    def parsed(chunks: list[str]) -> list[Piece]:
        parser, pieces = ReplyParser(), list[Piece]()
        for piece in [*(p for chunk in chunks for p in parser.feed(chunk)), *parser.finish()]:
            last = pieces[-1] if pieces else None
            if isinstance(piece, Text) and isinstance(last, Text):
                pieces[-1] = Text(last.text + piece.text)
            else:
                pieces.append(piece)
        return pieces

    def check(data: bytes) -> None:
        draw = Draw(data)
        reply, size = draw.text(), 1 + draw.number(64)
        pieces = parsed([reply])
        chunks = [reply[at : at + size] for at in range(0, len(reply), size)]
        insist(parsed(chunks) == pieces, "chunks make a difference", reply, size)
        insist(not pieces or isinstance(pieces[0], StartBlock), "no block", reply)
        for before, piece in zip([None, *pieces], pieces, strict=False):
            if isinstance(piece, Text):
                check_one_line(piece.text)
                insist(not SENTENCE_ID.search(piece.text), "an id is shown", reply)
                insist(piece.text.strip(), "an empty text", reply)
            elif isinstance(piece, Cite):
                insist(piece.sentence_ids and isinstance(before, Text), "cited by none", reply)

    return check


def _plans() -> Check:
    from assistant.answer import Intent, Plan
    from assistant.errors import ModelError
    from assistant.model.json_reply import json_object
    from assistant.planning.plan_schema import read_plan
    from vectorstore.filters import Filters

    question, shown = "Which papers are about bread?", ("levain", "crumb", "rye")
    plans = (
        Plan(question, Intent.LIST, "bread", question),
        Plan(question, Intent.FACT, "bread", question, filters=Filters(scope=shown[:2])),
        Plan(question, Intent.OUT_OF_SCOPE),
        Plan(question, Intent.COMPARE, "bread", question, sides=("rye", "wheat")),
    )

    def check(data: bytes) -> None:
        draw = Draw(data)
        rules, numbered = draw.pick(plans), shown[: draw.number(4)]
        try:
            if draw.number(2):
                reply = json_object(draw.text())
            else:
                reply = json_object(f"{draw.text()}{json.dumps(draw.edited(PLAN))}")
        except ValueError:
            return
        insist(isinstance(reply, dict), "no object", reply)
        try:
            plan = read_plan(reply, rules, numbered, TODAY)
        except ModelError as error:
            insist(len(error.problem) <= 1_000, "a message of any length", len(error.problem))
            return
        check_plan(plan, question, {*shown})

    return check


def _plan_seeds() -> Iterator[bytes]:
    yield b"\x00\x03\x01" + PLAN.encode() + END
    for number, text in enumerate(texts((*QUESTIONS, *REPLIES))):
        yield bytes((number % 4, 3, 0)) + END + bytes((number % 3, number % 15, 3, 0)) + text + END


def _streams() -> Check:
    from assistant.errors import ModelError
    from assistant.model.arrived_reply import ArrivedReply
    from assistant.model.chat_model import ChatModelSettings, Message
    from assistant.model.chat_request import ChatRequest, JsonForm
    from assistant.model.model_connection import read_reply
    from assistant.model.model_failures import in_plain_words
    from assistant.model.refused_options import RefusedOptions

    settings = ChatModelSettings("tiny", "http://127.0.0.1:9/v1", KEY, retries=0)
    messages = (Message("system", "Be brief."), Message("user", "How much salt?"))
    requests = (
        ChatRequest(settings, messages),
        ChatRequest(settings, messages, JsonForm("plan", {"type": "object"})),
    )
    loop = asyncio.new_event_loop()

    async def read(request: ChatRequest, draw: Draw) -> str:
        reply = ArrivedReply(request, 2_000)
        async with aclosing(read_reply(request, _client(draw), RefusedOptions())) as chunks:
            async for chunk in chunks:
                reply.take(chunk)
        reply.check_end()
        insist(reply.usage().prompt_tokens > 0, "nothing was sent")
        return reply.text

    def check(data: bytes) -> None:
        draw = Draw(data)
        try:
            with in_plain_words(settings):
                text = loop.run_until_complete(read(draw.pick(requests), draw))
        except ModelError as error:
            told = f"{error} {error.hint}"
            insist(KEY not in told, "the key is told", told)
            insist(error.problem and told.isprintable(), "not for a terminal", told)
        else:
            insist(text.strip(), "an empty reply", data)

    return check


def _lists() -> Check:
    from assistant.errors import ModelError
    from assistant.model.chat_model import ChatModelSettings
    from assistant.model.listed_models import find_model, listed_models
    from assistant.model.model_connection import read_models
    from assistant.model.model_failures import in_plain_words

    settings = ChatModelSettings("tiny", "http://127.0.0.1:9/v1", KEY, retries=0)
    loop = asyncio.new_event_loop()

    def check(data: bytes) -> None:
        draw = Draw(data)
        draw.number(2)
        try:
            with in_plain_words(settings):
                found = listed_models(loop.run_until_complete(read_models(settings, _client(draw))))
        except ModelError as error:
            insist(KEY not in f"{error} {error.hint}", "the key is told", error)
            return
        for model in found or ():
            insist(model.context_tokens is None or model.context_tokens > 0, "no window", model)
            insist(find_model(model.name, found or ()), "not found", model)

    return check


def _client(draw: Draw) -> httpx.AsyncClient:
    """Return a client whose every request is answered with what is drawn, in pieces."""
    import httpx

    status, size, body = draw.pick(STATUSES), 1 + draw.number(256), _body(draw)

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(body), size):
            yield body[at : at + size]

    def answer(_request: httpx.Request) -> httpx.Response:
        kind = "text/event-stream" if status < 300 else "application/json"
        return httpx.Response(status, headers={"content-type": kind}, content=pieces())

    return httpx.AsyncClient(transport=httpx.MockTransport(answer))


def _body(draw: Draw) -> bytes:
    """Return a body as it stands, or chunks of a reply with a few of their values changed."""
    if draw.number(2):
        return draw.content()
    chunks = (json.dumps(draw.edited(CHUNK)) for _ in range(draw.number(5)))
    events = "".join(f"data: {chunk}\n\n" for chunk in chunks)
    return events.encode("utf-8", "replace") + draw.content()


def _stream_seeds() -> Iterator[bytes]:
    last = CHUNK.replace("null", '"stop"')
    body = f"data: {CHUNK}\n\ndata: {last}\n\ndata: [DONE]\n\n"
    refusal = json.dumps({"error": {"message": f"max_tokens: unsupported, of {KEY}", "param": ""}})
    listed = json.dumps({"data": [{"id": "tiny", "meta": {"n_ctx": 8192}}, {"id": "big:latest"}]})
    for status in range(len(STATUSES)):
        for text in (body, refusal, listed):
            yield bytes((status % 2, status, 200, 1)) + text.encode() + END
    yield from numbered(REPLIES)
