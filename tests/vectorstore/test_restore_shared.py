"""Backups of a library on a Chroma server: what is restored writes over nothing that is there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from embedders import WordEmbedder
from shared_homes import answers, catch_up, home, known

from ingest.indexing import index_pending
from ui.keeping_up import kept_up, taken_over
from vectorstore.backup import make_backup
from vectorstore.backup_format import CATALOG
from vectorstore.chroma_passages import ChromaPassages
from vectorstore.chroma_server import ChromaServer, Role
from vectorstore.errors import LibraryMismatchError
from vectorstore.library import Library
from vectorstore.records import Paper
from vectorstore.restore import restore

BREAD = Paper("bread", "Bread", "Slow dough rises. It is warm. It cools.")
SOUP = Paper("soup", "Soup", "Warm soup needs salt.")
TEA = Paper("tea", "Tea", "Leaves steep.")


def add(library: Library, *papers: Paper) -> None:
    library.add(papers)
    index_pending(library)


def restored(folder: Path, writer: Path) -> Path:
    """Back the writer's home up, and restore it as another one."""
    make_backup(writer, folder / "backup", (CATALOG,))
    restore(folder / "restored", folder / "backup", (CATALOG,))
    return folder / "restored"


def test_a_server_that_went_on_is_not_written_over(server: ChromaServer, tmp_path: Path) -> None:
    with home(tmp_path / "writer", server) as writer:
        add(writer, BREAD, SOUP)
        copy = restored(tmp_path, tmp_path / "writer")  # while it is in use
        add(writer, TEA)
        writer.remove(["soup"])
        after, told = known(writer), answers(writer)
    with (
        pytest.raises(LibraryMismatchError, match="writes this library now") as caught,
        home(copy, server),
    ):
        pass
    assert "PAPERCHAT_CHROMA_ROLE" in caught.value.hint
    with home(copy, server, Role.READER) as reader:
        catch_up(reader)
        assert (known(reader), answers(reader)) == (after, told)
    with home(tmp_path / "writer", server) as writer:
        assert (known(writer), answers(writer)) == (after, told)


def test_one_that_takes_over_takes_what_the_server_has(
    server: ChromaServer, tmp_path: Path
) -> None:
    with home(tmp_path / "writer", server) as writer:
        add(writer, BREAD, SOUP)
        copy = restored(tmp_path, tmp_path / "writer")
        add(writer, TEA)
        writer.remove(["soup"])
        after = known(writer)
    heir = replace(server, role=Role.WRITER)
    taken_over(copy, heir, WordEmbedder())
    with kept_up(copy, heir, WordEmbedder()) as library:
        assert known(library) == after
        assert isinstance(library.chroma, ChromaPassages)
        assert library.chroma.count() == library.counts().passages


def test_a_server_that_lost_all_is_sent_all(server: ChromaServer, tmp_path: Path) -> None:
    with home(tmp_path / "writer", server) as writer:
        add(writer, BREAD, SOUP)
        before, told = known(writer), answers(writer)
    copy = restored(tmp_path, tmp_path / "writer")
    empty = replace(server, collection=f"{server.collection}-new")
    with home(copy, empty) as library:
        index_pending(library)
        assert (known(library), answers(library)) == (before, told)
    with home(tmp_path / "reader", empty, Role.READER) as reader:
        catch_up(reader)
        assert (known(reader), answers(reader)) == (before, told)


def test_without_a_server_it_is_a_library_like_others(server: ChromaServer, tmp_path: Path) -> None:
    with home(tmp_path / "writer", server) as writer:
        add(writer, BREAD, SOUP)
        told = answers(writer)
    copy = restored(tmp_path, tmp_path / "writer")
    with kept_up(copy, None, WordEmbedder()) as library:
        assert (library.counts().pending, answers(library)) == (0, told)
