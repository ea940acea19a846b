"""Where others can open the page, nothing on it names a place of this machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import pytest
from desks import scripted_desk
from scripted_assistant import SERVING, ScriptedAssistant

from assistant.answer import Answer, Asking
from assistant.conversations.conversation_file import ConversationError
from assistant.conversations.saved import Place
from ingest.uploads import Upload
from ui.logs.question_log import By, QuestionLog
from ui.model_settings import SETTINGS_FILE
from ui.page.asking import Asker
from ui.page.conversation import Request
from ui.page.desk import Desk
from ui.page.page import build_page
from ui.page.paper_panel import paper_panel
from ui.page.turns import frames_in_turn
from ui.page.upload_queue import UploadQueue
from vectorstore.errors import LibraryError
from vectorstore.records import Source

HOME = "/srv/bakery/library"
STALE = LibraryError("The library is stale", where=HOME, hint="Bake again.")
TOLD = {False: f"The library is stale ({HOME})", True: "The library is stale"}
VISITOR = SimpleNamespace(cookies={"paperchat_visitor": "a" * 43})


class Failing(ScriptedAssistant):
    """An assistant whose library is stale."""

    def answer(self, _asking: Asking, _stop: object = None) -> Iterator[Answer]:
        raise STALE


@pytest.fixture(params=[False, True], ids=["at this machine", "shared"])
def desk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Desk]:
    listed = replace(SERVING, sources=(Source(f"{HOME}/fetched/rye.txt", 7),))
    with scripted_desk(Failing(), tmp_path, (listed,), locked=request.param) as opened:
        yield opened


def fails(*_given: object) -> None:
    raise STALE


def test_every_call_of_the_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page = build_page(desk)
    views = [block for block in page.blocks.values() if isinstance(block, gr.HTML)]
    calls = [function for view in views for function in view.server_fns or ()]
    assert len(calls) > 25
    monkeypatch.setattr("ui.page.calls.visitor_of", fails)  # in every one of them
    told = {call.__name__: call({}, VISITOR) for call in calls}
    failed = {"problem": TOLD[desk.shared], "hint": "Bake again."}
    assert told == dict.fromkeys(told, failed)


def test_an_answer_that_fails(desk: Desk) -> None:
    asker = Asker("a" * 43, "first", Place("", 0, 0), QuestionLog(By.PAGE))

    async def last() -> dict[str, object]:
        return [frame async for frame in frames_in_turn(desk, asker, Request("why"))][-1]

    html = asyncio.run(last())["html"]
    assert ("The library is stale" in html, HOME in html) == (True, not desk.shared)


def test_an_answer_that_cannot_be_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: object) -> None:
        raise ConversationError("The file is full", where=HOME)

    monkeypatch.setattr(desk.conversations, "save", fails)
    asker = Asker("a" * 43, "first", Place("", 0, 0), QuestionLog(By.PAGE))

    async def last() -> dict[str, object]:
        return [frame async for frame in frames_in_turn(desk, asker, Request("why"))][-1]

    place = "" if desk.shared else f" ({HOME})"
    assert asyncio.run(last())["problem"] == f"This answer is not saved. The file is full{place}"


def test_a_question_that_cannot_be_asked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page = build_page(desk)
    [ask] = [each.fn for each in page.fns.values() if each.fn and each.fn.__name__ == "answer"]
    monkeypatch.setattr("ui.page.ask_view.read_asker", fails)

    async def frames() -> list[object]:
        event = SimpleNamespace(_data={"name": "first"})
        return [json.loads(frame) async for frame in ask(event, VISITOR)]

    failed = {"name": "first", "problem": TOLD[desk.shared], "hint": "Bake again."}
    assert asyncio.run(frames()) == [failed]


def test_an_upload_that_fails(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.page.upload_queue.ingest_uploads", fails)
    queue = UploadQueue(desk.library, shared=desk.shared)
    upload = queue.begin("ann", 1)
    queue.receive("ann", upload, Upload("a.txt", b"Bread"))
    queue._ingest(queue._held[upload])
    [state] = queue.states("ann")
    assert (state.problem, state.hint) == (TOLD[desk.shared], "Bake again.")


def test_the_files_that_list_a_paper(desk: Desk) -> None:
    with gr.Blocks():
        opened = next(each for each in paper_panel(desk).server_fns if each.__name__ == "opened")
    file = "rye.txt" if desk.shared else f"{HOME}/fetched/rye.txt"
    html = opened({"paper": SERVING.id}, VISITOR)["html"]
    assert f'<ul class="card-origins"><li><bdi>{file}</bdi>, line 7</li></ul>' in html
    assert (HOME in html) is not desk.shared


@pytest.mark.parametrize("locked", [False, True])
def test_a_damaged_choice_of_the_model(tmp_path: Path, locked: bool) -> None:
    file = tmp_path / SETTINGS_FILE
    file.write_text("stale", encoding="utf-8")
    with scripted_desk(ScriptedAssistant(), tmp_path, locked=locked) as desk:
        notice = desk.choice.state().notice
    assert notice.startswith(f"{file.name if locked else file} is damaged, or of another")
