"""Check of what this home is to a library on a Chroma server: who writes it, and how far it is."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from ui.doctor.doctor_check import Check, Status, failed, ok, problem, warning
from vectorstore.chroma_server import ChromaServer, Role
from vectorstore.errors import LibraryError

NAME = "library on the server"


def standing_check(server: ChromaServer, facts: dict[str, str]) -> Check:
    """Return who writes the library on the server and, where this home follows it, how far it is.

    `facts` is what the home's catalog records of itself, nothing where there is none.
    """
    from vectorstore.standing import read_facts, writer_of

    change = int(facts.get("change", "0"))
    try:
        recorded = read_facts(server)
        if not recorded.get("library"):
            return _unmade(server)
        if writer_of(recorded) == (facts.get("home") or facts.get("library")):
            return ok(NAME, f"this home writes it; its last change is number {change:,}")
        return _of_another(server, recorded, change)
    except LibraryError as error:
        told = failed(NAME, error, Status.WARNING if server.role is Role.READER else Status.PROBLEM)
    if told.status is Status.WARNING:
        detail = f"{told.detail}; answers come from change {change:,}, the last that was taken"
        return replace(told, detail=detail)
    return told


def _of_another(server: ChromaServer, recorded: dict[str, str], change: int) -> Check:
    writer = recorded.get("written_by") or "another home"
    if server.role is Role.READER:
        return _reader(server, recorded["library"], writer, change)
    if server.role is Role.WRITER:
        return warning(NAME, f"{writer} writes it", "The next command takes over from it.")
    from vectorstore.standing import ROLES_HINT

    return problem(NAME, f"{writer} writes it, and this home has no role", ROLES_HINT)


def _unmade(server: ChromaServer) -> Check:
    if server.role is Role.READER:
        detail = "there is none to follow"
        return problem(
            NAME, detail, "Check PAPERCHAT_CHROMA_COLLECTION, or ingest where it is written."
        )
    return ok(NAME, "there is none yet", "The next command makes one, which this home writes.")


def _reader(server: ChromaServer, library: str, writer: str, change: int) -> Check:
    from vectorstore.chroma_papers import ChromaPapers

    with closing(ChromaPapers(server, library)) as papers:
        behind = papers.has_later(change)
    detail = f"this home follows it, up to change {change:,}; {writer} writes it"
    if behind:
        return warning(NAME, f"{detail}, and has gone on", "The next command takes the rest.")
    return ok(NAME, f"{detail}, and is no further")
