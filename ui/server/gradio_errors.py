"""What Gradio could not run, told in the log.

Left to itself it prints where the error went through, together with what was sent: words of
questions, on stderr, as often as a program likes.
"""

from __future__ import annotations

import logging
import sys

logger = logging.getLogger(__name__)


class _Logged:
    """Stands for the standard library's module `traceback`, of which Gradio uses this alone."""

    @staticmethod
    def print_exc() -> None:
        logger.info("an event could not be run", exc_info=sys.exc_info())


def log_gradio_errors() -> None:
    """Have Gradio's errors logged from now on."""
    from gradio import queueing, routes

    for module in (queueing, routes):
        vars(module)["traceback"] = _Logged
