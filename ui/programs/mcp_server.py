"""The MCP server: a model's tools to ask, to search and to read the papers of the library.

Owns the tools' names, arguments and descriptions. Invariant: standard output carries the protocol
and nothing else. Imported only where the server runs: the SDK is an extra.
"""

# Without `from __future__ import annotations`: the SDK makes the tools' schemas of the annotations.
from collections.abc import Callable
from contextlib import nullcontext
from importlib.metadata import version
from typing import Annotated, Literal, TypeVar

import anyio.to_thread
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from ui.logs.question_log import By, QuestionLog
from ui.logs.unexpected import unexpected
from ui.programs import arguments, asking
from ui.programs.arguments import MOST_EARLIER, ArgumentError, FilterArguments, text, texts
from ui.programs.mcp_results import DATA_NOTE, Answered, Listed, Whole, answered, listed, whole
from ui.programs.open_library import OpenLibrary
from ui.server.lines import Lines, turn_in
from ui.server.waiting_line import WaitingLine
from vectorstore.errors import PaperchatError

MOST_HITS = 50
MOST_PAPERS = 100
INSTRUCTIONS = (
    "A library of research-paper abstracts on this machine. ask_papers answers a question with"
    " citations, search_papers lists papers, get_paper gives one with its abstract. Cite papers by"
    f" their titles. {DATA_NOTE}"
)
READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

CLIENT = "client"  # the one that the server is for

Question = Annotated[str, Field(description="A question or a request, in English.")]
Earlier = Annotated[
    tuple[str, ...],
    Field(
        description="The earlier questions of the conversation, oldest first, if this follows up."
    ),
]
Within = Annotated[
    tuple[str, ...],
    Field(description="Ids of the papers to answer from; leave it out for all of them."),
]
Query = Annotated[str, Field(description="What the papers should be about.")]
Limit = Annotated[int, Field(ge=1, le=MOST_HITS, description="Papers to list.")]
From = Annotated[
    str, Field(description="Only papers of this year (YYYY), month, day (YYYY-MM-DD) or later.")
]
To = Annotated[str, Field(description="Only papers of this year, month, day or before.")]
Organization = Annotated[str, Field(description="Part of an organisation's name.")]
Author = Annotated[str, Field(description='An author: "Alice Baker", "A. Baker" or "Baker".')]
Category = Annotated[str, Field(description='A category such as "cs.CL".')]
Venue = Annotated[str, Field(description="Part of the name of a journal or conference.")]
ListOrder = Annotated[
    Literal["relevance", "newest", "oldest", "discussed"], Field(description="What comes first.")
]
PaperId = Annotated[str, Field(description="A paper_id that another tool gave.")]

Told = TypeVar("Told")


def mcp_server(library: OpenLibrary, lines: Lines) -> MCPServer:
    """Return the server with its tools."""
    server: MCPServer = MCPServer(
        "paperchat",
        title="paperchat",
        instructions=INSTRUCTIONS,
        version=version("paperchat"),
        log_level="WARNING",
    )
    for tool in (_ask_papers(library, lines), _search_papers(library, lines), _get_paper(library)):
        server.tool(annotations=READS)(tool)
    return server


def _ask_papers(library: OpenLibrary, lines: Lines) -> Callable[..., object]:
    async def ask_papers(
        question: Question,
        earlier_questions: Earlier = (),
        within: Within = (),
    ) -> Answered:
        """Answer a question from the papers' abstracts, citing papers and the sentences that say
        so. Says so where nothing in the library answers it.
        """

        log = QuestionLog(By.MCP, question)

        def work() -> Answered:
            earlier = texts("earlier_questions", earlier_questions, MOST_EARLIER)
            questions = (*earlier, arguments.question("question", question))
            chosen = texts("within", within, MOST_PAPERS)
            return answered(asking.ask(library.parts()[1], questions, chosen, log))

        return await _told(work, lines.answers, log)

    return ask_papers


def _search_papers(library: OpenLibrary, lines: Lines) -> Callable[..., object]:
    async def search_papers(  # noqa: PLR0913, PLR0917 - what a search can be limited by
        query: Query,
        limit: Limit = 10,
        published_from: From = "",
        published_to: To = "",
        organization: Organization = "",
        author: Author = "",
        category: Category = "",
        venue: Venue = "",
        order: ListOrder = "relevance",
    ) -> Listed:
        """List the papers that match a query, each with its best sentence."""

        def work() -> Listed:
            limits = FilterArguments(
                published_from,
                published_to,
                organization,
                order=order,
                author=author,
                category=category,
                venue=venue,
            )
            found = asking.search(
                library.parts()[0], arguments.question("query", query), limit, limits.read()
            )
            return listed(found)

        return await _told(work, lines.processor)

    return search_papers


def _get_paper(library: OpenLibrary) -> Callable[..., object]:
    async def get_paper(paper_id: PaperId) -> Whole:
        """Give one paper with its abstract and what else is known of it."""

        def work() -> Whole:
            asked = text("paper_id", paper_id)
            paper = library.parts()[0].catalog.papers([asked]).get(asked)
            if paper is None:
                hint = "Find its id by search_papers."
                raise ArgumentError("There is no paper with this id", hint=hint)
            return whole(paper)

        return await _told(work)

    return get_paper


async def _told(
    work: Callable[[], Told], line: WaitingLine | None = None, log: QuestionLog | None = None
) -> Told:
    """Return what `work` returns, done in its turn where there is a `line`, and in a thread so that
    the protocol goes on meanwhile.
    """
    try:
        with log or nullcontext():
            async with turn_in(line, CLIENT) if line else nullcontext():
                return await anyio.to_thread.run_sync(work)
    except PaperchatError as error:
        raise ToolError(str(error)) from error
    except Exception as error:
        raise ToolError(unexpected(error, "a tool failed")) from error
