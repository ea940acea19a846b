"""A Chroma server that keeps the passages of a library, through chromadb's HTTP API.

Owns how it is reached, and puts what went wrong into words; `vectorstore.chroma_http` does the
asking. Invariants: nothing is sent to any address but `url`, redirects included; every wait for the
server ends, as does every reply.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from vectorstore.chroma_place import COLLECTION, Attempt
from vectorstore.errors import LibraryError
from vectorstore.web_address import is_web_address, shown_address

_LONGEST_REASON = 200  # characters of the server's own words
_ADDRESS_HINT = (
    "Start the server, or set PAPERCHAT_CHROMA_URL to its address; without it the passages are kept"
    " in the library's own folder."
)
_VERSION_HINT = "Server and paperchat need chromadb of the same version."


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """Which collection of which server, and how it is reached; a `ChromaPlace`."""

    # No default: no passage leaves this machine before somebody has said where to.
    url: str
    # Chroma's own server asks for none; hosted ones do, and a proxy before one may.
    token: str = field(default="", repr=False)
    # One a library: two libraries in one would take each other's passages for surplus.
    collection: str = COLLECTION
    # A batch is stored in a tenth of a second; a busy server may put it off for some.
    timeout_s: float = 30.0

    @property
    def where(self) -> str:
        """Return the server's address and the collection."""
        return f"{shown_address(self.url)}, collection {self.collection}"

    def client(self) -> Any:
        """Return a client of the server, which it asks nothing yet."""
        if not is_web_address(self.url):
            raise self._error("The address of the Chroma server is none", _ADDRESS_HINT)
        from vectorstore.chroma_http import ChromaClient

        return ChromaClient(self)

    def failure(self, attempt: Attempt, error: Exception) -> LibraryError:
        """Return an error that fits what the server did, or did not do."""
        import httpx
        from chromadb.errors import ChromaError

        from vectorstore.chroma_http import RefusedError

        if isinstance(error, httpx.TimeoutException):
            problem = f"The Chroma server did not answer within {self.timeout_s:g} seconds"
            return self._error(problem, "Run the command again: it goes on where this one ended.")
        if isinstance(error, httpx.TransportError):
            problem = f"The Chroma server cannot be reached: {_reason(error)}"
            return self._error(problem, _ADDRESS_HINT)
        if isinstance(error, RefusedError):
            problem = f"The Chroma server refuses: {_reason(error)}"
            return self._error(problem, "Set PAPERCHAT_CHROMA_TOKEN to the token it asks for.")
        if isinstance(error, ChromaError):
            problem = f"The Chroma server cannot {attempt} the collection: {_reason(error)}"
            return self._error(problem, _VERSION_HINT)
        problem = f"What answers there is no Chroma server of this version: {_reason(error)}"
        return self._error(problem, f"Check PAPERCHAT_CHROMA_URL. {_VERSION_HINT}")

    def _error(self, problem: str, hint: str) -> LibraryError:
        return LibraryError(problem, where=self.where, hint=hint)


def _reason(error: Exception) -> str:
    """Return the words of `error` on one line, shortened."""
    words = " ".join(str(error).split()) or type(error).__name__
    return words if len(words) <= _LONGEST_REASON else f"{words[:_LONGEST_REASON]}…"
