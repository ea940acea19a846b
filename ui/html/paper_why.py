"""Shows on a paper's card why the paper is there: its relevance, and what its score is made of.

Owns the HTML of the fold below the abstract. Words are those of the question, escaped as such.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.explaining.score_shares import PART_NAMES, SCORED, Part, score_of, split_words
from ui.html.plain_text import text_html
from vectorstore.records import Hit, WordMatch


def why_html(hit: Hit) -> str:
    """Return the fold: what the paper answers of the question, and each part of its score."""
    answered, unanswered = split_words(hit.words)
    return (
        '<details class="card-why"><summary>Why this paper</summary>'
        f"<p>Relevance {hit.relevance:.2f}</p>"
        f"{_words('Words it answers', answered)}{_words('Words it does not', unanswered)}"
        f"<dl>{''.join(_part(part, hit) for part in SCORED)}</dl>"
        "</details>"
    )


def _words(label: str, words: Sequence[WordMatch]) -> str:
    if not words:
        return ""
    named = ", ".join(text_html(word.word) for word in words)
    return f"<p>{label}: {named}</p>"


def _part(part: Part, hit: Hit) -> str:
    score = f"{score_of(part, hit.parts):.2f}"
    name = PART_NAMES[part]
    return (
        f"<dt>{name}</dt>"
        f'<dd><meter min="0" max="1" value="{score}" aria-label="{name}"></meter> {score}</dd>'
    )
