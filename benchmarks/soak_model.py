"""A chat model in `benchmarks.soak` that writes well, fails, falls silent or talks nonsense."""

from __future__ import annotations

import json
import re

from assistant.checking.sentence_ids import SENTENCE_ID
from tests.fakes import Request, Script, fails, says

MOODS = ("good", "good", "failing", "good", "silent", "good", "cut", "good", "nonsense", "refusing")
CITED = 4
DELAY_S = 0.01
_PLAN = {
    **dict.fromkeys(("standalone", "organization", "author", "category", "venue"), ""),
    **dict.fromkeys(("published_from", "published_to", "min_authors", "max_authors")),
    **{"intent": "list", "order": "relevance", "earlier_only": False, "papers": [], "sides": []},
}

_FAULTS = {
    "failing": fails(500),
    "refusing": fails(401, "No such key."),
    "silent": Script(silent=True),
    "cut": says("The papers ", "say ", ending="cut"),
    "nonsense": says("[s9zzz] {", '"topic"', ending="garbage"),
}


class ModelInMoods:
    """Replies as its mood says, which is another one from time to time."""

    def __init__(self) -> None:
        self.mood = "good"

    def __call__(self, request: Request) -> Script:
        """Return what to do with a request."""
        if self.mood in _FAULTS:
            return _FAULTS[self.mood]
        if "messages" not in request.body:
            return Script(body=json.dumps({"data": [{"id": "scripted"}]}))
        if "response_format" in request.body:
            return says(json.dumps(_PLAN | {"topic": _topic(request.prompt)}))
        ids = list(dict.fromkeys(SENTENCE_ID.findall(request.prompt)))[:CITED]
        chunks = [f"One paper reports a result of this kind [{name}]. " for name in ids]
        return Script(tuple(chunks) or ("Nothing here says so.",), chunk_delay_s=DELAY_S)


def _topic(prompt: str) -> str:
    words = re.findall(r"[a-z]{5,}", prompt[-400:].lower())
    return " ".join(words[-6:]) or "models"
