"""The library of a program that runs for hours and may never ask: opened when it is needed.

Invariant: what could not be opened is tried anew the next time, since whoever had it may be gone.
"""

from __future__ import annotations

from contextlib import ExitStack
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ui.wiring import make_assistant, opened_library

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from ui.environment import Environment
    from vectorstore.library import Library


class OpenLibrary:
    """Opens a library at the first call, and closes it at the end of the block."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._opening = Lock()
        self._opened = ExitStack()
        self._parts: tuple[Library, Assistant] | None = None

    def parts(self) -> tuple[Library, Assistant]:
        """Return the library and an assistant for it. Raises what opening them raises."""
        with self._opening:
            if self._parts is None:
                with ExitStack() as opening:
                    library = opening.enter_context(opened_library(self._environment))
                    self._parts = library, make_assistant(self._environment, library)
                    self._opened = opening.pop_all()
            return self._parts

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.close()
