from __future__ import annotations

from typing import Any

import pytest

from benchmarks.answers_questions import JudgedQuestion
from benchmarks.answers_score import Figures, score

BREAD, SOUP, TEA = "Levain: Bread in a Hurry", "Salt for Soup", "Tea, Twice"
GRADES = {"levain bread in a hurry": 2, "salt for soup": 1}
SECOND = 0.6309297535714575  # 1 / log2(3), the discount of the second rank
RISES = "Levain rises 3.5 times faster."
PAGES = f"page one {RISES} Soup needs salt. The end"
GROUNDED = {"citations quoted": 1.0, "markers resolve": 1.0, "unsupported claims": 0.0}
FOUND = {
    "ndcg@10": 1.0,
    "recall@20": 1.0,
    "cited precision": 1.0,
    "cited recall": 1.0,
    "cited f1": 1.0,
    "answered": 1.0,
}


def asked(kind: str, *points: str, **facts: Any) -> JudgedQuestion:
    judged = {"turns": ("?",), "grades": GRADES, "must_not": frozenset()} | facts
    return JudgedQuestion("q", kind, points=points, **judged)


def cite(number: int, title: str, *quotes: str) -> dict[str, Any]:
    return {"number": number, "paper_id": title, "title": title, "quotes": list(quotes)}


def shown(answer: str, *citations: dict[str, Any], **facts: Any) -> dict[str, Any]:
    turn = {"abstained": False, "ranking": [BREAD, SOUP, TEA], "unsupported_share": 0.0}
    return turn | {"answer": answer, "citations": list(citations)} | facts


ON_BREAD = shown("It rises [1].", cite(1, BREAD, RISES))
NOTHING = shown("Nothing here answers it.", abstained=True, ranking=[])


@pytest.mark.parametrize("kind", ["which", "summary", "filter", "followup"])
def test_listings_are_scored_by_the_papers_they_cite(kind: str) -> None:
    turn = shown(
        "Two [1] [2].",
        cite(1, "LEVAIN – bread in a hurry", RISES),
        cite(2, TEA, "Tea is\nsteeped."),
        ranking=[SOUP, TEA, SOUP, BREAD],
        unsupported_share=0.25,
    )
    assert score(asked(kind, "bread that rises fast"), turn, PAGES) == pytest.approx(
        {
            "ANSWER SCORE": 2 / 3,
            "ndcg@10": (1 + 2 / 2) / (2 + SECOND),
            "recall@20": 1.0,
            "cited precision": 0.5,
            "cited recall": 1.0,
            "cited f1": 2 / 3,
            "answered": 1.0,
            "points covered": 0.0,
            "quotes verbatim": 0.5,
            "citations quoted": 1.0,
            "markers resolve": 1.0,
            "within length": 1.0,
            "unsupported claims": 0.25,
        }
    )


@pytest.mark.parametrize("kind", ["fact", "compare", "title"])
def test_other_answers_are_scored_by_the_points_they_and_their_quotes_cover(kind: str) -> None:
    points = (
        "It is 3.5 times as fast",
        "12 grams of salt",
        "levain rises faster, bakers say",
        "rising bread",
    )
    assert score(asked(kind, *points), ON_BREAD, PAGES) == {
        "ANSWER SCORE": 0.5,
        "points covered": 0.5,
        "quotes verbatim": 1.0,
        "within length": 1.0,
        **FOUND,
        **GROUNDED,
    }


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("There are 12 papers [1].", 1.0),
        ("There are 1,2 papers [1].", 1.0),
        ("There are 112 papers [1].", 0.0),
        ("There are twelve papers [1].", 0.0),
    ],
)
def test_counts_need_the_number_and_the_papers(answer: str, right: float) -> None:
    counted = asked("count", "There are 12 papers from 2024", "3.5 times faster")
    assert score(counted, shown(answer, cite(1, BREAD, RISES)), PAGES) == {
        "ANSWER SCORE": (1 + right) / 2,
        "points covered": 0.5,
        "count right": right,
        "quotes verbatim": 1.0,
        "within length": 1.0,
        **FOUND,
        **GROUNDED,
    }


