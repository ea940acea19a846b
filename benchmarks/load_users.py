"""Those who ask in `benchmarks.load`: a browser's script and a program, as locust runs them.

Each asks one question after another and waits for the whole answer. A browser does what the page's
scripts do: it joins the queue, reads the frames from a stream and asks for the saved conversations
anew. Who is refused comes back when the refusal says. Only `answer`, `first words` and `refused`
are figures; whatever fails is an error.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gevent
from locust import FastHttpUser, task

QUESTIONS = json.loads(Path(os.environ["LOAD_QUESTIONS"]).read_text("utf-8"))
TURNS = 5  # of a conversation, after which another one begins
REFUSED = "are waiting already"
_NEXT = itertools.count()
_SECONDS = re.compile(r"(\d+) s\b")
_MINUTES = re.compile(r"(\d+) min")


class Asker(FastHttpUser):
    """What both have in common: how they count, read streams, and come back."""

    abstract = True
    network_timeout = connection_timeout = 120.0

    def question(self) -> str:
        """Return a question that nobody asked just before."""
        return QUESTIONS[next(_NEXT) % len(QUESTIONS)]

    def count(self, name: str, started: float, problem: str = "") -> None:
        """Have locust count something that took from `started` until now."""
        self.environment.events.request.fire(
            request_type="load",
            name=name,
            response_time=(time.perf_counter() - started) * 1000,
            response_length=0,
            exception=RuntimeError(problem) if problem else None,
            context={},
        )

    def lines(self, address: str) -> Iterator[str]:
        """Yield the lines of a stream as they come."""
        with self.client.get(address, stream=True, name="stream", catch_response=True) as response:
            while line := response.stream.readline(b"\n"):
                yield line.decode("utf-8").rstrip("\n")

    def come_back(self, started: float, said: str) -> None:
        """Count a refusal and wait as long as it says."""
        self.count("refused", started)
        minutes, seconds = _MINUTES.search(said), _SECONDS.search(said)
        gevent.sleep(60 * int(minutes[1]) if minutes else int(seconds[1]) if seconds else 1)


class Browser(Asker):
    """Asks as the page's script does, as a visitor with a cookie of its own."""

    def on_start(self) -> None:
        """Open the page, as a visitor whom it does not know yet."""
        self.client.get("/", name="page")
        self.ask_view, self.rail = _parts(self.client.get("/config", name="page").json())
        self.session = secrets.token_hex(6)
        self.conversation, self.position = "", 0

    @task
    def ask(self) -> None:
        """Ask, and read the frames until the answer is whole."""
        started, heard, last = time.perf_counter(), False, {}
        self.client.post("/gradio_api/queue/join?", json=self._asked(), name="join")
        for last in self._frames():
            if not heard and 'class="claim' in last.get("html", ""):
                heard = True
                self.count("first words", started)
        said = ". ".join(filter(None, (last.get("problem", "nothing came"), last.get("hint"))))
        if REFUSED in said:
            self.come_back(started, said)
            return
        self.count("answer", started, said)
        self.conversation, self.position = last.get("conversation", ""), self.position + 1
        if self.position == TURNS:
            self.conversation, self.position = "", 0
        listed = {"component_id": self.rail, "fn_name": "listed", "data": {"words": ""}}
        listed["session_hash"] = self.session
        self.client.post("/gradio_api/component_server/", json=listed, name="listed")

    def _asked(self) -> dict[str, object]:
        """Return what the page's script sends."""
        question = {
            "name": secrets.token_hex(8),
            "question": self.question(),
            "conversation": self.conversation,
            "position": self.position,
        }
        return {
            "data": [],
            "event_data": question,
            "fn_index": self.ask_view["id"],
            "trigger_id": self.ask_view["targets"][0][0],
            "session_hash": self.session,
        }

    def _frames(self) -> Iterator[dict[str, object]]:
        """Yield what the server told; after the first frame Gradio sends what changed in it."""
        for line in self.lines(f"/gradio_api/queue/data?session_hash={self.session}"):
            message = json.loads(line.removeprefix("data: ")) if line else {}
            for value in (message.get("output") or {}).get("data") or ():
                changed = value if isinstance(value, str) else "".join(edit[2] for edit in value)
                if changed:
                    yield json.loads(changed)


def _parts(config: dict[str, list[dict[str, Any]]]) -> tuple[dict[str, Any], int]:
    """Return the event that a question is, and which part lists the saved conversations."""
    [asked] = [
        each for each in config["dependencies"] if any(name == "ask" for _, name in each["targets"])
    ]
    [rail] = [
        part["id"]
        for part in config["components"]
        if part["props"].get("elem_id") == "conversations-view"
    ]
    return asked, rail


class Program(Asker):
    """Asks by the API, in the two requests that it takes."""

    @task
    def ask(self) -> None:
        """Ask, and wait for the answer."""
        started = time.perf_counter()
        with self.client.post(
            "/gradio_api/call/ask",
            json={"data": [self.question(), [], []]},
            name="join",
            catch_response=True,
        ) as joined:
            told = joined.json()
            if joined.status_code in (429, 503):
                joined.success()
        if "event_id" not in told:
            self.come_back(started, f"{joined.headers.get('retry-after', 1)} s")
            return
        said = "\n".join(self.lines(f"/gradio_api/call/ask/{told['event_id']}"))
        if REFUSED in said and "event: error" in said:  # the line filled up in between
            self.come_back(started, said)
        else:
            self.count("answer", started, "" if "event: complete" in said else said)
