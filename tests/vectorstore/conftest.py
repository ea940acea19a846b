"""What tests of libraries on a Chroma server share."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from chroma_servers import chroma_server

from vectorstore.chroma_server import ChromaServer


@pytest.fixture(scope="session")
def chroma_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server that all tests share."""
    with chroma_server(tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.fixture
def server(chroma_url: str) -> ChromaServer:
    """Return a place for a library of its own."""
    return ChromaServer(chroma_url, collection=f"bread-{uuid4().hex}")
