"""A chat model whose server refuses, stalls, breaks off, lies or talks without end.

Invariant that is tried: the question is answered all the same, from the papers alone, with a
sentence that says why; within the time limit, and within some memory.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.faults_found import Found, misbehaviour
from benchmarks.faults_process import command
from benchmarks.faults_scenes import Scene
from tests.fakes import FakeModelServer, Script, fails, says

TIMEOUT_S = 10
# A plan is asked for first, then the answer; each may be tried again once.
LIMIT_S = 8 * TIMEOUT_S
TEN_MEGABYTES = 10_000_000
EVENTS = "text/event-stream"
FAULTS: dict[str, Script] = {
    "refuses": fails(403),
    "fails": fails(500),
    "is silent": Script(silent=True),
    "stalls": says("Bread", ending="stall"),
    "breaks off": says("Bread", ending="cut"),
    "ends without an end": says("Bread", ending="unfinished"),
    "sends JSON that is none": says("Bread", ending="garbage"),
    "sends JSON of another kind": Script(body='{"answer": 42}'),
    "sends events of another kind": Script(body="data: [1, 2]\n\n", content_type=EVENTS),
    "sends a page": Script(body="<html>Sign in</html>", content_type="text/html"),
    "calls a page events": Script(body="<html>Sign in</html>", content_type=EVENTS),
    "sends an error of 10 MB": Script(status=500, body="x" * TEN_MEGABYTES),
    "sends JSON of 10 MB": Script(body=json.dumps({"x": "x" * TEN_MEGABYTES})),
    "sends an event of 10 MB": Script(body=f"data: {'x' * TEN_MEGABYTES}", content_type=EVENTS),
    "sends lines of 10 MB": Script(body="data: x\n" * (TEN_MEGABYTES // 8), content_type=EVENTS),
    "replies 10 MB": Script(("bread " * 1_000,) * (TEN_MEGABYTES // 6_000)),
}


def lying_models(scene: Scene, place: Path) -> Iterator[Found]:
    """Yield what became of a question while the model's server did each of these."""
    home = scene.set_up(place / "library")
    for fault, script in FAULTS.items():
        started = time.monotonic()
        with FakeModelServer(script) as server:
            ended = command(
                ("ask", "--json", "Which bread rises?"),
                home,
                OPENAI_BASE_URL=server.base_url,
                PAPERCHAT_MODEL="scripted",
                PAPERCHAT_TIMEOUT_S=str(TIMEOUT_S),
            )
        breaches = list(misbehaviour(ended))
        answer = json.loads(ended.shown) if ended.shown and not ended.code else {}
        notice = answer.get("notice", "")
        if (answer.get("mode"), bool(notice)) != ("extractive", True):
            breaches.append("no answer from the papers alone that says why")
        if (seconds := time.monotonic() - started) > LIMIT_S:
            breaches.append(f"it took {seconds:.0f} s")
        said = (notice.partition(". ")[0].replace(server.base_url, "URL"),)
        yield Found(f"the chat model {fault}", fault, said, tuple(breaches))
