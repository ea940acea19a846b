"""Follow-ups that leave papers out of a list, on the shipped pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from papers import hit
from turns import turn

from assistant.answer import Answer, Citation, Intent, Plan, Quote, Turn
from assistant.planning.exclusions import leaving_out
from vectorstore.filters import Filters
from vectorstore.library import Library
from vectorstore.records import Span

TODAY = date(2026, 11, 21)
NAMES = ("DistServe", "Nexus", "Llumnix", "A Deep Neural Network for SSVEP", "GPTQ")
SERVING = "papers on serving"


@pytest.fixture(scope="module")
def listed(shipped_library: Library) -> Turn:
    """Return a turn that lists the papers whose titles begin with `NAMES`."""
    papers = shipped_library.catalog.papers().values()
    [*found] = [next(paper for paper in papers if paper.title.startswith(name)) for name in NAMES]
    citations = tuple(
        Citation(number, paper, (Quote(Span(0, 5), paper.abstract[:5]),))
        for number, paper in enumerate(found, 1)
    )
    empty = turn("", Plan(SERVING, Intent.LIST, SERVING))
    ranking = tuple(hit(paper, 0.5) for paper in found)
    return Turn(SERVING, replace(empty.answer, citations=citations, ranking=ranking))


def names_left(answer: Answer, plan: Plan) -> list[str]:
    titles = {citation.paper.id: citation.paper.title for citation in answer.citations}
    left = [titles[paper_id] for paper_id in plan.scope]
    return [name for name in NAMES if any(title.startswith(name) for title in left)]


def test_borderline_papers_were_not_on_the_list(shipped_library: Library, listed: Turn) -> None:
    *cited, borderline = listed.answer.citations
    answer = replace(
        listed.answer, citations=tuple(cited), borderline=(hit(borderline.paper, 0.2),)
    )
    plan = leaving_out("drop Nexus", (Turn(SERVING, answer),), TODAY, shipped_library)
    assert plan is not None
    assert names_left(listed.answer, plan) == ["DistServe", "Llumnix", NAMES[3]]


@pytest.mark.parametrize(
    ("question", "out"),
    [
        ("except the first one", {"DistServe"}),
        ("all but the last two", {"A Deep Neural Network for SSVEP", "GPTQ"}),
        ("without numbers 1 and 2", {"DistServe", "Nexus"}),
        ("remove #3", {"Llumnix"}),
        ("not the ones about brain-computer interfaces", {"A Deep Neural Network for SSVEP"}),
        ("excluding those before 2023", {"A Deep Neural Network for SSVEP", "GPTQ"}),
        ("drop Nexus", {"Nexus"}),
        ("not the ones about porcelain", set()),
    ],
)
def test_what_is_left(shipped_library: Library, listed: Turn, question: str, out: set[str]) -> None:
    plan = leaving_out(question, (listed,), TODAY, shipped_library)
    assert plan is not None
    assert names_left(listed.answer, plan) == [name for name in NAMES if name not in out]
    assert plan == Plan(
        question,
        Intent.LIST,
        SERVING,
        f"{question} (on: {SERVING})",
        SERVING,
        Filters(scope=plan.scope),
    )


@pytest.mark.parametrize(
    "question", ["without labels", "not bad", "drop rates in networks", "and on CPU?", ""]
)
def test_what_leaves_nothing_out(shipped_library: Library, listed: Turn, question: str) -> None:
    assert leaving_out(question, (listed,), TODAY, shipped_library) is None


def test_a_list_is_never_emptied(shipped_library: Library) -> None:
    assert leaving_out("except the first two", (turn("ab"),), TODAY, shipped_library) is None
    assert leaving_out("except the first one", (), TODAY, shipped_library) is None


def test_a_comparison_stays_one(shipped_library: Library, listed: Turn) -> None:
    compared = replace(listed.answer, plan=Plan("compare", Intent.COMPARE, "compare"))
    plan = leaving_out("drop Nexus", (Turn("compare", compared),), TODAY, shipped_library)
    assert plan is not None
    assert plan.intent is Intent.COMPARE
