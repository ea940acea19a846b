"""An upload as it goes on, and the report of what became of its files.

Invariant: names of files and titles of papers show as the text they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ui.html.plain_text import escaped, text_html
from ui.page.upload_state import Phase, UploadState
from ui.report_facts import findings

if TYPE_CHECKING:
    from ingest.entries import Noted, Skipped
    from ingest.report import IngestReport
    from vectorstore.records import Paper

LISTED_PLACES = 200  # what is skipped or noted beyond that is counted


def upload_html(state: UploadState, papers: Mapping[str, Paper]) -> str:
    """Return an upload; `papers` are those of its report that are still in the library."""
    if state.report is not None:
        body = report_html(state.report, papers)
    elif state.phase is Phase.FAILED:
        body = _failure(state)
    else:
        body = _progress(state)
    return (
        f'<section class="upload" data-upload="{escaped(state.id)}" data-phase="{state.phase}"'
        f' aria-label="Upload of {escaped(_files(state))}">'
        f'<div class="upload-head"><h3>{text_html(_files(state))}</h3>{_dismissal(state)}</div>'
        f"{body}</section>"
    )


def report_html(report: IngestReport, papers: Mapping[str, Paper]) -> str:
    """Return what became of all that was read, the counts first."""
    found = "".join(f"<p>{escaped(finding)}.</p>" for finding in findings(report))
    return (
        f'<p class="upload-sum">{summary(report)}</p>{found}'
        f"{_fold('New', report.new, _papers(report.new_ids, papers))}"
        f"{_fold('Updated', report.updated, _papers(report.updated_ids, papers))}"
        f"{_fold('Noted', report.note_count, _places(report.notes))}"
        f"{_fold('Skipped', report.skipped_count, _places(report.skipped), is_open=True)}"
    )


def summary(report: IngestReport) -> str:
    """Return the counts in words, those that are 0 left out."""
    counts = (
        (report.new, "new paper", "new papers"),
        (report.updated, "updated", "updated"),
        (report.unchanged, "unchanged", "unchanged"),
        (report.duplicates, "duplicate listing", "duplicate listings"),
        (report.skipped_count, "skipped", "skipped"),
    )
    said = [f"{count:,} {one if count == 1 else many}" for count, one, many in counts if count]
    return ", ".join(said) or "Nothing was read"


def _files(state: UploadState) -> str:
    if state.files == 1 and state.received:
        return state.received[0]
    return _count(state.files)


def _count(files: int) -> str:
    return f"{files:,} file{'' if files == 1 else 's'}"


def _progress(state: UploadState) -> str:
    if state.phase is Phase.WAITING:
        return "<p>Waiting until the uploads before it are done</p>"
    if state.phase is Phase.RECEIVING:
        received = len(state.received)
        return _bar(f"Sending: {received:,} of {_count(state.files)}", received, state.files)
    if state.phase is Phase.INDEXING:
        said = f"{state.indexed:,} of {state.to_index:,} papers indexed"
        return _bar(said, state.indexed, state.to_index)
    return _bar("Reading", 0, 0)


def _bar(said: str, done: int, of: int) -> str:
    extent = f' value="{done}" max="{of}"' if of else ""
    return f'<p>{said}</p><progress aria-label="{said}"{extent}></progress>'


def _failure(state: UploadState) -> str:
    return (
        f'<div class="upload-failed" role="alert"><p>{text_html(state.problem)}</p>'
        f"<p>{text_html(state.hint)}</p>"
        "<p>Papers that were read before are kept; the next upload goes on with them.</p></div>"
    )


def _dismissal(state: UploadState) -> str:
    if not state.ended:
        return ""
    label = f"Close the report of {escaped(_files(state))}"
    return (
        '<button type="button" class="button quiet" data-does="dismiss"'
        f' aria-label="{label}"><span aria-hidden="true">×</span></button>'
    )


def _papers(ids: Iterable[str], papers: Mapping[str, Paper]) -> list[str]:
    shown = [papers[paper_id] for paper_id in ids if paper_id in papers]
    return [
        f'<li><button type="button" class="title" data-open-paper="{escaped(paper.id)}">'
        f"{text_html(paper.title)}</button></li>"
        for paper in shown
    ]


def _places(places: Sequence[Skipped | Noted]) -> list[str]:
    return [
        f'<li><span class="upload-place">{text_html(f"{each.file}, line {each.line}")}</span> '
        f"{_key(each)}{text_html(each.reason)}</li>"
        for each in places[:LISTED_PLACES]
    ]


def _key(place: Skipped | Noted) -> str:
    """Return the name of the record, where it has one."""
    key = getattr(place, "key", "")
    return f"{text_html(key)}: " if key else ""


def _fold(name: str, count: int, items: Sequence[str], *, is_open: bool = False) -> str:
    if not items:
        return ""
    more = count - len(items)
    rest = f'<li class="upload-more">and {more:,} more</li>' if more else ""
    state = " open" if is_open else ""
    return (
        f"<details{state}><summary>{name}: {count:,}</summary>"
        f"<ul>{''.join(items)}{rest}</ul></details>"
    )
