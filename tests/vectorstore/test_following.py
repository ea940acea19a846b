"""Homes that follow the one that writes a library on a server, through a real one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from chroma_servers import chroma_server, free_port
from embedders import WordEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_homes import answers, catch_up, home, known, write

from ingest.indexing import index_pending
from ingest.ingesting import ingest_paths
from ingest.syncing import sync_folder
from vectorstore.catalog_readings import StoredReading, store_readings
from vectorstore.chroma_papers import ChromaPapers, Row
from vectorstore.chroma_server import ChromaServer, Role
from vectorstore.errors import LibraryError, LibraryMismatchError
from vectorstore.library import Library, open_library
from vectorstore.records import Paper
from vectorstore.standing import ReaderError

BREAD = {"title": "How Dough Rises", "abstract": "Slow dough rises. It ferments through the night."}
SOUP = {"title": "Soups of the North", "abstract": "Warm soup simmers. Onions soften in it."}
TEA = {"title": "On Green Tea", "abstract": "Leaves steep below boiling temperature."}
DATED = BREAD | {"published": "2024-07-02", "doi": "10.1234/bread"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    write(folder / "a.jsonl", BREAD, SOUP)
    write(folder / "b.jsonl", DATED, TEA)
    return folder


def stored(server: ChromaServer, name: str) -> list[tuple[str, str]]:
    client = server.client()
    found = client.get_collection(name).get(include=["documents"])
    client.close()
    return sorted(zip(found["ids"], found["documents"], strict=True))


def test_two_readers_agree_with_the_writer(
    server: ChromaServer, folder: Path, tmp_path: Path
) -> None:
    with (
        home(tmp_path / "writer", server) as writer,
        home(tmp_path / "one", server, Role.READER) as one,
        home(tmp_path / "two", server, Role.READER) as two,
    ):

        def agreed() -> list[int]:
            taken = [catch_up(reader) for reader in (one, two)]
            assert known(one) == known(two) == known(writer)
            assert answers(one) == answers(two) == answers(writer)
            return taken

        ingest_paths(writer, [folder])
        assert len(known(writer)) == 3
        assert agreed() == [3, 3]
        assert agreed() == [0, 0]
        write(folder / "a.jsonl", BREAD, SOUP | {"abstract": "Warm soup is eaten. Salt it."})
        write(folder / "b.jsonl", DATED | {"published": "2024-08-03"}, TEA)
        sync_folder(writer, folder)  # one is rewritten, one relabelled
        assert agreed() == [2, 2]
        [tea] = [paper.id for paper in writer.catalog.all_papers() if paper.title == TEA["title"]]
        writer.remove([tea])
        assert agreed() == [1, 1]
        write(folder / "b.jsonl", TEA)
        sync_folder(writer, folder, prune=True)  # one comes back, and one loses a reading
        assert agreed() == [2, 2]
        # All of it at the server is the writer's.
        assert (writer.chroma.count(), writer.counts().passages) == (3, 3)


def test_a_lost_home_is_rebuilt(server: ChromaServer, folder: Path, tmp_path: Path) -> None:
    with home(tmp_path / "writer", server) as writer:
        ingest_paths(writer, [folder])
        writer.remove([next(writer.catalog.all_papers()).id])
        before, told = known(writer), answers(writer)
    with home(tmp_path / "new", server, Role.READER) as rebuilt:
        assert catch_up(rebuilt) == 3  # with the one that left
        assert (known(rebuilt), answers(rebuilt)) == (before, told)


def test_what_is_read_again_after_a_rebuilding(
    server: ChromaServer, folder: Path, tmp_path: Path
) -> None:
    with home(tmp_path / "writer", server) as writer:
        ingest_paths(writer, [folder])
        before = known(writer)
    with home(tmp_path / "heir", server, Role.HEIR) as heir:
        catch_up(heir)
    # As a library in its own folder, so that nothing but its catalog can tell.
    with open_library(tmp_path / "heir", WordEmbedder()) as alone:
        report = ingest_paths(alone, [folder])
        assert (report.new, report.updated, report.unchanged) == (0, 0, 3)
        assert known(alone) == before


def test_many_papers_come_in_pages_and_go_on_after_a_kill(
    server: ChromaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = [Paper(f"p{n}", f"Loaf {n}", f"Loaf number {n} is baked.") for n in range(700)]
    with home(tmp_path / "writer", server) as writer:
        writer.add(papers)
        index_pending(writer)
        before = known(writer)
    took: list[int] = []

    def killed(catalog: object, page: object) -> None:
        if len(took) == 2:
            raise KeyboardInterrupt
        take(catalog, page)
        took.append(len(page.papers))

    from vectorstore.catalog_following import take_page as take

    with (
        home(tmp_path / "reader", server, Role.READER) as reader,
        monkeypatch.context() as patch,
    ):
        patch.setattr("vectorstore.following.take_page", killed)
        with pytest.raises(KeyboardInterrupt):
            reader.following.catch_up()
    assert all(0 < taken < 300 for taken in took)
    with home(tmp_path / "reader", server, Role.READER) as reader:
        told: list[tuple[int, int]] = []
        assert reader.following.catch_up(lambda *done: told.append(done)) == 700 - sum(took)
        assert told[-1] == (700 - sum(took), 700)
        index_pending(reader)
        assert known(reader) == before


def test_a_reader_writes_nothing(server: ChromaServer, folder: Path, tmp_path: Path) -> None:
    with home(tmp_path / "writer", server) as writer:
        ingest_paths(writer, [folder])
    names = (server.collection, server.papers_collection)
    before = [stored(server, name) for name in names]
    with home(tmp_path / "reader", server, Role.READER) as reader:
        catch_up(reader)
        reader.make_passages_anew()
        index_pending(reader)
        with pytest.raises(ReaderError) as caught:
            reader.remove([next(reader.catalog.all_papers()).id])
        assert reader.counts().papers == 3
    assert [stored(server, name) for name in names] == before
    assert (caught.value.problem, caught.value.where, caught.value.hint) == (
        "This home follows the library, and cannot change it",
        server.where,
        "Change it in the home that writes it, or set PAPERCHAT_CHROMA_ROLE to writer, to take over"
        " from that one.",
    )


def test_the_text_of_a_removed_paper_leaves_the_server(
    server: ChromaServer, tmp_path: Path
) -> None:
    long = Paper("long", "A Long Loaf", "Dough rises slowly, é. " * 1_500)
    with home(tmp_path / "writer", server) as writer:
        writer.add([long, Paper("soup", "Soup", "Soup needs salt.")])
        index_pending(writer)
        records = stored(server, server.papers_collection)
        assert [key for key, _ in records] == ["long", "long/part/1", "long/part/2", "soup"]
        assert max(len(text.encode()) for _, text in records) == 16_384
        with home(tmp_path / "reader", server, Role.READER) as reader:
            catch_up(reader)
            assert known(reader) == known(writer)
            writer.remove(["long"])
            records = stored(server, server.papers_collection)
            assert records[0] == ("long", "(removed)")
            assert [key for key, _ in records] == ["long", "soup"]
            catch_up(reader)
            assert known(reader) == known(writer)


def test_a_long_paper_that_became_short(server: ChromaServer, tmp_path: Path) -> None:
    paper = Paper("a", "A Long Loaf", "Dough rises slowly. " * 1_500)
    with home(tmp_path / "writer", server) as writer:
        for version in (paper, replace(paper, abstract="Dough rises.")):
            writer.add([version])
            index_pending(writer)
        assert len(stored(server, server.papers_collection)) > 1
        with home(tmp_path / "reader", server, Role.READER) as reader:
            catch_up(reader)
            assert known(reader) == known(writer)


def test_readings_beyond_any_record_are_left_to_their_files(
    server: ChromaServer, tmp_path: Path
) -> None:
    paper = Paper("a", "A Loaf", "Dough rises.")
    with home(tmp_path / "writer", server) as writer:
        writer.add([paper])
        said = [StoredReading(f"{n}.txt", 1, b"digest", "x" * 400_000, 1, 1) for n in range(11)]
        store_readings(writer.catalog.file, {1: said})
        index_pending(writer)
        with home(tmp_path / "reader", server, Role.READER) as reader:
            catch_up(reader)
            assert known(reader) == {1: (paper, "indexed", [], [])}


def test_a_library_that_was_on_a_server_before_there_were_records(
    server: ChromaServer, folder: Path, tmp_path: Path
) -> None:
    with home(tmp_path / "writer", server) as writer:
        ingest_paths(writer, [folder])
        before = known(writer)
        run = writer.catalog.file.run_script
        run("DELETE FROM about WHERE key IN ('home', 'records', 'change'); DROP TABLE unsent;")
        for trigger in ("new", "changed", "gone", "reading", "no_reading"):
            run(f"DROP TRIGGER unsent_{trigger};")
    client = server.client()
    client.delete_collection(server.papers_collection)
    collection = client.get_collection(server.collection)
    collection.modify(
        metadata={k: v for k, v in collection.metadata.items() if not k.startswith("writ")}
    )
    client.close()
    with home(tmp_path / "new", server, Role.READER) as reader:
        with pytest.raises(LibraryError, match="has no records of the library's papers yet"):
            reader.following.catch_up()
        with home(tmp_path / "writer", server):
            pass
        catch_up(reader)
        assert known(reader) == before


def test_records_that_somebody_deletes_are_made_again(
    server: ChromaServer, folder: Path, tmp_path: Path
) -> None:
    with home(tmp_path / "writer", server) as writer:
        ingest_paths(writer, [folder])
    with home(tmp_path / "reader", server, Role.READER) as reader:
        catch_up(reader)
        delete(server, server.papers_collection)
        with pytest.raises(LibraryError):
            reader.following.catch_up()
        with home(tmp_path / "writer", server) as writer:
            writer.remove([next(writer.catalog.all_papers()).id])
            assert catch_up(reader) == 3
            assert known(reader) == known(writer)


def test_papers_stay_while_their_records_are_sent_again(
    server: ChromaServer, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home(tmp_path / "writer", server) as writer:
        ingest_paths(writer, [folder])
        before = known(writer)
    with home(tmp_path / "reader", server, Role.READER) as reader:
        catch_up(reader)
        delete(server, server.collection, server.papers_collection)
        with pytest.raises(LibraryError):
            reader.following.catch_up()
        taken: list[int] = []

        def store(papers: ChromaPapers, change: int, rows: Sequence[Row]) -> None:
            real(papers, change, rows)
            taken.append(catch_up(reader))
            assert known(reader) == before

        real = ChromaPapers.store
        monkeypatch.setattr("vectorstore.sending.PAPERS_AT_ONCE", 1)
        monkeypatch.setattr(ChromaPapers, "store", store)
        with home(tmp_path / "writer", server) as writer:
            assert taken == [1, 1, 1]
            monkeypatch.undo()
            index_pending(writer)
            writer.remove([next(writer.catalog.all_papers()).id])
            assert catch_up(reader) == 1
            assert known(reader) == known(writer)


def test_what_no_record_confirms_waits_until_the_writer_has_said_that_all_are_there(
    server: ChromaServer, folder: Path, tmp_path: Path
) -> None:
    with home(tmp_path / "writer", server) as writer:
        ingest_paths(writer, [folder])
        before = known(writer)
    client = server.client()
    records = client.get_collection(server.papers_collection)
    assert records.metadata["complete"] is True
    # As one that was made before this was said.
    records.modify(metadata={k: v for k, v in records.metadata.items() if k != "complete"})
    client.close()
    with home(tmp_path / "reader", server, Role.READER) as reader:
        assert catch_up(reader) == 3
        reader.catalog.save([Paper("own", "Own", "It is here alone.")])
        assert catch_up(reader) == 0
        assert len(known(reader)) == 4
        with home(tmp_path / "writer", server):
            pass
        assert catch_up(reader) == 0
        assert known(reader) == before


def test_a_change_of_too_many_records(server: ChromaServer, tmp_path: Path) -> None:
    with home(tmp_path, server) as writer:
        fact = {"paper": "a", "part": 0, "parts": 1, "removed": True}
        papers = ChromaPapers(server, writer.catalog.about()["library"])
        nowhere = WordEmbedder().embed_question("dough").pooled
        papers.store(7, [(f"p{n}", "(removed)", fact, nowhere) for n in range(300)])
        with pytest.raises(LibraryError) as caught:
            list(papers.pages(0))
        papers.close()
    assert (caught.value.problem, caught.value.where) == (
        "The server has a record that cannot be read: change 7 has 300 records or more",
        server.where,
    )


def test_a_paper_that_could_not_be_sent_stays_noted(
    server: ChromaServer, folder: Path, tmp_path: Path
) -> None:
    with home(tmp_path / "writer", server) as writer:
        ingest_paths(writer, [folder])
        with writer.catalog.file.transaction() as connection:
            connection.execute("DELETE FROM vectors WHERE number = 2")
            connection.execute("UPDATE papers SET venue = 'Oven'")
        writer.finish_leaving()
        [(unsent,)] = writer.catalog.file.rows("SELECT id FROM unsent")
        assert writer.catalog.numbers_of([unsent]) == {unsent: 2}
        writer.add([writer.catalog.papers([unsent])[unsent]])  # indexed again, as by a repair
        index_pending(writer)
        assert writer.catalog.file.rows("SELECT id FROM unsent") == []
        with home(tmp_path / "reader", server, Role.READER) as reader:
            catch_up(reader)
            assert known(reader) == known(writer)


def test_a_server_that_is_empty(server: ChromaServer, folder: Path, tmp_path: Path) -> None:
    with home(tmp_path / "writer", server) as writer:
        ingest_paths(writer, [folder])
        before = known(writer)
    with home(tmp_path / "reader", server, Role.READER) as reader:
        catch_up(reader)
    delete(server, server.collection, server.papers_collection)
    with home(tmp_path / "reader", server, Role.READER) as reader:
        with pytest.raises(LibraryError, match="has no records of the library's papers yet"):
            reader.following.catch_up()
        with home(tmp_path / "writer", server):
            pass
        assert catch_up(reader) == 3
        assert known(reader) == before


def delete(server: ChromaServer, *names: str) -> None:
    client = server.client()
    for name in names:
        client.delete_collection(name)
    client.close()


def test_a_server_that_is_down(
    tmp_path: Path, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    server = ChromaServer(f"http://127.0.0.1:{port}")
    with chroma_server(tmp_path / "server", port):
        with home(tmp_path / "writer", server) as writer:
            ingest_paths(writer, [folder])
            before, told = known(writer), answers(writer)
        with home(tmp_path / "reader", server, Role.READER) as reader:
            catch_up(reader)
    question = WordEmbedder().embed_question("slow dough").pooled
    with home(tmp_path / "reader", server, Role.READER) as reader:
        with pytest.raises(LibraryError, match="The Chroma server cannot be reached"):
            reader.following.catch_up()
        assert (known(reader), answers(reader)) == (before, told)
        assert [reader.chroma.nearest(question, 5) for _ in range(3)] == [()] * 3
    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        "Searching without the server"
    ]
    with (
        pytest.raises(LibraryError, match="The Chroma server cannot be reached"),
        home(tmp_path / "new", server, Role.READER),
    ):
        pass


def test_the_nearest_passages_are_asked_of_the_server(
    server: ChromaServer, folder: Path, tmp_path: Path
) -> None:
    with (
        home(tmp_path / "writer", server) as writer,
        home(tmp_path / "reader", server, Role.READER) as reader,
    ):
        ingest_paths(writer, [folder])
        catch_up(reader)
        question = WordEmbedder().embed_question("slow dough").pooled
        assert reader.chroma.nearest(question, 5) == writer.chroma.nearest(question, 5) != ()


def refused(folder: Path, server: ChromaServer, role: Role | None) -> tuple[str, str]:
    with pytest.raises(LibraryError) as caught, home(folder, server, role):
        pass
    assert caught.value.where == server.where
    return caught.value.problem, caught.value.hint


def test_homes_that_cannot_follow(server: ChromaServer, folder: Path, tmp_path: Path) -> None:
    assert refused(tmp_path / "reader", server, Role.READER) == (
        "There is no library on the server to follow",
        "Check PAPERCHAT_CHROMA_COLLECTION, or have its writer's home open it once.",
    )
    with home(tmp_path / "writer", server) as writer:
        ingest_paths(writer, [folder])
    assert refused(tmp_path / "writer", server, Role.READER) == (
        "This home writes the library, and so cannot follow it",
        "Leave PAPERCHAT_CHROMA_ROLE out here; set it to reader in other homes.",
    )
    with open_library(tmp_path / "own", WordEmbedder()) as own:
        ingest_paths(own, [folder])
    assert refused(tmp_path / "own", server, Role.READER) == (
        "PAPERCHAT_HOME has a library of its own, and so cannot follow another one",
        "Set PAPERCHAT_HOME to an empty folder.",
    )
    with (
        pytest.raises(LibraryMismatchError, match="written with embedding model words"),
        open_library(
            tmp_path / "other", WordEmbedder("letters"), replace(server, role=Role.READER)
        ),
    ):
        pass
    # Nothing of that was done to the library.
    with home(tmp_path / "writer", server) as writer:
        assert (writer.counts().pending, writer.chroma.count()) == (0, 3)


PAPERS = st.builds(
    Paper,
    st.sampled_from("abcde"),
    st.sampled_from(["Bread", "Soup", "Tea"]),
    st.sampled_from(["Dough rises.", "Soup simmers. Salt it.", "Leaves steep."]),
    author_count=st.sampled_from([None, 1, 2]),
)
STEPS = st.lists(st.one_of(PAPERS, st.sampled_from("abcde"), st.none()), max_size=12)


@settings(max_examples=15)
@given(steps=STEPS)
def test_whatever_happens_a_reader_agrees(chroma_url: str, steps: list[Paper | str | None]) -> None:
    """A paper is added or rewritten, an id is removed, and at None the reader catches up."""
    server = ChromaServer(chroma_url, collection=f"any-{uuid4().hex}")
    with (
        TemporaryDirectory() as folder,
        home(Path(folder, "writer"), server) as writer,
        home(Path(folder, "reader"), server, Role.READER) as reader,
    ):
        for step in [*steps, None]:
            if isinstance(step, Paper):
                put(writer, step)
            elif step:
                writer.remove([step])
            else:
                catch_up(reader)
        assert known(reader) == known(writer)


def put(library: Library, paper: Paper) -> None:
    """Add a paper, or bring one up to date, as ingest does."""
    before = library.catalog.papers([paper.id]).get(paper.id)
    same = before and (before.title, before.abstract) == (paper.title, paper.abstract)
    library.add([] if same else [paper], [paper] if same else [])
    library.finish_leaving()
    index_pending(library)
