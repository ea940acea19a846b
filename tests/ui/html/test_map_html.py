"""What stands around the map's figures: words for them, the topics, the table."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dishes import BREAD, DISHES_MAP, PIE

from ui.html.map_html import (
    MAP_TEMPLATE,
    NO_PAPERS,
    about_text,
    chosen_html,
    figure_text,
    note_html,
    papers_html,
    timeline_html,
    timeline_text,
    topics_html,
    waiting_html,
)
from vectorstore.mapping.collection_map import CollectionMap, MapStep
from vectorstore.mapping.timeline import Timeline, papers_per_month

TIMELINE = papers_per_month(DISHES_MAP)
FULL = replace(DISHES_MAP, points=DISHES_MAP.points * 2)
FAILED = (
    '<p class="map-failed">The map could not be made; the log says why. It is tried again when'
    " papers are added or removed.</p>"
)


def test_the_template_is_left_alone_by_gradio() -> None:
    assert "${" not in MAP_TEMPLATE
    assert "{{" not in MAP_TEMPLATE


@pytest.mark.parametrize(
    ("shown", "step", "current", "note"),
    [
        (None, MapStep.PLACING, False, "Placing the papers by meaning …"),
        (None, MapStep.DIVIDING, False, "Looking for topics …"),
        (
            FULL,
            MapStep.NAMING,
            False,
            "Naming the topics … Papers have changed; this is the map before that.",
        ),
    ],
)
def test_what_is_said_while_it_is_made(
    shown: CollectionMap | None, step: MapStep, current: bool, note: str
) -> None:
    assert note_html(shown, step, current=current) == f'<p class="map-working">{note}</p>'


@pytest.mark.parametrize(
    ("shown", "current", "note"),
    [
        (None, False, FAILED),
        (FULL, False, FAILED),
        (CollectionMap("v", (), ()), True, NO_PAPERS),
        (DISHES_MAP, True, "<p>With so few papers, where they lie says nothing yet.</p>"),
        (FULL, True, ""),
    ],
)
def test_what_is_said_of_it_then(shown: CollectionMap | None, current: bool, note: str) -> None:
    assert note_html(shown, None, current=current) == note


@pytest.mark.parametrize(
    ("papers", "said"),
    [
        (0, ""),
        (1, "<p>1 paper waits to be indexed; then it comes onto the map.</p>"),
        (1200, "<p>1,200 papers wait to be indexed; then they come onto the map.</p>"),
    ],
)
def test_papers_that_wait(papers: int, said: str) -> None:
    assert waiting_html(papers) == said


def test_the_figures_in_words() -> None:
    assert about_text(DISHES_MAP) == (
        "3 papers in 2 topics: those that are near to each other are about similar things. Topics"
        " are found and named by the words of their papers."
    )
    assert figure_text(DISHES_MAP) == (
        "Map of 3 papers. Largest topics: Rye bread, crusts (2), Apple pie (1). All are in the"
        " list."
    )
    assert timeline_text(TIMELINE) == (
        "2 papers by month and topic, 2023-11 to 2024-05. The table below has the numbers by year."
    )
    assert timeline_text(Timeline((), ((),), (1,))) == ""


def test_topics_are_buttons_that_unfold() -> None:
    [bread, pie] = topics_html(DISHES_MAP.clusters).split("<li ")[1:]
    assert topics_html(()) == '<ul class="map-list"></ul>'
    assert bread == (
        'class="map-topic" data-topic="0"><button type="button" class="map-name" data-does="focus"'
        ' aria-expanded="false"><span class="map-mark map-hue-0" aria-hidden="true"></span>'
        '<bdi>Rye bread, crusts</bdi> <span class="map-size"><span class="unseen">, </span>2'
        '<span class="unseen"> papers</span></span></button>'
        '<div class="map-part" hidden><div class="map-actions">'
        '<button type="button" class="button" data-does="summarise">Summarise this topic</button>'
        '<button type="button" class="button" data-does="ask">Ask about it</button></div>'
        '<ul class="map-papers"></ul>'
        '<button type="button" class="button quiet" data-does="further" hidden>Show more</button>'
        "</div></li>"
    )
    assert 'data-topic="1"' in pie
    assert '1<span class="unseen"> paper</span>' in pie


def test_papers_are_buttons_and_their_titles_text() -> None:
    assert papers_html([BREAD, PIE]) == (
        '<li><button type="button" class="title" data-open-paper="bread"><bdi>Rye Bread</bdi>'
        '</button> <span class="map-date">May 2024</span></li>'
        '<li><button type="button" class="title" data-open-paper="pie"><bdi>&lt;b&gt;Bold&lt;/b&gt;'
        " &lt;a href=&quot;javascript:alert(1)&quot;&gt;pie&lt;/a&gt; &amp;lt;i&amp;gt; %{x} ${x}"
        " {{y}} $x^2$</bdi></button></li>"
    )


@pytest.mark.parametrize(
    ("papers", "labels"),
    [
        (1, ["Summarise this paper", "Ask about it", "Clear"]),
        (23, ["Summarise these 23 papers", "Ask about these", "Clear"]),
    ],
)
def test_what_can_be_done_with_chosen_papers(papers: int, labels: list[str]) -> None:
    buttons = chosen_html(papers).split("</button>")[:-1]
    assert [button.rpartition(">")[2] for button in buttons] == labels


def test_the_numbers_of_the_timeline_as_a_table() -> None:
    html = timeline_html(DISHES_MAP.clusters, TIMELINE, (2023, 2024), ((1, 1), (0, 0)))
    assert html == (
        "<p>1 paper without a date: not in the bars.</p><details><summary>As a table</summary>"
        '<div class="map-scroll" role="region" aria-label="Papers by year" tabindex="0"><table>'
        '<thead><tr><th scope="col">Topic</th><th scope="col">2023</th><th scope="col">2024</th>'
        '<th scope="col">No date</th></tr></thead><tbody>'
        '<tr><th scope="row"><bdi>Rye bread, crusts</bdi></th><td>1</td><td>1</td><td>–</td></tr>'
        '<tr><th scope="row"><bdi>Apple pie</bdi></th><td>–</td><td>–</td><td>1</td></tr>'
        "</tbody></table></div></details>"
    )
    assert timeline_html(DISHES_MAP.clusters, TIMELINE, (), ((), ())) == (
        "<p>No paper has a date.</p>"
    )
