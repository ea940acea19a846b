"""Which sentences are chosen, how many, and when the abstract does not say."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.draft import SourceSentence
from assistant.select import as_sources
from assistant.writing.sentence_choice import (
    SETTINGS,
    ChoiceSettings,
    best_sentences,
    headline,
    problem,
    purpose,
    sentence_features,
    stated_chance,
    stated_features,
    with_roles,
)
from assistant.writing.sentence_roles import Role
from vectorstore.filters import Filters
from vectorstore.library import Library
from vectorstore.records import MatchedWord, Span
from vectorstore.search import search
from vectorstore.sentence_matches import with_sentence_matches

BACKGROUND = "Bread rises in kitchens."
PROBLEM = "However, it remains slow."
CONTRIBUTION = "We propose Levain, a starter."
ADDITION = "We also introduce a lid."
RESULT = "We show that loaves rise."
FIGURE = "We find that 200 loaves rise."
GAIN = "It outperforms yeast by 40 %."
LINK = "Code is available at https://example.org/levain."
ABSTRACT = (BACKGROUND, PROBLEM, CONTRIBUTION, ADDITION, RESULT, FIGURE, GAIN, LINK)

NEUTRAL = "Dough rests in a bowl."
BY_SIMILARITY = ChoiceSettings(similarity=1, words=0, position=0, figure=0, link=0)
BY_WORDS = replace(BY_SIMILARITY, similarity=0, words=1)


def sentences(
    *texts: str,
    similarities: tuple[float, ...] = (),
    words: tuple[tuple[MatchedWord, ...], ...] = (),
) -> tuple[SourceSentence, ...]:
    """Return sentences with the ids "0", "1" and so on."""
    return tuple(
        SourceSentence(
            str(at),
            Span(100 * at, 100 * at + len(text)),
            text,
            similarities[at] if similarities else 0.5,
            words[at] if words else (),
        )
        for at, text in enumerate(texts)
    )


def rows_of(
    words: str, left: tuple[float, ...], *rows: tuple[float, ...]
) -> tuple[tuple[MatchedWord, ...], ...]:
    """Return for each row of matches the words with what the title leaves of them."""
    return tuple(tuple(map(MatchedWord, words.split(), left, row)) for row in rows)


def ids(chosen: list[SourceSentence]) -> str:
    return "".join(sentence.id for sentence in chosen)


def test_what_sentences_are_weighed_by() -> None:
    words = rows_of("levain rise", (0.0, 1.0), (0.9, 0.2), (0.1, 0.6), (0.3, -0.1))
    asked = sentences(BACKGROUND, FIGURE, LINK, similarities=(0.1, 0.2, 0.3), words=words)
    np.testing.assert_allclose(
        sentence_features(asked, "How many does it make rise?"),
        [[0.1, 0.2, 0.0, 0, 0], [0.2, 0.6, 0.5, 1, 0], [0.3, -0.1, 1.0, 0, 1]],
        rtol=1e-6,
    )
    # No quantity is asked for, but the code; and the first word counts alone.
    np.testing.assert_allclose(
        sentence_features(asked, "Is the code available?", [0]),
        [[0.1, 0.9, 0.0, 0, 0], [0.2, 0.1, 0.5, 0, 0], [0.3, 0.3, 1.0, 0, -1]],
        rtol=1e-6,
    )


def test_words_that_were_not_looked_at() -> None:
    asked = sentences(BACKGROUND, RESULT, similarities=(0.1, 0.2))
    np.testing.assert_allclose(
        sentence_features(asked, "How?"), [[0.1, np.nan, 0, 0, 0], [0.2, np.nan, 1, 0, 0]]
    )
    # Their weight falls to the similarity, which then outweighs the place.
    apart = sentences(NEUTRAL, NEUTRAL, similarities=(0.3, 0.1))
    settings = replace(BY_SIMILARITY, words=9.0, position=1.5)
    assert ids(best_sentences(apart, 1, "q", settings=settings)) == "0"
    assert ids(best_sentences(apart, 1, "q", settings=replace(settings, words=0.0))) == "1"


@pytest.mark.parametrize(
    ("count", "chosen"), [(0, ""), (1, "2"), (2, "02"), (3, "012"), (9, "0123")]
)
def test_the_best_in_the_order_of_the_abstract(count: int, chosen: str) -> None:
    asked = sentences(*[NEUTRAL] * 4, similarities=(0.5, 0.4, 0.6, 0.3))
    assert ids(best_sentences(asked, count, "q", settings=BY_SIMILARITY)) == chosen


@pytest.mark.parametrize(
    ("lead", "chosen"), [((9, 0, 0, 0), "0"), ((9, 0, 0, 9), "03"), ((0, 0, 0, 0), "012")]
)
def test_as_many_as_it_takes(lead: tuple[float, ...], chosen: str) -> None:
    asked = sentences(*[NEUTRAL] * 4, similarities=lead)
    assert ids(best_sentences(asked, None, "q", settings=BY_SIMILARITY)) == chosen


def test_one_question_after_another() -> None:
    words = rows_of("rise rest", (1.0, 1.0), (9, 0), (0, 5), (0, 0), (0, 0))
    asked = sentences(*[NEUTRAL] * 4, words=words)
    both = "How does it rise, and how does it rest?"
    assert ids(best_sentences(asked, None, both, settings=BY_WORDS)) == "01"
    # As one question the first word drowns the second.
    assert ids(best_sentences(asked, None, "How do rise, rest?", settings=BY_WORDS)) != "01"
    unsure = rows_of("rise rest", (1.0, 1.0), *[(0, 0)] * 6)
    many = sentences(*[NEUTRAL] * 6, words=unsure)
    unlimited = replace(BY_WORDS, most=6)
    assert ids(best_sentences(many, None, both, settings=unlimited)) == "0123"


def test_figures_where_a_quantity_is_asked_for_and_links_where_code_is() -> None:
    asked = sentences(RESULT, FIGURE, LINK)
    settings = replace(BY_SIMILARITY, figure=1, link=-1)
    assert ids(best_sentences(asked, 1, "How many rise?", settings=settings)) == "1"
    assert ids(best_sentences(asked, 1, "What rises?", settings=settings)) == "0"
    assert ids(best_sentences(asked, 1, "Is the code available?", settings=settings)) == "2"


def test_a_title_that_says_all_that_is_asked() -> None:
    words = rows_of("bread rises", (0.0, 0.0), (0.2, 0.4), (0.8, 0.6))
    features = sentence_features(sentences(NEUTRAL, NEUTRAL, words=words), "q")
    assert features[:, 1].tolist() == pytest.approx([0.3, 0.7])


@pytest.mark.parametrize("count", [None, 2])
def test_no_sentences(count: int | None) -> None:
    assert best_sentences((), count, "q") == []


@given(
    similarities=st.lists(st.floats(-1, 1), max_size=12),
    count=st.none() | st.integers(0, 12),
    question=st.text(),
)
def test_any_choice_is_in_order_and_no_larger_than_asked(
    similarities: list[float], count: int | None, question: str
) -> None:
    texts = [ABSTRACT[at % len(ABSTRACT)] for at in range(len(similarities))]
    asked = sentences(*texts, similarities=tuple(similarities))
    chosen = [asked.index(sentence) for sentence in best_sentences(asked, count, question)]
    assert chosen == sorted(set(chosen))
    most = SETTINGS.most_in_all if count is None else count
    least = 1 if count is None else count
    assert min(least, len(asked)) <= len(chosen) <= most


STATED = ChoiceSettings(stated_intercept=-1, stated_whole=2, stated_lead=4)
ENERGY = rows_of("levain energy salt", (0.5, 1.0, 1.0), (0.9, 0.2, 0.6), (0.8, 0.4, 0.0))


def test_what_an_abstract_is_judged_by() -> None:
    asked = sentences(NEUTRAL, NEUTRAL, words=ENERGY)
    # Levain apart: best matches are 0.4 and 0.6; the sentences have 0.4 and 0.2 on average.
    assert stated_features(asked, "Levain") == pytest.approx((0.5, 0.1))
    chance = stated_chance(asked, "Does Levain save energy, or salt?", "Levain", STATED)
    assert chance == pytest.approx(1 / (1 + math.exp(1 - 2 * 0.5 - 4 * 0.1)))


@pytest.mark.parametrize(
    ("question", "words", "name"),
    [
        pytest.param("What is Levain-2?", "levain 2", "Levain-2", id="only the name"),
        pytest.param("What problem does it solve?", "problem solve", "", id="of every abstract"),
        pytest.param("Is it good?", "", "", id="words not looked at"),
    ],
)
def test_nothing_can_be_said_where_nothing_is_asked(question: str, words: str, name: str) -> None:
    left = (1.0,) * len(words.split())
    asked = sentences(NEUTRAL, words=rows_of(words, left, (0.0,) * len(left)))
    assert stated_features(asked, name) == ()
    assert stated_chance(asked, question, name) == 1.0


def test_a_link_answers_who_asks_for_code() -> None:
    words = rows_of("code", (1.0,), (0.0,), (0.0,))
    question = "Is the code available?"
    assert stated_chance(sentences(NEUTRAL, LINK, words=words), question) == 1.0
    assert stated_chance(sentences(NEUTRAL, NEUTRAL, words=words), question) < SETTINGS.stated_floor


def test_no_sentences_state_nothing_that_can_be_judged() -> None:
    assert stated_chance((), "q") == 1.0


@pytest.mark.parametrize(
    ("texts", "similarities", "chosen"),
    [
        (ABSTRACT, (), GAIN),
        ((BACKGROUND, RESULT, FIGURE), (), FIGURE),
        ((NEUTRAL, RESULT, "We find that bread is good."), (0.1, 0.2, 0.3), "We find that bread"),
        ((NEUTRAL, "We propose Levain, which is 3x faster."), (), "We propose Levain, which is 3x"),
        ((NEUTRAL, CONTRIBUTION), (), None),
        ((), (), None),
    ],
)
def test_headlines(
    texts: tuple[str, ...], similarities: tuple[float, ...], chosen: str | None
) -> None:
    found = headline(sentences(*texts, similarities=similarities))
    assert (found is None) if chosen is None else found and found.text.startswith(chosen)


@pytest.mark.parametrize(
    ("texts", "similarities", "chosen"),
    [
        (ABSTRACT, (0.0, 0.0, 0.1, 0.9, 0.0, 0.0, 0.0, 0.0), CONTRIBUTION),
        ((ADDITION, LINK), (), ADDITION),
        ((CONTRIBUTION, "We present an oven."), (0.1, 0.2), "We present an oven."),
        ((BACKGROUND, "We bake.", RESULT), (), "We bake."),
        ((PROBLEM, LINK), (), PROBLEM),
        ((LINK,), (), LINK),
    ],
)
def test_purposes(texts: tuple[str, ...], similarities: tuple[float, ...], chosen: str) -> None:
    found = purpose(sentences(*texts, similarities=similarities))
    assert found
    assert found.text == chosen


def test_problems() -> None:
    other = "Ovens lack heat."
    asked = sentences(PROBLEM, other, CONTRIBUTION, RESULT, similarities=(0.1, 0.2, 0.9, 0.9))
    found = problem(asked)
    assert found
    assert found.text == other
    assert problem(asked[2:]) is None
    assert purpose(()) is None


def test_sentences_of_some_roles() -> None:
    chosen = with_roles(sentences(*ABSTRACT), {Role.PROBLEM, Role.RESULT})
    assert [sentence.text for sentence in chosen] == [PROBLEM, RESULT, FIGURE, GAIN]


@pytest.mark.parametrize(
    ("question", "name", "first", "stated"),
    [
        ("How does MetaGPT divide the work among agents?", "MetaGPT", "In this way, MetaGPT", True),
        ("Where is the code of MetaGPT available?", "MetaGPT", "The GitHub repository", True),
        ("How much energy does MetaGPT take?", "MetaGPT", "", False),
    ],
)
def test_real_questions(
    question: str, name: str, first: str, stated: bool, shipped_library: Library
) -> None:
    [found] = search(shipped_library, "MetaGPT", 1).hits
    hits = search(shipped_library, question, 1, Filters(scope=(found.paper.id,))).hits
    [source] = as_sources(with_sentence_matches(shipped_library, question, hits))
    [best] = best_sentences(source.sentences, 1, question)
    assert best.text.startswith(first)
    chance = stated_chance(source.sentences, question, name)
    assert (chance >= SETTINGS.stated_floor) is stated
