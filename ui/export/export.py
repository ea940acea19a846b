"""The formats in which an answer is exported, each a pure function from an answer to text."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from assistant.answer import Answer
from ui.export.export_bibtex import answer_bibtex
from ui.export.export_csv import answer_csv
from ui.export.export_markdown import answer_markdown_document
from ui.export.export_ris import answer_ris
from vectorstore.errors import PaperchatError


class ExportFormat(StrEnum):
    """A format by the suffix of its files."""

    MARKDOWN = ".md"
    BIBTEX = ".bib"
    RIS = ".ris"
    CSV = ".csv"


class ExportError(PaperchatError):
    """An answer cannot be exported to the file that was named."""


_WRITERS: dict[ExportFormat, Callable[[Answer], str]] = {
    ExportFormat.MARKDOWN: answer_markdown_document,
    ExportFormat.BIBTEX: answer_bibtex,
    ExportFormat.RIS: answer_ris,
    ExportFormat.CSV: answer_csv,
}


def export_format(file: Path) -> ExportFormat:
    """Return the format that the file's name asks for; raises ExportError where there is none."""
    try:
        return ExportFormat(file.suffix.lower())
    except ValueError as error:
        *most, last = ExportFormat
        raise ExportError(
            f"There is no export to {file.suffix or 'a file without a suffix'}",
            where=str(file),
            hint=f"Name a file that ends in {', '.join(most)} or {last}.",
        ) from error


def export_text(answer: Answer, wanted: ExportFormat) -> str:
    """Return the file's text; line ends are part of it, and it is written as UTF-8."""
    return _WRITERS[wanted](answer)
