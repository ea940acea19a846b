"""The settings of the chat model as a form: what answers now, the fields, and who set each.

Owns the names of fields and buttons, which the script sends back as they stand here. Invariant: no
key is ever in the HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answer import EXTRACTIVE
from ui.html.plain_text import escaped, text_html
from vectorstore.web_address import shown_address

if TYPE_CHECKING:
    from ui.page.assistant_choice import ModelState

_KEPT = "A key stays in memory until paperchat ends, and is sent to this address alone."
_EXTRACTIVE = (
    "No model is set: answers are sentences of the abstracts, word for word. A model writes them in"
    " words of its own, and each statement is checked against its source."
)


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of the form; `attributes` are those that the others have not."""

    name: str
    label: str
    hint: str
    attributes: str


_ADDRESS = _Field(
    "base_url",
    "Address of the server",
    "Any that speaks OpenAI's protocol; Ollama on this machine is http://localhost:11434/v1.",
    'type="url" spellcheck="false"',
)
_MODEL = _Field(
    "model",
    "Name of the model",
    "As the server calls it. The test lists what there is.",
    'type="text" spellcheck="false" autocapitalize="off"',
)
_KEY = _Field(
    "key",
    "API key",
    "",
    # So that no password manager takes it for a login.
    'type="password" spellcheck="false" data-1p-ignore data-bwignore data-lpignore="true"',
)
_WINDOW = _Field(
    "context_tokens",
    "Context window, in tokens",
    "What the server serves the model with; 8192 where nothing is entered.",
    'type="text" inputmode="numeric"',
)
_KEEP_OUT = _Field(
    "keep_out_suspicious",
    "Keep papers with suspicious text from the model",
    "Text that is hidden or addresses a model. These papers stay in the library and its rankings.",
    'type="checkbox" value="True"',
)
_PRICES = (
    _Field("price_input", "Of questions", "", 'type="text" inputmode="decimal"'),
    _Field("price_output", "Of replies", "", 'type="text" inputmode="decimal"'),
)


def model_html(state: ModelState) -> str:
    """Return the section: what answers now, and the form to change it, but for strangers."""
    return (
        '<h3 id="settings-model-title">Chat model</h3>'
        f"<p>{_answers(state)}</p>{_aside(state.notice)}{_aside(state.fixed)}"
        f"{'' if state.locked else _form(state)}"
    )


def _form(state: ModelState) -> str:
    return (
        '<form class="settings-form" autocomplete="off" novalidate '
        'aria-labelledby="settings-model-title">'
        f"{''.join(_field(field, state) for field in (_ADDRESS, _MODEL, _KEY))}{_tick(state)}"
        f'<details class="settings-more"{_open(state)}><summary>Window and prices</summary>'
        f"{_field(_WINDOW, state)}"
        '<fieldset aria-describedby="settings-prices-hint">'
        "<legend>What a million tokens cost</legend>"
        '<p class="settings-hint" id="settings-prices-hint">In any currency, both or neither; '
        "answers then tell their cost.</p>"
        f'<div class="settings-pair">{"".join(_field(field, state) for field in _PRICES)}</div>'
        "</fieldset></details>"
        f"{_buttons(state)}"
        '<p class="settings-said" role="status"></p><div class="settings-result"></div>'
        "</form>"
    )


def _answers(state: ModelState) -> str:
    if state.mode == EXTRACTIVE:
        return _EXTRACTIVE
    model, server = text_html(state.mode), text_html(shown_address(state.chosen.base_url))
    return (
        f"Answers are written by <strong>{model}</strong> at {server}, for everybody who opens"
        " this page."
    )


def _aside(text: str) -> str:
    return f'<p class="settings-aside">{text_html(text)}</p>' if text else ""


def _open(state: ModelState) -> str:
    chosen = state.chosen
    set_here = (chosen.context_tokens, chosen.price_input)
    return " open" if any(value is not None for value in set_here) else ""


def _field(field: _Field, state: ModelState) -> str:
    key, value = f"settings-{field.name}", escaped(_value(field, state))
    return (
        f'<div class="settings-field"><label for="{key}">{field.label}</label>'
        f'<input id="{key}" name="{field.name}" class="field" {field.attributes} '
        f'autocomplete="off" value="{value}"{_described(field, state)}</div>'
    )


def _tick(state: ModelState) -> str:
    field, checked = _KEEP_OUT, " checked" if state.chosen.keep_out_suspicious else ""
    key = f"settings-{field.name}"
    label = f'<label for="{key}">{field.label}</label>'
    return (
        f'<div class="settings-field settings-tick"><input id="{key}" name="{field.name}" '
        f"{field.attributes}{checked}{_described(field, state, label)}</div>"
    )


def _described(field: _Field, state: ModelState, label: str = "") -> str:
    """Return the end of a field's tag, its label where that comes after it, hint and error."""
    key, variable = f"settings-{field.name}", state.variables.get(field.name)
    closed = " disabled" if state.fixed or variable else ""
    hint = f"Set by the environment: {variable}." if variable else _hint(field, state)
    return (
        f' aria-describedby="{key}-hint {key}-error"{closed}>{label}'
        f'<p class="settings-hint" id="{key}-hint">{hint}</p>'
        f'<p class="settings-error" id="{key}-error"></p>'
    )


def _value(field: _Field, state: ModelState) -> str:
    if field is _KEY:
        return ""
    value = getattr(state.chosen, field.name)
    if field is _ADDRESS:
        return shown_address(value) if value else ""
    return "" if value is None else str(value)


def _hint(field: _Field, state: ModelState) -> str:
    if field is not _KEY or state.fixed:
        return field.hint
    if state.own_key:
        return f"A key is set; enter another to replace it. {_KEPT}"
    if state.key_address:
        there = text_html(shown_address(state.key_address))
        return f"OPENAI_API_KEY of the environment is used for {there} alone. {_KEPT}"
    return f"No key is set; a server on this machine mostly needs none. {_KEPT}"


def _buttons(state: ModelState) -> str:
    buttons = []
    if not state.fixed:
        buttons.append('<button type="submit" class="button primary">Save</button>')
    buttons.append(_button("test", "Test connection"))
    if not state.fixed and state.mode != EXTRACTIVE:
        buttons.append(_button("forget_model", "Answer without a model", "button quiet"))
    if state.own_key:
        buttons.append(_button("forget_key", "Forget the key", "button quiet"))
    return f'<div class="settings-buttons">{"".join(buttons)}</div>'


def _button(does: str, label: str, look: str = "button") -> str:
    return f'<button type="button" class="{look}" data-do="{does}">{label}</button>'
