"""Shows on a terminal how a fetch goes, and what it brought."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from ui.answer_facts import counted
from ui.console import terminal
from ui.console.terminal_text import terminal_text

if TYPE_CHECKING:
    from ingest.feeds.stored import Fetched


@contextmanager
def going_on(service: str) -> Iterator[tuple[Callable[[str], None], Callable[[str], None]]]:
    """Show on stderr how far a fetch is and what it waits for, as the two functions are told."""
    told = {"page": "", "wait": ""}

    def show(name: str, text: str) -> None:
        told[name] = text
        known = "; ".join(filter(None, told.values()))
        status.update(Text(terminal_text(f"Fetching from {service}{known and ': '}{known}")))

    with terminal.waiting(f"Fetching from {service}") as status:
        yield lambda text: show("page", text), lambda text: show("wait", text)


def show_fetched(console: Console, fetched: Fetched) -> None:
    """Print what a fetch brought, and where it is."""
    for line in _lines(fetched):
        console.print(Text(terminal_text(line)), soft_wrap=True)


def fetched_object(fetched: Fetched) -> dict[str, object]:
    """Return the same as `--json` prints it."""
    return {
        "fetched": fetched.papers,
        "before": fetched.before,
        "missing": fetched.missing,
        "pages": len(fetched.files),
        "folder": str(fetched.folder),
    }


def _lines(fetched: Fetched) -> Iterator[str]:
    if not fetched.papers:
        yield f"{fetched.service} has no papers for this."
        return
    pages = counted(len(fetched.files), "page")
    yield f"Fetched {counted(fetched.papers, 'paper')} in {pages} into {fetched.folder}"
    if fetched.before:
        yield f"{fetched.before:,} of them had come before the fetch was cut short."
    if fetched.missing:
        yield (
            f"{fetched.service} counts {fetched.missing:,} more and sends none; the same command"
            " asks for them again."
        )
