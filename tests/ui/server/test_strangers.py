"""What is one visitor's is nobody else's: whoever knows all the ids of another's things gets none,
and changes none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
from desks import scripted_desk
from page_visitor import COMPONENT_SERVER, PageVisitor, visiting
from scripted_assistant import ScriptedAssistant
from site_visits import served

from assistant.conversations.exchange_record import Ending
from ui.page.desk import Desk

ANN = "a" * 43
STRANGERS = {"another visitor": "b" * 43, "no cookie": "", "a cookie that is none": "a" * 42}
QUESTION, NOTE, FILE = "How is Levain kept?", "It forgot the salt.", "levain.txt"


@dataclass
class Kitchen:
    """A served page, and what Ann has there."""

    desk: Desk
    address: str
    ann: PageVisitor
    conversation: str
    number: int
    upload: str
    running: Event

    def of_ann(self) -> list[dict[str, Any]]:
        """Return all that Ann sees of her things."""
        at = {"conversation": self.conversation}
        return [
            self.ann.call("conversations-view", "listed", words="", before=0),
            self.ann.call("ask-view", "opened", **at),
            self.ann.call("feedback-view", "thumbs", **at),
            self.ann.call("conversations-view", "ratings"),
            self.ann.call("library-view", "uploads", known=[]),
        ]


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kitchen]:
    folder = tmp_path_factory.mktemp("strangers")
    with (
        scripted_desk(ScriptedAssistant(), folder) as desk,
        served(desk) as address,
        visiting(address, ANN) as ann,
    ):
        ann.open()
        asked = ann.ask(question=QUESTION)
        place = {name: asked[name] for name in ("conversation", "position", "number")}
        ann.call("feedback-view", "rated", **place, rating="down", note=NOTE)
        upload = ann.call("library-view", "begun", files=2)["upload"]
        ann.call("library-view", "received", upload=upload, name=FILE, data="TGV2YWlu")
        running = desk.running.begin(ANN, "under way")
        yield Kitchen(desk, address, ann, asked["conversation"], asked["number"], upload, running)


def test_ann_has_what_the_others_are_after(kitchen: Kitchen) -> None:
    listed, opened, thumbs, ratings, uploads = kitchen.of_ann()
    assert (listed["count"], listed["rated"], len(opened["exchanges"])) == (1, 1, 1)
    assert QUESTION in listed["html"]
    assert NOTE in thumbs["thumbs"][str(kitchen.number)]
    assert QUESTION in ratings["text"]
    assert "Sending: 1 of 2 files" in uploads["uploads"][0]["html"]


def calls(kitchen: Kitchen) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Yield every call that names something of Ann's."""
    at: dict[str, object] = {"conversation": kitchen.conversation}
    place = {**at, "position": 0, "number": kitchen.number}
    upload: dict[str, object] = {"upload": kitchen.upload}
    yield "conversations-view", "renamed", {**at, "title": "Mine now"}
    yield "conversations-view", "exported", at
    yield "conversations-view", "deleted", at
    yield "ask-view", "opened", at
    yield "ask-view", "exported", {**place, "format": ".md"}
    yield "ask-view", "stop", {"name": "under way"}
    yield "feedback-view", "thumbs", at
    yield "feedback-view", "rated", {**place, "rating": "up", "note": "Mine now"}
    yield "feedback-view", "unrated", place
    yield "paper-panel", "opened", {**at, "position": 0, "number": 1, "spans": ""}
    yield "library-view", "received", {**upload, "name": "mine.txt", "data": "TWluZQ=="}
    yield "library-view", "started", upload
    yield "library-view", "dismissed", upload
    yield "library-view", "uploads", {"known": []}
    yield "conversations-view", "listed", {"words": "", "before": 0}
    yield "conversations-view", "ratings", {}


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_stranger_with_all_ids_reads_and_changes_nothing(kitchen: Kitchen, stranger: str) -> None:
    before = kitchen.of_ann()
    with visiting(kitchen.address, STRANGERS[stranger]) as other:
        other.open()
        if stranger == "no cookie":
            other.client.cookies.clear()
        for part, function, asked in calls(kitchen):
            other.call(part, function, **asked)
        asked_again = other.ask(
            question="", again=True, conversation=kitchen.conversation, position=0
        )
        followed_up = other.ask(
            question="Who wrote it?", conversation=kitchen.conversation, position=1
        )
        overheard = other.client.get(
            "/gradio_api/queue/data", params={"session_hash": kitchen.ann.session}
        )
        told = "\n".join(other.received)
    assert asked_again["problem"].startswith("There is no such conversation")
    assert followed_up["conversation"] != kitchen.conversation
    assert (overheard.status_code, overheard.json()["problem"]) == (404, "There is no such session")
    for secret in (QUESTION, NOTE, FILE, "Levain", ANN):
        assert secret not in told
    assert kitchen.of_ann() == before
    assert not kitchen.running.is_set()


