"""A person who uses the page, as its scripts do, in `benchmarks.soak`.

Owns what there is to do and how it is done; each action is a method. Whatever the page says that
is no answer is Trouble, unless the person could have expected it.
"""

from __future__ import annotations

import base64
import json
import random
import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

ALWAYS = "paperchat_soak"
TIMEOUT_S = 60.0
UPLOAD_S = 60.0
LOOK_S = 0.1
# What others did meanwhile, or this person themselves.
_TO_BE_EXPECTED = re.compile(
    r"no longer in the library|conversation is not here|There is no answer to keep"
    r"|no such conversation|None of the chosen papers|questions are waiting already"
)
DOUGHS = ("sourdough", "rye", "spelt", "brioche", "focaccia", "pumpernickel", "bagel", "ciabatta")


class Trouble(Exception):  # noqa: N818 - counted, not an error of ours
    """The page did not do what it should."""


@dataclass
class Visitor:
    """A browser with cookies of its own, and the conversation that it shows."""

    address: str
    drawing: random.Random
    questions: Sequence[str]
    conversation: str = ""
    position: int = 0
    number: int = 0  # of the exchange that was answered last
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    session: str = field(default_factory=lambda: secrets.token_hex(6))
    papers: list[str] = field(default_factory=list)
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.address, timeout=TIMEOUT_S)

    def actions(self) -> tuple[tuple[Callable[[], None], int], ...]:
        """Return what a person does, and how often of a hundred times."""
        return (
            *((self.ask, 32), (self.follow_up, 16), (self.stop, 7), (self.ask_as_program, 4)),
            *((self.reload, 8), (self.browse, 8), (self.open_paper, 6), (self.rate, 3)),
            *((self.export_answer, 4), (self.export_conversation, 2), (self.rename, 3)),
            *((self.upload, 3), (self.remove, 2), (self.delete, 1), (self.draw_map, 1)),
        )

    def ask(self) -> None:
        """Begin a conversation."""
        self.conversation, self.position = "", 0
        self._asked(self.drawing.choice(self.questions))

    def follow_up(self) -> None:
        """Ask on, in the conversation that is shown."""
        further = ("Which of those is the newest?", "Compare the first two", "And what of limits?")
        question = self.drawing.choice(further if self.position else self.questions)
        self._asked(question)
        if self.position > 8:
            self.conversation, self.position = "", 0

    def stop(self) -> None:
        """Ask, and stop the answer, or close the tab, once it is under way."""
        self._asked(
            self.drawing.choice(self.questions), leave=self.drawing.choice(("stop", "close"))
        )
        self.conversation, self.position = "", 0

    def ask_as_program(self) -> None:
        """Ask or search by the API."""
        question = self.drawing.choice(self.questions)
        asked = [question, 5, *[""] * 3, None, None, "", "relevance", *[""] * 3]
        name, data = self.drawing.choice((("ask", [question, [], []]), ("search", asked)))
        joined = self.client.post(f"/gradio_api/call/{name}", json={"data": data}).json()
        if "event_id" not in joined:
            raise Trouble(f"{name}: {joined}")
        said = "\n".join(self._lines(f"/gradio_api/call/{name}/{joined['event_id']}"))
        if "event: complete" not in said:
            self._check(said, name)

    def reload(self) -> None:
        """Load the page anew, and what it shows at first."""
        self.session = secrets.token_hex(6)
        self.client.get("/").raise_for_status()
        config = self.client.get("/config").raise_for_status().json()
        self.parts = _parts(config)
        self._called("ask-view", "welcome")
        self._called("conversations-view", "listed", words="")
        if self.conversation:
            self._called("ask-view", "opened", conversation=self.conversation)

    def browse(self) -> None:
        """List papers, and look for conversations."""
        words = self.drawing.choice(("", "model", "language", *DOUGHS))
        sort = self.drawing.choice(("title ascending", "published descending"))
        self._called("library-view", "listed", text=words, sort=sort, offset=0)
        self._called("conversations-view", "listed", words=words)

    def open_paper(self) -> None:
        """Open a paper, those like it, and its reference."""
        if self.papers:
            paper = self.drawing.choice(self.papers)
            for name in ("opened", "similar", "cited_as"):
                self._called("paper-panel", name, paper=paper)

    def rate(self) -> None:
        """Rate the answer that is shown."""
        if self.conversation and self.number:
            place = {"conversation": self.conversation, "position": self.position - 1}
            place["number"] = self.number
            self._called("feedback-view", "rated", **place, rating="up", note="fine")

    def export_answer(self) -> None:
        """Export the answer that is shown."""
        if self.conversation:
            place = {"conversation": self.conversation, "position": self.position - 1}
            kind = self.drawing.choice((".md", ".bib", ".ris", ".csv"))
            self._called("ask-view", "exported", **place, format=kind)

    def export_conversation(self) -> None:
        """Export the conversation that is shown."""
        if self.conversation:
            self._called("conversations-view", "exported", conversation=self.conversation)

    def rename(self) -> None:
        """Give the conversation that is shown another title."""
        if self.conversation:
            title = f"On {self.drawing.choice(DOUGHS)} {secrets.token_hex(2)}"
            self._called(
                "conversations-view", "renamed", conversation=self.conversation, title=title
            )

    def delete(self) -> None:
        """Delete the conversation that is shown."""
        if self.conversation:
            self._called("conversations-view", "deleted", conversation=self.conversation)
            self.conversation, self.position = "", 0

    def upload(self) -> None:
        """Add a file of papers, and wait until they are in the library."""
        lines = "".join(json.dumps(self._paper()) + "\n" for _ in range(self.drawing.randint(1, 5)))
        upload = self._called("library-view", "begun", files=1)["upload"]
        data = base64.b64encode(lines.encode()).decode()
        self._called("library-view", "received", upload=upload, name="loaves.jsonl", data=data)
        self._called("library-view", "started", upload=upload)
        deadline = time.monotonic() + UPLOAD_S
        while time.monotonic() < deadline:
            states = self._called("library-view", "uploads", known=[])["uploads"]
            mine = next((each for each in states if each["upload"] == upload), None)
            if mine and mine["ended"]:
                if not mine["said"]:
                    raise Trouble(f"upload: {mine['html'][:300]}")
                self._called("library-view", "dismissed", upload=upload)
                return
            time.sleep(LOOK_S)
        raise Trouble("upload: it did not end")

    def remove(self) -> None:
        """Remove papers that somebody added here."""
        listed = self._called("library-view", "listed", text=ALWAYS, sort="title ascending")
        ids = re.findall(r'data-paper="([^"]+)"', listed["html"])[:3]
        if ids:
            self._called("library-view", "doomed", papers=ids)
            self._called("library-view", "removed", papers=ids)

    def draw_map(self) -> None:
        """Look at the map."""
        self._called("map-view", "drawn")

    def _paper(self) -> dict[str, str]:
        dough, hours = self.drawing.choice(DOUGHS), self.drawing.randint(2, 40)
        return {
            "title": f"On {dough} that rises for {hours} hours {secrets.token_hex(4)} {ALWAYS}",
            "abstract": f"We bake {dough}. It rises for {hours} hours. A crust forms, and it keeps"
            f" for {self.drawing.randint(1, 9)} days where the oven is steamed.",
        }

    def _asked(self, question: str, leave: str = "") -> None:
        """Ask by the page, and read the frames until the answer is whole or it is left."""
        view = self._part("ask-view")
        name = secrets.token_hex(8)
        sent = {"name": name, "question": question}
        sent |= {"conversation": self.conversation, "position": self.position}
        joined = {"data": [], "event_data": sent, "fn_index": view["event"]}
        joined |= {"trigger_id": view["id"], "session_hash": self.session}
        self.client.post("/gradio_api/queue/join?", json=joined).raise_for_status()
        last: dict[str, Any] = {}
        for frame in self._frames():
            last = frame
            if leave == "stop":
                leave = ""
                self._called("ask-view", "stop", name=name)
            elif leave == "close":
                self.session = secrets.token_hex(6)
                return
        if last.get("busy", True):
            raise Trouble(f"ask: no answer came, but {str(last)[:300]}")
        self._check(last.get("problem", ""), "ask")
        self.papers = (last.get("papers") or self.papers)[:20]
        self.conversation, self.number = last.get("conversation", ""), last.get("number", 0)
        self.position += 1

    def _frames(self) -> Iterator[dict[str, Any]]:
        """Yield what the server told; after the first frame Gradio sends what changed in it."""
        for line in self._lines(f"/gradio_api/queue/data?session_hash={self.session}"):
            message = json.loads(line.removeprefix("data: ")) if line else {}
            for value in (message.get("output") or {}).get("data") or ():
                changed = value if isinstance(value, str) else "".join(edit[2] for edit in value)
                if changed:
                    yield json.loads(changed)
            if message.get("msg") == "close_stream":
                return

    def _lines(self, address: str) -> Iterator[str]:
        with self.client.stream("GET", address) as response:
            yield from response.iter_lines()

    def _called(self, part: str, name: str, /, **asked: object) -> dict[str, Any]:
        """Call a function of the page as its scripts do."""
        found = self._part(part)
        sent = {"component_id": found["id"], "fn_name": name, "data": asked}
        sent["session_hash"] = self.session
        response = self.client.post("/gradio_api/component_server/", json=sent)
        if response.status_code != httpx.codes.OK:
            raise Trouble(f"{name}: {response.status_code} {response.text[:300]}")
        told: dict[str, Any] = response.json()
        self._check(told.get("problem", ""), name)
        return told

    def _part(self, name: str) -> dict[str, Any]:
        if not self.parts:
            self.reload()
        return self.parts[name]

    def _check(self, said: str, what: str) -> None:
        if said and not _TO_BE_EXPECTED.search(said):
            raise Trouble(f"{what}: {said}")


def _parts(config: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the parts of the page by name: their ids, and the event that a question is."""
    parts = {
        part["props"]["elem_id"]: {"id": part["id"]}
        for part in config["components"]
        if part["props"].get("elem_id")
    }
    for each in config["dependencies"]:
        for target, name in each["targets"]:
            if name == "ask":
                parts["ask-view"] |= {"event": each["id"], "id": target}
    return parts
