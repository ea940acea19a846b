"""Where the log goes: to stderr what is wrong, to the file in the library's folder what happened.

Owns the handlers. Other packages are heard where they warn, ours where they inform.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import TextIO

from ui.logs.log_lines import FILE_BEGINS, OURS, TERMINAL_BEGINS, LogLines
from ui.logs.masking import Masks, secrets_in
from vectorstore.errors import PaperchatError


class _Terminal(logging.StreamHandler[TextIO]):
    """Writes to what is stderr at the moment: a spinner on a terminal takes its place."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record."""
        self.stream = sys.stderr
        super().emit(record)


def log_to_stderr(variables: Mapping[str, str]) -> None:
    """Warn on stderr, from now on, and tell errors whole: there is no file that has them."""
    terminal = _Terminal()
    terminal.setLevel(logging.WARNING)
    terminal.setFormatter(LogLines(Masks(secrets_in(variables)), TERMINAL_BEGINS))
    _replace([terminal])


def set_up(variables: Mapping[str, str], *, verbose: bool = False, texts: bool = False) -> None:
    """Log to stderr, and to the library's folder where the settings can be read.

    With `verbose` stderr has what the file has, else what is wrong, in a line. `texts` has
    questions logged in their words.
    """
    from ui.environment import read_environment
    from ui.logs.log_file import LOG_FILE, LogFile

    try:
        environment = read_environment(variables)
    except PaperchatError:
        return  # which the command is about to say
    texts = texts or bool(environment.log_questions)
    masks = Masks(secrets_in(variables))
    lines = LogLines(masks, TERMINAL_BEGINS, texts=texts, traces=verbose)
    terminal = _Terminal()
    terminal.setLevel(logging.INFO if verbose else logging.WARNING)
    terminal.setFormatter(lines)
    file = LogFile(environment.home / LOG_FILE, lambda: setattr(lines, "traces", True))
    file.setFormatter(LogLines(masks, FILE_BEGINS, texts=texts))
    _replace([file, terminal])  # in this order: what the file cannot have, the terminal has whole


def tell_more() -> None:
    """Have stderr get what the file gets."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _Terminal) and isinstance(handler.formatter, LogLines):
            handler.setLevel(logging.INFO)
            handler.formatter.traces = True


def hide(secret: str) -> None:
    """Keep a secret that was entered while paperchat runs out of the log."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, LogLines):
            handler.formatter.masks.learn(secret)


def _replace(handlers: list[logging.Handler]) -> None:
    root = logging.getLogger()
    for former in list(root.handlers):
        root.removeHandler(former)
        former.close()
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for package in OURS:
        logging.getLogger(package).setLevel(logging.INFO)
