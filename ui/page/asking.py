"""A question from the page's script to the frames that show its answer, and into the store.

Owns what a script may ask and what a frame holds. Invariant: whatever was answered is kept in the
store before its last frame is sent, or the frame says that it could not be.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from threading import Event

from assistant.answer import AnswerLength
from assistant.conversations.exchange_record import Ending, StoredExchange
from assistant.conversations.saved import Place, SavedExchange
from assistant.next_questions import next_questions
from assistant.question_check import too_long
from assistant.settings import AssistantSettings
from ui.html.exchange_html import exchange_html
from ui.logs.question_log import QuestionLog
from ui.page.calls import Answered, Asked, CallError, number, text, texts
from ui.page.conversation import (
    Exchange,
    Progress,
    Request,
    asked_again,
    exchange_stream,
    history,
)
from ui.page.desk import Desk
from ui.told_errors import told
from vectorstore.errors import PaperchatError

REMEMBERED_TURNS = 12  # what follow-up questions can refer to
LONGEST_QUESTION = 20_000  # characters, unseen ones among them; what has more is not kept
LONGEST_SENT = 10_000_000  # what is told to be too long, and not to be unusable
_ENDINGS = {
    Progress.DONE: Ending.DONE,
    Progress.STOPPED: Ending.STOPPED,
    Progress.FAILED: Ending.FAILED,
}
_PROGRESS = {ending: progress for progress, ending in _ENDINGS.items()}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where the exchange goes.

    `name` is the script's own for the answer. `place` is where the exchange goes; its `number` is
    that of the exchange it replaces, 0 where it replaces none. `log` is told how it ended.
    """

    visitor: str
    name: str
    place: Place
    log: QuestionLog = field(compare=False)


def read_asker(asked: Asked, visitor: str, log: QuestionLog) -> Asker:
    """Return who asks, from what the script sent."""
    place = Place(
        text(asked, "conversation"), number(asked, "position", 0), number(asked, "number", 0)
    )
    return Asker(visitor, text(asked, "name"), place, log)


def read_request(desk: Desk, asker: Asker, asked: Asked) -> Request:
    """Return what is asked: a question, or the last one again without one of its filters."""
    place = asker.place
    question = text(asked, "question", LONGEST_SENT)
    if len(question) > LONGEST_QUESTION:
        raise too_long(len(question), AssistantSettings().question_characters)
    request = Request(
        question=question,
        earlier=_earlier(desk, asker.visitor, place),
        within=texts(asked, "within"),
        length=_length(text(asked, "length")),
    )
    again = text(asked, "filter")
    if not (again or asked.get("again") is True):
        return request
    saved = desk.conversations.read_exchange(asker.visitor, place.conversation, place.position)
    exchange = exchange_of(saved)
    if not again:
        return replace(
            request,
            question=exchange.question,
            within=exchange.within,
            taken_off=exchange.taken_off,
        )
    found = asked_again(request, exchange, again)
    if found is None:
        raise CallError("That question has no such filter", hint="Load the page again.")
    return found


def frames(desk: Desk, asker: Asker, request: Request, stop: Event) -> Generator[Answered]:
    """Yield what the page shows of the answer as it grows, until it is whole or `stop` is set; the
    last frame says where it is kept.
    """
    exchange = Exchange(request.question, taken_off=request.taken_off, within=request.within)
    kept = False
    try:
        stream = exchange_stream(
            desk.choice.assistant, request, stop, desk.lines.is_crowded, shared=desk.shared
        )
        next(stream)  # says nothing that the page does not show already
        for exchange in stream:
            if exchange.progress is Progress.RUNNING:
                yield _frame(asker, exchange)
        kept = True  # whatever comes of it
        asker.log.answer = exchange.answer
        if exchange.logged:
            asker.log.end(*exchange.logged)
        place, problem = _keep(desk, asker, exchange)
        suggested = following(desk, (*request.earlier, exchange))
        yield {**shown(exchange, place, suggested), "name": asker.name, "problem": problem}
    finally:
        if not kept:  # the visitor left; what was there by then is kept
            asker.log.answer = exchange.answer
            _keep(desk, asker, replace(exchange, progress=Progress.STOPPED))


def exchange_of(saved: SavedExchange) -> Exchange:
    """Return a saved exchange as it is shown."""
    stored = saved.exchange
    return Exchange(
        stored.question,
        stored.answer,
        _PROGRESS[stored.ending],
        stored.problem,
        stored.hint,
        stored.taken_off,
        stored.within,
    )


def following(desk: Desk, exchanges: Sequence[Exchange]) -> tuple[str, ...]:
    """Return questions that may follow the last of the exchanges; none where that fails, since the
    answer is worth more.
    """
    try:
        turns = history(exchanges[-REMEMBERED_TURNS:])
        return next_questions(turns, desk.library, desk.today())
    except PaperchatError:
        logger.warning("no questions could be offered", exc_info=True)
        return ()


def shown(exchange: Exchange, place: Place, following: Sequence[str] = ()) -> Answered:
    """Return an exchange that has ended, as the page takes it."""
    answer = exchange.answer
    return {
        "conversation": place.conversation,
        "position": place.position,
        "number": place.number,
        "busy": False,
        "papers": [citation.paper.id for citation in answer.citations] if answer else [],
        "html": exchange_html(exchange, following),
    }


def _earlier(desk: Desk, visitor: str, place: Place) -> tuple[Exchange, ...]:
    first = max(0, place.position - REMEMBERED_TURNS)
    places = desk.conversations.places(visitor, place.conversation, first, place.position)
    return tuple(_exchange_at(desk, visitor, earlier) for earlier in places)


def _exchange_at(desk: Desk, visitor: str, place: Place) -> Exchange:
    """Return the exchange at a place that is the visitor's."""
    exchange = desk.recent.get(place.number)
    if exchange is None:
        read = desk.conversations.read_exchange
        exchange = exchange_of(read(visitor, place.conversation, place.position))
        desk.recent.put(place.number, exchange)
    return exchange


def _length(name: str) -> AnswerLength:
    return AnswerLength(name) if name in set(AnswerLength) else AnswerLength.NORMAL


def _frame(asker: Asker, exchange: Exchange) -> Answered:
    return {"name": asker.name, "busy": True, "html": exchange_html(exchange)}


def _keep(desk: Desk, asker: Asker, exchange: Exchange) -> tuple[Place, str]:
    """Save the exchange and return where it is, and what went wrong where it could not be."""
    place, problem = asker.place, ""
    try:
        place = _save(desk, asker, exchange)
    except PaperchatError as error:
        logger.warning("a conversation was not saved: %s", error)
        problem = f"This answer is not saved. {told(error, shared=desk.shared)[0]}"
    return place, problem


def _save(desk: Desk, asker: Asker, exchange: Exchange) -> Place:
    stored = StoredExchange(
        exchange.question,
        _ENDINGS[exchange.progress],
        exchange.answer,
        exchange.problem,
        exchange.hint,
        exchange.taken_off,
        exchange.within,
    )
    place = asker.place
    if exchange.progress is Progress.STOPPED and _is_deleted(desk, asker):
        return place  # a conversation that was deleted stays so
    if place.number:
        kept = desk.conversations.replace(asker.visitor, stored, place)
    else:
        save = desk.conversations.save
        kept = save(asker.visitor, stored, place.conversation, place.position)
    desk.recent.put(kept.number, exchange)
    return kept


def _is_deleted(desk: Desk, asker: Asker) -> bool:
    there, first = asker.place.conversation, (0, 1)
    return bool(there) and not desk.conversations.places(asker.visitor, there, *first)
