"""A library that a killed command left, opened and looked through in a process of its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults_process import in_process
from vectorstore import catalog_health
from vectorstore.catalog_leaving import leaving_ids
from vectorstore.errors import LibraryError
from vectorstore.library import Library, open_library
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.records import title_key

_WITHOUT = "SELECT id FROM papers WHERE number NOT IN (SELECT number FROM"
_LACKS = {
    "no reading": f"{_WITHOUT} readings)",
    "known by nothing": f"{_WITHOUT} identifiers)",
    "reading of no file": "SELECT said FROM readings WHERE file NOT IN (SELECT file FROM files)",
}


@dataclass(frozen=True, slots=True)
class Looked:
    """What the library holds, and what is wrong with it; nothing should be."""

    files_by_title: dict[str, tuple[str, ...]]
    pending: int
    doubled: tuple[str, ...]
    disagreements: tuple[str, ...]


def look(home: Path) -> Looked:
    """Open the library in `home`, which finishes removals, and look; nothing is indexed."""
    # A process each: what Chroma has read of the files it keeps in memory.
    return in_process(_look, home)


def _look(home: Path) -> Looked:
    with open_library(home, OnnxEmbedder()) as library:
        return looked_at(library)


def looked_at(library: Library) -> Looked:
    """Look through an open library."""
    papers = list(library.catalog.all_papers())
    titles = Counter(title_key(paper.title) for paper in papers)
    return Looked(
        {p.title: tuple(sorted({Path(s.file).name for s in p.sources})) for p in papers},
        library.counts().pending,
        tuple(title for title, times in titles.items() if times > 1),
        (*_of_catalog(library), *_of_passages(library)),
    )


def _of_catalog(library: Library) -> list[str]:
    file = library.catalog.file
    found = [damage] if (damage := catalog_health.damage(file)) else []
    found += catalog_health.unsound_lexical(file)
    if strays := catalog_health.stray_rows(file):
        found.append(f"{strays} rows of no paper")
    found += [f"{paper_id}: no vectors" for paper_id in catalog_health.papers_without_vectors(file)]
    return found + [f"{told}: {of}" for told, query in _LACKS.items() for (of,) in file.rows(query)]


def _of_passages(library: Library) -> list[str]:
    try:
        found = [] if library.chroma.finds_passages() else ["Chroma does not find its passages"]
        return found + _differences(library)
    except LibraryError as error:
        return [str(error)]


def _differences(library: Library) -> list[str]:
    stored: defaultdict[str, set[str]] = defaultdict(set)
    for ids in library.chroma.ids():
        for passage_id in ids:
            stored[passage_id.rpartition("/passage/")[0]].add(passage_id)
    counts = catalog_health.passage_counts(library.catalog.file)
    found = [f"{paper_id}: passages of no paper" for paper_id in stored if paper_id not in counts]
    found += [f"{paper_id}: still leaving" for paper_id in leaving_ids(library.catalog.file)]
    for paper_id, count in counts.items():
        expected = {f"{paper_id}/passage/{n}" for n in range(count or 0)}
        if count is not None and stored[paper_id] != expected:
            found.append(f"{paper_id}: {len(stored[paper_id])} passages, {count} in the catalog")
    return found
