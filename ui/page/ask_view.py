"""The conversation, the box to ask in, and what is done with an answer.

Owns the wiring of the ask view; what a question becomes is in `asking`, what an answer looks like
in `ui.html`. Invariant: the browser holds where its conversation is kept and nothing else, so that
a page goes on where it was after the server was started again.
"""

# Without `from __future__ import annotations`: Gradio reads the handlers' annotations as classes.
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from ui.export.export import ExportFormat, export_text
from ui.html.ask_html import ASK_TEMPLATE, welcome_html
from ui.logs.question_log import By, QuestionLog
from ui.logs.unexpected import unexpected
from ui.page.asking import exchange_of, following, read_asker, read_request, shown
from ui.page.calls import Answered, Asked, CallError, call, common_call, number, text
from ui.page.desk import Desk
from ui.page.scripts import script
from ui.page.turns import frames_in_turn
from ui.server.visitors import visitor_of
from ui.told_errors import told
from vectorstore.errors import PaperchatError

if TYPE_CHECKING:
    import gradio as gr

SCRIPTS = (
    *("ask_parts.js", "ask_morph.js", "ask_box.js", "ask_markers.js", "ask_tables.js"),
    *("ask_answers.js", "ask_conversation.js", "ask.js"),
)
_TYPES = {
    ExportFormat.MARKDOWN: "text/markdown",
    ExportFormat.BIBTEX: "application/x-bibtex",
    ExportFormat.RIS: "application/x-research-info-systems",
    ExportFormat.CSV: "text/csv",
}


def ask_view(desk: Desk) -> "gr.HTML":
    """Return the view, wired."""
    import gradio as gr

    view = gr.HTML(
        elem_id="ask-view",
        html_template=ASK_TEMPLATE,
        js_on_load=script(*SCRIPTS),
        server_functions=_functions(desk),
        apply_default_css=False,
    )
    view.ask(
        _answer_handler(desk),
        outputs=[view],
        show_progress="hidden",
        concurrency_limit=None,  # they wait in a line of ours
        trigger_mode="multiple",
        api_visibility="private",
    )
    return view


def _answer_handler(desk: Desk) -> Callable[..., AsyncIterator[str]]:
    import gradio as gr

    async def answer(event: gr.EventData, request: gr.Request) -> AsyncIterator[str]:
        sent: Any = event._data
        asked = sent if isinstance(sent, dict) else {}
        async with aclosing(_answered(desk, asked, visitor_of(request))) as frames:
            async for frame in frames:
                yield json.dumps(frame)

    return answer


async def _answered(desk: Desk, asked: Asked, visitor: str) -> AsyncGenerator[Answered]:
    """Yield the frames of an answer; one that says what is wrong where nothing can be asked."""
    try:
        with QuestionLog(By.PAGE) as log:
            asker = read_asker(asked, visitor, log)
            request = await to_thread.run_sync(read_request, desk, asker, asked)
            log.question = request.question
            async with aclosing(frames_in_turn(desk, asker, request)) as frames:
                async for frame in frames:
                    yield frame
    except PaperchatError as error:
        problem, hint = told(error, shared=desk.shared)
        yield {"name": asked.get("name"), "problem": problem, "hint": hint}
    except Exception as error:  # noqa: BLE001 - logged
        said = unexpected(error, "a question failed")
        yield {"name": asked.get("name"), "problem": said, "hint": ""}


def _functions(desk: Desk) -> list[Callable[..., Answered]]:
    """Return what the script calls."""

    def welcome(_asked: Asked) -> Answered:
        return {"html": welcome_html(desk.facts().paper_count, desk.examples())}

    def stop(asked: Asked, visitor: str) -> Answered:
        desk.running.stop(visitor, text(asked, "name"))
        return {}

    def opened(asked: Asked, visitor: str) -> Answered:
        saved = desk.conversations.read(visitor, text(asked, "conversation"))
        exchanges = [exchange_of(item) for item in saved.exchanges]
        suggested = [()] * (len(exchanges) - 1) + [following(desk, exchanges)]
        places = [item.place for item in saved.exchanges]
        items = [shown(*each) for each in zip(exchanges, places, suggested, strict=True)]
        return {"conversation": saved.id, "title": saved.title, "exchanges": items}

    def exported(asked: Asked, visitor: str) -> Answered:
        wanted = _format(text(asked, "format"))
        conversation, position = text(asked, "conversation"), number(asked, "position")
        saved = desk.conversations.read_exchange(visitor, conversation, position)
        answer = saved.exchange.answer
        if answer is None:
            raise CallError("There is no answer to keep", hint="Ask the question again.")
        name = f"answer{wanted.value}"
        return {"name": name, "text": export_text(answer, wanted), "type": _TYPES[wanted]}

    own = [call(each, shared=desk.shared) for each in (stop, opened, exported)]
    return [common_call(welcome, shared=desk.shared), *own]


def _format(name: str) -> ExportFormat:
    if name not in set(ExportFormat):
        raise CallError("There is no such format", hint="Load the page again.")
    return ExportFormat(name)
