"""Other embedding models by setting: the command line, with a server or a hub on this machine."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from embedding_server import embeds
from fakes import FakeModelServer, Script, fails
from hub_server import HubServer
from processes import paperchat

from vectorstore.onnx_embedding import OnnxEmbedder

KEY = "sk-canary-7f3a9b2c"
MODEL = {"PAPERCHAT_EMBEDDING_MODEL": "openai:words"}
TITLES = (
    "Paged Attention for Serving Large Language Models",
    "Forecasting River Floods with Graph Networks",
    "Federated Learning under Stale Updates",
)
ABSTRACTS = (
    (
        "Serving large language models needs much memory.",
        "We page the key-value cache to disk.",
    ),
    (
        "Floods of rivers are hard to forecast.",
        "We let a graph network learn the rivers of a continent.",
    ),
    (
        "Devices send their updates late.",
        "We correct stale updates before the server averages them.",
    ),
)
PAGE = f"""{TITLES[0]}

{" ".join(ABSTRACTS[0])}

• 3 authors

·

Jul 2, 2024

{TITLES[1]}

{" ".join(ABSTRACTS[1])}

• 2 authors

·

Jul 3, 2024

{TITLES[2]}

{" ".join(ABSTRACTS[2])}

• 5 authors

·

Jul 4, 2024
"""

with_fastembed = pytest.mark.skipif(
    importlib.util.find_spec("fastembed") is None,
    reason="fastembed is not installed: pip install fastembed",
)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.txt"
    file.write_text(PAGE, "utf-8")
    return file


def first_title(*arguments: str, home: Path, **variables: str) -> str:
    """Return the title of the best hit of a search."""
    result = paperchat("search", *arguments, "--json", home=home, **variables)
    assert (result.returncode, result.stderr) == (0, "")
    return str(json.loads(result.stdout.splitlines()[0])["title"])


def test_a_library_by_an_embeddings_server(tmp_path: Path, page: Path) -> None:
    home = tmp_path / "library"
    with FakeModelServer(embeds) as server:
        where = {"PAPERCHAT_EMBEDDING_URL": server.base_url, "OPENAI_API_KEY": KEY, **MODEL}
        ingested = paperchat("ingest", page, "--json", home=home, **where)
        assert (ingested.returncode, ingested.stderr) == (0, "")
        assert json.loads(ingested.stdout)["new"] == 3
        # Each abstract as a whole and by its sentences; of two, the one passage is the whole.
        sent = [text for request in server.requests for text in request.body["input"]]
        pieces = [
            piece for first, second in ABSTRACTS for piece in (first, second, f"{first} {second}")
        ]
        assert sorted(sent) == sorted([*pieces, "dimension"])
        assert {request.path for request in server.requests} == {"/v1/embeddings"}

        server.requests.clear()
        assert first_title("graph networks for rivers", home=home, **where) == TITLES[1]
        asked = [request.body["input"] for request in server.requests]
        assert sorted(asked) == [["dimension"], ["graph networks for rivers"]]

        server.requests.clear()
        answer = paperchat("ask", "which papers forecast floods?", "--json", home=home, **where)
        assert (answer.returncode, answer.stderr) == (0, "")
        [citation, *_] = json.loads(answer.stdout)["citations"]
        assert citation["quotes"]

        # What the library holds is known without the server.
        server.requests.clear()
        stats = paperchat("stats", "--json", home=home, **where)
        assert json.loads(stats.stdout)["embedding_model"] == "openai:words"
        assert server.requests == []


def test_the_model_of_a_library_is_told_apart(tmp_path: Path, page: Path) -> None:
    home = tmp_path / "library"
    assert paperchat("ingest", page, home=home).returncode == 0
    with FakeModelServer(embeds) as server:
        where = {"PAPERCHAT_EMBEDDING_URL": server.base_url, **MODEL}
        result = paperchat("search", "rivers", home=home, **where)
    assert result.returncode == 1
    assert result.stderr.startswith(
        f"Error: This library was written with embedding model {OnnxEmbedder().name}, and this"
        f" paperchat has openai:words ({home})\n"
    )


def test_what_was_indexed_is_kept_when_the_server_fails(tmp_path: Path, page: Path) -> None:
    home = tmp_path / "library"
    with FakeModelServer(embeds, fails(400, f"Too much for {KEY}")) as server:
        where = {"PAPERCHAT_EMBEDDING_URL": server.base_url, "OPENAI_API_KEY": KEY, **MODEL}
        failed = paperchat("ingest", page, home=home, **where)
        assert failed.returncode == 1
        assert failed.stderr == (
            f"Error: The embedding server at {server.base_url} did not accept the request and"
            " answered with status 400\nThe server says: “Too much for (key)”\n"
        )
    stats = json.loads(paperchat("stats", "--json", home=home, **MODEL).stdout)
    assert stats["papers"] == 3
    with FakeModelServer(embeds) as server:
        where = {"PAPERCHAT_EMBEDDING_URL": server.base_url, **MODEL}
        result = paperchat("search", "rivers", "--json", home=home, **where)
    assert result.stderr == "Finishing what an earlier run began.\n"
    assert json.loads(result.stdout.splitlines()[0])["title"] == TITLES[1]


def test_a_server_that_is_not_there(tmp_path: Path, page: Path) -> None:
    with FakeModelServer(Script(silent=True)) as server:
        where = {"PAPERCHAT_EMBEDDING_URL": server.base_url, "PAPERCHAT_TIMEOUT_S": "0.3", **MODEL}
        result = paperchat("ingest", page, home=tmp_path / "library", **where)
        shown = f"Error: The embedding server at {server.base_url} sent nothing for 0.3 s"
    assert result.returncode == 1
    assert result.stderr.startswith(shown)
    assert "Traceback" not in result.stderr


@with_fastembed
def test_a_named_model_is_downloaded_once_and_announced(tmp_path: Path, page: Path) -> None:
    from small_networks import write_shipped_network

    folder = write_shipped_network(tmp_path / "minilm")
    files = {file.name: file for file in folder.iterdir()}
    cache, home = tmp_path / "cache", tmp_path / "library"
    with HubServer(files) as hub:
        where = {
            "PAPERCHAT_EMBEDDING_MODEL": "fastembed:sentence-transformers/all-MiniLM-L6-v2",
            "FASTEMBED_CACHE_PATH": str(cache),
            "HF_ENDPOINT": hub.address,
            "HF_HOME": str(tmp_path / "hugging-face"),
        }
        ingested = paperchat("ingest", page, home=home, **where)
        assert ingested.returncode == 0
        announced, *_progress = ingested.stderr.splitlines()
        assert announced == (
            "Downloading sentence-transformers/all-MiniLM-L6-v2 (0.09 GB) from Hugging Face, once,"
            f" to {cache}"
        )
        # Nothing but the model was asked for.
        assert all("all-MiniLM-L6-v2-onnx" in path for path in hub.paths)
        hub.paths.clear()
        assert first_title("late updates of devices", home=home, **where) == TITLES[2]
        assert hub.paths == []


@with_fastembed
def test_a_named_model_that_cannot_be_downloaded(tmp_path: Path, page: Path) -> None:
    where = {
        "PAPERCHAT_EMBEDDING_MODEL": "fastembed:BAAI/bge-small-en-v1.5",
        "FASTEMBED_CACHE_PATH": str(tmp_path / "cache"),
        "HF_ENDPOINT": "http://127.0.0.1:9",
        "HF_HOME": str(tmp_path / "hugging-face"),
    }
    result = paperchat("ingest", page, home=tmp_path / "library", **where)
    assert result.returncode == 1
    announced, problem, hint = result.stderr.splitlines()
    assert announced.startswith("Downloading BAAI/bge-small-en-v1.5 (0.067 GB) from Hugging Face,")
    assert problem == (
        "Error: The model BAAI/bge-small-en-v1.5 cannot be downloaded: [Errno 111] Connection"
        f" refused ({tmp_path / 'cache'})"
    )
    assert hint == (
        "Connect to the network once, or copy the model's folder from another machine and set its"
        " path in place of the name."
    )
