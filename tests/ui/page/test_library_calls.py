"""What the library's script may ask, and what it is told of anything else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest
from embedders import WordEmbedder

from ingest.indexing import index_pending
from ui.page.calls import text, texts
from ui.page.desk import Desk
from ui.page.library_view import library_view
from vectorstore.library import open_library
from vectorstore.records import Paper

BREAD = Paper("bread", "Bread", "Dough rises.", date(2024, 7, 31))
SOUP = Paper(
    "soup",
    "Soup",
    "Broth simmers.",
    date(2024, 2, 29),
    authors=("Zoë Baker",),
    categories=("cs.CL",),
    suspicious=("hidden",),
)
CHOICE = cast("Any", SimpleNamespace(locked=False))
SORTED = {"sort": "title ascending"}


class Calls:
    """The functions of the view as its script reaches them, by one visitor."""

    def __init__(self, view: gr.HTML) -> None:
        self._functions = {function.__name__: function for function in view.server_fns}
        self._visitor = SimpleNamespace(cookies={"paperchat_visitor": "a" * 43})

    def __call__(self, name: str, /, **asked: object) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(json.dumps(self._functions[name](asked, self._visitor)))
        return told


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Calls]:
    with open_library(tmp_path, WordEmbedder()) as library, gr.Blocks():
        library.add([BREAD, SOUP])
        index_pending(library)
        yield Calls(library_view(Desk(library, cast("Any", None), CHOICE)))


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        ({"author": "zoë baker"}, "1 paper matches"),
        ({"category": "cs.CL"}, "1 paper matches"),
        ({"venue": "ICML"}, "0 papers match"),
        ({"mark": "flagged"}, "1 paper matches"),
        ({"mark": "doubled", "category": "cs.CL"}, "0 papers match"),
    ],
)
def test_names_and_marks(calls: Calls, limits: dict[str, str], found: str) -> None:
    listed = calls("listed", **SORTED, **limits)
    assert (listed["found"], listed["limited"]) == (found, True)


def test_what_filters_offer(calls: Calls) -> None:
    listed = calls("listed", **SORTED)
    assert (listed["limited"], list(listed["options"])) == (
        False,
        ["organization", "period", "author", "category", "venue", "mark"],
    )
    assert listed["options"]["author"] == (
        '<option value="" selected>All authors</option>'
        '<option value="Zoë Baker">Zoë Baker (1)</option>'
    )
    assert listed["options"]["venue"] == '<option value="" selected>All venues</option>'


def test_a_mark_that_there_is_none_of(calls: Calls) -> None:
    told = calls("listed", **SORTED, mark="best")
    assert told == {"problem": "The page sent a mark that no paper has", "hint": ""}


@pytest.mark.parametrize(
    ("period", "found"),
    [
        ("", ""),
        ("2024", "2 papers match"),
        ("2024-07", "1 paper matches"),
        ("2024-02", "1 paper matches"),
        ("2023", "0 papers match"),
        ("9999-12", "0 papers match"),
    ],
)
def test_periods(calls: Calls, period: str, found: str) -> None:
    assert calls("listed", **SORTED, period=period)["found"] == found


def test_parts_of_the_list(calls: Calls) -> None:
    first = calls("listed", **SORTED, limit=1)
    assert (first["html"].count("<tr"), first["next"], first["instead"]) == (1, 1, "")
    second = calls("listed", **SORTED, limit=1, offset=first["next"])
    assert ("Soup" in second["html"], second["next"]) == (True, 0)


@pytest.mark.parametrize(
    ("name", "asked", "problem"),
    [
        ("listed", {}, "The page sent something that cannot be sorted by"),
        ("listed", {"sort": "title"}, "The page sent something that cannot be sorted by"),
        ("listed", {"sort": "x ascending"}, "The page sent something that cannot be sorted by"),
        (
            "listed",
            {**SORTED, "offset": -1},
            "The page sent something that cannot be used as offset",
        ),
        ("listed", {**SORTED, "text": 7}, "The page sent something that cannot be used as text"),
        *[
            (
                "listed",
                {**SORTED, "period": period},
                "The page sent something that is no year or month",
            )
            for period in ("0000", "2024-13", "2024-00", "24", "2024-07-01", "x")
        ],
        ("removed", {"papers": "soup"}, "The page sent something that cannot be used as papers"),
        ("begun", {"files": 0}, "An upload has 1 to 200 files, and this has 0"),
        ("received", {"upload": "x", "name": "a.txt", "data": "YQ=="}, "This upload is not known"),
        ("received", {"data": "?"}, "The page sent a file that cannot be decoded"),
        ("received", {"data": "é"}, "The page sent a file that cannot be decoded"),
        ("started", {"upload": "x"}, "This upload is not known"),
    ],
)
def test_what_the_page_never_sends(
    calls: Calls, name: str, asked: dict[str, object], problem: str
) -> None:
    assert calls(name, **asked)["problem"] == problem


def test_removal(calls: Calls) -> None:
    doomed = calls("doomed", papers=["soup", "unknown"])
    assert ("Remove 1 paper" in doomed["html"], doomed["papers"]) == (True, ["soup"])
    assert calls("removed", papers=["soup", "unknown"]) == {"said": "Removed 1 paper."}
    assert calls("removed", papers=["soup"]) == {"said": "Removed 0 papers."}
    assert calls("doomed", papers=["soup"])["papers"] == []
    assert calls("listed", **SORTED)["counts"] == "1 paper, 1 dated"


def test_an_upload_is_sent_anew_where_it_changed(calls: Calls) -> None:
    upload = calls("begun", files=1)["upload"]
    [first] = calls("uploads")["uploads"]
    assert "Sending: 0 of 1 file" in first["html"]
    brief = {"upload": upload, "mark": first["mark"], "ended": False}
    assert calls("uploads", known=["another", first["mark"]])["uploads"] == [brief]
    calls("received", upload=upload, name="a.txt", data="")
    [second] = calls("uploads", known=[first["mark"]])["uploads"]
    assert "Sending: 1 of 1 file" in second["html"]


@pytest.mark.parametrize("offset", [2**53, 2**63, 10**30])
def test_a_number_that_no_script_counts_to(calls: Calls, offset: int) -> None:
    assert calls("listed", **SORTED, offset=2**53 - 1)["html"] == ""
    problem = "The page sent something that cannot be used as offset"
    assert calls("listed", **SORTED, offset=offset)["problem"] == problem


def test_half_a_character_is_a_question_mark() -> None:
    asked: dict[str, object] = {"title": "So\ud83dup ü", "papers": ["\ud800", "soup"]}
    assert (text(asked, "title"), texts(asked, "papers")) == ("So?up ü", ("?", "soup"))
