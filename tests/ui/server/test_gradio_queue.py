"""Gradio's queue passes all on, and does not count what nobody looks at."""

from __future__ import annotations

import httpx
from running import running
from small_site import small_page

from ui.server.lines import make_lines
from ui.server.page_app import page_server


def test_what_is_told_to_the_queue_is_what_it_reads() -> None:
    """The names are Gradio's own, and may be others in a later one."""
    untold = vars(small_page()._queue)
    assert untold["max_thread_count"] == 40
    assert {"sleep_when_free", "ANAYLTICS_CACHE_FREQUENCY", "ANALYTICS_MAX_EVENTS"} <= set(untold)


def test_all_who_may_wait_get_through_and_nothing_is_counted() -> None:
    page, lines = small_page(), make_lines(250)
    untold = page._queue.cached_event_analytics_summary
    with running(lambda host, port: page_server(page, host, port, lines=lines)) as address:
        for _ in range(3):
            url = f"{address}gradio_api/call/who"
            event = httpx.post(url, json={"data": []}).json()["event_id"]
            assert "event: complete" in httpx.get(f"{url}/{event}").text
        queue = page._queue
        assert len(queue.active_jobs) > lines.capacity
        assert len(queue.event_analytics) == 1
        assert queue.cached_event_analytics_summary == untold == {"functions": {}}
