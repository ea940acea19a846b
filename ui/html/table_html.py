"""Shows a table of an answer in HTML; one that is wider than the page scrolls within its region."""

from __future__ import annotations

from assistant.answer import Block, Cell
from ui.html.claim_html import Markers, claims_html
from ui.html.plain_text import escaped, text_html


def table_html(block: Block, markers: Markers) -> str:
    """Return the table; each row's first cell is its header, cells that are still to come empty.
    A list of papers can be sorted by its columns.

    The region can be focused, so that the keyboard scrolls it.
    """
    label = escaped(", ".join(column for column in block.columns if column))
    sortable = all(block.columns)  # a comparison's first column has no name, its rows have an order
    heads = "".join(_head(column, sortable=sortable) for column in block.columns)
    rows = "".join(_row(row, len(block.columns), markers) for row in block.rows)
    return (
        f'<div class="table" role="region" tabindex="0" aria-label="Table: {label}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _head(column: str, *, sortable: bool) -> str:
    if not column:
        return "<td></td>"
    name = text_html(column)
    if sortable:
        name = f'<button type="button" data-sort>{name}</button>'
    return f'<th scope="col">{name}</th>'


def _row(row: tuple[Cell, ...], width: int, markers: Markers) -> str:
    texts = [claims_html(cell, markers) for cell in row]
    texts += [""] * (width - len(texts))
    head, *others = texts or [""]
    cells = "".join(f"<td>{text}</td>" for text in others)
    return f'<tr><th scope="row">{head}</th>{cells}</tr>'
