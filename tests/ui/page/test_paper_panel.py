"""What the panel shows beside a paper: others of the library with the same abstract."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import pytest
from desks import scripted_desk
from scripted_assistant import ScriptedAssistant

from ui.page.desk import Desk
from ui.page.paper_panel import paper_panel
from vectorstore.records import Paper

TWICE = "Dough rises overnight."
PAPERS = (
    Paper("bread", "On Bread", TWICE),
    Paper("loaf", "On <Loaves>", TWICE),
    Paper("soup", "On Soup", "Broth simmers slowly."),
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with scripted_desk(ScriptedAssistant(), tmp_path, PAPERS) as opened:
        yield opened


@pytest.mark.parametrize(
    ("paper", "doubles"),
    [
        ("bread", [("loaf", "On &lt;Loaves&gt;")]),
        ("loaf", [("bread", "On Bread")]),
        ("soup", []),
    ],
)
def test_papers_with_the_same_abstract(
    desk: Desk, paper: str, doubles: list[tuple[str, str]]
) -> None:
    with gr.Blocks():
        opened = next(each for each in paper_panel(desk).server_fns if each.__name__ == "opened")
    visitor = SimpleNamespace(cookies={"paperchat_visitor": "a" * 43})
    html = opened({"paper": paper}, visitor)["html"]
    assert re.findall(r'data-open-paper="(\w+)"><bdi>(.*?)</bdi>', html) == doubles
    assert ("Same abstract as: " in html) == bool(doubles)
