"""Says in plain words which filters leave a paper out; the index decides which do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.paper_dates import paper_date
from vectorstore.filters import Filters
from vectorstore.name_filters import has_names
from vectorstore.paper_index import PaperIndex
from vectorstore.records import Paper

NO_DATE = "it has no date, and a range of dates leaves such papers out"
NO_AUTHOR_COUNT = "how many authors it has is not known"


def filter_obstacles(index: PaperIndex, paper: Paper, filters: Filters) -> tuple[str, ...]:
    """Return why each filter that leaves `paper` out does so; nothing where none does."""
    nothing = Filters()
    obstacles = [
        describe(paper, filters)
        for name, describe in _DESCRIPTIONS.items()
        if (value := getattr(filters, name)) != getattr(nothing, name)
        and not _lets_through(index, paper, replace(nothing, **{name: value}))
    ]
    return tuple(dict.fromkeys(obstacles))  # both ends of a range say that there is no date


def _lets_through(index: PaperIndex, paper: Paper, filters: Filters) -> bool:
    rows, _ = index.matching(replace(filters, scope=(paper.id,)))
    return len(rows) > 0 and has_names(paper, filters)


def _too_early(paper: Paper, filters: Filters) -> str:
    if paper.published is None:
        return NO_DATE
    return f"it is of {paper_date(paper)}, before {filters.published_from}"


def _too_late(paper: Paper, filters: Filters) -> str:
    if paper.published is None:
        return NO_DATE
    return f"it is of {paper_date(paper)}, after {filters.published_to}"


def _other_organization(paper: Paper, filters: Filters) -> str:
    if not paper.organization:
        return "its organisation is not known"
    return f"its organisation is “{paper.organization}”, without “{filters.organization}” in it"


def _other_author(paper: Paper, filters: Filters) -> str:
    if not paper.authors:
        return "its authors are not known"
    return f"none of its authors is called “{filters.author}”"


def _other_category(paper: Paper, filters: Filters) -> str:
    if not paper.categories:
        return "its categories are not known"
    return f"it is in {', '.join(paper.categories)}, not in “{filters.category}”"


def _other_venue(paper: Paper, filters: Filters) -> str:
    if not paper.venue:
        return "where it was published is not known"
    return f"it was published in “{paper.venue}”, without “{filters.venue}” in it"


def _too_few_authors(paper: Paper, filters: Filters) -> str:
    if paper.author_count is None:
        return NO_AUTHOR_COUNT
    return f"it has {_authors(paper.author_count)}, fewer than {filters.min_authors}"


def _too_many_authors(paper: Paper, filters: Filters) -> str:
    if paper.author_count is None:
        return NO_AUTHOR_COUNT
    return f"it has {_authors(paper.author_count)}, more than {filters.max_authors}"


def _other_source(_paper: Paper, filters: Filters) -> str:
    return f"no file that lists it has “{filters.source}” in its name"


def _authors(count: int) -> str:
    return "1 author" if count == 1 else f"{count} authors"


_DESCRIPTIONS: dict[str, Callable[[Paper, Filters], str]] = {
    "published_from": _too_early,
    "published_to": _too_late,
    "organization": _other_organization,
    "author": _other_author,
    "category": _other_category,
    "venue": _other_venue,
    "min_authors": _too_few_authors,
    "max_authors": _too_many_authors,
    "source": _other_source,
}
