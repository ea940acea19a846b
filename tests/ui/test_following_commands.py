"""Homes of one library on a Chroma server, as users run them: readers, a writer, and `serve`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from chroma_servers import chroma_server, free_port
from processes import paperchat, served
from typer.testing import CliRunner

from ingest.ingesting import ingest_paths
from ui import keeping_up
from ui.cli import app
from ui.doctor.doctor_check import Check, Status
from ui.doctor.doctor_library import library_checks
from ui.doctor.doctor_server import NAME
from ui.keeping_up import kept_up
from ui.page.upload_queue import UploadQueue
from vectorstore.catalog import CATALOG_FILE, Catalog
from vectorstore.chroma_server import ChromaServer, Role
from vectorstore.errors import LibraryError
from vectorstore.library import Library, open_library, read_counts
from vectorstore.model_errors import OutsideModelError
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.standing import ROLES_HINT, ReaderError

BREAD = {"title": "How Dough Rises", "abstract": "Slow dough rises. It ferments through the night."}
SOUP = {"title": "Soups of the North", "abstract": "Warm soup simmers. Onions soften in it."}
SOON_S = 60.0
URL = "PAPERCHAT_CHROMA_URL"
ROLE = "PAPERCHAT_CHROMA_ROLE"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_server(tmp_path_factory.mktemp("server")) as url:
        yield url


def write(file: Path, *records: dict[str, str]) -> Path:
    file.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")
    return file


def soon(happened: Callable[[], bool]) -> None:
    give_up = time.monotonic() + SOON_S
    while not happened():
        assert time.monotonic() < give_up
        time.sleep(0.1)


def ingest(home: Path, server: ChromaServer, embedder: OnnxEmbedder, file: Path) -> None:
    """Do what the command does, without the seconds that a process takes to start."""
    with open_library(home, embedder, server) as library:
        ingest_paths(library, [file])


def test_two_that_serve_agree_with_the_one_that_writes(
    url: str, tmp_path: Path, embedder: OnnxEmbedder
) -> None:
    place = {URL: url, "PAPERCHAT_CHROMA_COLLECTION": "served", ROLE: "reader"}
    homes = tmp_path / "one", tmp_path / "two"

    def titles() -> list[list[str]]:
        found = []
        for home in homes:
            try:
                with closing(Catalog(home / CATALOG_FILE, read_only=True)) as catalog:
                    found.append([] if catalog.pending_count() else list(catalog.titles()))
            except LibraryError:  # it only just starts
                return []
        return found

    server = ChromaServer(url, collection="served")
    with open_library(tmp_path / "writer", embedder, server) as writer:
        ingest_paths(writer, [write(tmp_path / "a.jsonl", BREAD)])
    said = "Indexing what changed.\n"  # the first paper, before the page is there
    with (
        open_library(tmp_path / "writer", embedder, server) as writer,
        served(homes[0], said=said, **place),
        served(homes[1], said=said, **place),
    ):
        soon(lambda: titles() == [[BREAD["title"]]] * 2)
        ingest_paths(writer, [write(tmp_path / "b.jsonl", SOUP)])
        soon(lambda: titles() == [[BREAD["title"], SOUP["title"]]] * 2)
        writer.remove([next(writer.catalog.all_papers()).id])
        soon(lambda: titles() == [[SOUP["title"]]] * 2)


def test_it_is_taken_over_by_a_command(url: str, tmp_path: Path) -> None:
    place = {URL: url, "PAPERCHAT_CHROMA_COLLECTION": "taken"}
    file = write(tmp_path / "a.jsonl", BREAD)
    assert paperchat("ingest", file, home=tmp_path / "former", **place).returncode == 0
    refused = paperchat("stats", home=tmp_path / "new", **place)
    assert refused.returncode == 0  # it asks no server
    write(file, BREAD, SOUP)
    heir = paperchat("ingest", file, home=tmp_path / "heir", **place, **{ROLE: "writer"})
    assert heir.returncode == 0
    assert "Indexing what changed." in heir.stderr
    assert read_counts(tmp_path / "heir")[0].papers == 2
    refused = paperchat("ingest", file, home=tmp_path / "former", **place)
    assert refused.returncode == 1
    assert f":{tmp_path}/heir, writes this library now" in refused.stderr
    assert ROLES_HINT in refused.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("ingest", "papers.jsonl"),
        ("sync", "."),
        ("sync", ".", "--dry-run"),
        ("remove", "Bread"),
        ("fetch", "arxiv", "--query", "bread"),
        ("fetch", "daily", "--date", "2024-07-02"),
    ],
    ids=" ".join,
)
def test_what_a_reader_is_refused(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "papers.jsonl", BREAD)
    address = f"http://127.0.0.1:{free_port()}"  # it is not even asked
    variables = {"PAPERCHAT_HOME": str(tmp_path / "home"), URL: address, ROLE: "reader"}
    result = CliRunner().invoke(app, command, env=variables)
    assert isinstance(result.exception, ReaderError)
    assert result.exception.problem == "This home follows the library, and cannot change it"
    assert not (tmp_path / "home").exists()


def test_papers_are_not_added_on_the_page_of_a_reader(
    url: str, tmp_path: Path, embedder: OnnxEmbedder
) -> None:
    server = ChromaServer(url, collection="page")
    with open_library(tmp_path / "writer", embedder, server):
        pass
    reader = ChromaServer(url, collection="page", role=Role.READER)
    with (
        open_library(tmp_path / "reader", embedder, reader) as library,
        pytest.raises(ReaderError),
    ):
        UploadQueue(library).begin("ann", 1)


def test_a_server_that_goes_and_comes_back(
    tmp_path: Path,
    embedder: OnnxEmbedder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(keeping_up, "EVERY_S", 0.05)
    port = free_port()
    server = ChromaServer(f"http://127.0.0.1:{port}")
    reader = ChromaServer(server.url, role=Role.READER)

    def said() -> list[str]:
        return [record.getMessage().split(":")[0] for record in caplog.records]

    with chroma_server(tmp_path / "server", port):
        ingest(tmp_path / "writer", server, embedder, write(tmp_path / "a.jsonl", BREAD))
        with kept_up(tmp_path / "reader", reader, embedder) as library:
            assert library.counts().papers == 1
    with kept_up(tmp_path / "reader", reader, embedder) as library:
        time.sleep(0.5)
        assert (library.counts().papers, said()) == (1, [])  # it was said on the terminal
        with chroma_server(tmp_path / "server", port):
            ingest(tmp_path / "writer", server, embedder, write(tmp_path / "b.jsonl", SOUP))
            soon(lambda: library.counts().papers == 2 and not library.counts().pending)
        time.sleep(0.5)
    assert said() == ["The library is followed again", "The library is not followed any more"]


@pytest.fixture
def follower(
    url: str, tmp_path: Path, embedder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Library]:
    """Give a library that follows another all the time."""
    monkeypatch.setattr(keeping_up, "EVERY_S", 0.02)
    server = ChromaServer(url, collection=f"followed-{uuid4().hex}")
    ingest(tmp_path / "writer", server, embedder, write(tmp_path / "a.jsonl", BREAD))
    with kept_up(tmp_path / "reader", replace(server, role=Role.READER), embedder) as library:
        yield library


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OutsideModelError("The model is down"), "The library is not followed any more"),
        (RuntimeError("a bug"), "the library could not be followed"),
    ],
)
def test_what_keeps_failing_is_said_once(
    follower: Library,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    said: str,
) -> None:
    tried: list[Exception] = []

    def fail() -> None:
        tried.append(error)
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(follower.following, "catch_up", fail)
        soon(lambda: len(tried) > 3)
    soon(lambda: len(caplog.records) > 1)
    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        said,
        "The library is followed again",
    ]


def test_what_doctor_says(tmp_path: Path, embedder: OnnxEmbedder) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    writer, reader, none = tmp_path / "writer", tmp_path / "reader", tmp_path / "none"

    def check(home: Path, role: Role | None = None) -> Check:
        server = ChromaServer(address, role=role)
        [found] = [c for c in library_checks(home, embedder.name, server) if c.name == NAME]
        return found

    none.mkdir()
    with chroma_server(tmp_path / "server", port):
        assert check(none) == Check(
            NAME,
            Status.OK,
            "there is none yet",
            "The next command makes one, which this home writes.",
        )
        assert check(none, Role.READER).status is Status.PROBLEM
        ingest(writer, ChromaServer(address), embedder, write(tmp_path / "a.jsonl", BREAD))
        assert check(writer) == Check(
            NAME, Status.OK, "this home writes it; its last change is number 1"
        )
        with kept_up(reader, ChromaServer(address, role=Role.READER), embedder):
            pass
        name = check(none, Role.WRITER).detail.removesuffix(" writes it")
        assert name.endswith(f":{writer}")
        follows = f"this home follows it, up to change 1; {name} writes it"
        assert check(reader, Role.READER) == Check(NAME, Status.OK, f"{follows}, and is no further")
        ingest(writer, ChromaServer(address), embedder, write(tmp_path / "b.jsonl", SOUP))
        assert check(reader, Role.READER) == Check(
            NAME, Status.WARNING, f"{follows}, and has gone on", "The next command takes the rest."
        )
        assert check(reader) == Check(
            NAME, Status.PROBLEM, f"{name} writes it, and this home has no role", ROLES_HINT
        )
    found = check(reader, Role.READER)
    assert found.status is Status.WARNING
    assert found.detail.startswith("The Chroma server cannot be reached: ")
    assert found.detail.endswith("; answers come from change 1, the last that was taken")
    assert check(writer).status is Status.PROBLEM
