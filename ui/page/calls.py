"""Calls from the page's scripts: a dictionary from the browser in, one for the browser out.

Owns what Gradio's remote calls need around a function. Invariant: whatever the browser sends, it
gets an answer; a failure is told as `problem` and `hint`, and what is behind it only the log says.
"""

# Without `from __future__ import annotations`: Gradio reads the handlers' annotations as classes.
from collections.abc import Callable
from typing import Any

from ui.logs.unexpected import unexpected
from ui.server.visitors import visitor_of
from ui.told_errors import told
from vectorstore.errors import PaperchatError
from vectorstore.whole_text import whole_characters

Asked = dict[str, object]
Answered = dict[str, object]

_LARGEST = 2**53 - 1  # what scripts count to; SQLite has no number above 2**63


class CallError(PaperchatError):
    """A script asked for what cannot be."""


def call(function: Callable[[Asked, str], Answered], *, shared: bool) -> Callable[..., Answered]:
    """Return `function` as a server function of gr.HTML; it gets the arguments and the visitor.

    On a page that is `shared` a failure names no place.
    """
    import gradio as gr

    def called(asked: Any, request: gr.Request) -> Answered:
        try:
            if not isinstance(asked, dict):
                raise _not_usable("arguments")
            return function(asked, visitor_of(request))
        except PaperchatError as error:
            problem, hint = told(error, shared=shared)
            return {"problem": problem, "hint": hint}
        except Exception as error:  # noqa: BLE001 - logged
            said = unexpected(error, f"a call of the page failed: {function.__name__}")
            return {"problem": said, "hint": ""}

    called.__name__ = function.__name__
    return called


def common_call(function: Callable[[Asked], Answered], *, shared: bool) -> Callable[..., Answered]:
    """Return `function`, whose answer is the same for all visitors, as `call` does."""

    def for_anyone(asked: Asked, _visitor: str) -> Answered:
        return function(asked)

    for_anyone.__name__ = function.__name__
    return call(for_anyone, shared=shared)


def text(asked: Asked, name: str, limit: int = 500) -> str:
    """Return a text of at most `limit` characters; "" where none was sent."""
    value = asked.get(name, "")
    if not isinstance(value, str) or len(value) > limit:
        raise _not_usable(name)
    return whole_characters(value)


def number(asked: Asked, name: str, default: int | None = None) -> int:
    """Return a whole number, 0 or above; `default` where none was sent."""
    value = asked.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST:
        raise _not_usable(name)
    return value


def texts(asked: Asked, name: str, limit: int = 100_000) -> tuple[str, ...]:
    """Return a list of texts, `limit` of them at most; () where none was sent."""
    value = asked.get(name, [])
    if not isinstance(value, list) or len(value) > limit:
        raise _not_usable(name)
    if not all(isinstance(item, str) for item in value):
        raise _not_usable(name)
    return tuple(map(whole_characters, value))


def _not_usable(name: str) -> CallError:
    return CallError(
        f"The page sent something that cannot be used as {name}",
        hint="Load the page again; it may be of an earlier paperchat.",
    )
