"""Errors that nobody foresaw: logged once, under an id by which the user can point at them."""

from __future__ import annotations

import logging
import secrets

from ui.logs.log_file import LOG_FILE

_NOTE = "error "

logger = logging.getLogger(__name__)


def unexpected(error: BaseException, what: str) -> str:
    """Log `what` went wrong, unless this error is logged already; return what a user is told."""
    found = error_id(error)
    if not found:
        found = secrets.token_hex(3)
        error.add_note(f"{_NOTE}{found}")
        logger.error("error %s: %s", found, what, exc_info=error)
    return f"Something went wrong inside paperchat (error {found}; see {LOG_FILE})."


def error_id(error: BaseException) -> str:
    """Return the id that the error was logged under; "" where it was not."""
    notes: list[str] = getattr(error, "__notes__", [])
    return next((note.removeprefix(_NOTE) for note in notes if note.startswith(_NOTE)), "")
