"""Papers that share an abstract, and those that hold something suspicious, counted and found."""

from __future__ import annotations

from collections.abc import Sequence

from vectorstore.catalog_file import CatalogFile
from vectorstore.catalog_rows import AMONG, to_json


def count_same_abstract(file: CatalogFile, numbers: Sequence[int]) -> int:
    """Return how many of these papers have the abstract of one with a smaller number."""
    [(count,)] = file.rows(
        f"SELECT count(*) FROM papers AS paper WHERE number {AMONG} AND EXISTS (SELECT 1"
        " FROM papers WHERE abstract_key = paper.abstract_key AND number < paper.number)",
        to_json(list(numbers)),
    )
    return int(count)


def count_suspicious(file: CatalogFile, numbers: Sequence[int]) -> int:
    """Return how many of these papers hold text that is hidden or talks to a model."""
    [(count,)] = file.rows(
        f"SELECT count(*) FROM papers WHERE number {AMONG} AND suspicious != '[]'",
        to_json(list(numbers)),
    )
    return int(count)


def same_abstract_ids(file: CatalogFile, paper_id: str, most: int) -> list[str]:
    """Return the ids of other papers with the abstract of this one, those added first first."""
    rows = file.rows(
        "SELECT other.id FROM papers AS paper JOIN papers AS other USING (abstract_key)"
        " WHERE paper.id = ? AND other.id != paper.id ORDER BY other.number LIMIT ?",
        paper_id,
        most,
    )
    return [other for (other,) in rows]
