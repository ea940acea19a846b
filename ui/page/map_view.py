"""The map of the library: its papers by meaning, in topics, and when they appeared.

Owns what its script may call. The map is made in the background when somebody first opens the view,
and again when papers have changed; until then the view shows the map as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from ui.html.map_html import (
    MAP_TEMPLATE,
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
from ui.page.calls import Answered, Asked, CallError, common_call, number, text
from ui.page.desk import Desk
from ui.page.map_figure import by_year, map_figure, timeline_figure
from ui.page.scripts import script
from vectorstore.mapping.collection_map import CollectionMap, MapPoint
from vectorstore.mapping.map_maker import MapMaker
from vectorstore.mapping.timeline import papers_per_month

if TYPE_CHECKING:
    import gradio as gr

PAGE = 50  # papers of a topic that are listed at once


def map_view(desk: Desk) -> gr.HTML:
    """Return the view, wired."""
    import gradio as gr

    return gr.HTML(
        elem_id="map-view",
        html_template=MAP_TEMPLATE,
        js_on_load=script("map_drawing.js", "map.js"),
        server_functions=[
            common_call(function, shared=desk.shared) for function in map_functions(desk)
        ],
        apply_default_css=False,
    )


def map_functions(desk: Desk) -> tuple[Callable[[Asked], Answered], ...]:
    """Return what the script calls."""
    maker = MapMaker(desk.library)

    def drawn(asked: Asked) -> Answered:
        """Return the map, unless the page has this one, and what is to be said of it."""
        has, state = text(asked, "version"), maker.state()
        note = note_html(state.map, state.step, current=state.is_current)
        answered: Answered = {
            "note": note + waiting_html(desk.library.counts().pending),
            "working": state.step is not None,
            "version": state.map.version if state.map else "",
        }
        if state.map is None or state.map.version == has:
            return answered
        return answered | _parts(state.map)

    def listed(asked: Asked) -> Answered:
        """Return a page of a topic's papers, the newest first."""
        shown, topic, start = maker.state().map, number(asked, "topic"), number(asked, "start", 0)
        if shown is None or shown.version != text(asked, "version"):
            raise CallError("The map has changed", hint="Open the topic again.")
        papers = _newest(shown, topic)
        end = start + PAGE
        return {
            "html": papers_html(papers[start:end]),
            "next": end if end < len(papers) else 0,
        }

    def chosen(asked: Asked) -> Answered:
        return {"html": chosen_html(number(asked, "papers"))}

    return drawn, listed, chosen


def _parts(shown: CollectionMap) -> Answered:
    timeline = papers_per_month(shown)
    years, counts = by_year(timeline)
    return {
        "papers": len(shown.points),
        "about": about_text(shown),
        "topics": topics_html(shown.clusters),
        "table": timeline_html(shown.clusters, timeline, years, counts),
        "map": map_figure(shown) | {"label": figure_text(shown)},
        "timeline": timeline_figure(shown, timeline) | {"label": timeline_text(timeline)},
    }


def _newest(shown: CollectionMap, topic: int) -> list[MapPoint]:
    papers = [point for point in shown.points if point.cluster == topic]
    return sorted(papers, key=lambda point: point.published or date.min, reverse=True)
