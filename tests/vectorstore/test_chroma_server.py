from __future__ import annotations

import gzip
import http.server
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
from chroma_servers import chroma_server, free_port
from embedders import WordEmbedder
from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

from vectorstore.chroma_passages import ChromaPassages
from vectorstore.chroma_server import ChromaServer
from vectorstore.errors import LibraryError, LibraryMismatchError

FACTS = {"embedding_model": "words", "dimension": "64"}
ADDRESS_HINT = (
    "Start the server, or set PAPERCHAT_CHROMA_URL to its address; without it the passages are kept"
    " in the library's own folder."
)
OTHER_VERSION_HINT = (
    "Check PAPERCHAT_CHROMA_URL. Server and paperchat need chromadb of the same version."
)
Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_server(tmp_path_factory.mktemp("server")) as url:
        yield url


def nodes(paper_id: str, texts: tuple[str, ...]) -> list[TextNode]:
    return [
        TextNode(
            id_=f"{paper_id}/passage/{ordinal}",
            text=text,
            embedding=WordEmbedder().embed_question(text).pooled.tolist(),
            metadata={"paper_id": paper_id},
            relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=paper_id)},
        )
        for ordinal, text in enumerate(texts)
    ]


def nearest(chroma: ChromaPassages, question: str) -> tuple[str, ...]:
    return chroma.nearest(WordEmbedder().embed_question(question).pooled, 10)


def test_the_same_as_in_the_folder(url: str, tmp_path: Path) -> None:
    seen = []
    for place in (None, ChromaServer(url, collection="same")):
        with closing(ChromaPassages(tmp_path, FACTS, place)) as chroma:
            chroma.replace(["a", "b"], [*nodes("a", ("Dough rises.",)), *nodes("b", ("Soup.",))])
            chroma.replace(["a"], nodes("a", ("Dough rises slowly.", "Salt it.")))
            counted, found = chroma.count(), nearest(chroma, "slowly rises the dough")
            chroma.remove(["b", "unknown"])
            seen.append((counted, found, chroma.count(), nearest(chroma, "soup")))
            chroma.clear()
            seen[-1] += (chroma.count(), chroma.recorded_facts)
    assert seen == [(3, ("a", "b"), 2, ("a",), 0, FACTS)] * 2


def test_opened_again(url: str, tmp_path: Path) -> None:
    server = ChromaServer(url, collection="again")
    with closing(ChromaPassages(tmp_path, FACTS, server)) as chroma:
        chroma.replace(["a"], nodes("a", ("Dough rises.",)))
    with closing(ChromaPassages(tmp_path, {"embedding_model": "other"}, server)) as chroma:
        assert (chroma.count(), chroma.recorded_facts) == (1, FACTS)


def test_more_passages_than_a_server_takes_at_once(url: str, tmp_path: Path) -> None:
    [node] = nodes("a", ("Dough rises.",))
    many = [node.model_copy(update={"id_": f"a/passage/{n}"}) for n in range(6_000)]
    server = ChromaServer(url, collection="many")
    with closing(ChromaPassages(tmp_path, FACTS, server)) as chroma:
        chroma.replace(["a"], many)
        assert chroma.count() == 6_000


def test_collection_of_another_library(url: str, tmp_path: Path) -> None:
    server = ChromaServer(url, collection="owned")
    ChromaPassages(tmp_path, FACTS | {"library": "mine"}, server).close()
    ChromaPassages(tmp_path, FACTS | {"library": "mine"}, server).close()
    with pytest.raises(LibraryMismatchError) as caught:
        ChromaPassages(tmp_path, FACTS | {"library": "yours"}, server)
    assert (caught.value.problem, caught.value.where, caught.value.hint) == (
        "The collection is not this library's, and holds something already",
        f"{url}, collection owned",
        "Set PAPERCHAT_CHROMA_COLLECTION to a name that no other library has, or"
        " PAPERCHAT_CHROMA_ROLE to reader, to follow that library, or to writer, to take it over.",
    )


def test_name_that_no_collection_can_have(url: str, tmp_path: Path) -> None:
    assert refusal(ChromaServer(url, collection="a b"), tmp_path).problem.startswith(
        "The Chroma server cannot open the collection: Validation error: name: Expected a name"
    )


def test_collection_that_somebody_deletes(url: str, tmp_path: Path) -> None:
    server = ChromaServer(url, collection="deleted")
    with (
        closing(ChromaPassages(tmp_path, FACTS, server)) as chroma,
        closing(ChromaPassages(tmp_path, FACTS, server)) as other,
    ):
        other.clear()
        with pytest.raises(LibraryError, match="The Chroma server cannot use the collection: "):
            chroma.count()


def test_server_that_stops_and_starts_again(tmp_path: Path) -> None:
    port = free_port()
    server = ChromaServer(f"http://127.0.0.1:{port}")
    with chroma_server(tmp_path / "files", port):
        chroma = ChromaPassages(tmp_path, FACTS, server)
        chroma.replace(["a"], nodes("a", ("Dough rises.",)))
    with closing(chroma):
        with pytest.raises(LibraryError) as caught:
            chroma.count()
        assert caught.value.problem.startswith("The Chroma server cannot be reached: ")
        assert caught.value.hint == ADDRESS_HINT
        with chroma_server(tmp_path / "files", port):
            assert chroma.count() == 1


