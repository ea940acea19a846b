"""The figures that plotly.js draws: where things are, and titles that stay text."""

from __future__ import annotations

import json
from dataclasses import replace

from dishes import BREAD, DISHES_MAP
from hypothesis import given
from hypothesis import strategies as st

from ui.page.map_figure import BAR_MS, HOVER_LETTERS, by_year, map_figure, timeline_figure
from vectorstore.mapping.collection_map import CollectionMap, MapCluster
from vectorstore.mapping.timeline import Timeline, papers_per_month

TIMELINE = papers_per_month(DISHES_MAP)


def test_a_trace_for_each_topic() -> None:
    assert map_figure(DISHES_MAP) == {
        "traces": [
            {
                "type": "scatter",
                "mode": "markers",
                "meta": 0,
                "x": [-1.0, -0.5],
                "y": [0.5, 0.25],
                "customdata": ["bread", "old"],
                "text": ["Rye Bread<br>2024-05-17", "Old Bread<br>2023-11-02"],
                "hovertemplate": "%{text}<extra></extra>",
                "marker": {"symbol": "circle"},
            },
            {
                "type": "scatter",
                "mode": "markers",
                "meta": 1,
                "x": [1.0],
                "y": [-0.5],
                "customdata": ["pie"],
                "text": [
                    '&lt;b&gt;Bold&lt;/b&gt; &lt;a<br>href="javascript:alert(1)"&gt;pie&lt;/a&gt;'
                    " &amp;lt;i&amp;gt;<br>%{x} ${x} {{y}} $x^2$"
                ],
                "hovertemplate": "%{text}<extra></extra>",
                "marker": {"symbol": "circle"},
            },
        ],
        "names": [
            {"x": -0.75, "y": 0.375, "text": "Rye bread, crusts"},
            {"x": 1.0, "y": -0.5, "text": "Apple pie"},
        ],
    }


def test_bars_for_each_topic() -> None:
    hover = "%{x|%b %Y}: %{y}<br>%{fullData.name}<extra></extra>"
    months = ["2023-11-01", "2024-05-01"]
    bar = {"type": "bar", "width": BAR_MS, "x": months, "hovertemplate": hover}
    plain = {"pattern": {"shape": ""}}
    assert timeline_figure(DISHES_MAP, TIMELINE) == {
        "traces": [
            bar
            | {
                "y": [1, 1],
                "meta": 0,
                "marker": plain,
                "name": "Rye bread, crusts",
            },
            bar
            | {
                "y": [0, 0],
                "meta": 1,
                "marker": plain,
                "name": "Apple pie",
            },
        ]
    }
    assert timeline_figure(DISHES_MAP, Timeline((), ((), ()), (2, 1))) == {"traces": []}


def test_topics_beyond_the_seventh_have_another_mark() -> None:
    shown = CollectionMap("v", (), tuple(MapCluster("x", at, 0.0, 0) for at in range(8)))
    traces = map_figure(shown)["traces"]
    assert isinstance(traces, list)
    assert [(trace["meta"], trace["marker"]["symbol"]) for trace in traces[6:]] == [
        (6, "circle"),
        (0, "diamond"),
    ]


def test_papers_by_year() -> None:
    assert by_year(TIMELINE) == ((2023, 2024), ((1, 1), (0, 0)))
    assert by_year(Timeline((), ((), ()), (2, 1))) == ((), ((), ()))


@given(st.text(max_size=400))
def test_no_title_is_markup(title: str) -> None:
    [trace, _] = map_figure(replace(DISHES_MAP, points=(replace(BREAD, title=title),)))["traces"]
    [text] = trace["text"]
    lines = text.split("<br>")
    assert all("<" not in line and ">" not in line for line in lines)
    assert len(lines) <= 6
    longest = HOVER_LETTERS * len("&amp;")
    assert all(len(line) <= longest for line in lines)
    json.dumps(trace).encode("utf-8")
