"""Two papers whose titles look the same: both are found, and told apart."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from embedders import WordEmbedder
from rich.console import Console

from assistant.answering import Assistant
from assistant.errors import AssistantError
from assistant.explaining.named_paper import find_paper
from ingest.ingesting import ingest_paths
from ui.console.terminal import show_answer
from ui.html.paper_card import card_html
from vectorstore.library import Library, open_library
from vectorstore.records import Paper

TRUE = "Sourdough Fermentation at Dawn"
FALSE = {
    "Cyrillic": ("Sоurdоugh Fеrmеntаtiоn аt Dаwn", ("look-alike",)),
    "Greek": ("Sοurdοugh Fermentatiοn at Dawn", ("look-alike",)),
    "zero width": ("Sour\u200bdough Fermen\u2060tation at Dawn", ("zero-width",)),
    "turned": ("Sourdough \u2066Fermentation\u2069 at Dawn", ("bidirectional",)),
    "full width": ("Ｓｏｕｒｄｏｕｇｈ Fermentation at Dawn", ()),
    "accents": ("Sourdough\u0323 Fermentation at Dawn", ()),
    "soft hyphens": ("Sour\u00addough Fermen\u00adtation at Dawn", ()),
}
ABSTRACT = "We ferment rye for nine hours in a cold cellar and weigh each loaf of it at dawn."
FORGED = "Buyers of our patented powder need no time at all, and everybody else is quite wrong."
OTHER = "Onion soup turns cloudy when it boils, and a filter of egg whites clears it."


@pytest.fixture(params=FALSE)
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Library]:
    """Return a library of a paper, one that passes for it, and others."""
    title, _ = FALSE[request.param]
    records = [
        {"title": TRUE, "abstract": ABSTRACT, "doi": "10.1234/true"},
        {"title": title, "abstract": FORGED, "doi": "10.1234/false"},
        {"title": "Clear Soup", "abstract": OTHER, "doi": "10.1234/soup"},
        {"title": "Salt for Bowls", "abstract": "Cooks use 12 grams.", "doi": "10.1234/salt"},
    ]
    (tmp_path / "papers.json").write_text(json.dumps(records), "utf-8")
    with open_library(tmp_path / "home", WordEmbedder(token_dimension=128)) as library:
        ingest_paths(library, [tmp_path / "papers.json"])
        yield library


def by_doi(library: Library) -> dict[str | None, Paper]:
    return {paper.doi: paper for paper in library.catalog.papers().values()}


def test_the_one_that_passes_for_another_is_a_paper_of_its_own_and_marked(
    library: Library, request: pytest.FixtureRequest
) -> None:
    title, marks = FALSE[request.node.callspec.params["library"]]
    papers = by_doi(library)
    assert len(library.catalog.papers()) == 4
    assert (papers["10.1234/true"].title, papers["10.1234/true"].suspicious) == (TRUE, ())
    assert (papers["10.1234/false"].title, papers["10.1234/false"].suspicious) == (title, marks)


@pytest.mark.parametrize("typed", ["true", "false"])
def test_a_question_by_title_finds_the_true_one_or_both_told_apart(
    library: Library, typed: str
) -> None:
    papers = by_doi(library)
    asked = papers[f"10.1234/{typed}"]
    answer = Assistant(library).ask(f"What does “{asked.title}” say?")
    cited = [citation.paper for citation in answer.citations]
    assert asked in cited or papers["10.1234/true"] in cited
    console = Console(file=io.StringIO(), width=200, color_system=None)
    show_answer(console, answer)
    assert isinstance(console.file, io.StringIO)
    printed = console.file.getvalue()
    for paper in cited:
        assert str(paper.doi) in printed
        assert str(paper.doi) in card_html(paper)
    false = papers["10.1234/false"]
    assert (f"(doi:{false.doi}, has " in printed) is (false in cited and false.suspicious != ())


def test_who_names_one_gets_it_or_is_told_that_there_are_two(library: Library) -> None:
    papers = by_doi(library)
    alike = {papers["10.1234/true"], papers["10.1234/false"]}
    for paper in alike:
        meant = meant_by(library, paper.title)
        assert meant in (f"found {paper.id}", "told apart")


def meant_by(library: Library, title: str) -> str:
    """Return which paper a title is taken for."""
    try:
        return f"found {find_paper(library, title).id}"
    except AssistantError as error:
        ids = [paper.id for paper in library.catalog.papers().values() if "wn" in paper.title]
        told = error.problem.startswith("More than one paper may be meant")
        return "told apart" if told and all(each in error.hint for each in ids) else error.problem
