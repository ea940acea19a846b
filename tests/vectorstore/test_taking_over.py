"""A library on a server that another home takes over, and one that is killed while it writes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from embedders import WordEmbedder
from llama_index.core.schema import BaseNode
from shared_homes import answers, catch_up, home, known

from ingest.indexing import index_pending
from ui.keeping_up import kept_up, taken_over
from vectorstore import library as library_module
from vectorstore import sending
from vectorstore.catalog import CATALOG_FILE, Catalog
from vectorstore.chroma_papers import ChromaPapers, Row
from vectorstore.chroma_passages import ChromaPassages
from vectorstore.chroma_server import ChromaServer, Role
from vectorstore.errors import LibraryError, LibraryMismatchError
from vectorstore.library import Library, open_library
from vectorstore.library_state import read_state
from vectorstore.records import Paper
from vectorstore.repair import mend
from vectorstore.sending import Sending
from vectorstore.sharing import LEFT_OUT
from vectorstore.standing import read_facts

BREAD = Paper("bread", "Bread", "Slow dough rises. It is warm. It cools. It is cut.")
SOUP = Paper("soup", "Soup", "Warm soup needs salt.")
TEA = Paper("tea", "Tea", "Leaves steep.")
SHORT = replace(BREAD, abstract="Bread is eaten.")
ROLES = (
    "Set PAPERCHAT_CHROMA_ROLE to reader, to follow that home, or to writer, to take over from it."
)
Step = Callable[[Library], object]


def add(*papers: Paper) -> Step:
    return lambda library: (library.add(papers), index_pending(library))


def remove(*ids: str) -> Step:
    return lambda library: library.remove(ids)


def passages(library: Library) -> list[str]:
    assert isinstance(library.chroma, ChromaPassages)
    return sorted(passage_id for ids in library.chroma.ids() for passage_id in ids)


def follow(folder: Path, server: ChromaServer) -> dict[int, object]:
    """Return what a reader knows, which has taken all that changed."""
    with home(folder, server, Role.READER) as reader:
        catch_up(reader)
        return known(reader)


def take_over(folder: Path, server: ChromaServer) -> dict[int, object]:
    """Take the library over as a command does, and return what its home knows then."""
    writer = replace(server, role=Role.WRITER)
    taken_over(folder, writer, WordEmbedder())
    with kept_up(folder, writer, WordEmbedder()) as library:
        assert (library.counts().pending, library.following) == (0, None)
        assert len(passages(library)) == library.counts().passages
        return known(library)


def refusal(folder: Path, server: ChromaServer) -> LibraryMismatchError:
    with pytest.raises(LibraryMismatchError) as caught, home(folder, server):
        pass
    return caught.value


def test_a_home_that_lost_its_catalog_is_rebuilt(server: ChromaServer, tmp_path: Path) -> None:
    lost = tmp_path / "former"
    with open_library(lost, WordEmbedder()) as alone:  # of which Chroma's folder is left
        add(BREAD, SOUP)(alone)
    with home(lost, server) as former:
        index_pending(former)
        before = list(known(former).values())
    (lost / CATALOG_FILE).unlink()
    with pytest.raises(LibraryError, match="no catalog, and there are vectors"):
        read_state(lost)
    assert list(follow(lost, server).values()) == before
    (lost / CATALOG_FILE).unlink()
    assert list(take_over(lost, server).values()) == before


def test_a_lost_catalog_of_which_the_server_has_nothing(
    server: ChromaServer, tmp_path: Path
) -> None:
    with open_library(tmp_path, WordEmbedder()) as alone:
        add(BREAD)(alone)
    (tmp_path / CATALOG_FILE).unlink()
    for role in (None, Role.WRITER):
        with (
            pytest.raises(LibraryError, match="no catalog, and there are vectors"),
            home(tmp_path, server, role),
        ):
            pass
    assert not (tmp_path / CATALOG_FILE).exists()


def test_the_former_writer_is_refused_and_can_follow(server: ChromaServer, tmp_path: Path) -> None:
    with home(tmp_path / "former", server) as former:
        add(BREAD, SOUP)(former)
        before, told = known(former), answers(former)
    assert follow(tmp_path / "reader", server) == before
    assert take_over(tmp_path / "heir", server) == before
    error = refusal(tmp_path / "former", server)
    assert error.problem.startswith("Another home, ")
    assert error.problem.endswith(f":{tmp_path}/heir, writes this library now")
    assert error.hint == ROLES
    with home(tmp_path / "heir", server) as heir:
        assert answers(heir) == told
        add(TEA, SHORT)(heir)
        after = known(heir)
    for reader in ("reader", "former"):
        assert follow(tmp_path / reader, server) == after
    # It is the home of a reader now, which needs to say so.
    assert refusal(tmp_path / "former", server).hint == ROLES


def test_one_that_was_open_meanwhile_writes_no_more(server: ChromaServer, tmp_path: Path) -> None:
    with home(tmp_path / "former", server) as former:
        add(BREAD, SOUP)(former)
        before = known(former)
        take_over(tmp_path / "heir", server)
        for step in (remove("bread"), add(TEA), add(SHORT)):
            with pytest.raises(LibraryMismatchError, match="writes this library now"):
                step(former)
        assert former.catalog.known_ids(["bread"])  # which it was asked to remove
    assert follow(tmp_path / "reader", server) == before
    # What it did alone is not of the library.
    assert follow(tmp_path / "former", server) == before


def test_one_that_is_sending_meanwhile_sends_no_more(
    server: ChromaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PAPERS_AT_ONCE", 1)
    with home(tmp_path / "former", server) as former:
        add(BREAD, SOUP)(former)

        def store(papers: ChromaPapers, change: int, rows: Sequence[Row]) -> None:
            monkeypatch.undo()
            papers.store(change, rows)
            take_over(tmp_path / "heir", server)
            with home(tmp_path / "heir", server) as heir:
                add(SHORT)(heir)

        monkeypatch.setattr(ChromaPapers, "store", store)
        former.add([], [replace(paper, venue="Oven") for paper in (BREAD, SOUP)])
        with pytest.raises(LibraryMismatchError, match="writes this library now"):
            former.finish_leaving()
        assert former.catalog.about()["change"] == "4"
    with home(tmp_path / "heir", server) as heir:
        after = known(heir)
        assert int(heir.catalog.about()["change"]) > LEFT_OUT
    assert follow(tmp_path / "reader", server) == after


def test_passages_that_a_former_writer_stores_late(
    server: ChromaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home(tmp_path / "former", server) as former:
        add(BREAD, SOUP)(former)
        before = known(former)

        def late(chroma: ChromaPassages, ids: Sequence[str], nodes: Sequence[BaseNode]) -> None:
            monkeypatch.undo()
            take_over(tmp_path / "heir", server)
            chroma.replace(ids, nodes)

        monkeypatch.setattr(ChromaPassages, "replace", late)
        with pytest.raises(LibraryMismatchError, match="writes this library now"):
            add(TEA)(former)
        assert former.chroma.count() == 4
    with home(tmp_path / "heir", server) as heir:
        assert known(heir) == before  # and all are indexed
        assert passages(heir) == ["bread/passage/0", "bread/passage/1", "soup/passage/0"]


def test_taking_it_back(server: ChromaServer, tmp_path: Path) -> None:
    with home(tmp_path / "former", server) as former:
        add(BREAD)(former)
    take_over(tmp_path / "heir", server)
    with home(tmp_path / "heir", server) as heir:
        add(SOUP)(heir)
        after = known(heir)
    assert take_over(tmp_path / "former", server) == after
    assert follow(tmp_path / "heir", server) == after
    assert take_over(tmp_path / "former", server) == after  # it is its own by now


def test_a_reader_becomes_the_writer_without_embedding(
    server: ChromaServer, tmp_path: Path
) -> None:
    with home(tmp_path / "former", server) as former:
        add(BREAD, SOUP)(former)
    follow(tmp_path / "reader", server)
    writer, embedder = replace(server, role=Role.WRITER), WordEmbedder()
    taken_over(tmp_path / "reader", writer, embedder)
    with kept_up(tmp_path / "reader", writer, embedder):
        assert embedder.texts == []
    assert read_facts(server)["written_by"].endswith(f":{tmp_path}/reader")


def test_an_old_copy_of_the_home_that_was_put_back(server: ChromaServer, tmp_path: Path) -> None:
    with home(tmp_path / "home", server) as library:
        add(BREAD)(library)
    shutil.copytree(tmp_path / "home", tmp_path / "copy")
    with home(tmp_path / "home", server) as library:
        add(SOUP)(library)
        after = known(library)
    shutil.rmtree(tmp_path / "home")
    (tmp_path / "copy").rename(tmp_path / "home")
    error = refusal(tmp_path / "home", server)
    assert error.problem == "The server knows more of this library than its catalog does"
    assert take_over(tmp_path / "home", server) == after


def test_killed_while_it_is_taken_over(
    server: ChromaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home(tmp_path / "former", server) as former:
        add(BREAD, SOUP)(former)
        before = known(former)
    for place in (
        "vectorstore.following.take_page",
        "vectorstore.library.Library.complete",
        "vectorstore.standing.record_writer",
        "vectorstore.sharing._take_the_rest",
        "vectorstore.sharing.note_changes",
    ):
        with monkeypatch.context() as patch, suppress(CrashError):
            patch.setattr(place, crash)
            take_over(tmp_path / "heir", server)
    assert take_over(tmp_path / "heir", server) == before


def test_what_the_former_writer_left_undone(
    server: ChromaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home(tmp_path / "former", server) as former:
        add(BREAD, SOUP)(former)
        before = known(former)
        with monkeypatch.context() as patch:
            patch.setattr(former.catalog, "mark_indexed", crash)
            with pytest.raises(CrashError):
                add(TEA)(former)  # its passages are there, and nobody knows of it
        with monkeypatch.context() as patch:
            patch.setattr(ChromaPapers, "store", crash)
            with pytest.raises(CrashError):
                remove("soup")(former)  # its passages are gone, and nobody knows of that
    assert take_over(tmp_path / "heir", server) == before
    with home(tmp_path / "heir", server) as heir:
        assert passages(heir) == ["bread/passage/0", "bread/passage/1", "soup/passage/0"]


class CrashError(BaseException):
    """Stands for a process that dies here, which nothing catches."""


def crash(*_: object, **__: object) -> None:
    raise CrashError


def crash_after(works: Callable[..., object]) -> Callable[..., None]:
    def run(*arguments: object) -> None:
        works(*arguments)
        raise CrashError

    return run


WRITES = (
    (ChromaPassages, "remove"),
    (ChromaPassages, "_store"),
    (Catalog, "mark_indexed"),
    (Sending, "_numbers"),
    (ChromaPapers, "store"),
    (ChromaPapers, "drop_parts"),
    (sending, "forget_sent"),
    (library_module, "let_go"),
)


@pytest.mark.parametrize("when", [lambda _: crash, crash_after], ids=["before", "after"])
@pytest.mark.parametrize(
    "change", [add(TEA), add(SHORT), remove("bread")], ids=["new", "rewritten", "removed"]
)
def test_killed_between_two_writes(
    server: ChromaServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Step,
    when: Callable[[Callable[..., object]], Callable[..., None]],
) -> None:
    with home(tmp_path / "whole", server) as whole:
        add(BREAD, SOUP)(whole)
        change(whole)
        wanted, wanted_passages = known(whole), passages(whole)
    crashes = 0
    for number, (owner, name) in enumerate(WRITES):
        here = replace(server, collection=f"{server.collection}-{number}")
        folder = tmp_path / str(number)
        with home(folder / "writer", here) as writer:
            add(BREAD, SOUP)(writer)
            follow(folder / "reader", here)
            with monkeypatch.context() as patch:
                patch.setattr(owner, name, when(getattr(owner, name)))
                try:
                    change(writer)
                except CrashError:
                    crashes += 1
        follow(folder / "reader", here)  # whatever it sees, it takes
        with home(folder / "writer", here) as writer:
            index_pending(writer)
            assert writer.catalog.file.rows("SELECT * FROM unsent") == []
            assert (known(writer), passages(writer)) == (wanted, wanted_passages)
        assert follow(folder / "reader", here) == wanted
        assert follow(folder / "new", here) == wanted
    assert crashes >= 5


def test_a_repair_leaves_the_server_to_its_writer(server: ChromaServer, tmp_path: Path) -> None:
    with home(tmp_path / "writer", server) as writer:
        add(BREAD, SOUP)(writer)
    follow(tmp_path / "reader", server)
    *_, last = mend(tmp_path / "reader", replace(server, role=Role.READER))
    assert (last.part, last.found, last.done) == (
        "passages",
        "left to the home that writes the library",
        "",
    )
    *_, last = mend(tmp_path / "writer", server)
    assert last.found == "all 3 as in the catalog"
    take_over(tmp_path / "heir", server)
    with pytest.raises(LibraryMismatchError, match="writes this library now"):
        list(mend(tmp_path / "writer", server))
