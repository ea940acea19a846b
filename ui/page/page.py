"""Lays out the page: its head, its views, the saved conversations and the panel for a paper.

Owns where each part stands; what a part does is in its own module. Invariant: every text that the
parts show comes from `ui.html`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.html.head_html import head_template, status_html
from ui.page.ask_view import ask_view
from ui.page.calls import Answered, Asked, common_call
from ui.page.conversations_view import conversations_view
from ui.page.desk import Desk
from ui.page.feedback_view import feedback_view
from ui.page.library_view import library_view
from ui.page.map_view import map_view
from ui.page.paper_panel import paper_panel
from ui.page.scripts import script
from ui.page.settings_view import settings_view
from ui.programs.api import add_api

if TYPE_CHECKING:
    import gradio as gr


def build_page(desk: Desk) -> gr.Blocks:
    """Return the page, ready to be served."""
    import gradio as gr

    page = gr.Blocks(title="paperchat", analytics_enabled=False, fill_width=True)
    with page, gr.Column(elem_id="page"):
        _head(desk)
        with gr.Column(elem_id="views"):
            with gr.Column(elem_id="rail", elem_classes="view-ask"):
                conversations_view(desk)
            with gr.Column(elem_id="main"):
                with gr.Column(elem_classes="view view-ask"):
                    ask_view(desk)
                    feedback_view(desk)
                for name, view in _OTHER_VIEWS.items():
                    with gr.Column(elem_classes=f"view view-{name}"):
                        view(desk)
            paper_panel(desk)
    with page:
        add_api(desk)
    return page


_OTHER_VIEWS = {"library": library_view, "map": map_view, "settings": settings_view}


def _head(desk: Desk) -> None:
    import gradio as gr

    def status(_asked: Asked) -> Answered:
        return {"html": status_html(desk.facts())}

    gr.HTML(
        elem_id="page-head",
        html_template=head_template(),
        js_on_load=script("head.js"),
        server_functions=[common_call(status, shared=desk.shared)],
        apply_default_css=False,
    )
