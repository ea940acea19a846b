"""Gradio's queue, told to pass everything on at once and to do nothing else.

Questions wait in a line of ours; what Gradio does beside carrying them costs time and memory: after
each event it makes a table of all earlier ones for a page that is not shown here, and it looks a
thousand times a second whether there is something to do.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr

LOOK_S = 0.005
OTHERS = 40  # events at once that are no questions, which are Gradio's own number


def pass_everything_on(page: gr.Blocks, questions: int) -> None:
    """Let so many questions be under way at once, before the page is served."""
    queue = page._queue
    queue.max_thread_count = questions + OTHERS
    queue.sleep_when_free = LOOK_S
    queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize  # so it is spelt
    queue.ANALYTICS_MAX_EVENTS = 1


def is_awaited() -> bool:
    """Tell whether whoever began the event that is run now still waits for what comes of it."""
    from gradio.context import LocalContext

    page, event_id = LocalContext.blocks.get(None), LocalContext.event_id.get(None)
    event = page._queue.event_ids_to_events.get(event_id) if page and event_id else None
    return event is None or event.alive
