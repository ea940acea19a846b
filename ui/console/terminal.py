"""What the command line shows a person: answers, hits and reports, by rich.

Invariant: text from papers is shown as text. It is never read as rich markup, and its control
characters never reach the terminal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from assistant.answer import Answer
from ui.console.answer_terminal import answer_layout
from ui.console.terminal_text import details, terminal_text
from ui.search_notes import search_notes
from vectorstore.catalog import CatalogCounts
from vectorstore.errors import PaperchatError
from vectorstore.records import Hit

if TYPE_CHECKING:
    from rich.status import Status

    from vectorstore.search import SearchResult

errors = Console(stderr=True, highlight=False)


def console() -> Console:
    """Return the console that prints on stdout."""
    return Console(highlight=False)


def show_error(error: PaperchatError) -> None:
    """Print what is wrong, where, and what to do next, on stderr."""
    place = f" ({terminal_text(error.where)})" if error.where else ""
    errors.print(Text.assemble(("Error: ", "bold red"), terminal_text(error.problem) + place))
    if error.hint:
        errors.print(Text(terminal_text(error.hint)))


def say(message: str) -> None:
    """Say on stdout what was done."""
    console().print(Text(terminal_text(message)), soft_wrap=True)


def announce(message: str) -> None:
    """Say on stderr what is about to happen."""
    errors.print(Text(terminal_text(message)), soft_wrap=True)


def waiting(label: str) -> Status:
    """Show on stderr that work is going on."""
    return errors.status(Text(terminal_text(label)))


def show_stats(console: Console, counts: CatalogCounts, model: str, home: str) -> None:
    """Print what the library holds."""
    from rich.table import Table

    table = Table(show_header=False, box=None)
    table.add_row("papers", f"{counts.papers:,}")
    table.add_row("passages", f"{counts.passages:,}")
    table.add_row("dated", f"{counts.dated:,}")
    table.add_row("with author count", f"{counts.with_author_count:,}")
    table.add_row("with organization", f"{counts.with_organization:,}")
    table.add_row("waiting to be indexed", f"{counts.pending:,}")
    table.add_row("embedding model", Text(terminal_text(model)))
    table.add_row("home", Text(terminal_text(home)))
    console.print(table)


def show_hits(console: Console, result: SearchResult) -> None:
    """Print the hits of a search, one a line."""
    for hit in result.hits:
        console.print(_hit(hit), soft_wrap=True)


def show_search_notes(result: SearchResult) -> None:
    """Say on stderr what is to be known of a search as a whole."""
    for note in search_notes(result):
        errors.print(Text(terminal_text(note), style="yellow"), soft_wrap=True)


def show_question(console: Console, question: str) -> None:
    """Print a question above its answer, where there are several."""
    console.print(Text(f"\n> {terminal_text(question)}", style="bold"))


def show_answer(console: Console, answer: Answer) -> None:
    """Print an answer and, below it, each source with the quotes that the answer does not show."""
    for part in answer_layout(answer, console.width):
        console.print(part)


def _hit(hit: Hit) -> Text:
    return Text.assemble(
        (f"{hit.relevance:.2f}  ", "cyan"),
        terminal_text(hit.paper.title),
        (details(hit.paper), "dim"),
    )
