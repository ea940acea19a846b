"""A small page of Gradio's that tells who it takes its visitor for."""

# Without `from __future__ import annotations`: Gradio reads the handlers' annotations as classes.
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr


def small_page() -> "gr.Blocks":
    """Return a page that tells its visitor's id, once by an event and once by a server function."""
    import gradio as gr

    from ui.server.visitors import visitor_of

    def by_event(request: gr.Request) -> str:
        return visitor_of(request)

    def by_call(_asked: object, request: gr.Request) -> str:
        return visitor_of(request)

    with gr.Blocks(title="small", analytics_enabled=False) as page:
        button, told = gr.Button("Who am I?", elem_id="ask"), gr.Textbox(elem_id="by-event")
        button.click(by_event, outputs=[told], api_name="who")
        gr.HTML(
            elem_id="by-call",
            html_template="<button>By call</button><output></output>",
            js_on_load=(
                "element.querySelector('button').onclick = async () => {"
                " element.querySelector('output').textContent = await server.by_call({}); };"
            ),
            server_functions=[by_call],
        )
    return page
