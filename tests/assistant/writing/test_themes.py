"""How the papers of a long answer are grouped, and under which headings."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.draft import Theme
from assistant.writing.themes import group_papers
from vectorstore.records import Paper
from vectorstore.stemming import stem
from vectorstore.vocabulary import Vocabulary

KITCHEN = (
    Paper("1", "Sourdough Starters in Cold Kitchens", "A starter rises slowly."),
    Paper("2", "Fast Ovens for Bread", "Convection ovens bake bread evenly."),
    Paper("3", "Feeding Sourdough Starters", "Flour and water."),
    Paper("4", "Salt for Soup", "Soup needs salt."),
    Paper("5", "Baking with Convection Ovens", "Hot air moves."),
)


def vocabulary(*papers: Paper) -> Vocabulary:
    """Return the words of these papers, among twenty that have none of them."""
    stems: Counter[str] = Counter()
    for paper in papers:
        stems.update({stem(word.strip(".")) for word in f"{paper.title} {paper.abstract}".split()})
    return Vocabulary(len(papers) + 20, stems, {})


def test_papers_are_grouped_by_the_phrases_they_share_in_the_order_of_their_best() -> None:
    assert group_papers(vocabulary(*KITCHEN), KITCHEN, "bread") == (
        Theme("Sourdough Starters", ("1", "3")),
        Theme("Convection Ovens", ("2", "5")),
        Theme("", ("4",)),
    )


def test_words_of_the_topic_make_no_heading() -> None:
    themes = group_papers(vocabulary(*KITCHEN), KITCHEN, "sourdough starters")
    assert [theme.label for theme in themes] == ["Convection Ovens", ""]
    assert themes[-1].paper_ids == ("1", "3", "4")


def test_what_most_papers_have_makes_no_heading() -> None:
    papers = tuple(
        Paper(str(at), f"Ovens {name}", "Ovens.")
        for at, name in enumerate(("of A", "of B", "of C"))
    )
    assert group_papers(vocabulary(*papers), papers, "heat") == (Theme("", ("0", "1", "2")),)


def test_general_words_and_adverbs_make_no_heading() -> None:
    papers = (Paper("1", "A Novel Method", "."), Paper("2", "Another Method, Quickly", "Quickly."))
    assert group_papers(vocabulary(*papers), papers, "x") == (Theme("", ("1", "2")),)


@pytest.mark.parametrize("papers", [(), KITCHEN[:1]])
def test_few_papers(papers: tuple[Paper, ...]) -> None:
    expected = (Theme("", ("1",)),) if papers else ()
    assert group_papers(vocabulary(*papers), papers, "bread") == expected


@given(st.lists(st.text(max_size=60), max_size=8), st.text(max_size=30))
def test_every_paper_is_in_one_group(titles: list[str], topic: str) -> None:
    papers = tuple(Paper(str(at), title, title) for at, title in enumerate(titles))
    themes = group_papers(vocabulary(*papers), papers, topic)
    grouped = [paper_id for theme in themes for paper_id in theme.paper_ids]
    assert sorted(grouped) == sorted(paper.id for paper in papers)
