"""How the assistant chooses and how much it says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.answer import AnswerLength
from vectorstore.search import SearchSettings


@dataclass(frozen=True, slots=True)
class ScopeSettings:
    """The logistic curve by which papers of an earlier answer fit a narrower question.

    `earlier` weighs the log-odds of the relevance to the earlier question. Fitted on pairs of
    judged listings with papers in common, one asked after the other (benchmarks/fit_scope.py).
    """

    intercept: float = -3.2
    fused: float = 14.7
    best: float = -9.31
    earlier: float = 0.55
    # F1 over folds is 0.659 with both and 0.654 with a line alone (0.09), which takes in stragglers
    # behind a clear match.
    line: float = 0.07
    share: float = 0.15  # of the best relevance


@dataclass(frozen=True, slots=True)
class AssistantSettings:
    """Values only, each with the reason for its default."""

    question_characters: int = 4_000  # a page of text; more is a paste by mistake
    ranking_papers: int = 50  # what an answer reports as its ranking
    answerability_floor: float = 0.23  # refuses one in twenty answerable training questions
    left_open_coverage: float = 0.5  # at the line of declining, a third of answers left words open
    list_relevance: float = 0.35  # F1 over folds of the judged listings is best from 0.3 to 0.35
    borderline_relevance: float = 0.15  # a list's second group: from here up to its line
    borderline_papers: int = 10  # what is glanced through; the ranking has the rest
    list_papers: int = 40  # more than a reader goes through; the ranking has the rest
    summary_papers: int = 20  # a sentence on each fills a page
    fact_papers: int = 4  # the answer is nearly always in the first; the rest corroborate
    support_relevance: float = 0.4  # what a second or later source of prose must have
    closest_papers: int = 3  # shown where nothing answers the question
    compared_papers: int = 4  # side by side on a page
    grouped_papers: int = 8  # a longer list is easier read in groups
    # A model is shown suspicious papers as data, like all others; who wants none there says so.
    keep_out_suspicious: bool = False
    scope: ScopeSettings = field(default_factory=ScopeSettings)
    search: SearchSettings = field(default_factory=SearchSettings)  # fitted, see vectorstore


# As many papers in prose, beside the normal. Lists stay whole: they are to be complete.
_PROSE_SHARE = {AnswerLength.SHORT: 0.5, AnswerLength.NORMAL: 1.0, AnswerLength.LONG: 1.5}


def sized(settings: AssistantSettings, length: AnswerLength) -> AssistantSettings:
    """Return the settings for an answer of this length."""
    share = _PROSE_SHARE[length]
    return replace(
        settings,
        summary_papers=max(1, round(settings.summary_papers * share)),
        fact_papers=max(1, round(settings.fact_papers * share)),
    )
