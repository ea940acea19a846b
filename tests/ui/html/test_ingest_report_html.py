"""Uploads and their reports, whatever names and titles hold."""

from __future__ import annotations

import pytest

from ingest.entries import Noted, Skipped
from ingest.report import IngestReport
from ui.html.ingest_report_html import LISTED_PLACES, report_html, summary, upload_html
from ui.page.upload_state import Phase, UploadState
from vectorstore.records import Paper

HOSTILE = '<img src=x> "&amp; ${x} {{y}} \N{RIGHT-TO-LEFT OVERRIDE}'
SHOWN = "&lt;img src=x&gt; &quot;&amp;amp; ${x} {{y}} "
DISMISS = (
    '<button type="button" class="button quiet" data-does="dismiss"'
    ' aria-label="Close the report of {}"><span aria-hidden="true">×</span></button>'
)


def section(name: str, phase: Phase, body: str, dismissal: str = "") -> str:
    return (
        f'<section class="upload" data-upload="u" data-phase="{phase}"'
        f' aria-label="Upload of {name}"><div class="upload-head"><h3><bdi>{name}</bdi></h3>'
        f"{dismissal}</div>{body}</section>"
    )


def bar(said: str, extent: str = "") -> str:
    return f'<p>{said}</p><progress aria-label="{said}"{extent}></progress>'


@pytest.mark.parametrize(
    ("state", "name", "body"),
    [
        (
            UploadState("u", 1),
            "1 file",
            bar("Sending: 0 of 1 file", ' value="0" max="1"'),
        ),
        (
            UploadState("u", 3, ("a.txt", "b.txt")),
            "3 files",
            bar("Sending: 2 of 3 files", ' value="2" max="3"'),
        ),
        (
            UploadState("u", 1, (HOSTILE,), Phase.WAITING),
            SHOWN,
            "<p>Waiting until the uploads before it are done</p>",
        ),
        (UploadState("u", 1, ("a.txt",), Phase.READING), "a.txt", bar("Reading")),
        (
            UploadState("u", 1, ("a.txt",), Phase.INDEXING, 1_000, 2_000),
            "a.txt",
            bar("1,000 of 2,000 papers indexed", ' value="1000" max="2000"'),
        ),
        (
            UploadState("u", 1, ("a.txt",), Phase.INDEXING),
            "a.txt",
            bar("0 of 0 papers indexed"),
        ),
    ],
)
def test_upload_under_way(state: UploadState, name: str, body: str) -> None:
    assert upload_html(state, {}) == section(name, state.phase, body)


def test_upload_that_failed() -> None:
    state = UploadState("u", 1, (HOSTILE,), Phase.FAILED, problem=HOSTILE, hint="Try again.")
    body = (
        f'<div class="upload-failed" role="alert"><p><bdi>{SHOWN}</bdi></p>'
        "<p><bdi>Try again.</bdi></p>"
        "<p>Papers that were read before are kept; the next upload goes on with them.</p></div>"
    )
    assert upload_html(state, {}) == section(SHOWN, Phase.FAILED, body, DISMISS.format(SHOWN))


def test_report() -> None:
    report = IngestReport(
        *(1, 9, 3, 1, 0, 0),
        (Skipped(HOSTILE, 7, HOSTILE, HOSTILE),),
        0.1,
        ("a", "gone"),
        ("b",),
        skipped_count=1,
        notes=(Noted(HOSTILE, 1, HOSTILE),),
        note_count=1,
        same_abstract=1,
        suspicious=2,
    )
    papers = {"a": Paper("a", HOSTILE, ""), "b": Paper("b", "Soup", "")}
    body = (
        '<p class="upload-sum">3 new papers, 1 updated, 1 skipped</p>'
        "<p>1 new paper with the abstract of another paper, under another title.</p>"
        "<p>2 new papers with hidden text, or text that addresses a model.</p>"
        "<details><summary>New: 3</summary><ul><li>"
        f'<button type="button" class="title" data-open-paper="a"><bdi>{SHOWN}</bdi></button></li>'
        '<li class="upload-more">and 2 more</li></ul></details>'
        "<details><summary>Updated: 1</summary><ul><li>"
        '<button type="button" class="title" data-open-paper="b"><bdi>Soup</bdi></button></li>'
        "</ul></details>"
        "<details><summary>Noted: 1</summary><ul><li>"
        f'<span class="upload-place"><bdi>{SHOWN}, line 1</bdi></span> <bdi>{SHOWN}</bdi></li>'
        "</ul></details>"
        "<details open><summary>Skipped: 1</summary><ul><li>"
        f'<span class="upload-place"><bdi>{SHOWN}, line 7</bdi></span>'
        f" <bdi>{SHOWN}</bdi>: <bdi>{SHOWN}</bdi></li>"
        "</ul></details>"
    )
    assert report_html(report, papers) == body
    state = UploadState("u", 1, ("a.txt",), Phase.DONE, report=report)
    assert upload_html(state, papers) == section("a.txt", Phase.DONE, body, DISMISS.format("a.txt"))


def test_more_places_than_are_listed_or_named() -> None:
    skipped = (Skipped("a.txt", 7, "cut off"),) * (LISTED_PLACES + 5)
    notes = (Noted("a.txt", 1, "as Latin-1"),) * 3
    report = IngestReport(
        *(1, 0, 0, 0, 0, 0), skipped, 0.1, skipped_count=12_345, notes=notes, note_count=3_456
    )
    shown = report_html(report, {})
    assert shown.startswith('<p class="upload-sum">12,345 skipped</p><details><summary>Noted: 3,4')
    assert shown.count("cut off") == LISTED_PLACES
    assert '<li class="upload-more">and 3,453 more</li>' in shown
    assert '<li class="upload-more">and 12,145 more</li>' in shown
    assert "<details open><summary>Skipped: 12,345</summary>" in shown


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((0, 0, 0, 0), "Nothing was read"),
        ((1, 0, 0, 1), "1 new paper, 1 duplicate listing"),
        ((2_000, 3, 4, 2), "2,000 new papers, 3 updated, 4 unchanged, 2 duplicate listings"),
    ],
)
def test_summary(counts: tuple[int, int, int, int], said: str) -> None:
    assert summary(IngestReport(1, sum(counts), *counts, (), 0.1)) == said
