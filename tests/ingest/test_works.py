"""Papers with their readings, as entries are matched to them."""

from __future__ import annotations

from datetime import date

from ingest.works import stored_work
from vectorstore.records import DatePrecision, Paper, Source

BREAD = Paper(
    "bread",
    "How Dough Rises",
    "Slow dough rises. It ferments through the night.",
    published=date(2024, 7, 1),
    author_count=2,
    authors=("Eva Ofen", "Ada Salz"),
    organization="Kitchen",
    comment_count=3,
    url="https://example.org/bread",
    sources=(Source("a.bib", 3), Source("b.txt", 7)),
    arxiv_id="2407.00001",
    doi="10.1234/bread",
    venue="Annals of Bread",
    categories=("baking", "cs.CL"),
    language="en",
    date_precision=DatePrecision.MONTH,
)


def test_a_paper_from_before_readings_were_kept_says_all_that_it_said() -> None:
    work = stored_work(1, BREAD, ())
    assert work.changed  # its readings are still to be stored
    assert work.merged() == BREAD
    assert [(item.file, item.line) for item in work.readings] == [("a.bib", 3), ("b.txt", 7)]
