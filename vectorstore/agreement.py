"""The catalog and the passages in Chroma, compared paper by paper and brought to agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from vectorstore import catalog_health
from vectorstore.catalog_file import CatalogFile
from vectorstore.chroma_passages import READ_AT_ONCE, ChromaPassages

_PASSAGE = "/passage/"

Counts = Mapping[str, int | None]  # of passages by paper; None for those that wait to be indexed


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many passages there were, how many of no paper, and papers that had not theirs."""

    total: int
    strays: int
    wrong: int


def agree(file: CatalogFile, chroma: ChromaPassages) -> Agreement:
    """Remove the passages of no paper, and have papers indexed again that have not theirs.

    Reads every passage with its vector: a million of them take minutes.
    """
    stored = _by_paper(passage_id for ids in chroma.ids() for passage_id in ids)
    counts = catalog_health.passage_counts(file)
    strays = sorted(i for paper_id, ids in stored.items() if paper_id not in counts for i in ids)
    wrong = _wrong(counts, stored)
    chroma.drop(strays)
    catalog_health.index_again(file, wrong)
    return Agreement(sum(map(len, stored.values())), len(strays), len(wrong))


def agree_at_once(file: CatalogFile, chroma: ChromaPassages) -> None:
    """Do what `agree` does, by the ids that the catalog's papers have, as long as that tells all.

    It does unless there are passages of no paper.
    """
    counts = catalog_health.passage_counts(file)
    for batch in _batches(counts):
        _compare(file, chroma, batch)
    right = catalog_health.passage_counts(file)
    if chroma.count() != sum(count or 0 for count in right.values()):
        agree(file, chroma)


def _batches(counts: Counts) -> Iterator[dict[str, int | None]]:
    """Yield papers whose passages one reading gives."""
    batch: dict[str, int | None] = {}
    passages = 0
    for paper_id, count in counts.items():
        if passages + (count or 0) >= READ_AT_ONCE and batch:
            yield batch
            batch, passages = {}, 0
        batch[paper_id] = count
        passages += count or 0
    if batch:
        yield batch


def _compare(file: CatalogFile, chroma: ChromaPassages, counts: Counts) -> None:
    stored = _by_paper(chroma.ids_of(list(counts)))
    catalog_health.index_again(file, _wrong(counts, stored))


def _by_paper(ids: Iterable[str]) -> defaultdict[str, set[str]]:
    stored: defaultdict[str, set[str]] = defaultdict(set)
    for passage_id in ids:
        stored[passage_id.rpartition(_PASSAGE)[0]].add(passage_id)
    return stored


def _wrong(counts: Counts, stored: Mapping[str, set[str]]) -> list[str]:
    """Return the papers that are indexed and have not the passages they should have."""
    return [
        paper_id
        for paper_id, count in counts.items()
        if count is not None
        and stored.get(paper_id, set()) != {f"{paper_id}{_PASSAGE}{n}" for n in range(count)}
    ]
