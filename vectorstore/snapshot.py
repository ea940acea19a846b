"""What search reads of a library, loaded once and used by every question until papers change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from vectorstore.array_types import Numbers
from vectorstore.catalog import Catalog
from vectorstore.coded_column import CodedColumn
from vectorstore.coined_names import coined_names
from vectorstore.facet_columns import FacetReader
from vectorstore.paper_index import PaperIndex, index_of, make_index
from vectorstore.question_words import question_words
from vectorstore.records import Paper
from vectorstore.search_file import kept
from vectorstore.stemming import stem
from vectorstore.title_match import NamedTitle, TitleMatcher
from vectorstore.vector_block import VectorBlock, make_block
from vectorstore.vocabulary import Vocabulary

MIN_NAME = 3  # letters of an abbreviation that names a paper
OWN_RARITY = 0.6  # share of the highest rarity that such a name has at least
NAMESAKES = 3  # papers that have a coined name, at most
TITLE_SHARE = 0.66  # of the words of its long form, in the title
RESIDENT_PAPERS = 1_000  # up to here all vectors stay in memory: 70 kB a paper


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A library as one search sees it.

    `block`, `titles` and `papers`, by number, are those of all papers where the library is small,
    else None.
    """

    index: PaperIndex
    vocabulary: Vocabulary
    block: VectorBlock | None
    titles: TitleMatcher | None
    papers: Mapping[int, Paper] | None
    organizations: frozenset[str]  # lower case, each once
    facets: FacetReader

    def title_scores(self, question: str, rows: Numbers) -> dict[int, float]:
        """Return how surely the question names papers, by row; of a large library, of `rows`."""
        if self.titles is not None:
            return self.titles.scores(question)
        named = self._matcher(rows).scores(question)
        return {int(rows[at]): score for at, score in named.items()}

    def named_titles(self, question: str, rows: Numbers) -> tuple[NamedTitle, ...]:
        """Return which papers, by row, words of the question name; of a large library of `rows`."""
        if self.titles is not None:
            return self.titles.names(question)
        named = self._matcher(rows).names(question)
        return tuple(replace(found, position=int(rows[found.position])) for found in named)

    def _matcher(self, rows: Numbers) -> TitleMatcher:
        return TitleMatcher(self.index.titles_at(rows), self.vocabulary.rarity)


def take_snapshot(catalog: Catalog, dimension: int) -> Snapshot:
    """Read the catalog, or what is kept of a large one beside it."""
    if catalog.indexed_count() > RESIDENT_PAPERS:
        return _of_large(catalog, dimension)
    index = make_index(catalog.overview(), dimension)
    explained = catalog.abbreviations()
    abbreviations = [(short, long) for _, short, long in explained]
    vocabulary = Vocabulary(len(index), catalog.stem_counts(), catalog.form_counts(), abbreviations)
    block = make_block(catalog.vectors(index.numbers.tolist()))
    names = _own_names(index, explained, vocabulary)
    papers = catalog.numbered_papers(index.numbers.tolist())
    for row, coined in _coined_names(papers.values(), vocabulary).items():
        names.setdefault(row, []).extend(coined)
    titles = TitleMatcher(index.titles, vocabulary.rarity, names)
    organizations = _known(index.organizations)
    facets = FacetReader(catalog.file)
    return Snapshot(index, vocabulary, block, titles, papers, organizations, facets)


def _of_large(catalog: Catalog, dimension: int) -> Snapshot:
    known = kept(catalog, dimension)
    index = index_of(known.columns, catalog)
    vocabulary = Vocabulary(len(index), known.stems, known.forms, long_forms=catalog.long_forms)
    organizations = _known(index.organizations)
    facets = FacetReader(catalog.file)
    return Snapshot(index, vocabulary, None, None, None, organizations, facets)


def _known(column: CodedColumn) -> frozenset[str]:
    papers = np.bincount(column.codes, minlength=len(column.texts)).tolist()
    return frozenset(
        text for text, count in zip(column.texts, papers, strict=True) if count and text
    )


def _coined_names(papers: Iterable[Paper], vocabulary: Vocabulary) -> dict[int, list[str]]:
    """Return by row the names that papers give their own work in the abstract.

    A name that more papers have is one of the field's; as many have it as its rarest word, at most.
    """
    found: dict[int, list[str]] = {}
    for row, paper in enumerate(papers):
        for name in coined_names(paper.abstract):
            if min(map(vocabulary.papers_with, question_words(name)), default=0) <= NAMESAKES:
                found.setdefault(row, []).append(name)
    return found


def _own_names(
    index: PaperIndex, explained: Sequence[tuple[int, str, str]], vocabulary: Vocabulary
) -> dict[int, list[str]]:
    """Return by row the abbreviations that papers give to what their title is about.

    Those are rare, no other paper explains them, and their long form is mostly in the title.
    """
    explaining = Counter(short.lower() for _, short, _ in explained)
    names: defaultdict[int, list[str]] = defaultdict(list)
    for number, short, long in explained:
        if explaining[short.lower()] > 1 or len(short) < MIN_NAME:
            continue
        for row in index.rows_of([number]).tolist():
            rare = vocabulary.rarity(short.lower()) >= OWN_RARITY * vocabulary.rarity("")
            if rare and _is_of_title(short, long, index.titles[row]):
                names[row].append(short)
    return names


def _is_of_title(short: str, long: str, title: str) -> bool:
    words = {stem(word) for word in question_words(title)}
    wanted = [stem(word) for word in question_words(long)]
    share = sum(word in words for word in wanted) / max(1, len(wanted))
    return share >= TITLE_SHARE or short.lower() in title.lower()
