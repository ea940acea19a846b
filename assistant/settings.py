"""How the assistant chooses and how much it says."""

from __future__ import annotations

from dataclasses import dataclass, field

from vectorstore.search import SearchSettings


@dataclass(frozen=True, slots=True)
class AssistantSettings:
    """Values only, each with the reason for its default."""

    question_characters: int = 4_000  # a page of text; more is a paste by mistake
    ranking_papers: int = 50  # what an answer reports as its ranking
    answerability_floor: float = 0.23  # refuses one in twenty answerable training questions
    list_relevance: float = 0.35  # F1 over folds of the judged listings is best from 0.3 to 0.35
    borderline_relevance: float = 0.15  # a list's second group: from here up to its line
    borderline_papers: int = 10  # what is glanced through; the ranking has the rest
    list_papers: int = 40  # more than a reader goes through; the ranking has the rest
    summary_papers: int = 12  # a sentence on each fills a page
    fact_papers: int = 4  # the answer is nearly always in the first; the rest corroborate
    support_relevance: float = 0.4  # what a second or later source of prose must have
    closest_papers: int = 3  # shown where nothing answers the question
    search: SearchSettings = field(default_factory=SearchSettings)  # fitted, see vectorstore
