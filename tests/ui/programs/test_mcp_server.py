"""`paperchat mcp` as a model's program has it: a real process, the SDK's own client, by stdio."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult, ListToolsResult
from processes import paperchat
from recipes import HOSTILE, KITCHEN, LEVAIN

from assistant.answer import (
    Answer,
    Block,
    BlockKind,
    Citation,
    Claim,
    Intent,
    Outcome,
    Plan,
    Quote,
)
from ingest.indexing import index_pending
from ui.environment import read_environment
from ui.programs.mcp_results import (
    DATA_NOTE,
    LONGEST_ABSTRACT,
    LONGEST_ANSWER,
    MOST_QUOTES,
    MOST_SOURCES,
    answered,
    cut,
    whole,
)
from ui.programs.mcp_server import mcp_server
from ui.programs.open_library import OpenLibrary
from ui.server.lines import Lines
from ui.server.waiting_line import WaitingLine
from vectorstore.library import open_library
from vectorstore.lock import LibraryLock
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.records import Source, Span

QUESTION = "How long does sourdough bread take to rise?"
COMMAND = ["-c", "from ui.cli import main; main()", "mcp"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, embedder: OnnxEmbedder) -> Path:
    folder = tmp_path_factory.mktemp("kitchen")
    with open_library(folder, embedder) as library:
        library.add(KITCHEN)
        index_pending(library)
    return folder


def called(home: Path, *calls: tuple[str, dict[str, object]]) -> list[CallToolResult]:
    """Return what tools give, called one after another of one server."""
    return anyio.run(_called, home, calls)[1]


async def _called(
    home: Path, calls: tuple[tuple[str, dict[str, object]], ...]
) -> tuple[ListToolsResult, list[CallToolResult]]:
    async with Client(_server(home)) as client:
        tools = await client.list_tools()
        return tools, [await client.call_tool(name, arguments) for name, arguments in calls]


def _server(home: Path) -> StdioServerParameters:
    variables = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return StdioServerParameters(
        command=sys.executable, args=COMMAND, env=variables | {"PAPERCHAT_HOME": str(home)}
    )


CALLS: dict[str, tuple[str, dict[str, object]]] = {
    "ask": ("ask_papers", {"question": QUESTION}),
    "follow up": (
        "ask_papers",
        {"question": "Who wrote it?", "earlier_questions": [QUESTION]},
    ),
    "within": ("ask_papers", {"question": "What is good?", "within": ["broth"]}),
    "search": ("search_papers", {"query": "sourdough bread", "limit": 1}),
    "newest": ("search_papers", {"query": "bread and soup", "published_from": "2025"}),
    "get": ("get_paper", {"paper_id": "levain"}),
    "hostile": ("get_paper", {"paper_id": "hostile"}),
}


REFUSED: dict[str, tuple[tuple[str, dict[str, object]], str]] = {
    "unknown": (
        ("get_paper", {"paper_id": "none"}),
        "There is no paper with this id. Find its id by search_papers.",
    ),
    "empty": (("ask_papers", {"question": " "}), "The question is empty. Type what you want"),
    "long": (("ask_papers", {"question": "x" * 9_999}), "The question has 9,999 characters; at"),
    "gone": (("ask_papers", {"question": "x", "within": ["none"]}), "None of the chosen papers"),
    "nothing": (("ask_papers", {}), "question\n  Field required"),
    "many": (("search_papers", {"query": "x", "limit": 51}), "less than or equal to 50"),
    "order": (
        ("search_papers", {"query": "x", "order": "best"}),
        "should be 'relevance', 'newest'",
    ),
    "date": (("search_papers", {"query": "x", "published_to": "soon"}), "has to be a date. Write"),
}


@pytest.fixture(scope="module")
def told(home: Path) -> dict[str, CallToolResult]:
    """Return what one server gives to all the calls that the tests look at."""
    calls = CALLS | {name: call for name, (call, _) in REFUSED.items()}
    return dict(zip(calls, called(home, *calls.values()), strict=True))


def of(told: dict[str, CallToolResult], name: str) -> dict[str, object]:
    """Return what the call gave, which is the same as text and as an object."""
    result = told[name]
    assert not result.is_error
    [content] = result.content
    assert json.loads(content.text) == result.structured_content
    return result.structured_content


def test_a_question_is_answered_with_the_sentences_that_say_so(
    told: dict[str, CallToolResult],
) -> None:
    answer = of(told, "ask")
    assert answer["about_this_text"] == DATA_NOTE
    assert answer["outcome"] == "answered"
    first = answer["sources"][0]
    assert (first["number"], first["paper_id"], first["title"]) == (1, "levain", LEVAIN.title)
    assert all(quote in LEVAIN.abstract for quote in first["quotes"])
    assert "[1]" in answer["answer"]


def test_a_follow_up_and_a_choice_of_papers(told: dict[str, CallToolResult]) -> None:
    assert {source["paper_id"] for source in of(told, "follow up")["sources"]} <= {"levain"}
    assert {source["paper_id"] for source in of(told, "within")["sources"]} <= {"broth"}


def test_a_search_lists_papers_with_their_best_sentences(told: dict[str, CallToolResult]) -> None:
    [found] = of(told, "search")["papers"]
    assert found | {"relevance": 0, "sentence": ""} == {
        "paper_id": "levain",
        "title": LEVAIN.title,
        "relevance": 0,
        "published": "2024-03-09",
        "date_precision": None,
        "authors": [],
        "organization": "Bakery Institute",
        "venue": None,
        "arxiv_id": None,
        "doi": None,
        "sentence": "",
    }
    assert found["sentence"]
    assert found["sentence"] in LEVAIN.abstract
    assert [paper["paper_id"] for paper in of(told, "newest")["papers"]] == ["broth"]
    assert of(told, "newest")["notes"] == [
        "Nothing here covers “bread”.",
        "1 paper was left out for having no date.",
    ]


def test_a_paper_is_given_whole_and_as_it_stands(told: dict[str, CallToolResult]) -> None:
    assert of(told, "get") == {
        "about_this_text": DATA_NOTE,
        "paper_id": "levain",
        "title": LEVAIN.title,
        "abstract": LEVAIN.abstract,
        "published": "2024-03-09",
        "date_precision": None,
        "authors": [],
        "author_count": 3,
        "organization": "Bakery Institute",
        "venue": None,
        "categories": [],
        "arxiv_id": None,
        "doi": None,
        "url": "https://papers.example/levain",
        "language": None,
        "suspicious": [],
        "sources": [],
    }
    assert of(told, "hostile")["abstract"] == HOSTILE.abstract


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_an_error_of_the_tool(
    told: dict[str, CallToolResult], name: str
) -> None:
    assert told[name].is_error
    assert REFUSED[name][1] in told[name].content[0].text


def test_the_tools_are_described_and_only_read(home: Path) -> None:
    tools, _ = anyio.run(_called, home, ())
    assert [tool.name for tool in tools.tools] == ["ask_papers", "search_papers", "get_paper"]
    for tool in tools.tools:
        assert tool.description
        assert tool.annotations.read_only_hint
        assert tool.output_schema
        described = tool.input_schema["properties"].values()
        assert all(argument["description"] for argument in described)


def test_a_library_in_use_is_said_and_tried_again(home: Path) -> None:
    async def asked() -> list[CallToolResult]:
        lock = LibraryLock(home)
        async with Client(_server(home)) as client:
            refused = await client.call_tool(*CALLS["get"])
            lock.release()
            return [refused, await client.call_tool(*CALLS["get"])]

    refused, given = anyio.run(asked)
    assert refused.is_error
    said = refused.content[0].text
    assert "Another process is using this library" in said
    assert said.endswith("Stop it first, or set PAPERCHAT_HOME to another folder.")
    assert not given.is_error


def test_the_library_is_free_until_a_tool_is_called(home: Path) -> None:
    async def connected() -> None:
        async with Client(_server(home)) as client:
            await client.list_tools()
            LibraryLock(home).release()

    anyio.run(connected)


def test_standard_output_carries_the_protocol_alone(home: Path) -> None:
    version = "2025-06-18"
    lines = (
        {
            "id": 1,
            "method": "initialize",
            "params": {
                "protocolVersion": version,
                "capabilities": {},
                "clientInfo": {"name": "test", "version": "1"},
            },
        },
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": {"name": "get_paper", "arguments": {}}},
    )
    sent = "".join(json.dumps({"jsonrpc": "2.0"} | line) + "\n" for line in lines)
    ended = paperchat("mcp", home=home, text=sent)
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    assert answers[0]["id"] == 1
    assert all(answer["jsonrpc"] == "2.0" for answer in answers)
    assert ended.returncode == 0


def test_without_the_sdk_it_is_said_what_to_install(home: Path) -> None:
    script = (
        "import sys; sys.modules['mcp'] = None; sys.argv[1:] = ['mcp'];"
        " from ui.cli import main; main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PAPERCHAT_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (
        1,
        "",
        "Error: The MCP server needs the package mcp, which is not installed\n"
        "Run: pip install mcp\n",
    )


def test_results_are_bounded() -> None:
    long = replace(
        LEVAIN,
        title="t" * 9_999,
        abstract="a" * 99_999,
        organization="o" * 9_999,
        authors=("n" * 9_999,) * 999,
        venue="v" * 9_999,
        categories=("k" * 9_999,) * 999,
        doi="d" * 9_999,
        sources=(Source("s" * 9_999, 1),) * 999,
    )
    quotes = tuple(Quote(Span(0, 9_999), "a" * 9_999) for _ in range(99))
    answer = Answer(
        Plan("", Intent.FACT, ""),
        Outcome.ANSWERED,
        (Block(BlockKind.PARAGRAPH, (Claim("c" * 99_999),)),),
        tuple(Citation(number, long, quotes) for number in range(99)),
        (),
        "extractive",
    )
    told = answered(answer)
    assert len(told.answer) == LONGEST_ANSWER
    assert len(told.sources) == MOST_SOURCES
    assert {len(source.quotes) for source in told.sources} == {MOST_QUOTES}
    assert len(str(asdict(told))) < 90_000
    assert len(whole(long).abstract) == LONGEST_ABSTRACT
    assert len(str(asdict(whole(long)))) < 50_000


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [("", 3, ""), ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("a bcd", 3, "a…")],
)
def test_what_is_too_long_is_cut(text: str, limit: int, shown: str) -> None:
    assert cut(text, limit) == shown


def test_a_full_line_is_told_to_the_model(home: Path) -> None:
    line = WaitingLine(1, 0)
    lines = Lines(line, line, lambda: False)

    async def refused() -> CallToolResult:
        with OpenLibrary(read_environment({"PAPERCHAT_HOME": str(home)})) as library:
            async with Client(mcp_server(library, lines)) as client:
                return await client.call_tool("ask_papers", {"question": QUESTION})

    with line.join("someone"):
        result = anyio.run(refused)
    assert result.is_error
    assert result.content[0].text.endswith(
        "Too many questions of all visitors are waiting already (0). Ask again in about 1 s."
    )
