"""The page's API for programs: /ask, /search and /stats, as Gradio's clients call them.

Owns the names, the arguments and their defaults; the objects that come back are those that commands
print with `--json`. Invariant: a failure reaches the program as a sentence that says what to do,
and what is behind one that nobody foresaw only the log says.
"""

# Without `from __future__ import annotations`: Gradio reads the functions' annotations as classes.
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from ui.answer_json import answer_object, hit_object, search_notes_object, stats_object
from ui.logs.question_log import By, QuestionLog
from ui.logs.unexpected import unexpected
from ui.programs import arguments, asking
from ui.programs.arguments import (
    MOST_EARLIER,
    MOST_HITS,
    MOST_PAPERS,
    FilterArguments,
    number,
    texts,
)
from ui.server.gradio_queue import is_awaited
from ui.server.lines import turn_in
from ui.server.visitors import program_of
from ui.server.waiting_line import WaitingLine
from ui.told_errors import told
from vectorstore.errors import PaperchatError

if TYPE_CHECKING:
    import gradio as gr

    from ui.page.desk import Desk

# Gradio describes it by this type; `object` would be none to it.
Returned = dict[str, Any]


def add_api(desk: "Desk") -> None:
    """Add what programs can call to the page that is being laid out."""
    from gradio.events import api

    for function in (_ask(desk), _search(desk), _stats(desk)):
        # No limit of Gradio's: they wait in a line of ours.
        api(function, api_name=function.__name__, concurrency_limit=None)


def _ask(desk: "Desk") -> Callable[..., Awaitable[Returned]]:
    import gradio as gr

    async def ask(
        request: gr.Request,
        question: str,
        history: list[str] | None = None,
        within: list[str] | None = None,
    ) -> Returned:
        """Answer a question from the papers, with citations and the sentences they rest on.

        `history` has the earlier questions of the conversation, oldest first. `within` has the ids
        of the papers to answer from; all of them if it is empty.
        """

        log = QuestionLog(By.API, question)

        def answered() -> Returned:
            earlier = texts("history", history, MOST_EARLIER)
            chosen = texts("within", within, MOST_PAPERS)
            questions = (*earlier, arguments.question("question", question))
            return answer_object(asking.ask(desk.choice.assistant, questions, chosen, log))

        return await _told(desk, _in_turn(answered, desk.lines.answers, request), log)

    return ask


def _search(desk: "Desk") -> Callable[..., Awaitable[Returned]]:
    import gradio as gr

    async def search(  # noqa: PLR0913, PLR0917 - what a search can be limited by, each on its own
        request: gr.Request,
        query: str,
        limit: int = 10,
        published_from: str = "",
        published_to: str = "",
        organization: str = "",
        min_authors: int | None = None,
        max_authors: int | None = None,
        source: str = "",
        order: str = "relevance",
        author: str = "",
        category: str = "",
        venue: str = "",
    ) -> Returned:
        """Rank papers by how well they match a query: `hits`, best first, and `notes`.

        Dates are YYYY, YYYY-MM or YYYY-MM-DD; `organization`, `source`, `category` and
        `venue` are parts of a name, `author` is a name such as "Alice Baker" or "A. Baker";
        `order` is relevance, newest, oldest or discussed.
        """

        def found() -> Returned:
            dates, authors = (published_from, published_to), (min_authors, max_authors)
            names = (author, category, venue)
            asked_for = FilterArguments(*dates, organization, *authors, source, order, *names)
            filters = asked_for.read()
            most = number("limit", limit, MOST_HITS)
            result = asking.search(desk.library, arguments.question("query", query), most, filters)
            hits = [hit_object(hit) for hit in result.hits]
            return {"hits": hits, "notes": search_notes_object(result)}

        return await _told(desk, _in_turn(found, desk.lines.processor, request))

    return search


def _stats(desk: "Desk") -> Callable[..., Awaitable[Returned]]:
    async def stats() -> Returned:
        """Tell what the library holds."""

        def counted() -> Returned:
            library = desk.library
            home = "" if desk.shared else str(library.home)  # nobody's business elsewhere
            return stats_object(library.counts(), library.embedder.name, home)

        return await _told(desk, to_thread.run_sync(counted))

    return stats


async def _in_turn(
    work: Callable[[], Returned], line: WaitingLine, request: "gr.Request"
) -> Returned:
    """Return what `work` returns when its turn has come. Raises LineFullError.

    For a program that has left meanwhile nothing is done.
    """
    async with turn_in(line, program_of(request.client)) as turn:
        if not is_awaited():
            return {}
        returned = await to_thread.run_sync(work)
        turn.leave(ended=True)
        return returned


async def _told(
    desk: "Desk", work: Awaitable[Returned], log: QuestionLog | None = None
) -> Returned:
    """Return what comes of the work, or tell the program why there is nothing."""
    import gradio as gr

    try:
        with log or nullcontext():
            return await work
    except PaperchatError as error:
        problem, hint = told(error, shared=desk.shared)
        raise gr.Error(f"{problem}. {hint}".rstrip(), print_exception=False) from error
    except Exception as error:
        said = unexpected(error, "a request of a program failed")
        raise gr.Error(said, print_exception=False) from error
