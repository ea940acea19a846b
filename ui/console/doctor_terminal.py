"""Shows the checks of `paperchat doctor` on a terminal, a line each and a line for what to do."""

from __future__ import annotations

from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from ui.console.terminal_text import terminal_text
from ui.doctor.doctor_check import Check, Status

_COLOURS = {Status.OK: "green", Status.WARNING: "yellow", Status.PROBLEM: "bold red"}
_STATUS_WIDTH = 9


def show_check(console: Console, check: Check) -> None:
    """Print how a check ended, what it found, and what to do."""
    line = Text.assemble(
        (f"{check.status:<{_STATUS_WIDTH}}", _COLOURS[check.status]),
        (f"{check.name}: ", "bold"),
        terminal_text(check.detail),
    )
    console.print(line, soft_wrap=True)
    if check.hint:
        console.print(Text(" " * _STATUS_WIDTH + terminal_text(check.hint)), soft_wrap=True)


def check_object(check: Check) -> dict[str, object]:
    """Return a check as `doctor --json` prints it."""
    return asdict(check)
