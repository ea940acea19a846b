"""Papers by what a person calls them: an arXiv id, a DOI, the address of one, a title or an id."""

from __future__ import annotations

from vectorstore.catalog import Catalog
from vectorstore.catalog_file import CatalogFile
from vectorstore.catalog_readings import numbers_known_by
from vectorstore.identifiers import arxiv_id, doi
from vectorstore.records import Paper, title_identifier

MOST_NAMESAKES = 20


def numbers_identified(file: CatalogFile, text: str) -> set[int]:
    """Return the numbers of the papers whose arXiv id or DOI `text` is."""
    keys = [f"arxiv:{found}" for found in [arxiv_id(text)] if found]
    keys += [f"doi:{found}" for found in [doi(text)] if found]
    return numbers_known_by(file, keys, MOST_NAMESAKES) if keys else set()


def papers_called(catalog: Catalog, name: str) -> list[Paper]:
    """Return the papers that are called so, at most `MOST_NAMESAKES`; a title must be whole."""
    if paper := catalog.papers([name]).get(name):
        return [paper]
    titled = numbers_known_by(catalog.file, [title_identifier(name)], MOST_NAMESAKES)
    numbers = titled | numbers_identified(catalog.file, name)
    return catalog.papers_by_number(sorted(numbers))
