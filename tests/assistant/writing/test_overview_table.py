"""The tables that close a summary or a comparison, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from papers import BREAD, SOUP, source

from assistant.answer import BlockKind, Intent, Plan
from assistant.draft import (
    Cite,
    Piece,
    Remark,
    SourcePaper,
    StartBlock,
    StartCell,
    StartRow,
    StartTable,
    Task,
    Text,
)
from assistant.writing.overview_table import compared_sentences, short_name, table_pieces
from vectorstore.records import Paper

OVEN = Paper(
    "oven",
    "A Survey of Ovens that Bake Evenly without Burning Anything",
    "However, most ovens are too hot. In this paper, we propose Even, an oven that turns its trays"
    " while it bakes and keeps the heat below what burns a crust. We show that Even reduces burnt"
    " crusts by 40% over the best of all the other ovens that bakeries have.",
    date(2025, 1, 2),
    author_count=1,
)
WRONG, DOES, RESULT = (sentence.text for sentence in source(OVEN).sentences)


def table(intent: Intent, *sources: SourcePaper) -> list[Piece]:
    return list(table_pieces(Task(Plan("q", intent, "q"), sources)))


def row(*cells: str | tuple[str, str]) -> Iterator[Piece]:
    """Yield a row; a cell is a remark, or a text and the sentence that it is of."""
    yield StartRow()
    for cell in cells:
        yield StartCell()
        if isinstance(cell, str):
            yield Remark(cell)
        else:
            yield from (Text(cell[0]), Cite((cell[1],)))


def test_a_summary_ends_with_a_row_for_each_paper() -> None:
    assert table(Intent.SUMMARY, source(OVEN), source(BREAD)) == [
        StartTable(("Paper", "Year", "What it does", "Headline result")),
        *row(
            "A Survey of Ovens that Bake…",
            "2025",
            ("…Even, an oven that turns its trays while it bakes and keeps the…", "oven-1"),
            ("…reduces burnt crusts by 40% over the best of all the other ovens…", "oven-2"),
        ),
        *row("Levain", "2024", ("…Levain, a starter that rises 3.5 times faster", "bread-1"), "–"),
    ]


def test_a_summary_of_many_papers_has_the_best_eight_in_its_table() -> None:
    sources = [source(Paper(str(number), f"Paper {number}", "")) for number in range(9)]
    pieces = table(Intent.SUMMARY, *sources)
    assert pieces[:2] == [
        StartBlock(BlockKind.PARAGRAPH),
        Remark("The 8 papers that are most on the topic, side by side:"),
    ]
    rows = [at for at, piece in enumerate(pieces) if isinstance(piece, StartRow)]
    assert [pieces[at + 2] for at in rows] == [Remark(f"Paper {number}") for number in range(8)]


def test_a_comparison_ends_with_problem_approach_and_result() -> None:
    assert table(Intent.COMPARE, source(OVEN), source(SOUP)) == [
        StartTable(("", "A Survey of Ovens that Bake…", "Salt for Soup")),
        *row("Published", "2 January 2025 · 1 author", "not known"),
        *row("Problem", (WRONG, "oven-0"), "–"),
        *row("Approach", (DOES, "oven-1"), (SOUP.abstract[17:], "soup-1")),
        *row("Result", (RESULT, "oven-2"), "–"),
    ]


def test_a_row_that_no_paper_fills_is_left_out() -> None:
    pieces = table(Intent.COMPARE, source(BREAD), source(SOUP))
    rows = [at for at, piece in enumerate(pieces) if isinstance(piece, StartRow)]
    assert [pieces[at + 2] for at in rows] == [Remark("Published"), Remark("Approach")]


def test_a_cell_of_a_comparison_is_cut_where_it_would_fill_the_page() -> None:
    long = Paper("long", "Long", "We propose " + ", ".join(["dough"] * 100) + ".")
    pieces = table(Intent.COMPARE, source(long), source(SOUP))
    assert pieces[-6:-3] == [
        StartCell(),
        Text("We propose " + ", ".join(["dough"] * 58) + "…"),
        Cite(("long-0",)),
    ]


@pytest.mark.parametrize("intent", [Intent.SUMMARY, Intent.COMPARE])
@pytest.mark.parametrize("sources", [(), (source(OVEN),)])
def test_one_paper_has_nothing_beside_it(intent: Intent, sources: tuple[SourcePaper, ...]) -> None:
    assert table(intent, *sources) == []


@pytest.mark.parametrize("intent", sorted(set(Intent) - {Intent.SUMMARY, Intent.COMPARE}))
def test_other_answers_have_no_table(intent: Intent) -> None:
    assert table(intent, source(OVEN), source(BREAD)) == []


ROLES: list[tuple[Paper, tuple[int | None, ...]]] = [
    (OVEN, (0, 1, 2)),
    (SOUP, (None, 1, None)),  # all there is of its own work
    (BREAD, (None, 1, None)),
    (Paper("wrong", "W", "However, soup is too hot."), (None, 0, None)),
    (Paper("empty", "E", ""), (None, None, None)),
]


@pytest.mark.parametrize(("paper", "places"), ROLES)
def test_no_sentence_is_two_of_a_papers_problem_approach_and_result(
    paper: Paper, places: tuple[int | None, ...]
) -> None:
    given = source(paper) if paper.abstract else SourcePaper(paper, 0.9, ())
    expected = tuple(None if at is None else given.sentences[at] for at in places)
    assert compared_sentences(given) == expected


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Levain: Bread in a Hurry", "Levain"),
        ("PLeaS -- Merging Models", "PLeaS"),
        ("PLeaS – Merging Models", "PLeaS"),
        ("Low-Rank Soup", "Low-Rank Soup"),
        ("One two three four five six", "One two three four five six"),
        ("One two three four five six seven", "One two three four five six…"),
        ("", ""),
    ],
)
def test_short_names(title: str, name: str) -> None:
    assert short_name(title) == name
