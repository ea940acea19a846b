"""A library on a server, opened: it sends its papers there, or follows those of another home.

Invariant: when a home begins to send, every paper is on the server as its catalog has it, or noted
as one to be sent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vectorstore.agreement import agree_at_once
from vectorstore.catalog_unsent import note_all, note_changes
from vectorstore.chroma_papers import ChromaPapers
from vectorstore.chroma_passages import ChromaPassages
from vectorstore.errors import LibraryMismatchError
from vectorstore.following import Following, follows, sends
from vectorstore.sending import Sending
from vectorstore.standing import Standing, record_writer

if TYPE_CHECKING:
    from vectorstore.library import Library

# Numbers that a home leaves out when it takes over: the former writer may still use them.
LEFT_OUT = 2**20


def share(library: Library, standing: Standing, facts: dict[str, str]) -> Callable[[], None]:
    """Have the library send or follow, and return what ends that.

    A collection of papers that is not there is made with `facts`.
    """
    if standing.server.follows:
        library.following = Following(library, standing)
        return library.following.close
    papers = ChromaPapers(standing.server, standing.library, facts)
    try:
        _begin_to_send(library, standing, papers)
    except BaseException:
        papers.close()
        raise
    library.sending = Sending(library.catalog, papers, standing, library.embedder.dimension)
    return papers.close


def _begin_to_send(library: Library, standing: Standing, papers: ChromaPapers) -> None:
    catalog = library.catalog
    if standing.recorded.get("written_by") != standing.written_by:
        record_writer(standing)
    note_changes(catalog.file)
    mark = catalog.about().get("records")
    change = int(catalog.about().get("change", "0"))
    if mark == follows(papers):
        _take_the_rest(library, standing)
        change = int(catalog.about().get("change", "0")) + LEFT_OUT
    elif papers.has_later(change):
        raise LibraryMismatchError(
            "The server knows more of this library than its catalog does",
            where=standing.server.where,
            hint="Was an older copy of PAPERCHAT_HOME put back? Set PAPERCHAT_CHROMA_ROLE to"
            " writer: then what the server has is taken over first.",
        )
    elif mark != sends(papers):
        note_all(catalog.file)
    catalog.describe({"records": sends(papers), "change": str(change)})


def _take_the_rest(library: Library, standing: Standing) -> None:
    """Take what the former writer did to the end, and put right what it left undone."""
    following = Following(library, standing)
    try:
        following.catch_up()
    finally:
        following.close()
    if isinstance(library.chroma, ChromaPassages):
        agree_at_once(library.catalog.file, library.chroma)
