"""Homes of one library on a Chroma server, and what they have to agree on."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from embedders import WordEmbedder

from ingest.indexing import index_pending
from vectorstore.catalog_readings import readings_of
from vectorstore.chroma_server import ChromaServer, Role
from vectorstore.library import Library, open_library
from vectorstore.search import search

QUESTION = "Does slow dough rise in a warm soup?"


def home(
    folder: Path, server: ChromaServer, role: Role | None = None
) -> AbstractContextManager[Library]:
    """Open a home of the library."""
    return open_library(folder, WordEmbedder(), replace(server, role=role))


def catch_up(library: Library) -> int:
    """Take what changed, index it, and return how many papers that was."""
    assert library.following
    taken = library.following.catch_up()
    index_pending(library)
    return taken


def write(file: Path, *records: dict[str, str]) -> Path:
    file.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")
    return file


def known(library: Library) -> dict[int, Any]:
    """Return by number each paper with its state, its readings and what it is known by.

    Not when readings were last seen: that says nothing to a home that reads its files anew.
    """
    file = library.catalog.file
    numbers = [number for (number,) in file.rows("SELECT number FROM papers")]
    papers, readings = library.catalog.numbered_papers(numbers), readings_of(file, numbers)
    states = dict(file.rows("SELECT number, state FROM papers"))
    keys = file.rows("SELECT number, key FROM identifiers ORDER BY key")
    return {
        number: (
            papers[number],
            states[number],
            [replace(reading, seen_run=0) for reading in readings.get(number, ())],
            [key for of, key in keys if of == number],
        )
        for number in numbers
    }


def answers(library: Library) -> list[Any]:
    """Return what a search finds, and how well."""
    hits = search(library, QUESTION, 9).hits
    return [(hit.paper, hit.fused, hit.sentences) for hit in hits]
