"""A record of the log as it is written: a line, and indented ones for what an error went through.

Owns what of a record may be told. Invariants: whatever a record holds, it begins no line of its
own and steers no terminal; no secret is in it; and without `texts`, no words of a question, a reply
or an abstract: of other packages' messages only the pattern is told, of errors only what cannot
quote one.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime

from assistant.errors import ModelError
from ui.logs.masking import Masks
from vectorstore.errors import LibraryError, PaperchatError
from vectorstore.model_errors import OutsideModelError

OURS = ("assistant", "ingest", "ui", "vectorstore")
FILE_BEGINS = "%(asctime)s %(levelname)s %(process)d %(name)s: "
TERMINAL_BEGINS = "%(levelname)s %(name)s: "

LONGEST = 2_000  # characters of a line; a question is given so many too
LOOKED_AT = 10 * LONGEST  # so that nothing that is shown was cut within a secret
FRAMES = 12  # of each error, the innermost
FRAMES_OF_KNOWN = 2
ERRORS = 8  # that led to one another
_INDENT = "    | "
# Their problem is told in our own words and names; what a server said is in the hint.
_OUR_WORDS = (LibraryError, ModelError, OutsideModelError)
# Raised by code about code.
_OF_CODE = (
    *(ArithmeticError, AttributeError, ImportError, IndexError, MemoryError, NameError),
    *(NotImplementedError, RecursionError, TypeError),
)


class LogLines(logging.Formatter):
    """Writes records for a file or a terminal."""

    def __init__(
        self, masks: Masks, begins: str, *, texts: bool = False, traces: bool = True
    ) -> None:
        """Begin lines by the pattern `begins`; with `traces` tell what errors went through."""
        super().__init__(f"{begins}%(message)s")
        self.masks = masks
        self.traces = traces
        self._texts = texts

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines of the record, without the last line's end."""
        told = logging.makeLogRecord(record.__dict__)  # the record is other handlers' too
        told.message, told.asctime = self._message(record), _time(record)
        lines = [self._line(self.formatMessage(told))]
        if self.traces and record.exc_info and record.exc_info[1]:
            traced = error_lines(record.exc_info[1], texts=self._texts)
            lines += [f"{_INDENT}{self._line(line)}" for line in traced]
        return "\n".join(lines)

    def _message(self, record: logging.LogRecord) -> str:
        if record.name.split(".")[0] not in OURS and not self._texts:
            return str(record.msg).partition("\n")[0]
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # a pattern that its arguments do not fit
            message = str(record.msg)
        question = getattr(record, "question", "")
        return f'{message} question="{question}"' if question and self._texts else message

    def _line(self, text: str) -> str:
        line = one_line(self.masks.masked(text[:LOOKED_AT]))
        return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def _time(record: logging.LogRecord) -> str:
    when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    return when.replace("+00:00", "Z")


def one_line(text: str) -> str:
    """Return the text with all that ends a line or is not seen written as an escape."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def error_lines(error: BaseException, *, texts: bool) -> Iterator[str]:
    """Yield where an error and those before it went through, the first one first."""
    for each in reversed(list(_before(error))):
        frames = FRAMES_OF_KNOWN if isinstance(each, PaperchatError) else FRAMES
        for frame in traceback.format_tb(each.__traceback__, -frames):
            yield from frame.rstrip("\n").split("\n")
        yield f"{type(each).__module__}.{type(each).__qualname__}{_said(each, texts=texts)}"
        if isinstance(each, BaseExceptionGroup):
            for within in each.exceptions[:ERRORS]:
                yield from (f"  {line}" for line in error_lines(within, texts=texts))


def _before(error: BaseException) -> Iterator[BaseException]:
    """Yield the error, what it came of, and so on."""
    link: BaseException | None = error
    for _ in range(ERRORS):
        if link is None:
            return
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _said(error: BaseException, *, texts: bool) -> str:
    """Return what an error says of itself, as far as that can quote nobody."""
    if texts or isinstance(error, _OF_CODE):
        return f": {error}"
    if isinstance(error, PaperchatError):
        return f": {error.problem}" if isinstance(error, _OUR_WORDS) else ""
    told: tuple[object, ...]
    if isinstance(error, OSError):
        told = (error.errno, error.strerror, error.filename)
    else:
        told = tuple(getattr(error, name, None) for name in ("sqlite_errorname", "status_code"))
    known = [str(part) for part in told if part is not None]
    return f": {' '.join(known)}" if known else ""
