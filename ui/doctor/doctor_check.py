"""The outcome of one check of `paperchat doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vectorstore.errors import PaperchatError


class Status(StrEnum):
    """How a check ended; only a problem keeps paperchat from its work."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """What was checked, how that ended, what was found, and what to do, where there is something.

    `name` is one of those in docs/models.md.
    """

    name: str
    status: Status
    detail: str
    hint: str = ""


def ok(name: str, detail: str, hint: str = "") -> Check:
    """Return a check that found nothing wrong."""
    return Check(name, Status.OK, detail, hint)


def warning(name: str, detail: str, hint: str) -> Check:
    """Return a check that found something to know of."""
    return Check(name, Status.WARNING, detail, hint)


def problem(name: str, detail: str, hint: str) -> Check:
    """Return a check that found something to put right."""
    return Check(name, Status.PROBLEM, detail, hint)


def failed(name: str, error: PaperchatError, status: Status = Status.PROBLEM) -> Check:
    """Return a check that ended in an error."""
    place = f" ({error.where})" if error.where else ""
    return Check(name, status, f"{error.problem}{place}", error.hint)
