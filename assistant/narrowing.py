"""How relevant papers are to a follow-up: to a narrower question, or without a paper they are like.

Owns how the new score and the relevance to the earlier question go together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from assistant.settings import ScopeSettings
from vectorstore.records import Hit
from vectorstore.scores import FusionSettings

LEAST, MOST = 1e-4, 1 - 1e-4  # relevances whose log-odds are still finite enough


def narrowed(
    hits: Sequence[Hit], earlier: Mapping[str, float], settings: ScopeSettings
) -> tuple[Hit, ...]:
    """Return the hits with the relevance of both questions together, best first.

    `earlier` has the relevance of papers, by id, to the question before.
    """
    best = max((hit.fused for hit in hits), default=0.0)

    def relevance(hit: Hit) -> float:
        known = earlier.get(hit.paper.id, LEAST)
        return _chance(
            settings.intercept
            + settings.fused * hit.fused
            + settings.best * best
            + settings.earlier * _log_odds(known)
        )

    return _best_first(replace(hit, relevance=relevance(hit)) for hit in hits)


def narrowed_line(hits: Sequence[Hit], settings: ScopeSettings) -> float:
    """Return the least relevance of a paper that fits, where `narrowed` judged them."""
    best = max((hit.relevance for hit in hits), default=0.0)
    return max(settings.line, settings.share * best)


def kept(
    hits: Sequence[Hit], earlier: Mapping[str, float], settings: ScopeSettings
) -> tuple[Hit, ...]:
    """Return the hits as relevant as they were to the question before, above the line, best first.

    For papers that were shown and are only limited further or ordered otherwise.
    """
    known = {hit.paper.id: earlier.get(hit.paper.id, hit.relevance) for hit in hits}
    return _best_first(
        replace(hit, relevance=max(settings.line, known[hit.paper.id])) for hit in hits
    )


def without_best(hits: Sequence[Hit], best: float, settings: FusionSettings) -> tuple[Hit, ...]:
    """Return the hits as relevant as they are where the best of them sets the scale.

    `best` is the fused score of the paper that set it.
    """
    gap = best - max((hit.fused for hit in hits), default=best)
    added = -settings.relevance_best * max(0.0, gap)
    return tuple(replace(hit, relevance=_chance(_log_odds(hit.relevance) + added)) for hit in hits)


def _chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def _log_odds(chance: float) -> float:
    held = min(MOST, max(LEAST, chance))
    return math.log(held / (1 - held))


def _best_first(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    return tuple(sorted(hits, key=lambda hit: -hit.relevance))
