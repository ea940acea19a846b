"""The map's view but for its figures: what stands around them, the list of topics, the table.

Owns the HTML as pure functions; the view's script puts it in place. All that can be done with the
figures by mouse can be done with the list by keyboard. Invariant: a title shows as the text it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from ui.html.library_html import plural
from ui.html.map_marks import TopicMark, topic_marks
from ui.html.plain_text import escaped, text_html
from vectorstore.mapping.collection_map import CollectionMap, MapCluster, MapPoint, MapStep
from vectorstore.mapping.timeline import Timeline

FEW_PAPERS = 5  # with fewer, where they lie says nothing

_STEPS = {
    MapStep.PLACING: "Placing the papers by meaning …",
    MapStep.DIVIDING: "Looking for topics …",
    MapStep.NAMING: "Naming the topics …",
}
_DRAGGING = (
    ("lasso", "Lasso", "Drag around papers to choose them"),
    ("select", "Box", "Drag a box over papers to choose them"),
    ("pan", "Move", "Drag the map"),
)
_ZOOMING = (
    ("closer", "+", "Closer"),
    ("farther", "−", "Farther"),
    ("whole", "Whole map", "Show the whole map"),
)

NONE_CHOSEN = (
    '<p class="map-hint by-mouse">Drag around papers to choose them; click one to open it.</p>'
    '<p class="map-hint by-touch">Tap a paper to open it. Press Lasso or Box, and drag, to choose'
    " several.</p>"
)


def _button(does: str, label: str, about: str, more: str = "") -> str:
    # What can be seen of a name comes first in it, for people who speak to their computer.
    return (
        f'<button type="button" class="button quiet" data-does="{does}" title="{about}"'
        f' aria-label="{label}: {about}"{more}>{label}</button>'
    )


MAP_TEMPLATE = f"""
<section class="map" aria-labelledby="map-title">
<h2 id="map-title">Map of the library</h2>
<p class="map-about"></p>
<div class="map-note" role="status"></div>
<div class="map-whole" hidden>
<div class="map-middle">
<div class="map-tools" role="group" aria-label="The map">
{
    "".join(
        _button("drag", label, about, f' data-drag="{drag}" aria-pressed="false"')
        for drag, label, about in _DRAGGING
    )
}
<span class="map-gap"></span>
{"".join(_button(does, label, about) for does, label, about in _ZOOMING)}
</div>
<div class="map-figure" role="img" tabindex="-1"><div class="map-plot"></div></div>
<div class="map-chosen" role="status">{NONE_CHOSEN}</div>
<p class="map-cited" hidden>Rings: the papers of the current answer.</p>
<div class="map-time">
<h3>Papers by month</h3>
<div class="timeline-figure" role="img"><div class="timeline-plot"></div></div>
<div class="map-table"></div>
</div>
</div>
<div class="map-side">
<h3>Topics</h3>
<div class="map-topics"></div>
</div>
</div>
</section>
"""

NO_PAPERS = (
    "<p>The map shows the papers of the library by meaning. There are none yet.</p>"
    '<button type="button" class="button primary" data-show="library">Add papers</button>'
)


def about_text(shown: CollectionMap) -> str:
    """Return what the map is, in a sentence or two."""
    topics = len(shown.clusters)
    return (
        f"{plural(len(shown.points))} in {topics} topic{'' if topics == 1 else 's'}: those that are"
        " near to each other are about similar things. Topics are found and named by the words of"
        " their papers."
    )


def figure_text(shown: CollectionMap) -> str:
    """Return the map in words, for who cannot see it."""
    largest = ", ".join(f"{of.name} ({of.size})" for of in shown.clusters[:5])
    return f"Map of {plural(len(shown.points))}. Largest topics: {largest}. All are in the list."


def timeline_text(timeline: Timeline) -> str:
    """Return the timeline in words, for who cannot see it."""
    if not timeline.months:
        return ""
    first, last = timeline.months[0], timeline.months[-1]
    dated = sum(map(sum, timeline.counts))
    return (
        f"{plural(dated)} by month and topic, {first.isoformat()[:7]} to {last.isoformat()[:7]}."
        " The table below has the numbers by year."
    )


def note_html(shown: CollectionMap | None, step: MapStep | None, *, current: bool) -> str:
    """Return what is to be said of the map as it is: being made, not made, or of no use."""
    if step is not None:
        later = "" if shown is None else " Papers have changed; this is the map before that."
        return f'<p class="map-working">{_STEPS[step]}{later}</p>'
    if shown is None or not current:
        return (
            '<p class="map-failed">The map could not be made; the log says why. It is tried again'
            " when papers are added or removed.</p>"
        )
    if not shown.points:
        return NO_PAPERS
    if len(shown.points) < FEW_PAPERS:
        return "<p>With so few papers, where they lie says nothing yet.</p>"
    return ""


def waiting_html(papers: int) -> str:
    """Return what is said of papers that are not on the map yet."""
    if not papers:
        return ""
    wait, come = ("waits", "it comes") if papers == 1 else ("wait", "they come")
    return f"<p>{plural(papers)} {wait} to be indexed; then {come} onto the map.</p>"


def topics_html(clusters: Sequence[MapCluster]) -> str:
    """Return the topics as buttons, each with what it unfolds."""
    marked = zip(clusters, topic_marks(clusters), strict=True)
    items = "".join(_topic(number, *topic) for number, topic in enumerate(marked))
    return f'<ul class="map-list">{items}</ul>'


def _topic(number: int, cluster: MapCluster, mark: TopicMark) -> str:
    return (
        f'<li class="map-topic" data-topic="{number}">'
        '<button type="button" class="map-name" data-does="focus" aria-expanded="false">'
        f'<span class="map-mark map-hue-{mark.hue}{" second" if mark.is_second else ""}"'
        ' aria-hidden="true"></span>'
        f"{text_html(cluster.name)} "
        f'<span class="map-size"><span class="unseen">, </span>{cluster.size:,}'
        f'<span class="unseen"> paper{"" if cluster.size == 1 else "s"}</span></span></button>'
        '<div class="map-part" hidden><div class="map-actions">'
        '<button type="button" class="button" data-does="summarise">Summarise this topic</button>'
        '<button type="button" class="button" data-does="ask">Ask about it</button></div>'
        '<ul class="map-papers"></ul>'
        '<button type="button" class="button quiet" data-does="further" hidden>Show more</button>'
        "</div></li>"
    )


def papers_html(points: Sequence[MapPoint]) -> str:
    """Return papers as items of a list, each a button that opens it."""
    return "".join(
        f'<li><button type="button" class="title" data-open-paper="{escaped(point.paper_id)}">'
        f"{text_html(point.title)}</button>"
        + (
            f' <span class="map-date">{point.published:%b} {point.published.year}</span>'
            if point.published
            else ""
        )
        + "</li>"
        for point in points
    )


def chosen_html(papers: int) -> str:
    """Return what can be done with the papers that were chosen on the map."""
    if not papers:
        return NONE_CHOSEN
    these = f"these {plural(papers)}" if papers > 1 else "this paper"
    return (
        f'<button type="button" class="button primary" data-does="summarise">Summarise {these}'
        '</button><button type="button" class="button" data-does="ask">Ask about'
        f" {'these' if papers > 1 else 'it'}</button>"
        '<button type="button" class="button quiet" data-does="clear">Clear</button>'
    )


def timeline_html(
    clusters: Sequence[MapCluster],
    timeline: Timeline,
    years: Sequence[int],
    counts: Sequence[Sequence[int]],
) -> str:
    """Return what the timeline leaves out, and its numbers as a table that unfolds."""
    undated = sum(timeline.undated)
    if not years:
        return "<p>No paper has a date.</p>"
    left_out = f"<p>{plural(undated)} without a date: not in the bars.</p>" if undated else ""
    head = "".join(f'<th scope="col">{year}</th>' for year in years)
    rows = "".join(
        f'<tr><th scope="row">{text_html(cluster.name)}</th>'
        + "".join(f"<td>{papers or '–'}</td>" for papers in (*row, without))
        + "</tr>"
        for cluster, row, without in zip(clusters, counts, timeline.undated, strict=True)
    )
    return (
        f"{left_out}<details><summary>As a table</summary>"
        '<div class="map-scroll" role="region" aria-label="Papers by year" tabindex="0">'
        f'<table><thead><tr><th scope="col">Topic</th>{head}<th scope="col">No date</th></tr>'
        f"</thead><tbody>{rows}</tbody></table></div></details>"
    )
