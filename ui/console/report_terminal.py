"""What became of papers, for a person and for other programs: ingest, sync and removal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from ui.answer_facts import counted
from ui.answer_json import report_object
from ui.console.terminal_text import terminal_text
from ui.report_facts import findings

if TYPE_CHECKING:
    from ingest.entries import Noted, Skipped
    from ingest.report import IngestReport
    from ingest.syncing import SyncReport
    from vectorstore.records import Paper

PLACES_SHOWN = 20
TITLES_SHOWN = 20


def show_report(console: Console, report: IngestReport) -> None:
    """Print the summary of a run of ingest."""
    rows = [
        (name, f"{getattr(report, name):,}")
        for name in ("files", "entries", "new", "updated", "unchanged", "duplicates")
    ]
    rows.append(("skipped", f"{report.skipped_count:,}"))
    _show_table(console, [*rows, ("seconds", f"{report.seconds:.1f}")])
    _show_findings(console, report)


def show_sync(console: Console, report: SyncReport) -> None:
    """Print the summary of a sync, and which papers came, changed and left."""
    read = report.read
    rows = [
        ("files read", f"{read.files:,}"),
        ("files unchanged", f"{report.files_unchanged:,}"),
        ("files gone", f"{report.files_gone:,}"),
        ("new", f"{read.new:,}"),
        ("updated", f"{read.updated:,}"),
        ("removed", f"{report.removed:,}"),
        ("skipped", f"{read.skipped_count:,}"),
        ("seconds", f"{read.seconds:.1f}"),
    ]
    if report.rehearsed:
        console.print("A dry run: nothing was changed. A run would do this:")
    _show_table(console, rows)
    _show_titles(console, "+", report.new_titles, read.new)
    _show_titles(console, "~", report.updated_titles, read.updated)
    _show_titles(console, "-", report.removed_titles, report.removed)
    _show_findings(console, read)


def sync_object(report: SyncReport) -> dict[str, object]:
    """Return the report as `sync --json` prints it."""
    return {
        "dry_run": report.rehearsed,
        **report_object(report.read),
        "files_unchanged": report.files_unchanged,
        "files_gone": report.files_gone,
        "removed": report.removed,
        "new_titles": list(report.new_titles),
        "updated_titles": list(report.updated_titles),
        "removed_titles": list(report.removed_titles),
    }


def show_removed(console: Console, papers: Sequence[Paper]) -> None:
    """Print which papers were removed."""
    console.print(f"Removed {counted(len(papers), 'paper')}:")
    for paper in papers:
        console.print(Text(f"- {terminal_text(paper.title)}"), soft_wrap=True)


def _show_table(console: Console, rows: Iterable[tuple[str, str]]) -> None:
    from rich.table import Table

    table = Table(show_header=False, box=None)
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _show_titles(console: Console, mark: str, titles: Sequence[str], total: int) -> None:
    for title in titles[:TITLES_SHOWN]:
        console.print(Text(f"{mark} {terminal_text(title)}"), soft_wrap=True)
    if total > TITLES_SHOWN:
        console.print(f"{mark} and {total - TITLES_SHOWN:,} more; --json names more of them")


def _show_findings(console: Console, report: IngestReport) -> None:
    for finding in findings(report):
        console.print(finding, soft_wrap=True)
    _show_places(console, "noted", report.notes, report.note_count)
    _show_places(console, "skipped", report.skipped, report.skipped_count)


def _show_places(
    console: Console, what: str, places: Sequence[Skipped | Noted], total: int
) -> None:
    for place in places[:PLACES_SHOWN]:
        key = getattr(place, "key", "")
        told = f"{place.file}:{place.line}: {f'{key}: ' if key else ''}{place.reason}"
        console.print(Text(terminal_text(f"{what} {told}")), soft_wrap=True)
    if total > PLACES_SHOWN:
        console.print(f"and {total - PLACES_SHOWN:,} more; --json lists them")
