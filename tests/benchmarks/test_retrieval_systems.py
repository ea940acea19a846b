from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.retrieval_systems import bm25_alone, weights_without
from vectorstore.catalog import CATALOG_FILE
from vectorstore.records import Paper
from vectorstore.scores import FusionSettings

WEIGHTS = FusionSettings(pooled=0.5, late=0.25, lexical=0.25, title=0.3)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("pooled", (0.0, 0.5, 0.5, 0.3)),
        ("late", (2 / 3, 0.0, 1 / 3, 0.3)),
        ("lexical", (2 / 3, 1 / 3, 0.0, 0.3)),
        ("title", (0.5, 0.25, 0.25, 0.0)),
    ],
)
def test_the_weights_that_stay_keep_their_sum(part: str, expected: tuple[float, ...]) -> None:
    kept = weights_without(part, WEIGHTS)
    assert (kept.pooled, kept.late, kept.lexical, kept.title) == pytest.approx(expected)


def test_bm25_ranks_by_words_alone(tmp_path: Path) -> None:
    papers = [
        Paper("1", "Wings", "Lift of a wing, and more of it."),
        Paper("2", "Caches", "Hits."),
        Paper("3", "Lift", "Wings have lift."),
    ]
    with bm25_alone(papers, tmp_path / "home") as contestant:
        assert contestant.rank("lift of wings") == ["3", "1"]
        assert contestant.rank("what of it?") == []
        assert contestant.bytes_a_paper == (tmp_path / "home" / CATALOG_FILE).stat().st_size / 3
