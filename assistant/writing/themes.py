"""Groups papers by what several of them speak of, in a phrase of their own titles.

Owns which phrases make headings. A greedy cover: the phrase that tells most, by how many papers
have it and how rare it is, takes its papers, and so on with those that are left. So every paper
under a heading has the heading's words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.draft import Theme
from assistant.title_phrases import GENERAL, stemmed, title_phrases, word_parts
from vectorstore.question_words import question_words
from vectorstore.records import Paper
from vectorstore.stemming import stem
from vectorstore.vocabulary import Vocabulary

MOST_GROUPS = 6
LEAST_PAPERS = 2
LARGEST_SHARE = 0.6  # of the papers; what more of them have tells them apart too little
WORD_BONUS = 0.6  # for each further word of a phrase: "speculative decoding" says more
TITLE_BONUS = 1.5  # for a paper that has the phrase in its title


@dataclass(frozen=True, slots=True)
class _Text:
    """A paper's stems with spaces around, so that a phrase is found as a part."""

    title: str
    whole: str


def group_papers(vocabulary: Vocabulary, papers: Sequence[Paper], topic: str) -> tuple[Theme, ...]:
    """Return `papers`, best first, in groups of two and more; words of `topic` make no heading.

    Papers that share nothing with others make the last group, which has no label. The groups with
    the best papers come first.
    """
    texts = [
        _Text(stemmed(paper.title), stemmed(f"{paper.title}. {paper.abstract}")) for paper in papers
    ]
    known = {stem(vocabulary.usual_spelling(word) or word) for word in question_words(topic)}
    candidates = _candidates(papers, known, vocabulary)
    left = list(range(len(papers)))
    groups: list[tuple[str, list[int]]] = []
    while left and len(groups) < MOST_GROUPS:
        label, group = _best(candidates, texts, left)
        if not group:
            break
        groups.append((label, group))
        left = [at for at in left if at not in group]
    groups.sort(key=lambda group: group[1][0])
    themes = [
        Theme(_capital(label), tuple(papers[at].id for at in group)) for label, group in groups
    ]
    rest = [Theme("", tuple(papers[at].id for at in left))] if left else []
    return (*themes, *rest)


def _best(
    candidates: dict[str, tuple[str, float]], texts: Sequence[_Text], left: Sequence[int]
) -> tuple[str, list[int]]:
    """Return the phrase that tells most about papers that are left, and those that have it."""
    best, label, group = 0.0, "", list[int]()
    for phrase, (typed, rarity) in candidates.items():
        wanted = f" {phrase} "
        having = [at for at in left if wanted in texts[at].whole]
        if not LEAST_PAPERS <= len(having) <= max(LEAST_PAPERS, LARGEST_SHARE * len(texts)):
            continue
        titled = sum(wanted in texts[at].title for at in having)
        worth = rarity * (len(having) + TITLE_BONUS * titled)
        if worth > best:
            best, label, group = worth, typed, having
    return label, group


def _candidates(
    papers: Sequence[Paper], known: set[str], vocabulary: Vocabulary
) -> dict[str, tuple[str, float]]:
    """Return by its stems each phrase of a title, as it is typed there, and its worth by rarity."""
    found: dict[str, tuple[str, float]] = {}
    for paper in papers:
        for words in title_phrases(paper.title):
            stems = [stem(part) for word in words for part in word_parts(word)]
            if set(stems) <= known or all(word.lower() in GENERAL for word in words):
                continue
            rarity = min(vocabulary.rarity(part) for word in words for part in word_parts(word))
            worth = rarity * (1 + WORD_BONUS * (len(words) - 1))
            found.setdefault(" ".join(stems), (" ".join(words), worth))
    return found


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]