def test_a_stranger_who_knows_an_event_neither_hears_nor_ends_it(tmp_path: Path) -> None:
    assistant = ScriptedAssistant()
    with (
        scripted_desk(assistant, tmp_path) as desk,
        served(desk) as address,
        visiting(address, ANN) as ann,
        visiting(address, STRANGERS["another visitor"]) as other,
    ):
        ann.open()
        other.open()
        event = ann.begin(question="stall now")
        mine = {"session_hash": other.session, "event_id": event, "fn_index": 0}
        answers = (
            other.client.get(f"/gradio_api/call/ask/{event}", timeout=5),
            other.client.get(f"/gradio_api/call/v2/ask/{event}", timeout=5),
            other.client.post("/gradio_api/cancel", json=mine),
        )
        assert [answer.status_code for answer in answers] == [404, 404, 404]
        assistant.released.set()
        last = ann.last_frame()
        kept = desk.conversations.read_exchange(ANN, last["conversation"], last["position"])
    assert (kept.exchange.question, kept.exchange.ending) == ("stall now", Ending.DONE)


def test_every_function_of_the_page_is_tried(kitchen: Kitchen) -> None:
    """Who adds a function says above what it is to a stranger, or here that it is everybody's."""
    everybodys = {
        "page-head": {"status"},
        "ask-view": {"welcome"},
        "paper-panel": {"similar", "cited_as"},
        "library-view": {"listed", "doomed", "removed", "begun"},
        "map-view": {"drawn", "listed", "chosen"},
        "settings-view": {
            *("settings", "save_model", "forget_model", "forget_key"),
            *("list_models", "try_model"),
        },
    }
    tried = {(part, function) for part, function, _ in calls(kitchen)}
    tried |= {(part, function) for part, names in everybodys.items() for function in names}
    config = kitchen.ann.client.get("/config").json()
    there = {
        (part["props"]["elem_id"], function if isinstance(function, str) else function["name"])
        for part in config["components"]
        for function in part["props"].get("server_fns") or part.get("server_fns") or ()
    }
    assert there == tried


@pytest.mark.parametrize(
    "name", ["__init__", "postprocess", "server_functions", "_server_fn", "get_config", "unload"]
)
def test_nothing_but_the_functions_of_the_page_is_called(kitchen: Kitchen, name: str) -> None:
    for part in kitchen.ann.parts.values():
        sent = {"component_id": part, "fn_name": name, "data": {}, "session_hash": "x"}
        assert kitchen.ann.client.post(COMPONENT_SERVER, json=sent).status_code == 404


def test_programs_have_no_way_to_conversations(kitchen: Kitchen) -> None:
    described = httpx.get(f"{kitchen.address}gradio_api/info").json()["named_endpoints"]
    assert set(described) == {"/ask", "/search", "/stats"}
    parameters = {
        parameter["parameter_name"]
        for each in described.values()
        for parameter in each["parameters"]
    }
    assert not {name for name in parameters if "conversation" in name or "visitor" in name}
