"""What the page says that can be added, and what its file picker offers."""

from __future__ import annotations

import re

from ui.html.add_papers_html import add_papers_html, endings
from ui.page.upload_state import UploadLimits


def test_formats_and_limits_are_told_in_a_sentence_each() -> None:
    html = add_papers_html(UploadLimits())
    assert (
        "<p>BibTeX, RIS, PubMed, arXiv, JSON, CSV and listing pages, also in zip or gz."
        " Up to 20 MB each,\n 200 files and 100 MB at once.\n"
    ) in html


def test_the_picker_offers_each_ending_once() -> None:
    [accepted] = re.findall(r'accept="([^"]*)"', add_papers_html(UploadLimits()))
    assert tuple(accepted.split(",")) == (*endings(), "text/plain")
    assert len(set(endings())) == len(endings())
    assert {".txt", ".bib", ".ris", ".nbib", ".xml", ".json", ".jsonl", ".csv", ".tsv"} <= {
        *endings()
    }
    assert endings()[-2:] == (".gz", ".zip")
