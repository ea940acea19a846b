"""The reader of tables with a line of column names: CSV, also with semicolons, and TSV.

Owns which character stands between columns, and where a row begins and ends. Fields are csv's to
split. Invariant: a row with the wrong number of columns, or with quotes that don't pair, costs its
first line only: the next one is tried as a row of its own.
"""

from __future__ import annotations

import csv
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from ingest.content import LONGEST_LINE, Content, Line
from ingest.entries import Entry, Skipped, excerpt
from ingest.readers.column_names import Field, columns_of
from ingest.readers.exported_records import exported_id
from ingest.readers.json_stream import told_if_cut_off
from ingest.readers.labelled_records import labelled_entry, missing_reason
from vectorstore.records import Source

_DELIMITERS = ",;\t|"
_SAMPLED_ROWS = 10
_FEWEST_ROWS = 2
_LONGEST_NAME = 60  # of a column
_NO_NAME = tuple("@%{[<")  # BibTeX, JSON and XML begin so
_MOST_READ_AGAIN = 16_000_000  # characters; a table that needs more has rows of one line only
_STATED = re.compile(r"sep=([,;\t|])", re.IGNORECASE)
_FORMULA = re.compile(r"[\s'\"]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]")

_FIELD_LIMIT = threading.Lock()
_NO_COLUMNS: Mapping[str, str] = {}

_Take = Callable[[], Line | None]


class CsvTables:
    """Reads tables with columns of titles and abstracts; `columns` names fields of theirs."""

    suffixes: tuple[str, ...] = (".csv", ".tsv")

    def __init__(self, columns: Mapping[str, str] = _NO_COLUMNS) -> None:
        self._columns = columns

    def accepts(self, content: Content) -> bool:
        """Tell whether columns are named as known, or all first rows have as many as are named.

        A file whose name says that it is a table is taken for one, so that it hears what it lacks.
        """
        lines = (Line(i, text) for i, text in enumerate(content.head.split("\n"), 1))
        table = _table(lines, self._columns)
        if table is None:
            return False
        found = columns_of(table.names, self._columns)
        is_known = bool(found[Field.TITLE] and found[Field.ABSTRACT])
        return is_known or _is_regular(table) or content.file.lower().endswith(self.suffixes)

    def read(self, content: Content) -> Iterator[Entry | Skipped]:
        """Yield the entries of the rows; of a table that lacks a column, which ones it has."""
        table = _table(content.lines(), self._columns)
        if table is None:
            return
        found = columns_of(table.names, self._columns)
        if missing := [f for f in (Field.TITLE, Field.ABSTRACT) if not found[f]]:
            yield Skipped(content.file, table.header.number, missing_reason(missing, table.names))
            return
        for row in told_if_cut_off(table.rows(content.file)):
            if isinstance(row, Skipped):
                yield row
            else:
                record = _record(table.names, row.cells)
                yield labelled_entry(record, self._columns, Source(content.file, row.line))


class _Row(NamedTuple):
    line: int
    cells: list[str]


def _record(names: list[str], cells: list[str]) -> dict[str, str]:
    """Return the cells by name; of columns of one name the first counts."""
    record = dict(zip(reversed(names), reversed(cells), strict=True))
    is_ours = exported_id(record)
    return {name: _unescaped(cell) for name, cell in record.items()} if is_ours else record


def _unescaped(cell: str) -> str:
    """Undo what our export does to keep spreadsheets from calculating with a text."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell


def _table(lines: Iterator[Line], mapping: Mapping[str, str]) -> _Table | None:
    """Return the table under the first line that names columns, if it can be one."""
    stated = ""
    first = next(_with_text(lines), None)
    if first and (sep := _STATED.fullmatch(first.text)):  # as Excel writes it
        stated, first = sep[1], next(_with_text(lines), None)
    if first is None or first.cut:
        return None
    names = ((delimiter, _names(first.text, delimiter)) for delimiter in stated or _DELIMITERS)
    tables = [_Table(named, d, first, lines) for d, named in names if named]
    return max(tables, key=lambda table: _likelihood(table.names, mapping), default=None)


def _with_text(lines: Iterator[Line]) -> Iterator[Line]:
    return (line for line in lines if line.text.strip())


def _names(header: str, delimiter: str) -> list[str]:
    """Return the names of columns; none where it can't be a header with this delimiter."""
    cells = _split([f"{header}\n"], delimiter)
    names = [] if isinstance(cells, str) else [cell.strip() for cell in cells]
    may_be = sum(map(bool, names)) > 1 and not any(name.startswith(_NO_NAME) for name in names)
    return names if may_be else []


