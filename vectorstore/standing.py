"""What a home is to the library on a Chroma server: the one that writes it, or one that follows.

The collection of passages records the library, and the home that writes it; each home records its
own id and the library's. Invariant: one home writes, and a home that held other papers is never
made to follow.
"""

from __future__ import annotations

import socket
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from vectorstore.catalog import Catalog
from vectorstore.chroma_failures import reported_errors
from vectorstore.chroma_limits import FACT_BYTES, beginning
from vectorstore.chroma_papers import ChromaPapers, NoRecordsError
from vectorstore.chroma_passages import facts_of
from vectorstore.chroma_server import ChromaServer, Role
from vectorstore.errors import LibraryError, LibraryMismatchError

ROLES_HINT = (
    "Set PAPERCHAT_CHROMA_ROLE to reader, to follow that home, or to writer, to take over from it."
)


class ReaderError(LibraryError):
    """A home that follows a library was asked to change it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A home of a library: the ids of both, what people call it by, and what the server `recorded`.

    Nothing is recorded where a home that follows goes on without the server.
    """

    server: ChromaServer
    library: str
    home: str
    written_by: str
    recorded: dict[str, str]

    @property
    def facts(self) -> dict[str, str]:
        """Return what the collection is to record of this home as its writer."""
        return {"library": self.library, "writer": self.home, "written_by": self.written_by}


def stand(server: ChromaServer, catalog: Catalog, home: Path) -> Standing:
    """Return what the home of the catalog is to the library on the server, if it may be that.

    Raises LibraryMismatchError where it may not, LibraryError where the server cannot be asked or
    has nothing to follow; a home that follows already goes on without it.
    """
    about = catalog.about()
    own = about.get("home") or about.get("library") or uuid4().hex
    catalog.describe({"home": own})  # before the server hears of it
    library, name = about.get("library", ""), _name_of(home)
    follows_already = server.follows and about.get("records", "").startswith("follows:")
    try:
        recorded = read_facts(server)
    except LibraryError:
        if not follows_already:
            raise
        recorded = {}
    if follows_already and not recorded.get("library"):
        return Standing(server, library, own, name, {})
    if server.follows:
        library = _followed(server, catalog, recorded, own, library)
    else:
        library = _written(server, recorded, own, library)
    catalog.describe({"library": library})
    return Standing(server, library, own, name, recorded)


def must_take_over(server: ChromaServer, about: dict[str, str]) -> bool:
    """Tell whether a home that is to write has to follow the library first.

    It has where another home writes it, and where the server knows more than its catalog, which an
    old copy put back does not. `about` is what the catalog records of itself.
    """
    if server.role is not Role.WRITER:
        return False
    recorded = read_facts(server)
    if not recorded.get("library"):
        return False
    own = about.get("home") or about.get("library")
    return writer_of(recorded) != own or _is_behind(server, recorded, about)


def _is_behind(server: ChromaServer, recorded: dict[str, str], about: dict[str, str]) -> bool:
    """Tell whether there are changes on the server that the home does not know."""
    try:
        with closing(ChromaPapers(server, recorded["library"])) as papers:
            return papers.has_later(int(about.get("change", "0")))
    except NoRecordsError:
        return False


def require_writer(server: ChromaServer, home: str, recorded: dict[str, str]) -> None:
    """Raise LibraryMismatchError where the server recorded that another home writes the library."""
    if writer_of(recorded) not in ("", home):
        raise _taken_over(server, recorded)


def refuse_reader(server: ChromaServer | None) -> None:
    """Raise ReaderError where the home follows the library that is on a server."""
    if server is not None and server.follows:
        raise ReaderError(
            "This home follows the library, and cannot change it",
            where=server.where,
            hint="Change it in the home that writes it, or set PAPERCHAT_CHROMA_ROLE to writer, to"
            " take over from that one.",
        )


def record_writer(standing: Standing) -> None:
    """Have the collection record that this home writes the library from now on."""
    server = standing.server
    with closing(server.client()) as client, reported_errors(server):
        collection = client.get_collection(server.collection)
        if collection is not None:
            collection.modify(metadata=(collection.metadata or {}) | standing.facts)


def read_facts(server: ChromaServer) -> dict[str, str]:
    """Return what the collection of passages records of itself, nothing where it is not there."""
    with closing(server.client()) as client, reported_errors(server, "open"):
        return facts_of(client.get_collection(server.collection))


def writer_of(recorded: dict[str, str]) -> str:
    """Return the home that writes; one that made the library before roles had the library's id."""
    return recorded.get("writer") or recorded.get("library", "")


def _followed(
    server: ChromaServer, catalog: Catalog, recorded: dict[str, str], own: str, library: str
) -> str:
    found = recorded.get("library")
    if not found:
        raise LibraryError(
            "There is no library on the server to follow",
            where=server.where,
            hint="Check PAPERCHAT_CHROMA_COLLECTION, or have its writer's home open it once.",
        )
    if found != library and catalog.paper_count():
        raise LibraryMismatchError(
            "PAPERCHAT_HOME has a library of its own, and so cannot follow another one",
            where=server.where,
            hint="Set PAPERCHAT_HOME to an empty folder.",
        )
    if server.role is Role.READER and writer_of(recorded) == own:
        raise LibraryMismatchError(
            "This home writes the library, and so cannot follow it",
            where=server.where,
            hint="Leave PAPERCHAT_CHROMA_ROLE out here; set it to reader in other homes.",
        )
    return found


def _written(server: ChromaServer, recorded: dict[str, str], own: str, library: str) -> str:
    """Return the library that this home writes; another's collection is refused where it opens."""
    if library and library == recorded.get("library") and writer_of(recorded) != own:
        raise _taken_over(server, recorded)
    return library or own


def _taken_over(server: ChromaServer, recorded: dict[str, str]) -> LibraryMismatchError:
    name = recorded.get("written_by", "")
    by = f", {name}," if name else ""
    return LibraryMismatchError(
        f"Another home{by} writes this library now", where=server.where, hint=ROLES_HINT
    )


def _name_of(home: Path) -> str:
    """Return what people call the home by."""
    return beginning(f"{socket.gethostname()}:{home}", FACT_BYTES)
