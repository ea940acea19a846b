"""A call that Gradio cannot run is a line of the log, and nothing on stderr."""

from __future__ import annotations

import logging
import re
from inspect import getsource

import gradio as gr
import httpx
import pytest
from gradio import queueing, routes
from gradio.events import api
from running import running

from ui.server.page_app import page_server


def test_gradio_uses_no_more_than_what_is_stood_in_for() -> None:
    used = {each for module in (queueing, routes) for each in _used(getsource(module))}
    assert used == {"print_exc"}


def _used(source: str) -> list[str]:
    return re.findall(r"\btraceback\.(\w+)", source)


def test_a_call_that_does_not_fit_is_logged_and_not_printed(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    def weigh(flour: str, salt: str) -> str:
        return flour + salt

    with gr.Blocks(analytics_enabled=False) as page:
        api(weigh, api_name="weigh")
    with (
        caplog.at_level(logging.INFO, "ui.server.gradio_errors"),
        running(lambda host, port: page_server(page, host, port)) as address,
    ):
        # As the page does it: what programs call is looked at before Gradio has it.
        queue = f"{address}gradio_api/queue"
        sent = {"data": ["sourdough\ncanary"], "fn_index": 0, "session_hash": "first"}
        assert httpx.post(f"{queue}/join", json=sent).is_success
        told = httpx.get(f"{queue}/data", params={"session_hash": "first"}).text
        assert '"success":false' in told.replace(" ", "")
    [record] = caplog.records
    assert record.getMessage() == "an event could not be run"
    assert record.exc_info
    assert "canary" not in "".join(capfd.readouterr())
