"""Judges whether the sentences that a claim cites bear it out, by figures, names and words.

Owns the rules. They see what is missing, and not what is turned round: a claim that says the
opposite in the same words passes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Verdict
from assistant.checking.figures import figures_in
from assistant.checking.names import NamesOf, names_in
from assistant.paper_dates import DateForm, date_text, paper_date
from vectorstore.english_words import english_rank
from vectorstore.question_words import question_words
from vectorstore.records import DatePrecision, Paper

# A word's first letters stand for it, so that inflections are alike.
STEM_LETTERS = 5

# The share of a claim's words that its cited sentences must have. Of the findings in
# training/data/queries.jsonl, which were put into other words than the abstract's on purpose, 7 in
# 100 share less with the nearest sentence of their paper, and 84 in 100 with that of another one.
SHARED_FLOOR = 0.15
JUDGED_STEMS = 3  # fewer are shared, or not, by chance

# Where fewer of its words are English, a claim is in another language than the abstracts. So are 9
# in 10,000 of the sentences of the shipped abstracts, which are lists of names.
_ENGLISH_SHARE = 0.5
# Short words that the list of English ones has because English texts quote them.
_NOT_ENGLISH = frozenset(
    """
    al auf avec che con da das de del den der des die dos du een ein eine el em en est et gli het
    ist la las le les los mit mais moins nel nicht och os para par per plus por pour que sind sur um
    un una und une van von
    """.split()
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_ADDRESS = re.compile(r"\b(?:https?|ftp)://[^\s/()<>\[\]]+", re.IGNORECASE)

_QUOTES = " \"'“”‘’«»*"
_AFTER_TITLE = frozenset(":.,;–—-")


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, and the figures and names that a weak claim has and its sentences lack."""

    verdict: Verdict
    missing: tuple[str, ...] = ()


def judge(claim: str, sentences: Sequence[str], papers: Sequence[Paper]) -> Judgement:
    """Judge a claim by the sentences it cites, at least one, and by what is known of their papers.

    A title that the claim begins with is no part of what it says.
    """
    if any(is_quote(claim, sentence) for sentence in sentences):
        return Judgement(Verdict.SUPPORTED)  # it is a quote, as all of an extractive answer is
    evidence = " ".join((*sentences, *map(about, papers)))
    stated = min((without_title(claim, paper.title) for paper in papers), key=len, default=claim)
    if _can_compare(stated, evidence) and shared_share(stated, evidence) < SHARED_FLOOR:
        return Judgement(Verdict.UNSUPPORTED)
    missing = missing_from(claim, evidence)
    return Judgement(Verdict.WEAK if missing else Verdict.SUPPORTED, missing)


def is_quote(claim: str, sentence: str) -> bool:
    """Tell whether the claim is the sentence or a part of it, "…" standing for what was cut.

    A part ends at the edges of words and figures: "5 times" is no part of "2.5 times", and one
    without a word is for the figures to judge.
    """
    part = claim.strip("… ")
    if part not in sentence or not _WORD.search(part):
        return False
    return bool(re.search(rf"(?<![\w.,]){re.escape(part)}(?!\w|[.,]\d)", sentence))


def about(paper: Paper) -> str:
    """Return what a claim may say of a paper without its abstract: title, publisher and date."""
    parts = (paper.title, paper.organization, _month(paper), paper_date(paper))
    return " ".join(part for part in parts if part)


def _month(paper: Paper) -> str:
    """Return the month in words; empty where no more than the year is known."""
    if paper.published is None or paper.date_precision is DatePrecision.YEAR:
        return ""
    return date_text(paper.published, DatePrecision.MONTH, DateForm.LONG)


def missing_from(claim: str, evidence: str) -> tuple[str, ...]:
    """Return the figures, names and web sites of the claim that the evidence lacks, in order, each
    once.
    """
    values = {figure.value for figure in figures_in(evidence)}
    known = NamesOf(evidence)
    english = is_english(claim)
    names = [name for name in names_in(claim) if name.shaped or english]
    named = {at for name in names for at in range(name.start, name.start + len(name.text))}
    lacking = {name.start: name.text for name in names if not known.has(name.text)}
    for figure in figures_in(claim):
        if figure.certain and figure.start not in named and figure.value not in values:
            lacking[figure.start] = figure.text
    sites = ((found.start(), found[0]) for found in _ADDRESS.finditer(claim))
    lacking |= {at: site for at, site in sites if site not in evidence}
    return tuple(dict.fromkeys(lacking[at] for at in sorted(lacking)))


def stems(text: str) -> frozenset[str]:
    """Return the beginnings of the words that carry meaning; figures are none."""
    return frozenset(word[:STEM_LETTERS] for word in question_words(text) if not word.isdigit())


def shared_share(claim: str, evidence: str) -> float:
    """Return the share of the claim's words that the evidence has; 1.0 for a claim without any."""
    wanted = stems(claim)
    return len(wanted & stems(evidence)) / len(wanted) if wanted else 1.0


def without_title(claim: str, title: str) -> str:
    """Return what a claim says after the title it begins with, or the claim if it does not.

    The title's words would bear out whatever follows them.
    """
    plain = claim.lstrip(_QUOTES)
    if not title or not plain.casefold().startswith(title.casefold()):
        return claim
    rest = plain[len(title) :].lstrip(_QUOTES)
    return rest[1:].lstrip() if not rest or rest[0] in _AFTER_TITLE else claim


def is_english(text: str) -> bool:
    """Tell whether most of the words that are written small are English, and there are any."""
    words = [word for word in _WORD.findall(text) if word.islower()]
    english = [word for word in words if word not in _NOT_ENGLISH and english_rank(word)]
    return bool(words) and len(english) >= _ENGLISH_SHARE * len(words)


def _can_compare(claim: str, evidence: str) -> bool:
    return len(stems(claim)) >= JUDGED_STEMS and is_english(claim) and is_english(evidence)
