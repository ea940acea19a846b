"""The settings view: what each person sets in the browser, and what is told of the library.

The chat model's form is `ui.html.model_form_html`'s. Names and values of the choices are those that
the script keeps in the browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.answer import AnswerLength
from ui.html.plain_text import text_html

if TYPE_CHECKING:
    from ui.page.settings_facts import Flow, SettingsFacts

_THEMES = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))
_PLACES = (
    "Papers, their index, conversations and the model's settings are in the library's folder. An"
    " API key is in memory alone, until paperchat ends. Theme and length of answers are in this"
    " browser."
)
_LENGTHS = tuple((length.value, length.value.capitalize()) for length in AnswerLength)


def settings_template() -> str:
    """Return the view before anything is known of the library."""
    return (
        '<div class="settings"><h2>Settings</h2>'
        '<section aria-labelledby="settings-own-title">'
        '<h3 id="settings-own-title">For you</h3>'
        "<p>Kept in this browser, for nobody else.</p>"
        f"{_choices('theme', 'Theme', _THEMES)}{_choices('length', 'Length of answers', _LENGTHS)}"
        '<p class="settings-kept" role="status"></p></section>'
        '<section class="settings-model" aria-labelledby="settings-model-title">'
        '<h3 id="settings-model-title">Chat model</h3><p class="settings-wait">Reading…</p>'
        "</section>"
        '<section class="settings-facts"></section>'
        '<div class="settings-lost" role="alert" hidden><p>The settings could not be read.</p>'
        '<button type="button" class="button" data-do="read">Try again</button></div></div>'
    )


def _choices(name: str, legend: str, choices: Sequence[tuple[str, str]]) -> str:
    labels = "".join(
        f'<label><input type="radio" name="settings-{name}" value="{value}" data-own="{name}">'
        f"<span>{label}</span></label>"
        for value, label in choices
    )
    return (
        f'<fieldset><legend>{legend}</legend><div class="settings-choices">{labels}</div>'
        "</fieldset>"
    )


_LOG_OUT = '<p><a class="button" href="/logout">Log out</a></p>'


def facts_html(facts: SettingsFacts) -> str:
    """Return what is shown and not changed."""
    return (
        f"<h3>What leaves this machine</h3>{_leaving(facts.flows)}"
        f"<h3>Library</h3><dl>{_library(facts)}</dl>"
        f"<h3>Where data is kept</h3><p>{_PLACES}</p>"
        f"<h3>Versions</h3><p>{'<br>'.join(map(text_html, facts.versions))}</p>"
        f"{_LOG_OUT if facts.with_password else ''}"
    )


def _leaving(flows: Sequence[Flow]) -> str:
    outside = [flow for flow in flows if not flow.here]
    said = "".join(f"<p>{_flow(flow)}.</p>" for flow in outside) or "<p>Nothing.</p>"
    inside = "".join(f"<p>{_flow(flow)}, on this machine.</p>" for flow in flows if flow.here)
    return said + inside


def _flow(flow: Flow) -> str:
    return f"{flow.what} at {text_html(flow.server)}"


def _library(facts: SettingsFacts) -> str:
    counts = facts.counts
    pending = f", {counts.pending:,} of them not indexed yet" if counts.pending else ""
    papers = f"{counts.papers:,} {'paper' if counts.papers == 1 else 'papers'}{pending}"
    rows = [
        ("Papers", papers),
        ("Passages", f"{counts.passages:,}"),
        ("Embedding model", text_html(facts.embedding_model)),
    ]
    if facts.reranker:
        rows.append(("Reranker", text_html(facts.reranker)))
    if facts.folder is not None:
        rows.append(("Folder", text_html(str(facts.folder))))
    return "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows)
