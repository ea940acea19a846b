"""The block of an answer that is being written: claims go to it, or to the open cell of its table.

Owns what becomes of rows and cells that come in an order nobody would draw. Invariant: no claim is
lost, and every row but the one being written has as many cells as there are columns.
"""

from __future__ import annotations

from assistant.answer import Block, BlockKind, Claim


class OpenBlock:
    """One block of any kind; what is outside of blocks is a paragraph."""

    def __init__(
        self,
        kind: BlockKind = BlockKind.PARAGRAPH,
        *,
        lead: str = "",
        columns: tuple[str, ...] = (),
    ) -> None:
        """Begin the block; a table without columns is a paragraph, for it has no cell to fill."""
        table = kind is BlockKind.TABLE
        self._kind = kind if columns or not table else BlockKind.PARAGRAPH
        self._lead = lead
        self._columns = columns
        self._claims: list[Claim] = []
        self._rows: list[list[list[Claim]]] = []
        self._in_cell = False

    @property
    def is_label(self) -> bool:
        """Whether what is written names what follows: a heading, or the first cell of a row."""
        first = self._is_table and (not self._in_cell or len(self._rows[-1]) == 1)
        return self._kind is BlockKind.HEADING or (first and len(self._columns) > 1)

    def add(self, claim: Claim) -> None:
        """Add a claim where writing stands; in a table without a cell, one begins with it."""
        if self._is_table and not self._in_cell:
            self.start_cell()
        (self._rows[-1][-1] if self._is_table else self._claims).append(claim)

    def start_row(self) -> None:
        """Begin a row of the table, if this is one."""
        if self._is_table:
            self.fill_row()
            self._rows.append([])
            self._in_cell = False

    def start_cell(self) -> None:
        """Begin a cell; what is too much for the row goes on in its last cell."""
        if not self._is_table:
            return
        if not self._rows:
            self._rows.append([])
        if len(self._rows[-1]) < len(self._columns):
            self._rows[-1].append([])
        self._in_cell = True

    def fill_row(self) -> None:
        """Give the last row the cells that it lacks; one without any is none."""
        if self._rows and not self._rows[-1]:
            self._rows.pop()
        if self._rows:
            self._rows[-1] += [[] for _ in range(len(self._columns) - len(self._rows[-1]))]

    def block(self, unfinished: Claim | None = None) -> Block | None:
        """Return the block so far, with the claim being written; None if it shows nothing yet."""
        writing = [unfinished] if unfinished else []
        if not self._is_table:
            claims = (*self._claims, *writing)
            return Block(self._kind, claims, self._lead) if claims or self._lead else None
        rows = [[tuple(cell) for cell in row] for row in self._rows]
        if writing and self._in_cell:
            rows[-1][-1] = (*rows[-1][-1], *writing)
        elif writing:
            rows = [*rows[:-1], [tuple(writing)]]  # where no cell is open, the last row is empty
        shown = tuple(tuple(row) for row in rows if row)
        return Block(self._kind, columns=self._columns, rows=shown) if shown else None

    @property
    def _is_table(self) -> bool:
        return self._kind is BlockKind.TABLE
