"""Files of every format, added on the page in a real browser."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from browsing import needs_browser
from library_site import LibrarySite, library_site
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

SAMPLES = Path(__file__).parents[2] / "ingest" / "samples"
FAULTY = b"""\
@article{pie, title = {On Pie}, abstract = {Crust flakes in butter.}}
@article{tart<b>, title = {On Tart}}
"""

TAKEN_IN = re.compile(r"(?:\d (?:new papers?|updated|unchanged)(?:, )?)+")  # they share papers

pytestmark = needs_browser


@pytest.fixture
def site(browser: Browser, tmp_path: Path) -> Iterator[LibrarySite]:
    with library_site(browser, tmp_path) as empty:
        yield empty


def added(page: Page, *files: tuple[str, bytes]) -> Locator:
    """Add files, and return the report of what became of them."""
    before = page.locator(".upload").count()
    chosen: list[FilePayload] = [
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        for name, data in files
    ]
    page.locator('input[type="file"]').set_input_files(chosen)
    expect(page.locator(".upload[data-phase=done]")).to_have_count(before + 1)
    return page.locator(".upload").nth(before)


def test_each_format_becomes_papers(site: LibrarySite) -> None:
    samples = sorted(path for path in SAMPLES.iterdir() if path.is_file())
    assert len(samples) > 9
    with site.visit() as page:
        for sample in samples:
            report = added(page, (sample.name, sample.read_bytes()))
            expect(report.locator(".upload-sum")).to_have_text(TAKEN_IN)
        sources = {
            source.file
            for paper in site.library.catalog.papers().values()
            for source in paper.sources
        }
    assert sources == {f"uploaded/{sample.name}" for sample in samples}


def test_an_archive_and_a_faulty_file(site: LibrarySite) -> None:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("more/faulty.bib", FAULTY)
        archive.write(SAMPLES / "table.csv", "table.csv")
    with site.visit() as page:
        report = added(page, ("papers.zip", packed.getvalue()))
        expect(report.locator(".upload-sum")).to_have_text("3 new papers, 1 skipped")
        expect(report.locator("details[open] li")).to_have_text(
            "uploaded/papers.zip/more/faulty.bib, line 2 tart<b>:"
            ' a title without an abstract: "On Tart"'
        )
        expect(page.locator("tbody .title")).to_have_text(["On Bread", "On Soup", "On Pie"])
