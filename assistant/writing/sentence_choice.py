"""Which sentences of an abstract answer a question, how many of them, and whether any does.

Owns the weights; what is weighed is what search found of each sentence, its place and its words.
Sentences come in the order of the abstract, and go out in it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from assistant.draft import SourceSentence
from assistant.writing.sentence_roles import (
    WORD,
    Role,
    adds_to_another,
    asks_quantity,
    asks_where_to_get,
    has_figure,
    has_measured_gain,
    questions_in,
    role_of,
    tells_where_to_get,
)
from vectorstore.embedding import Matrix, Vector

# What every abstract tells, in whatever words: "what problem does it solve", "the main findings".
ANSWERED_BY_ALL = frozenset(
    """
    achieve achieved achieves address addresses aim aims approach conclude concluded conclusion
    conclusions contribution contributions do done figures find finding findings found goal goals
    headline idea ideas numbers
    introduce introduces key main method methods motivation outcome point present presents problem
    problems propose proposed proposes purpose result results solution solve solved solves tackle
    tackles
    """.split()
)
# What tells most of what a paper does, where no sentence says so outright.
_PURPOSES = (Role.CONTRIBUTION, Role.METHOD, Role.RESULT, Role.BACKGROUND, Role.PROBLEM)


@dataclass(frozen=True, slots=True)
class ChoiceSettings:
    """Weights by which sentences compete, and of the logistic curve that an abstract answers.

    benchmarks/fit_sentences.py fits them.
    """

    similarity: float = 5.48
    words: float = 16.98  # without a token head it falls to the similarity
    position: float = 3.38  # answers stand late, where an abstract tells what was done and found
    figure: float = 2.48  # counts where a quantity is asked for
    link: float = -3.8  # counts for it where code is asked for
    sure: float = 0.85  # sentences are added until the answer is this likely among them
    most: int = 3  # for one question: nine times in ten they have all of the answer
    most_in_all: int = 4  # for several in one
    stated_intercept: float = -8.58
    stated_whole: float = 12.62
    stated_lead: float = 8.76
    stated_floor: float = 0.205  # refuses one in twenty questions that the abstract answers


SETTINGS = ChoiceSettings()


def best_sentences(
    sentences: Sequence[SourceSentence],
    count: int | None,
    question: str,
    *,
    settings: ChoiceSettings = SETTINGS,
) -> list[SourceSentence]:
    """Return the `count` sentences that most likely answer the question, in their order.

    With None, as many as it takes: up to three, or four where several questions are put in one.
    """
    if not sentences:
        return []
    if count is None:
        chosen = _as_many_as_it_takes(sentences, question, settings)
    else:
        worth = _worth(sentence_features(sentences, question), settings)
        chosen = _best_first(worth)[:count]
    return [sentences[at] for at in sorted(chosen)]


def sentence_features(
    sentences: Sequence[SourceSentence], question: str, places: Sequence[int] | None = None
) -> Matrix:
    """Return what sentences are weighed by, shape (sentences, 5), in the order of the settings.

    The second is how well a sentence answers the words at `places` (all, if None), those less that
    are in the title: every sentence is on these. It is NaN where words were not looked at.
    """
    matches, left = _matches(sentences, places)
    words = matches @ (left / left.sum()) if len(left) else np.full(len(sentences), np.nan)
    quantity = asks_quantity(question)
    link = -1.0 if asks_where_to_get(question) else 1.0
    return np.array(
        [
            (
                sentence.similarity,
                words[at],
                _position(at, sentences),
                quantity and has_figure(sentence.text),
                link * tells_where_to_get(sentence.text),
            )
            for at, sentence in enumerate(sentences)
        ],
        np.float32,
    )


def stated_chance(
    sentences: Sequence[SourceSentence],
    question: str,
    name: str = "",
    settings: ChoiceSettings = SETTINGS,
) -> float:
    """Return how likely the abstract answers what the question asks of it, in [0, 1].

    The words of `name`, by which the question names the paper, are no part of what is asked. Where
    no words were looked at, or none is left, nothing can be said and the chance is 1.
    """
    if asks_where_to_get(question) and any(tells_where_to_get(one.text) for one in sentences):
        return 1.0
    features = stated_features(sentences, name)
    if not features:
        return 1.0
    whole, lead = features
    logit = settings.stated_intercept + settings.stated_whole * whole + settings.stated_lead * lead
    return 1 / (1 + math.exp(-logit))


def stated_features(sentences: Sequence[SourceSentence], name: str = "") -> tuple[float, ...]:
    """Return how well the abstract answers what is asked, and its best sentence above the mean one.

    Empty where nothing can be said of it.
    """
    left_out = ANSWERED_BY_ALL.union(WORD.findall(name.casefold()))
    words = sentences[0].words if sentences else ()
    asked = [at for at, word in enumerate(words) if word.word.casefold() not in left_out]
    if not asked:
        return ()
    matches, left = _matches(sentences, asked)
    shares = left / left.sum()
    each = matches @ shares
    return float(matches.max(axis=0) @ shares), float(each.max() - each.mean())


def headline(sentences: Sequence[SourceSentence]) -> SourceSentence | None:
    """Return the most telling result, one with a measured gain before others, if there is any."""
    results = _having(Role.RESULT, sentences) or [
        sentence
        for sentence in _having(Role.CONTRIBUTION, sentences)
        if has_measured_gain(sentence.text)
    ]
    return max(
        results,
        key=lambda one: (has_measured_gain(one.text), has_figure(one.text), one.similarity),
        default=None,
    )


def purpose(sentences: Sequence[SourceSentence]) -> SourceSentence | None:
    """Return what tells best what the paper does; None only where there are no sentences."""
    for role in _PURPOSES:
        if found := _having(role, sentences):
            return max(found, key=lambda one: (not adds_to_another(one.text), one.similarity))
    return next(iter(sentences), None)


def problem(sentences: Sequence[SourceSentence]) -> SourceSentence | None:
    """Return what tells best what is wrong with things as they are, if any sentence does."""
    found = _having(Role.PROBLEM, sentences)
    return max(found, key=lambda one: one.similarity, default=None)


def _as_many_as_it_takes(
    sentences: Sequence[SourceSentence], question: str, settings: ChoiceSettings
) -> list[int]:
    """Return the sentences for each question in turn: one is seldom sure for two at once."""
    parts = questions_in(question, [word.word for word in sentences[0].words])
    chosen = [
        _enough(_worth(sentence_features(sentences, text, places), settings), settings)
        for text, places in parts
    ]
    in_turn = dict.fromkeys(at for best in zip_longest(*chosen) for at in best if at is not None)
    return list(in_turn)[: settings.most if len(parts) == 1 else settings.most_in_all]


def _worth(features: Matrix, settings: ChoiceSettings) -> Vector:
    """Return log-odds, up to what all sentences share, that each is the one that answers."""
    looked_at = not np.isnan(features[:, 1]).any()
    weights = (
        settings.similarity + (0.0 if looked_at else settings.words),
        settings.words if looked_at else 0.0,
        settings.position,
        settings.figure,
        settings.link,
    )
    # Not by BLAS, which warned of values that are not numbers where all are.
    worth: Vector = np.einsum("ij,j->i", np.nan_to_num(features), np.array(weights, np.float32))
    return worth


def _enough(worth: Vector, settings: ChoiceSettings) -> list[int]:
    """Return the best sentences, best first, until they most likely hold the answer."""
    chances = np.exp(worth - worth.max())
    chances /= chances.sum()
    order = _best_first(worth)
    before = np.cumsum(chances[order]) - chances[order]
    return [at for at, sum_before in zip(order, before, strict=True) if sum_before < settings.sure][
        : settings.most
    ]


def _best_first(worth: Vector) -> list[int]:
    order: list[int] = np.argsort(-worth, kind="stable").tolist()
    return order


def _matches(
    sentences: Sequence[SourceSentence], places: Sequence[int] | None
) -> tuple[Matrix, Vector]:
    """Return the matches of words, shape (sentences, words), and what the title leaves of each."""
    words = sentences[0].words
    kept = range(len(words)) if places is None else places
    matches = np.array([[one.words[at].match for at in kept] for one in sentences], np.float32)
    left = np.array([words[at].open for at in kept], np.float32)
    # A title may say all that is asked; then all words count alike.
    return matches, left if left.any() else np.ones_like(left)


def with_roles(
    sentences: Sequence[SourceSentence], roles: Collection[Role]
) -> list[SourceSentence]:
    """Return the sentences with one of these roles, in their order."""
    its = zip(sentences, _roles(sentences), strict=True)
    return [sentence for sentence, role in its if role in roles]


def _having(role: Role, sentences: Sequence[SourceSentence]) -> list[SourceSentence]:
    return with_roles(sentences, {role})


def _roles(sentences: Sequence[SourceSentence]) -> list[Role]:
    return [
        role_of(sentence.text, _position(at, sentences)) for at, sentence in enumerate(sentences)
    ]


def _position(at: int, sentences: Sequence[SourceSentence]) -> float:
    return at / max(1, len(sentences) - 1)
