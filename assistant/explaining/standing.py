"""Where one paper stands in a listing, and in plain words what kept it off.

Owns the reasons and their order: a filter before the question itself, and that before the line.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from assistant.explaining.filter_obstacles import NO_DATE
from assistant.explaining.score_shares import PART_NAMES, part_shares
from assistant.select import has_answer, select_borderline
from assistant.settings import AssistantSettings
from assistant.wording import alternatives, shortened, uncovered
from vectorstore.records import Hit
from vectorstore.search import SearchResult

LOSSES_NAMED = 2
LEAST_LOSS = 0.005  # a smaller one reads 0.00


class Standing(StrEnum):
    """Whether a listing has a paper, and if not, what keeps it off."""

    LISTED = "listed"
    BORDERLINE = "borderline"
    BELOW = "below the line"
    BEYOND = "beyond the limit"
    DECLINED = "question declined"
    NO_CANDIDATE = "not a candidate"
    NEAR_COPY = "near copy of another"
    UNDATED = "undated"
    FILTERED = "filtered out"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A paper as a search sees it: `rank` counts from 1, None where it is not a candidate.

    Where filters leave it out, `obstacles` say why, and `found` is the search without them. Where
    it is a near copy of `copied`, which stands for it, the rank is that one's.
    """

    hit: Hit
    rank: int | None
    found: SearchResult
    papers: int
    obstacles: tuple[str, ...] = ()
    copied: Hit | None = None


def standing(sighting: Sighting, settings: AssistantSettings) -> tuple[Standing, str]:
    """Return where the paper stands and a sentence or two that say so."""
    if sighting.obstacles:
        undated = sighting.obstacles == (NO_DATE,)
        left_out = f"A filter leaves it out: {'; '.join(sighting.obstacles)}."
        return Standing.UNDATED if undated else Standing.FILTERED, left_out
    if sighting.rank is None:
        return Standing.NO_CANDIDATE, (
            f"It was not among the candidates: of {sighting.papers:,} papers,"
            f" the {len(sighting.found.hits):,} that are nearest or have the rarest words of the"
            " question are scored in full."
        )
    if not has_answer(sighting.found, settings):
        missing = alternatives(uncovered(sighting.found.facets))
        because = f": nothing covers {missing}" if missing else ""
        return Standing.DECLINED, (
            f"The whole question was judged unanswerable from this collection{because}."
        )
    if sighting.copied:
        title = shortened(sighting.copied.paper.title)
        return Standing.NEAR_COPY, (
            f"Its abstract is nearly that of “{title}”, which stands for it: number"
            f" {sighting.rank} of the papers that were scored."
        )
    return _in_listing(sighting, sighting.rank, settings)


def _in_listing(sighting: Sighting, rank: int, settings: AssistantSettings) -> tuple[Standing, str]:
    hits = sighting.found.hits[: settings.ranking_papers]
    above = (hit for hit in hits if hit.relevance >= settings.list_relevance)
    listed = tuple(islice(above, settings.list_papers))
    if sighting.hit in listed:
        count = "1 paper" if len(listed) == 1 else f"{len(listed)} papers"
        return Standing.LISTED, f"It is on the list: number {rank} of {count}."
    if sighting.hit.relevance >= settings.list_relevance:
        return Standing.BEYOND, (
            f"It is above the line, but the list ends after {settings.list_papers} papers."
        )
    if not listed:
        nearest = "This one comes closest."
        compared = nearest if rank == 1 else _against(sighting.hit, hits[0], "best paper", settings)
        return Standing.BELOW, f"No paper reaches the line of the list. {compared}"
    compared = _against(sighting.hit, listed[-1], "last paper on the list", settings)
    if sighting.hit in select_borderline(hits, settings):
        return Standing.BORDERLINE, (
            f"It is below the line of the list, among the borderline papers. {compared}"
        )
    return Standing.BELOW, f"It is below the line of the list. {compared}"


def _against(hit: Hit, other: Hit, called: str, settings: AssistantSettings) -> str:
    """Return in which parts `hit` lost most against `other`."""
    shares = part_shares(hit, other, settings.search.fusion)
    first, *rest = sorted(shares, key=lambda share: -share.loss)[:LOSSES_NAMED]
    lost = (first, *(share for share in rest if share.loss >= LEAST_LOSS))
    named = " and ".join(f"{PART_NAMES[share.part]} (by {share.loss:.2f})" for share in lost)
    return f"Against the {called} it lost most in {named}."
