"""The settings on the page: the chat model for all, and what each person sets in the browser.

Owns what the script may ask for; what is chosen is `assistant_choice`'s, how it looks `ui.html`'s.
Invariant: no answer to the script holds a key.
"""

# Without `from __future__ import annotations`: Gradio reads the handlers' annotations as classes.
from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.answer import EXTRACTIVE
from assistant.errors import ModelError
from ui.html.model_form_html import model_html
from ui.html.model_trial_html import checks_html, failure_html, listing_html, trial_html
from ui.html.settings_html import facts_html, settings_template
from ui.model_form import FormError, ModelForm
from ui.model_trial import listing, trial, works
from ui.page.assistant_choice import AssistantChoice
from ui.page.calls import Answered, Asked, common_call, text
from ui.page.desk import Desk
from ui.page.scripts import script
from ui.page.settings_facts import settings_facts
from ui.told_errors import told

if TYPE_CHECKING:
    import gradio as gr

_LONGEST_FIELD = 2_000  # characters; what is too long for its field, the form says


def settings_view(desk: Desk) -> "gr.HTML":
    """Return the view, wired."""
    import gradio as gr

    return gr.HTML(
        elem_id="settings-view",
        html_template=settings_template(),
        js_on_load=script("settings.js"),
        server_functions=[
            common_call(function, shared=desk.shared)
            for function in settings_functions(desk.choice)
        ],
        apply_default_css=False,
    )


def settings_functions(choice: AssistantChoice) -> tuple[Callable[[Asked], Answered], ...]:
    """Return what the script calls."""

    def settings(_asked: Asked) -> Answered:
        return _shown(choice)

    def save_model(asked: Asked) -> Answered:
        try:
            choice.change(_form(asked))
        except FormError as error:
            return {"fields": error.fields}
        return _changed(choice, "Saved.")

    def forget_model(_asked: Asked) -> Answered:
        choice.forget_model()
        return _changed(choice, "Saved.")

    def forget_key(_asked: Asked) -> Answered:
        choice.forget_key()
        return _changed(choice, "The key is forgotten.")

    def list_models(asked: Asked) -> Answered:
        return _listed(choice, _form(asked))

    def try_model(asked: Asked) -> Answered:
        return _tried(choice, _form(asked))

    return settings, save_model, forget_model, forget_key, list_models, try_model


def _form(asked: Asked) -> ModelForm:
    return ModelForm(**{name: text(asked, name, _LONGEST_FIELD) for name in ModelForm.__slots__})


def _shown(choice: AssistantChoice) -> Answered:
    state = choice.state()
    return {"model": model_html(state), "facts": facts_html(settings_facts(choice))}


def _changed(choice: AssistantChoice, done: str) -> Answered:
    mode = choice.mode
    by = "no model writes: sentences are quoted" if mode == EXTRACTIVE else f"{mode} answers"
    return {**_shown(choice), "said": f"{done} From now on {by}."}


def _listed(choice: AssistantChoice, form: ModelForm) -> Answered:
    """Return the models that there are, and whether the one that is wanted can be tried.

    `choose` tells whether the list is of use, should that fail.
    """
    try:
        found = listing(choice.trial(form, with_name=False))
    except FormError as error:
        return {"fields": error.fields}
    except ModelError as error:
        said = failure_html(*told(error, shared=choice.locked))
        return {"html": said, "wanted": "", "choose": True}
    return {
        "html": listing_html(found),
        "wanted": found.wanted,
        "choose": not found.has_wanted,
    }


def _tried(choice: AssistantChoice, form: ModelForm) -> Answered:
    try:
        checks = trial(choice.trial(form, with_name=True))
    except FormError as error:
        return {"fields": error.fields}
    return {
        "html": trial_html(checks),
        "checks": checks_html(checks),
        "works": works(checks),
    }
