"""Lays out the page and wires its events to an assistant.

Owns the components and which of them shows what when; what they show comes from `answer_html` and
`paper_card`, what happens to a question from `conversation`. Invariant: a visitor's conversation
lives in the visitor's own gr.State, so nothing is shared between visitors.
"""

# Without `from __future__ import annotations`: Gradio reads the handlers' annotations as classes.
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from ui.html.answer_html import exchange_html, transcript_html
from ui.html.page_words import status_html, welcome_html
from ui.html.paper_card import card_html
from ui.page.conversation import (
    Answering,
    Exchange,
    Progress,
    Request,
    asked_again,
    exchange_stream,
)

if TYPE_CHECKING:
    import gradio as gr

ASSETS = Path(__file__).parent / "assets"
# Questions of different visitors that may be answered at the same time; more of them wait.
PARALLEL_ANSWERS = 8


@dataclass(frozen=True, slots=True)
class CollectionFacts:
    """What the page says of the library: `mode` is "extractive" or the model's name."""

    paper_count: int
    mode: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components that events read or change."""

    exchanges: "gr.State"
    stop: "gr.State"
    transcript: "gr.HTML"
    examples: "gr.Column"
    example_buttons: "tuple[gr.Button, ...]"
    question: "gr.Textbox"
    ask: "gr.Button"
    stop_button: "gr.Button"
    new: "gr.Button"
    panel: "gr.HTML"


def build_page(assistant: Answering, collection: CollectionFacts) -> "gr.Blocks":
    """Return the page, ready to be served."""
    import gradio as gr

    page = gr.Blocks(title="paperchat", analytics_enabled=False, fill_width=True)
    with page:
        with gr.Column(elem_id="page"):
            parts = _layout(collection)
        _wire_question(parts, assistant, collection)
        _wire_stop(parts)
        _wire_new(parts, collection)
        _wire_sources(parts)
    return page


def _layout(collection: CollectionFacts) -> _Parts:
    import gradio as gr

    exchanges, stop = gr.State(()), gr.State(None)
    with gr.Row(elem_id="head"):
        gr.HTML(status_html(collection), elem_id="status", apply_default_css=False)
        new = gr.Button("New conversation", elem_id="new", size="sm")
    transcript = gr.HTML(
        welcome_html(collection),
        elem_id="transcript",
        html_template='<div role="log" aria-label="Conversation">${value}</div>',
        js_on_load=_script("transcript.js"),
        apply_default_css=False,
    )
    with gr.Column(elem_id="examples", visible=bool(collection.examples)) as examples:
        example_buttons = tuple(gr.Button(text, size="sm") for text in collection.examples)
    with gr.Row(elem_id="composer"):
        question = _question_box()
        ask = gr.Button("Ask", variant="primary", elem_id="ask")
        stop_button = gr.Button("Stop", elem_id="stop", visible=False)
    panel = gr.HTML(
        elem_id="paper-panel",
        js_on_load=_script("paper_panel.js"),
        apply_default_css=False,
    )
    return _Parts(
        exchanges,
        stop,
        transcript,
        examples,
        example_buttons,
        question,
        ask,
        stop_button,
        new,
        panel,
    )


def _question_box() -> "gr.Textbox":
    import gradio as gr

    return gr.Textbox(
        label="Your question",
        show_label=False,
        container=False,
        placeholder="Ask about the papers",
        lines=1,
        max_lines=8,
        autofocus=True,
        elem_id="question",
    )


def _script(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _wire_question(parts: _Parts, assistant: Answering, collection: CollectionFacts) -> None:
    """Answer a question that is typed, picked or asked again without one of its filters.

    One event, so that one runs at a time.
    """
    import gradio as gr

    triggers = [parts.question.submit, parts.ask.click, parts.transcript.retry]
    triggers += [button.click for button in parts.example_buttons]
    gr.on(
        triggers,
        _answer_handler(parts, assistant, collection),
        inputs=[parts.question, parts.exchanges],
        outputs=[
            parts.stop,
            parts.panel,
            parts.transcript,
            parts.exchanges,
            parts.examples,
            parts.ask,
            parts.stop_button,
            parts.new,
        ],
        # At once: the server's word would come late, and wipe what was typed since.
        js=_script("empty_box.js"),
        show_progress="hidden",
        concurrency_limit=PARALLEL_ANSWERS,
        trigger_mode="once",
        api_visibility="private",
    )


def _answer_handler(
    parts: _Parts, assistant: Answering, collection: CollectionFacts
) -> Callable[..., Iterator[dict[Any, Any]]]:
    """Return what Gradio runs for a question: it yields the changes of the page as they come."""
    import gradio as gr

    def answer(
        typed: str, exchanges: tuple[Exchange, ...], event: gr.EventData
    ) -> Iterator[dict[Any, Any]]:
        request = _request(typed, exchanges, event, collection)
        if request is None:
            yield _running(parts, False)
            return
        stop, earlier = Event(), request.earlier
        before = transcript_html(earlier)
        # The card that is open belongs to an answer before, whose numbers mean other papers.
        yield {parts.stop: stop, parts.panel: "", **_running(parts, True)}
        for exchange in exchange_stream(assistant, request, stop):
            yield {
                parts.transcript: before + exchange_html(exchange, len(earlier)),
                parts.exchanges: (*earlier, exchange),
                **_running(parts, exchange.progress is Progress.RUNNING),
            }

    return answer


def _request(
    typed: str,
    exchanges: tuple[Exchange, ...],
    event: "gr.EventData",
    collection: CollectionFacts,
) -> Request | None:
    """Return what is asked by typing, by an example or by a chip; None where that is nothing."""
    chip = event._data if isinstance(event._data, dict) else {}
    if "filter" in chip:
        return asked_again(exchanges, str(chip["filter"]))
    picked = getattr(event.target, "value", None)
    question = picked if picked in collection.examples else typed
    return Request(question, exchanges) if question.strip() else None


def _running(parts: _Parts, running: bool) -> dict[Any, Any]:
    """Return what shows that an answer is under way or has ended.

    Until it has, there is no new conversation to begin: its end would be written into it.
    """
    import gradio as gr

    return {
        parts.examples: gr.update(visible=False),
        parts.ask: gr.update(visible=not running),
        parts.stop_button: gr.update(visible=running),
        parts.new: gr.update(interactive=not running),
    }


def _wire_stop(parts: _Parts) -> None:
    def stop_answer(stop: Event | None) -> None:
        if stop is not None:
            stop.set()

    parts.stop_button.click(stop_answer, inputs=[parts.stop], queue=False, api_visibility="private")


def _wire_new(parts: _Parts, collection: CollectionFacts) -> None:
    import gradio as gr

    def begin_anew() -> dict[Any, Any]:
        return {
            parts.exchanges: (),
            parts.transcript: welcome_html(collection),
            parts.panel: "",
            parts.examples: gr.update(visible=bool(collection.examples)),
        }

    parts.new.click(
        begin_anew,
        outputs=[parts.exchanges, parts.transcript, parts.panel, parts.examples],
        queue=False,
        show_progress="hidden",
        api_visibility="private",
    )


def _wire_sources(parts: _Parts) -> None:
    import gradio as gr

    def open_source(exchanges: tuple[Exchange, ...], event: gr.EventData) -> str:
        return source_html(exchanges, event.turn, event.number)

    parts.transcript.source(
        open_source,
        inputs=[parts.exchanges],
        outputs=[parts.panel],
        queue=False,
        show_progress="hidden",
        api_visibility="private",
    )


def source_html(exchanges: tuple[Exchange, ...], turn: int, number: int) -> str:
    """Return the card of a source of one of the answers; nothing where there is no such source."""
    answer = exchanges[turn].answer if turn in range(len(exchanges)) else None
    if answer is None:
        return ""
    hits = {hit.paper.id: hit for hit in answer.ranking}
    return next(
        (
            card_html(citation, hits.get(citation.paper.id))
            for citation in answer.citations
            if citation.number == number
        ),
        "",
    )
