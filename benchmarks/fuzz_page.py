"""What the page's scripts and programs send: calls with any arguments, also such as no page sends.

What a call did not foresee it logs, and that is a finding.

Left out are calls that remove what others need, work in the background, or ask a model server.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from benchmarks.fuzz_checks import insist
from benchmarks.fuzz_input import Draw
from benchmarks.fuzz_library import TODAY, conversation, papers, small_library
from benchmarks.fuzz_seeds import PAGE, numbered
from benchmarks.fuzz_target import Check, Target

WITH_MODEL_MB = 2_048
LEFT_OUT = frozenset({"removed", "deleted", "started", "list_models", "try_model"})
VISITOR = "a" * 43
NAMES = tuple(
    """
    again author base_url before bibtex category conversation data extra files filter format
    api_key known length limit mark name note number offset organization paper papers period
    position question rating sort spans start text title topic upload venue version within words
    model timeout_s context_tokens temperature
    """.split()
)


def targets() -> tuple[Target, ...]:
    """Return the targets."""
    seeds = partial(numbered, PAGE)
    return (
        Target("page-calls", _page_calls, seeds, 600, WITH_MODEL_MB),
        Target("program-arguments", _program_arguments, seeds, 600, WITH_MODEL_MB),
    )


def _page_calls() -> Check:
    from types import SimpleNamespace

    import gradio as gr
    import orjson

    from assistant.conversations.exchange_record import StoredExchange
    from assistant.conversations.store import ConversationStore
    from ui.environment import Environment
    from ui.logs.question_log import By, QuestionLog
    from ui.page.ask_view import ask_view
    from ui.page.asking import read_asker, read_request
    from ui.page.assistant_choice import AssistantChoice
    from ui.page.calls import call
    from ui.page.conversations_view import conversations_view
    from ui.page.desk import Desk
    from ui.page.feedback_view import feedback_view
    from ui.page.library_view import library_view
    from ui.page.map_view import map_view
    from ui.page.paper_panel import paper_panel
    from ui.page.settings_view import settings_view

    library = small_library()
    store = ConversationStore(library.home / "conversations.sqlite3")
    choice = AssistantChoice(Environment(library.home), library)
    desk = Desk(library, store, choice, today=lambda: TODAY)
    request = SimpleNamespace(cookies={"paperchat_visitor": VISITOR})

    def asked_for(asked: dict[str, Any], visitor: str) -> dict[str, object]:
        wanted = read_request(desk, read_asker(asked, visitor, QuestionLog(By.PAGE)), asked)
        return {"question": wanted.question}

    parts = (ask_view, conversations_view, feedback_view, library_view, map_view, paper_panel)
    with gr.Blocks():
        views = [part(desk) for part in (*parts, settings_view)]
    offered = [function for view in views for function in view.server_fns]
    functions = [each for each in offered if each.__name__ not in LEFT_OUT] + [
        call(asked_for, shared=False)
    ]
    kept = [
        store.save(VISITOR, StoredExchange(turn.question, answer=turn.answer))
        for turn in conversation(library)[:2]
    ]
    known = (
        *(place.conversation for place in kept),
        *(paper.id for paper in papers()),
        *("title ascending", "2024-02", ".md", ".bib", "up", "down", "flagged", "dates", "a.txt"),
    )

    def value(draw: Draw) -> Any:
        return draw.pick(known) if draw.number(3) else draw.value()

    def check(data: bytes) -> None:
        draw = Draw(data)
        function = draw.pick(functions)
        asked = {draw.pick(NAMES): value(draw) for _ in range(draw.number(6))}
        answered = function(draw.value() if not draw.number(16) else asked, request)
        insist(isinstance(answered, dict), "no answer", answered)
        orjson.dumps(answered)  # as it is sent
        if isinstance(upload := answered.get("upload"), str):
            dismiss = next(each for each in functions if each.__name__ == "dismissed")
            dismiss({"upload": upload}, request)

    return check


def _program_arguments() -> Check:
    from dataclasses import fields

    from ui.answer_json import hit_object, search_notes_object
    from ui.programs import asking
    from ui.programs.arguments import (
        MOST_EARLIER,
        MOST_HITS,
        ArgumentError,
        FilterArguments,
        number,
        text,
        texts,
    )
    from vectorstore.errors import PaperchatError

    library = small_library()
    names = [field.name for field in fields(FilterArguments)]
    known = ("2024", "2024-02-30", "1900-01", "newest", "", "Ada Baker", "cs.CL", 1, 2.0, -1)

    def value(draw: Draw) -> Any:
        return draw.pick(known) if draw.number(3) else draw.value()

    def check(data: bytes) -> None:
        draw = Draw(data)
        sent = {draw.pick(names): value(draw) for _ in range(draw.number(5))}
        try:
            filters = FilterArguments(**sent).read()
            texts("history", draw.value(), MOST_EARLIER)
            limit = number("limit", value(draw) or 3, MOST_HITS)
            found = asking.search(library, text("query", draw.value()), limit, filters)
        except PaperchatError as error:
            told = isinstance(error, ArgumentError) or error.hint
            insist(told and error.problem.isprintable(), "no hint", error)
            return
        insist(len(found.hits) <= limit, "more than wanted", limit)
        hits = [hit_object(hit) for hit in found.hits]
        json.dumps({"hits": hits, "notes": search_notes_object(found)})

    return check