def refusal(server: ChromaServer, home: Path) -> LibraryError:
    with pytest.raises(LibraryError) as caught:
        ChromaPassages(home, FACTS, server)
    assert caught.value.where == f"{server.url}, collection {server.collection}"
    return caught.value


def test_no_server(tmp_path: Path) -> None:
    error = refusal(ChromaServer(f"http://127.0.0.1:{free_port()}"), tmp_path)
    assert (error.problem, error.hint) == (
        "The Chroma server cannot be reached: [Errno 111] Connection refused",
        ADDRESS_HINT,
    )


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """Give the address of a server that has this answer to everything."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            answer(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def status(code: int, body: bytes = b"", **headers: str) -> Answer:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def a_byte_now_and_then(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    with suppress(OSError):  # who asked has left
        while True:
            handler.wfile.write(b" ")
            sleep(0.05)


@pytest.mark.parametrize(
    ("answer", "problem", "hint"),
    [
        (
            status(401),
            "The Chroma server refuses: status 401",
            "Set PAPERCHAT_CHROMA_TOKEN to the token it asks for.",
        ),
        (
            status(307, Location="http://192.0.2.1/"),
            "What answers there is no Chroma server of this version: it sends elsewhere",
            OTHER_VERSION_HINT,
        ),
        (
            status(404, b"Not Found"),
            "What answers there is no Chroma server of this version: Not Found",
            OTHER_VERSION_HINT,
        ),
        (
            status(200, b"<html>Soup</html>"),
            "What answers there is no Chroma server of this version: unexpected character,"
            " expected a JSON value: line 1 column 1 (char 0)",
            OTHER_VERSION_HINT,
        ),
        (
            status(200, b"{}"),
            "What answers there is no Chroma server of this version: 'id'",
            OTHER_VERSION_HINT,
        ),
        (
            status(500, b'{"error": "InternalError", "message": "the oven is cold"}'),
            "The Chroma server cannot open the collection: the oven is cold",
            "Server and paperchat need chromadb of the same version.",
        ),
    ],
    ids=["asks for a token", "sends elsewhere", "not there", "a page", "other JSON", "fails"],
)
def test_server_of_another_kind(answer: Answer, problem: str, hint: str, tmp_path: Path) -> None:
    with answering(answer) as url:
        error = refusal(ChromaServer(url), tmp_path)
    assert (error.problem, error.hint) == (problem, hint)


@pytest.mark.parametrize(
    "answer", [lambda _handler: sleep(0.5), a_byte_now_and_then], ids=["silent", "slow"]
)
def test_server_that_does_not_come_to_an_end(answer: Answer, tmp_path: Path) -> None:
    with answering(answer) as url:
        error = refusal(ChromaServer(url, timeout_s=0.3), tmp_path)
    assert (error.problem, error.hint) == (
        "The Chroma server did not answer within 0.3 seconds",
        "Run the command again: it goes on where this one ended.",
    )


def test_endless_reply(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("vectorstore.chroma_http._LONGEST_REPLY", 1_000)
    with answering(status(200, b" " * 1_001)) as url:
        error = refusal(ChromaServer(url), tmp_path)
    assert error.problem == (
        "What answers there is no Chroma server of this version: an endless reply"
    )


@pytest.mark.parametrize("code", [200, 500])
def test_packed_reply(code: int, tmp_path: Path) -> None:
    packed = gzip.compress(bytes(100_000_000), 9)
    asked: list[str | None] = []

    def bomb(handler: http.server.BaseHTTPRequestHandler) -> None:
        asked.append(handler.headers["Accept-Encoding"])
        status(code, packed, **{"Content-Encoding": "gzip"})(handler)

    with answering(bomb) as url:
        tracemalloc.start()
        try:
            error = refusal(ChromaServer(url), tmp_path)
            used = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert error.problem == (
        "What answers there is no Chroma server of this version: it packs its reply, unasked"
    )
    assert used < 25_000_000
    assert set(asked) == {"identity"}


def test_address_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(LibraryError) as caught:
        ChromaPassages(tmp_path, FACTS, ChromaServer("http://"))
    assert caught.value.problem == "The address of the Chroma server is none"


@pytest.mark.parametrize("token", ["", "levain"])
def test_what_is_sent(token: str, tmp_path: Path) -> None:
    sent: list[tuple[str | None, str | None]] = []

    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        sent.append((handler.headers["Authorization"], handler.headers["X-Chroma-Token"]))
        status(404)(handler)

    with answering(answer) as url:
        server = ChromaServer(url, token)
        refusal(server, tmp_path)
    assert set(sent) == {("Bearer levain", "levain") if token else (None, None)}
    assert "levain" not in repr(server)


def test_a_name_and_password_in_the_address_are_not_shown(tmp_path: Path) -> None:
    server = ChromaServer(f"http://baker:levain@127.0.0.1:{free_port()}")
    with pytest.raises(LibraryError) as caught:
        ChromaPassages(tmp_path, FACTS, server)
    assert "levain" not in str(caught.value)
