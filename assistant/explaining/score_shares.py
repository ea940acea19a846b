"""What each part of a score adds to it, beside what it adds to that of another paper.

Owns the names of the parts in plain words, and when a word of the question counts as answered.
Invariant: the contributions of a hit add up to its fused score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from vectorstore.coverage import CoverageSettings
from vectorstore.records import Hit, ScoreParts, WordMatch
from vectorstore.scores import FusionSettings

ANSWERED_MATCH = CoverageSettings().covered


class Part(StrEnum):
    """A part of a score, by its name in `ScoreParts`; a reranker has its say about them all."""

    POOLED = "pooled"
    LATE = "late"
    LEXICAL = "lexical"
    TITLE = "title"
    RERANKER = "reranker"


SCORED = (Part.POOLED, Part.LATE, Part.LEXICAL, Part.TITLE)
PART_NAMES = {
    Part.POOLED: "meaning as a whole",
    Part.LATE: "meaning word by word",
    Part.LEXICAL: "words in common",
    Part.TITLE: "named in the question",
    Part.RERANKER: "the reranker",
}
LEAST_MOVE = 0.0005  # less is rounding


@dataclass(frozen=True, slots=True)
class PartShare:
    """A part of a hit's score, its weight, and the same part of the hit it is compared with.

    A contribution is weight times score, but for a title that is hardly named: it adds nothing.
    """

    part: Part
    weight: float
    score: float
    other_score: float
    contribution: float
    other_contribution: float

    @property
    def loss(self) -> float:
        """Return how much more the part adds to the other hit's score."""
        return self.other_contribution - self.contribution


def score_of(part: Part, parts: ScoreParts) -> float:
    """Return one of the parts that every hit has."""
    return float(getattr(parts, part.value))


def part_shares(hit: Hit, other: Hit, fusion: FusionSettings) -> tuple[PartShare, ...]:
    """Return all parts of a hit's score beside those of another hit of the same search."""
    weights = _weights(fusion, by_words=bool(hit.words))
    shares = tuple(_share(part, weights[part], hit, other, fusion) for part in SCORED)
    moved = hit.fused - sum(share.contribution for share in shares)
    other_moved = other.fused - sum(share.other_contribution for share in shares)
    if max(abs(moved), abs(other_moved)) < LEAST_MOVE:
        return shares
    return (*shares, PartShare(Part.RERANKER, 1.0, moved, other_moved, moved, other_moved))


def _share(part: Part, weight: float, hit: Hit, other: Hit, fusion: FusionSettings) -> PartShare:
    floor = fusion.title_floor if part is Part.TITLE else -1.0
    score, other_score = score_of(part, hit.parts), score_of(part, other.parts)
    added = (weight * each if each >= floor else 0.0 for each in (score, other_score))
    return PartShare(part, weight, score, other_score, *added)


def split_words(
    words: Sequence[WordMatch],
) -> tuple[tuple[WordMatch, ...], tuple[WordMatch, ...]]:
    """Return the question's words that a paper answers, and those that it does not."""
    answered = tuple(word for word in words if word.match >= ANSWERED_MATCH)
    return answered, tuple(word for word in words if word.match < ANSWERED_MATCH)


def _weights(fusion: FusionSettings, *, by_words: bool) -> dict[Part, float]:
    """Return the weights as search uses them: without words theirs falls to the pooled vectors."""
    return {
        Part.POOLED: fusion.pooled + (0.0 if by_words else fusion.late),
        Part.LATE: fusion.late if by_words else 0.0,
        Part.LEXICAL: fusion.lexical,
        Part.TITLE: fusion.title,
    }
