"""Logging as it was before a command was run in the tests' own process."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from ui.logs.log_lines import OURS


@contextmanager
def logging_kept() -> Iterator[None]:
    """Take back what a block changes of handlers and levels."""
    loggers = [logging.getLogger(), *map(logging.getLogger, OURS)]
    levels = [logger.level for logger in loggers]
    [root, *_] = loggers
    handlers = list(root.handlers)
    try:
        yield
    finally:
        for handler in [each for each in root.handlers if each not in handlers]:
            root.removeHandler(handler)
            handler.close()
        for handler in handlers:
            root.addHandler(handler)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
