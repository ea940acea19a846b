"""The files that `paperchat ask` writes beside what it prints: exports and a receipt.

Both are of the last answer. Invariant: what can be known to be wrong with a file is said before
anything is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answer import Answer
from ui.console.terminal import announce
from ui.export.export import ExportFormat, export_format, export_text
from ui.export.export_files import OutputFileError, check_writable, resolved, write_file
from ui.export.export_sources import exported_sources, left_out


@dataclass(frozen=True, slots=True)
class AnswerFiles:
    """Where the last answer goes."""

    exports: tuple[Path, ...] = ()
    receipt: Path | None = None

    def check(self) -> None:
        """Raise ExportError or OutputFileError where a file cannot be what was asked for."""
        for file in self.exports:
            export_format(file)
        files = (*self.exports, *([self.receipt] if self.receipt else []))
        for file in files:
            check_writable(file)
        _refuse_twice(files)

    def export(self, answer: Answer) -> None:
        """Write the answer to each export; say on stderr what none of them has.

        One that cannot be written keeps no other from being written; the first such is raised.
        """
        errors: list[OutputFileError] = []
        for file in self.exports:
            try:
                write_file(file, export_text(answer, export_format(file)))
            except OutputFileError as error:
                errors.append(error)
        self._say_what_is_missing(answer)
        if errors:
            raise errors[0]

    def _say_what_is_missing(self, answer: Answer) -> None:
        listing = [file for file in self.exports if export_format(file) != ExportFormat.MARKDOWN]
        if listing and not exported_sources(answer):
            announce(f"The answer has no sources to export to {', '.join(map(str, listing))}.")
        if self.exports and (missing := len(left_out(answer))):
            quotes = "1 quote does" if missing == 1 else f"{missing} quotes do"
            announce(f"Left out: {quotes} not stand in the stored abstract.")


def _refuse_twice(files: Sequence[Path]) -> None:
    """Raise OutputFileError where one would take another's place."""
    seen: set[Path] = set()
    for file in files:
        if (target := resolved(file)) in seen:
            raise OutputFileError(
                "The file is named twice, and one would take the other's place",
                where=str(file),
                hint="Name another file for each --export and --receipt.",
            )
        seen.add(target)
