"""A library on what demands of its users what Chroma Cloud does; not Chroma Cloud itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from chroma_cloud import DATABASE, TENANT, TOKEN, Cloud, chroma_cloud
from chroma_servers import chroma_server
from embedders import WordEmbedder
from shared_homes import catch_up, home, known

from ingest.indexing import index_pending
from vectorstore.chroma_server import ChromaServer, Role, is_cloud
from vectorstore.errors import LibraryError
from vectorstore.records import Paper

# 350 papers are more than one request may have, and the last is longer than one document.
PAPERS = (
    *(Paper(f"p{n}", f"Loaf {n}", f"Loaf number {n} is baked.") for n in range(350)),
    Paper("long", "A Long Loaf", f"{'dough ' * 4_000}rises. It is cut."),
)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with (
        chroma_server(tmp_path_factory.mktemp("server")) as url,
        chroma_cloud(url) as cloud,
    ):
        yield cloud


@pytest.fixture
def server(cloud: Cloud, request: pytest.FixtureRequest) -> ChromaServer:
    name = request.node.name[:40].rstrip("_")
    return ChromaServer(
        cloud.url, TOKEN, collection=name, tenant=TENANT, database=DATABASE, cloud=True
    )


def test_within_its_quotas(cloud: Cloud, server: ChromaServer, tmp_path: Path) -> None:
    with home(tmp_path / "writer", server) as writer:
        writer.add(PAPERS)
        index_pending(writer)
        assert writer.chroma.count() == writer.counts().passages
        question = WordEmbedder().embed_question("loaf number 7").pooled
        assert len(writer.chroma.nearest(question, 1_000)) > 250
        assert writer.chroma.finds_passages()
        with home(tmp_path / "reader", server, Role.READER) as reader:
            assert catch_up(reader) == len(PAPERS)
            assert known(reader) == known(writer)
            writer.remove([paper.id for paper in PAPERS[:340]])
            assert catch_up(reader) == 340
            assert known(reader) == known(writer)
    assert cloud.paths <= {
        f"/api/v2/tenants/{TENANT}/databases/{DATABASE}",
        "/api/v2/pre-flight-checks",
    }
    assert cloud.headers == {("x-chroma-token", TOKEN)}  # as chromadb's own client of it


def refusal(folder: Path, server: ChromaServer) -> LibraryError:
    with pytest.raises(LibraryError) as caught, home(folder, server):
        pass
    return caught.value


def test_what_it_refuses(server: ChromaServer, tmp_path: Path) -> None:
    error = refusal(tmp_path, replace(server, token="other"))  # noqa: S106
    assert (error.problem, error.hint) == (
        "The Chroma server refuses: status 401",
        "Set PAPERCHAT_CHROMA_TOKEN to the token it asks for.",
    )
    assert error.where == f"{server.url}, {TENANT}/{DATABASE}, collection {server.collection}"
    error = refusal(tmp_path, replace(server, database="rolls"))
    assert error.hint == (
        "Set PAPERCHAT_CHROMA_TENANT and PAPERCHAT_CHROMA_DATABASE to those of the server."
    )


def test_a_quota_is_told_in_its_words(server: ChromaServer, tmp_path: Path) -> None:
    with home(tmp_path, server) as library:
        library.add([Paper("x" * 200, "Bread", "Dough rises.")])
        with pytest.raises(LibraryError) as caught:
            index_pending(library)
        assert (caught.value.problem, caught.value.hint) == (
            "The Chroma server's quota is exceeded: Quota exceeded: 'Id size' exceeded quota limit:"
            " current usage of 210 exceeds limit of 128",
            "What was stored is kept, and the next command goes on with the rest: wait, or ask"
            " whoever runs the server for a higher quota.",
        )
        assert library.counts().pending == 1


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://api.trychroma.com", True),
        ("https://europe.api.trychroma.com:443/", True),
        ("https://trychroma.com.bread.example", False),
        ("https://nottrychroma.com", False),
        ("http://127.0.0.1:8000", False),
    ],
)
def test_whose_address_it_is(url: str, found: bool) -> None:
    assert is_cloud(url) is found
