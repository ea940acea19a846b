"""A Chroma server is believed its passages, and nothing else: it neither runs code here, nor gets
its own words with our secrets in them into a message.
"""

from __future__ import annotations

import json
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from chromadb.utils import embedding_functions
from fakes import FakeModelServer, Request, Script

from vectorstore.chroma_http import ChromaClient
from vectorstore.chroma_passages import ChromaPassages
from vectorstore.chroma_server import ChromaServer
from vectorstore.errors import LibraryError

ID = "00000000-0000-4000-8000-000000000000"
FACTS = {"embedding_model": "words", "dimension": "64"}
NAMED = {"name": "oven", "type": "known", "config": {"model_name": "evil/oven"}}
SPARSE = {"config": {"source_key": "#document", "embedding_function": NAMED}, "enabled": True}
DENSE = {"config": {"embedding_function": NAMED, "space": "cosine"}, "enabled": True}
COLLECTION = {
    **{"id": ID, "name": "passages", "metadata": FACTS, "dimension": 2, "log_position": 0},
    **{"tenant": "default_tenant", "database": "default_database", "version": 0},
    "configuration_json": {"hnsw": {"space": "cosine"}, "embedding_function": NAMED},
    "schema": {
        "defaults": {"float_list": {"vector_index": DENSE}},
        "keys": {
            "#embedding": {"float_list": {"vector_index": DENSE}},
            "recipe": {"sparse_vector": {"sparse_vector_index": SPARSE}},
        },
    },
}


class Oven:
    """An embedding function that keeps what it was made of."""

    made: ClassVar[list[dict[str, Any]]] = []

    @staticmethod
    def build_from_config(config: dict[str, Any]) -> Oven:
        Oven.made.append(config)
        return Oven()


def names_functions(request: Request) -> Script:
    """Answer as a server whose collection names an embedding function."""
    if request.path.endswith("/pre-flight-checks"):
        return Script(body=json.dumps({"max_batch_size": 100}))
    return Script(body=json.dumps(COLLECTION if request.path.endswith("/collections") else {}))


@pytest.fixture
def ovens(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return what ovens are made of, should any be."""
    for known in ("known_embedding_functions", "sparse_known_embedding_functions"):
        monkeypatch.setitem(getattr(embedding_functions, known), "oven", Oven)
    monkeypatch.setattr(Oven, "made", [])
    return Oven.made


def test_a_server_has_no_embedding_function_made_here(ovens: list[dict[str, Any]]) -> None:
    with FakeModelServer(names_functions) as server:
        client = ChromaClient(ChromaServer(server.base_url.removesuffix("/v1")))
        collection = client.get_or_create_collection("passages", embedding_function=None)
        vectors = [np.array([1.0, 0.0], np.float32)]
        collection.upsert(ids=["a"], documents=["Bread rises."], embeddings=vectors)
        client.close()
        stored = [request for request in server.requests if request.path.endswith("/upsert")]
    assert (len(stored), ovens) == (1, [])


def test_chromadb_would_make_it(ovens: list[dict[str, Any]]) -> None:
    """Else the test above would hold whatever paperchat does."""
    with FakeModelServer(names_functions) as server:
        client = ChromaClient(ChromaServer(server.base_url.removesuffix("/v1")))
        model = client._api.get_or_create_collection("passages")
        from chromadb.api.models.Collection import Collection

        with suppress(ValueError):  # since it is no real one
            _ = Collection(client._api, model, embedding_function=None).schema
        client.close()
    assert ovens == [NAMED["config"]]


@pytest.mark.parametrize("error", ["InternalError", "InvalidArgumentError", "QuotaError", "Oven"])
def test_what_a_server_repeats_of_the_token_is_not_told(error: str, tmp_path: Path) -> None:
    def repeats(request: Request) -> Script:
        said = f"{request.headers['x-chroma-token']} {request.headers['authorization']} quota"
        return Script(status=500, body=json.dumps({"error": error, "message": said}))

    with FakeModelServer(repeats) as server:
        address = server.base_url.removesuffix("/v1").replace("//", "//baker-one:levain-two@")
        settings = ChromaServer(address, "sourdough-1")
        with pytest.raises(LibraryError) as caught:
            ChromaPassages(tmp_path, FACTS, settings)
        sent = str(server.requests[0].headers)
    told = f"{caught.value} {''.join(traceback.format_exception(caught.value))}"
    assert "(key)" in str(caught.value)
    assert "sourdough-1" in sent
    authorization = server.requests[0].headers["authorization"].partition(" ")[2]
    for secret in ("sourdough-1", "baker-one", "levain-two", authorization):
        assert secret not in told
