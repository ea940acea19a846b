"""One line in the log for each question, however it was asked and however it ended.

Owns what the line says: ids, figures and names, never a word of the question or of a paper.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from enum import StrEnum
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ui.logs.unexpected import error_id, unexpected
from vectorstore.errors import PaperchatError

if TYPE_CHECKING:
    from assistant.answer import Answer

logger = logging.getLogger("ui.question")

_PLAIN = re.compile(r"[\w.:/+@-]+")


class By(StrEnum):
    """How a question was asked."""

    PAGE = "page"
    API = "api"
    MCP = "mcp"
    COMMAND = "command"


class Ended(StrEnum):
    """How a question ended that was not answered; else the answer's outcome says it.

    REFUSED: for a reason that the user was told. FAILED: by an error that nobody foresaw.
    """

    STOPPED = "stopped"
    REFUSED = "refused"
    FAILED = "failed"


class QuestionLog:
    """Logs its question when its block ends; `answer` is the newest part of the answer till then.

    A block that is left without a whole answer, or by the end of the program, was stopped.
    """

    def __init__(self, by: By, question: str = "") -> None:
        self.question = question
        self.answer: Answer | None = None
        self._by = by
        self._id = secrets.token_hex(3)
        self._started = perf_counter()
        self._ended: Ended | None = None
        self._reason = ""

    def end(self, ended: Ended, reason: str = "") -> None:
        """Say that it ended so; `reason` is as `ended_by` has it."""
        self._ended, self._reason = ended, reason

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception):
            self.end(*ended_by(error))
        elif self._ended is None and (error or self.answer is None or not self.answer.complete):
            self.end(Ended.STOPPED)
        logger.info("%s", self._line(), extra={"question": self.question})

    def _line(self) -> str:
        facts: dict[str, object] = {"id": self._id, "by": self._by, "outcome": self._outcome()}
        facts["total_ms"] = round((perf_counter() - self._started) * 1000)
        facts |= _figures(self.answer)
        if self._reason:
            facts["error"] = self._reason
        return " ".join(f"{name}={_value(str(value))}" for name, value in facts.items())

    def _outcome(self) -> str:
        if self._ended is not None or self.answer is None:
            return str(self._ended)
        return self.answer.outcome.replace(" ", "-")


def ended_by(error: Exception) -> tuple[Ended, str]:
    """Return how a question ended by an error, and the name of its class where the user was told
    what it says, else the id under which it is logged.
    """
    if isinstance(error, PaperchatError):
        return Ended.REFUSED, type(error).__name__
    unexpected(error, "a question failed")
    return Ended.FAILED, error_id(error)


def _figures(answer: Answer | None) -> dict[str, object]:
    """Return what is told of an answer, or of the part that there is."""
    if answer is None:
        return {}
    spent = answer.timings
    return {
        "planning_ms": round(spent.planning_s * 1000),
        "search_ms": round(spent.search_s * 1000),
        "writing_ms": round(spent.writing_s * 1000),
        "checking_ms": round(spent.checking_s * 1000),
        "composer": answer.mode,
        "papers": len(answer.ranking),
        "cited": len(answer.citations),
        "claims": len(answer.stated_claims()),
        "dropped": answer.dropped_citations,
    }


def _value(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text)
