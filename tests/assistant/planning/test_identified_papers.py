"""Questions that name papers by identifiers, as plans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from embedders import WordEmbedder

from assistant.answer import Intent, Named
from assistant.planning.identified_papers import identified_papers
from assistant.planning.plan import make_plan
from vectorstore.catalog_readings import store_keys
from vectorstore.embedding import Embedder
from vectorstore.library import Library
from vectorstore.records import Paper

TODAY = date(2026, 11, 21)
BREAD = Paper("bread", "Bread in a Hurry", "Dough rises fast when it is warm. Heat helps.")
SOUP = Paper("soup", "Salt for Soup", "Soup simmers with salt.")


@pytest.fixture
def library(make_library: Callable[[Sequence[Paper], Embedder], Library]) -> Library:
    made = make_library([BREAD, SOUP], WordEmbedder())
    numbers = made.catalog.numbers_of(["bread", "soup"])
    keys = {numbers["bread"]: ["arxiv:2401.01234"], numbers["soup"]: ["doi:10.1000/182"]}
    with made.changing():
        store_keys(made.catalog.file, keys)
    return made


@pytest.mark.parametrize(
    ("question", "read", "ids"),
    [
        ("what does 2401.01234 find?", "what does Bread in a Hurry find?", ["bread"]),
        ("summarise arXiv: 2401.01234v2.", "summarise Bread in a Hurry.", ["bread"]),
        (
            "is https://arxiv.org/abs/2401.01234 (10.1000/182) on soup?",
            "is Bread in a Hurry (Salt for Soup) on soup?",
            ["bread", "soup"],
        ),
        ("DOI:10.1000/182’s salt", "Salt for Soup’s salt", ["soup"]),
        (
            "is 2401.99999 or 3.14159 or 10.1/x here?",
            "is 2401.99999 or 3.14159 or 10.1/x here?",
            [],
        ),
        ("", "", []),
    ],
)
def test_identifiers(library: Library, question: str, read: str, ids: list[str]) -> None:
    found = identified_papers(question, library)
    assert (found.question, [paper.paper_id for paper in found.papers]) == (read, ids)


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("what does 2401.01234 find about heat?", Intent.FACT),
        ("summarise arXiv:2401.01234v2", Intent.TITLE),
    ],
)
def test_plans(library: Library, question: str, intent: Intent) -> None:
    plan = make_plan(question, (), TODAY, library)
    assert (plan.question, plan.intent) == (question, intent)
    assert plan.named == (Named("Bread in a Hurry", ("bread",)),)
    assert "Bread in a Hurry" in plan.topic


def test_papers_like_one(library: Library) -> None:
    plan = make_plan("papers like arXiv:2401.01234", (), TODAY, library)
    assert (plan.intent, plan.topic, plan.excluded) == (Intent.LIST, BREAD.title, ("bread",))
