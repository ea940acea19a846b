"""The library view: browse and search all papers, add files, remove papers.

Owns what its script may call; lists are `vectorstore.listing`'s and uploads the queue's.
"""

from __future__ import annotations

import base64
import binascii
import calendar
import re
from collections.abc import Callable, Set
from datetime import date
from typing import TYPE_CHECKING

from ingest.uploads import LONGEST_NAME, Upload
from ui.html.ingest_report_html import summary, upload_html
from ui.html.library_html import (
    EMPTY_LIBRARY,
    NO_MATCH,
    counts_html,
    library_template,
    mark_options,
    name_options,
    period_options,
    plural,
    removal_html,
    rows_html,
)
from ui.page.calls import Answered, Asked, CallError, call, common_call, number, text, texts
from ui.page.desk import Desk
from ui.page.scripts import script
from ui.page.upload_queue import UploadQueue
from ui.page.upload_state import UploadState
from vectorstore.listing import ListedPapers, ListingQuery, Sort, list_papers
from vectorstore.listing_facets import PaperMark

if TYPE_CHECKING:
    import gradio as gr

PAGE = 50  # papers that are listed at once
MOST_AT_ONCE = 1_000  # after a change as many are listed as were before, up to so many
FILTERS = ("organization", "period", "author", "category", "venue", "mark")
_PERIOD = re.compile(r"((?!0000)\d{4})(?:-(0[1-9]|1[0-2]))?")


def library_view(desk: Desk) -> gr.HTML:
    """Return the view, wired."""
    import gradio as gr

    queue = UploadQueue(desk.library, shared=desk.shared)
    return gr.HTML(
        elem_id="library-view",
        html_template=library_template(queue.limits),
        js_on_load=script("library_list.js", "library_uploads.js", "library.js"),
        server_functions=[*_list_functions(desk), *_upload_functions(desk, queue)],
        apply_default_css=False,
    )


def _list_functions(desk: Desk) -> list[Callable[..., Answered]]:
    library = desk.library

    def listed(asked: Asked) -> Answered:
        query = _query(asked)
        found = list_papers(library, query)
        end = query.offset + len(found.papers)
        return {
            "html": rows_html(found.papers),
            "instead": _instead(found, asked),
            "counts": counts_html(library.counts()),
            "found": _found(found, asked),
            "next": end if end < found.total else 0,
            "limited": _limited(asked),
            "options": _options(found, query, asked),
        }

    def doomed(asked: Asked) -> Answered:
        papers = library.catalog.papers(texts(asked, "papers"))
        return {"papers": list(papers), "html": removal_html(list(papers.values()))}

    def removed(asked: Asked) -> Answered:
        count = library.remove(texts(asked, "papers"))
        return {"said": f"Removed {plural(count)}."}

    return [common_call(each, shared=desk.shared) for each in (listed, doomed, removed)]


def _options(found: ListedPapers, query: ListingQuery, asked: Asked) -> dict[str, str]:
    """Return what each filter offers, by the name of its field."""
    return {
        "organization": name_options(found.organizations, query.organization, "All organisations"),
        "period": period_options(found.months, text(asked, "period")),
        "author": name_options(found.authors, query.author, "All authors"),
        "category": name_options(found.categories, query.category, "All categories"),
        "venue": name_options(found.venues, query.venue, "All venues"),
        "mark": mark_options(found.marks, query.mark or ""),
    }


def _query(asked: Asked) -> ListingQuery:
    first, last = _dates(text(asked, "period"))
    sort, _, direction = text(asked, "sort").partition(" ")
    if sort not in list(Sort) or direction not in ("ascending", "descending"):
        raise CallError("The page sent something that cannot be sorted by")
    return ListingQuery(
        text=text(asked, "text"),
        organization=text(asked, "organization", 10_000),
        author=text(asked, "author", 10_000),
        category=text(asked, "category", 10_000),
        venue=text(asked, "venue", 10_000),
        mark=_mark(text(asked, "mark")),
        published_from=first,
        published_to=last,
        sort=Sort(sort),
        descending=direction == "descending",
        offset=number(asked, "offset", 0),
        limit=min(number(asked, "limit", PAGE), MOST_AT_ONCE),
    )


def _mark(name: str) -> PaperMark | None:
    if name and name not in list(PaperMark):
        raise CallError("The page sent a mark that no paper has")
    return PaperMark(name) if name else None


def _dates(period: str) -> tuple[date | None, date | None]:
    """Return the first and the last day of a year ("2024") or a month ("2024-07")."""
    if not period:
        return None, None
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise CallError("The page sent something that is no year or month")
    year, month = int(found[1]), int(found[2] or 0)
    last_month = month or 12
    last_day = calendar.monthrange(year, last_month)[1]
    return date(year, month or 1, 1), date(year, last_month, last_day)


def _limited(asked: Asked) -> bool:
    return any(text(asked, name, 10_000).strip() for name in ("text", *FILTERS))


def _instead(found: ListedPapers, asked: Asked) -> str:
    """Return what stands in place of the table where nothing is listed."""
    if found.total:
        return ""
    return NO_MATCH if _limited(asked) else EMPTY_LIBRARY


def _found(found: ListedPapers, asked: Asked) -> str:
    if not _limited(asked):
        return ""
    return f"{plural(found.total)} match{'es' if found.total == 1 else ''}"


def _upload_functions(desk: Desk, queue: UploadQueue) -> list[Callable[..., Answered]]:
    def begun(asked: Asked, visitor: str) -> Answered:
        return {"upload": queue.begin(visitor, number(asked, "files"))}

    def received(asked: Asked, visitor: str) -> Answered:
        name = text(asked, "name", 10 * LONGEST_NAME)
        data = _content(text(asked, "data", 2 * queue.limits.file_bytes))
        queue.receive(visitor, text(asked, "upload"), Upload(name, data))
        return {}

    def started(asked: Asked, visitor: str) -> Answered:
        queue.start(visitor, text(asked, "upload"))
        return {}

    def dismissed(asked: Asked, visitor: str) -> Answered:
        queue.dismiss(visitor, text(asked, "upload"))
        return {}

    def uploads(asked: Asked, visitor: str) -> Answered:
        """Return this visitor's uploads; of those that the page shows as they are, their marks."""
        known = frozenset(texts(asked, "known"))
        return {"uploads": [_shown(desk, state, known) for state in queue.states(visitor)]}

    own = (begun, received, started, dismissed, uploads)
    return [call(each, shared=desk.shared) for each in own]


def _shown(desk: Desk, state: UploadState, known: Set[str]) -> Answered:
    mark = f"{state.id} {state.phase} {len(state.received)} {state.indexed} {state.to_index}"
    brief: Answered = {"upload": state.id, "mark": mark, "ended": state.ended}
    if mark in known:
        return brief
    report = state.report
    named = (*report.new_ids, *report.updated_ids) if report else ()
    return brief | {
        "said": f"{summary(report)}." if report else "",
        "html": upload_html(state, desk.library.catalog.papers(named)),
    }


def _content(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise CallError("The page sent a file that cannot be decoded") from error
