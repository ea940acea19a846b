"""Shows the papers that are most like another one."""

from __future__ import annotations

from collections.abc import Sequence

from ui.html.plain_text import escaped, text_html
from vectorstore.similar import SimilarPaper


def similar_html(found: Sequence[SimilarPaper]) -> str:
    """Return the papers as buttons, each with the sentence that is nearest to the other paper."""
    if not found:
        return '<p class="card-none">There is no other paper to compare it with.</p>'
    return f"<h3>More like this</h3><ul>{''.join(map(_item, found))}</ul>"


def _item(similar: SimilarPaper) -> str:
    paper, nearest = similar.paper, similar.nearest
    sentence = paper.abstract[nearest.start : nearest.end] if nearest else ""
    shown = f"<p>{text_html(sentence)}</p>" if sentence else ""
    return (
        f'<li><button type="button" class="title" data-open-paper="{escaped(paper.id)}">'
        f"{text_html(paper.title)}</button>{shown}</li>"
    )
