"""How the assistant chooses and how much it says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AssistantSettings:
    """Values only, each with the reason for its default."""

    question_characters: int = 4_000  # a page of text; more is a paste by mistake
    ranking_papers: int = 50  # what an answer reports as its ranking
    answerability_floor: float = 0.25  # refuses one in twenty answerable training questions
    list_relevance: float = 0.4  # F1 over folds of the judged listings is flat from 0.25 to 0.45
    list_papers: int = 40  # more than a reader goes through; the ranking has the rest
    summary_papers: int = 12  # a sentence on each fills a page
    fact_papers: int = 4  # the answer is nearly always in the first; the rest corroborate
    support_relevance: float = 0.4  # what a second or later source of prose must have
    closest_papers: int = 3  # shown where nothing answers the question
