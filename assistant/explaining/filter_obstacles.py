"""Says in plain words which filters leave a paper out; the index decides which do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from vectorstore.filters import Filters
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
        and not len(index.matching(replace(nothing, scope=(paper.id,), **{name: value}))[0])
    ]
    return tuple(dict.fromkeys(obstacles))  # both ends of a range say that there is no date


def _too_early(paper: Paper, filters: Filters) -> str:
    if paper.published is None:
        return NO_DATE
    return f"it is of {paper.published}, before {filters.published_from}"


def _too_late(paper: Paper, filters: Filters) -> str:
    if paper.published is None:
        return NO_DATE
    return f"it is of {paper.published}, after {filters.published_to}"


def _other_organization(paper: Paper, filters: Filters) -> str:
    if not paper.organization:
        return "its organisation is not known"
    return f"its organisation is “{paper.organization}”, without “{filters.organization}” in it"


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
    "min_authors": _too_few_authors,
    "max_authors": _too_many_authors,
    "source": _other_source,
}
