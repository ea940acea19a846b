"""The map and its timeline as figures for plotly.js: where things are and what they say.

Colours, fonts and sizes are the script's, since they follow the theme and the window. Invariant: no
text of a paper is read as markup, which plotly.js has in its texts too.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence

from ui.html.map_marks import TopicMark, topic_marks
from ui.html.plain_text import readable
from vectorstore.mapping.collection_map import CollectionMap, MapPoint
from vectorstore.mapping.timeline import Timeline

SYMBOLS = ("circle", "diamond")
PATTERNS = ("", "/")  # of bars, for the same topics
BAR_MS = 26 * 24 * 3_600_000  # most of a month, however far it is to the next one with papers
HOVER_LETTERS = 48
HOVER_LINES = 5

Figure = dict[str, object]


def map_figure(shown: CollectionMap) -> Figure:
    """Return a trace for each topic, with the ids of its papers, and the topics' names in place."""
    members: list[list[MapPoint]] = [[] for _ in shown.clusters]
    for point in shown.points:
        members[point.cluster].append(point)
    return {
        "traces": list(map(_papers, topic_marks(shown.clusters), members)),
        "names": [
            {"x": cluster.x, "y": cluster.y, "text": _shown(cluster.name)}
            for cluster in shown.clusters
        ],
    }


def timeline_figure(shown: CollectionMap, timeline: Timeline) -> Figure:
    """Return a trace of bars for each topic; no traces where no paper has a date."""
    if not timeline.months:
        return {"traces": []}
    months = [month.isoformat() for month in timeline.months]
    return {
        "traces": [
            {
                "type": "bar",
                "width": BAR_MS,
                "x": months,
                "y": list(counts),
                "meta": mark.hue,
                "marker": {"pattern": {"shape": PATTERNS[mark.is_second]}},
                "name": _shown(cluster.name),
                "hovertemplate": "%{x|%b %Y}: %{y}<br>%{fullData.name}<extra></extra>",
            }
            for cluster, mark, counts in zip(
                shown.clusters, topic_marks(shown.clusters), timeline.counts, strict=True
            )
        ]
    }


def by_year(timeline: Timeline) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    """Return the years with papers, and for each topic how many papers it has in each of them."""
    totals = [_in_years(timeline, counts) for counts in timeline.counts]
    years = tuple(sorted({year for total in totals for year, papers in total.items() if papers}))
    return years, tuple(tuple(total[year] for year in years) for total in totals)


def _in_years(timeline: Timeline, counts: Sequence[int]) -> Counter[int]:
    total = Counter[int]()
    for month, papers in zip(timeline.months, counts, strict=True):
        total[month.year] += papers
    return total


def _papers(mark: TopicMark, points: Sequence[MapPoint]) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "meta": mark.hue,
        "x": [point.x for point in points],
        "y": [point.y for point in points],
        "customdata": [point.paper_id for point in points],
        "text": [_hover(point) for point in points],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"symbol": SYMBOLS[mark.is_second]},
    }


def _hover(point: MapPoint) -> str:
    """Return the title in lines, and the date below."""
    lines = textwrap.wrap(
        readable(point.title), HOVER_LETTERS, max_lines=HOVER_LINES, placeholder=" …"
    )
    lines += [point.published.isoformat()] if point.published else []
    return "<br>".join(map(_shown, lines))


def _shown(text: str) -> str:
    """Return `text` so that plotly.js, which reads tags and entities, shows it as it is."""
    return readable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