def _likelihood(names: list[str], mapping: Mapping[str, str]) -> tuple[int, int]:
    found = columns_of(names, mapping)
    return bool(found[Field.TITLE]) + bool(found[Field.ABSTRACT]), len(names)


def _is_regular(table: _Table) -> bool:
    """Tell a table from text in which there are commas, too."""
    names, header = table.names, table.header.text
    looks_named = all(0 < len(name) <= _LONGEST_NAME for name in names)
    if not looks_named or len(set(names)) < len(names) or f"{table.delimiter} " in header:
        return False
    rows = list(islice(table.rows(""), _SAMPLED_ROWS))
    sound = [row for row in rows if isinstance(row, _Row)]
    return len(sound) >= _FEWEST_ROWS and len(sound) >= len(rows) - 1  # the head cuts off one


@dataclass(frozen=True, slots=True)
class _Table:
    """A line of names, and the lines below it."""

    names: list[str]
    delimiter: str
    header: Line
    lines: Iterator[Line]

    def rows(self, file: str) -> Iterator[_Row | Skipped]:
        """Yield the rows; the lines that a broken one spans behind its first are read again."""
        again: deque[Line] = deque()
        left = _MOST_READ_AGAIN

        def take() -> Line | None:
            return again.popleft() if again else next(self.lines, None)

        while line := take():
            if not line.text.strip(f"{self.delimiter} "):
                continue
            spanned = [line]
            row = self._row(spanned, take if left > 0 else _nothing)
            again.extendleft(reversed(spanned[1:]))
            left -= sum(len(more.text) for more in spanned[1:])
            yield Skipped(file, line.number, row) if isinstance(row, str) else row

    def _row(self, spanned: list[Line], take: _Take) -> _Row | str:
        """Return the row that begins with the line in `spanned`, or what is wrong with it.

        Further lines that were looked at in vain are left there.
        """
        first = spanned[0]
        cells = _split([f"{first.text}\n"], self.delimiter)
        if isinstance(cells, str):
            cells = _split(_spanning(spanned, take), self.delimiter)
        if any(line.cut for line in spanned):
            return f"a line of over {LONGEST_LINE:,} characters: {excerpt(first.text)}"
        if not self._misfit(cells):
            del spanned[1:]
        elif self.delimiter == "\t" and not self._misfit(first.text.split("\t")):
            cells = first.text.split("\t")  # many programs write tabs without a thought of quotes
        if isinstance(cells, str) or self._misfit(cells):
            return f"{self._misfit(cells)}: {excerpt(first.text)}"
        return _Row(first.number, cells[: len(self.names)])

    def _misfit(self, cells: list[str] | str) -> str:
        if isinstance(cells, str):
            return cells
        named = len(self.names)
        fits = len(cells) >= named and not any(cells[named:])
        return "" if fits else f"{len(cells)} columns where {named} are named"


def _nothing() -> None:
    return None


def _spanning(spanned: list[Line], take: _Take) -> Iterator[str]:
    """Yield the line in `spanned`, then what is taken and put there, up to a limit."""
    yield f"{spanned[0].text}\n"
    length = len(spanned[0].text)
    while length < LONGEST_LINE and (line := take()):
        spanned.append(line)
        length += len(line.text) + 1
        yield f"{line.text}\n"


def _split(lines: Iterable[str], delimiter: str) -> list[str] | str:
    """Return the cells of the first row of `lines`, or what is wrong with it."""
    rows = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        with _long_fields():
            return next(rows)
    except csv.Error:
        return "quotes that don't pair"


@contextmanager
def _long_fields() -> Iterator[None]:
    """Let fields be longer than csv's default while a row is split.

    The limit is the whole process's: it is held by one thread at a time, and put back.
    """
    with _FIELD_LIMIT:
        before = csv.field_size_limit(2 * LONGEST_LINE)
        try:
            yield
        finally:
            csv.field_size_limit(before)