@pytest.mark.parametrize(("turn", "abstained"), [(NOTHING, 1.0), (ON_BREAD, 0.0)])
def test_where_nothing_answers_it_is_right_to_say_so(
    turn: dict[str, Any], abstained: float
) -> None:
    figures = score(asked("none", grades={}), turn)
    grounding = (
        GROUNDED if turn is ON_BREAD else {"markers resolve": 1.0, "unsupported claims": 0.0}
    )
    assert figures == {
        "ANSWER SCORE": abstained,
        "abstained": abstained,
        "within length": 1.0,
        **grounding,
    }


def test_nothing_is_found_by_an_answer_that_abstains() -> None:
    assert score(asked("which", "3.5 times faster"), NOTHING, PAGES) == {
        "ANSWER SCORE": 0.0,
        "ndcg@10": 0.0,
        "recall@20": 0.0,
        "cited precision": 0.0,
        "cited recall": 0.0,
        "cited f1": 0.0,
        "answered": 0.0,
        "points covered": 0.0,
        "markers resolve": 1.0,
        "within length": 1.0,
        "unsupported claims": 0.0,
    }


def some(figures: Figures, *names: str) -> list[float]:
    return [figures[name] for name in names]


@pytest.mark.parametrize(
    ("must_not", "allowed", "reached"), [({"tea twice"}, 1.0, 1.0), ({"salt for soup"}, 0.0, 0.0)]
)
def test_a_forbidden_paper_undoes_the_answer(
    must_not: set[str], allowed: float, reached: float
) -> None:
    turn = shown("Both [1] [2].", cite(1, BREAD, RISES), cite(2, SOUP, "Soup needs salt."))
    figures = score(asked("which", must_not=frozenset(must_not)), turn, PAGES)
    expected = [1.0, allowed, reached]
    assert some(figures, "cited f1", "no forbidden paper", "ANSWER SCORE") == expected


@pytest.mark.parametrize(
    ("kind", "words", "within"),
    [
        ("fact", 250, 1.0),
        ("fact", 251, 0.0),
        ("title", 251, 0.0),
        ("compare", 500, 1.0),
        ("compare", 501, 0.0),
        ("which", 900, 1.0),
        ("which", 901, 0.0),
    ],
)
def test_too_long_an_answer_is_none(kind: str, words: int, within: float) -> None:
    turn = shown(" ".join(["word"] * words), cite(1, BREAD, RISES))
    figures = score(asked(kind, "rises 3.5 times faster"), turn, PAGES)
    assert some(figures, "within length", "ANSWER SCORE") == [within, within]


def test_too_long_a_refusal_is_none() -> None:
    figures = score(asked("none", grades={}), NOTHING | {"answer": "no " * 251})
    assert some(figures, "abstained", "ANSWER SCORE") == [1.0, 0.0]


@pytest.mark.parametrize(
    ("answer", "resolved"),
    [("No marker.", 1.0), ("One [1].", 1.0), ("Two [1] [2].", 0.0), ("Not one [x] [1a].", 1.0)],
)
def test_markers_name_citations_of_the_answer(answer: str, resolved: float) -> None:
    figures = score(asked("fact"), shown(answer, cite(1, BREAD)))
    assert some(figures, "markers resolve", "citations quoted") == [resolved, 0.0]


@pytest.mark.parametrize(
    ("point", "covered"),
    [
        ("1,024 loaves in 2.5 hours", 1.0),
        ("1024 loaves, 2.5 hours and 3 ovens", 0.0),
        ("10 loaves", 0.0),
        ("the bakers ovens are heating slowly", 1.0),  # 3 of 5: words are told by their beginnings
        ("the bakers ovens stay completely cold", 0.0),  # 2 of 5
        ("of the", 1.0),
    ],
)
def test_a_point_needs_all_its_figures_or_most_of_its_words(point: str, covered: float) -> None:
    turn = shown("Bakers made 1024 loaves within 2.5 hours: slowly the ovens heated.")
    assert score(asked("fact", point), turn)["points covered"] == covered
