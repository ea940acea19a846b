"""Shows a table of an answer on a terminal: as a table where it is wide enough, else row by row."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from assistant.answer import Block, Cell
from ui.console.claim_terminal import claims_text
from ui.console.terminal_text import terminal_text

# Narrower than that, a sentence in a cell becomes a column of single words.
TABLE_WIDTH = 90
COLUMN_WIDTH = 22


def table_layout(block: Block, width: int) -> Iterator[RenderableType]:
    """Yield the table for a terminal of `width` columns."""
    yield Text()
    if width >= max(TABLE_WIDTH, COLUMN_WIDTH * len(block.columns)):
        yield _table(block)
    else:
        for row in block.rows:
            yield _stacked(block.columns, row)


def _table(block: Block) -> Table:
    table = Table(box=box.HORIZONTALS, show_lines=True, pad_edge=False)
    for number, column in enumerate(block.columns):
        table.add_column(Text(terminal_text(column)), style="" if number else "bold")
    for row in block.rows:
        table.add_row(*(claims_text(cell) for cell in row))
    return table


def _stacked(columns: tuple[str, ...], row: tuple[Cell, ...]) -> Text:
    """Return a row as a list item that names the column of each cell."""
    head, *cells = row or ((),)
    text = Text("• ").append_text(claims_text(head, "bold"))
    for column, cell in zip(columns[1:], cells, strict=False):
        if not cell:
            continue
        text.append(f"\n  {terminal_text(column)}: ", style="dim")
        text.append_text(claims_text(cell))
    return text
