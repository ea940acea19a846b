"""Shows one exchange: question, how it was understood, answer, and what can be done with it.

Owns the HTML of the transcript's parts, as pure functions; the page's script puts them in place.
"""

from __future__ import annotations

from collections.abc import Sequence

from ui.html.answer_html import answer_html
from ui.html.plain_text import text_html
from ui.html.plan_html import plan_html
from ui.html.suggestions_html import suggestions_html
from ui.page.conversation import Exchange, Progress

# What an answer is kept as: the name of the format, and what the button says.
KEPT_AS = ((".md", "Markdown"), (".bib", "BibTeX"), (".ris", "RIS"), (".csv", "CSV"))


def exchange_html(exchange: Exchange, following: Sequence[str] = ()) -> str:
    """Return one question and its answer so far; `following` are questions to ask next.

    While it grows it is marked busy, so that a screen reader waits until the answer stands.
    """
    running = exchange.progress is Progress.RUNNING
    answer = answer_html(exchange.answer) if exchange.answer else ""
    ended = "" if running else f"{_actions(exchange)}{_following(following)}"
    return (
        f'<article class="exchange" aria-busy="{"true" if running else "false"}">'
        f'<h2 class="question" tabindex="-1">{text_html(exchange.question)}</h2>'
        f"{plan_html(exchange)}"
        f'<div class="answer">{answer}{_ending(exchange)}</div>'
        f"{ended}"
        "</article>"
    )


def _ending(exchange: Exchange) -> str:
    if exchange.progress is Progress.RUNNING:
        doing = "Writing" if exchange.answer else "Searching the abstracts"
        return f'<p class="working">{doing}…</p>'
    if exchange.progress is Progress.STOPPED:
        return '<p class="stopped">Stopped.</p>'
    if exchange.progress is Progress.FAILED:
        hint = f"<p>{text_html(exchange.hint)}</p>" if exchange.hint else ""
        return f'<div class="failure" role="alert"><p>{text_html(exchange.problem)}</p>{hint}</div>'
    return ""


def _actions(exchange: Exchange) -> str:
    """Return the row of buttons below an answer; where there is none, it can be asked again."""
    kept = ""
    if exchange.answer is not None:
        formats = "".join(
            f'<button type="button" class="button quiet" data-keep="{suffix}">{name}</button>'
            for suffix, name in KEPT_AS
        )
        kept = (
            '<button type="button" class="button quiet" data-does="copy">Copy</button>'
            '<details class="menu"><summary class="button quiet">Export</summary>'
            f'<div class="menu-items">{formats}</div></details>'
        )
    return (
        '<div class="actions" role="group" aria-label="This answer">'
        f"{kept}"
        '<button type="button" class="button quiet" data-does="edit">Edit question</button>'
        '<button type="button" class="button quiet last-only" data-does="again">Ask again</button>'
        '<span class="feedback-slot"></span>'
        "</div>"
    )


def _following(questions: Sequence[str]) -> str:
    if not questions:
        return ""
    items = suggestions_html(questions)
    return f'<nav class="next last-only" aria-label="Ask next"><ul>{items}</ul></nav>'
