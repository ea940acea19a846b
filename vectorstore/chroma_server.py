"""A Chroma server that keeps the passages of a library, through chromadb's HTTP API.

Owns how it is reached, and puts what went wrong into words; `vectorstore.chroma_http` does the
asking. Invariants: nothing is sent to any address but `url`, redirects included; every wait for the
server ends, as does every reply; no text from here holds the token, nor a secret of the address.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from vectorstore.chroma_limits import RECORDS_AT_ONCE
from vectorstore.chroma_place import COLLECTION, Attempt
from vectorstore.errors import LibraryError
from vectorstore.redacting import address_secrets, redacted
from vectorstore.web_address import is_web_address, shown_address

_LONGEST_REASON = 200  # characters of the server's own words
_ADDRESS_HINT = (
    "Start the server, or set PAPERCHAT_CHROMA_URL to its address; without it the passages are kept"
    " in the library's own folder."
)
_VERSION_HINT = "Server and paperchat need chromadb of the same version."
_QUOTA_HINT = (
    "What was stored is kept, and the next command goes on with the rest: wait, or ask whoever runs"
    " the server for a higher quota."
)
_NO_DATABASE = re.compile(r"(?:tenant|database)\b.*(?:not exist|not found)", re.IGNORECASE)
_DATABASE_HINT = "Set PAPERCHAT_CHROMA_TENANT and PAPERCHAT_CHROMA_DATABASE to those of the server."
# Those that a server of one's own has from the start.
DEFAULT_TENANT = "default_tenant"
DEFAULT_DATABASE = "default_database"
CLOUD = "trychroma.com"
PAPERS_SUFFIX = "-papers"


class Role(StrEnum):
    """What a home is to the library on a server; with none, it writes a library of its own."""

    READER = "reader"
    WRITER = "writer"
    HEIR = "heir"  # one that follows until it can take over; nobody configures it


def is_cloud(url: str) -> bool:
    """Tell whether `url` is Chroma Cloud's."""
    host = urlsplit(url).hostname or ""
    return host == CLOUD or host.endswith(f".{CLOUD}")


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
    tenant: str = DEFAULT_TENANT
    database: str = DEFAULT_DATABASE
    role: Role | None = None
    # Chroma Cloud: it has quotas, and knows its users by one header.
    cloud: bool = False

    @property
    def where(self) -> str:
        """Return the server's address and the collection."""
        names = (self.tenant, self.database)
        inside = "" if names == (DEFAULT_TENANT, DEFAULT_DATABASE) else f", {'/'.join(names)}"
        return f"{shown_address(self.url)}{inside}, collection {self.collection}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what no text may hold."""
        return (self.token, *address_secrets(self.url))

    @property
    def papers_collection(self) -> str:
        """Return the name of the collection of papers' records."""
        return f"{self.collection}{PAPERS_SUFFIX}"

    @property
    def follows(self) -> bool:
        """Tell whether nothing is to be written there."""
        return self.role in (Role.READER, Role.HEIR)

    @property
    def most_found(self) -> int:
        """Return how many passages one question of it may find."""
        return RECORDS_AT_ONCE if self.cloud else sys.maxsize

    def client(self) -> Any:
        """Return a client of the server, which it asks nothing yet."""
        if not is_web_address(self.url):
            raise self._error("The address of the Chroma server is none", _ADDRESS_HINT)
        from vectorstore.chroma_http import ChromaClient

        return ChromaClient(self)

    def closed(self) -> None:
        """Do nothing: what the server keeps is its own."""

    def failure(self, attempt: Attempt, error: Exception) -> LibraryError:
        """Return an error that fits what the server did, or did not do."""
        import httpx
        from chromadb.errors import ChromaError, QuotaError, RateLimitError

        from vectorstore.chroma_http import RefusedError

        if isinstance(error, httpx.TimeoutException):
            problem = f"The Chroma server did not answer within {self.timeout_s:g} seconds"
            return self._error(problem, "Run the command again: it goes on where this one ended.")
        if isinstance(error, httpx.TransportError):
            problem = f"The Chroma server cannot be reached: {self._reason(error)}"
            return self._error(problem, _ADDRESS_HINT)
        if isinstance(error, RefusedError):
            problem = f"The Chroma server refuses: {self._reason(error)}"
            return self._error(problem, "Set PAPERCHAT_CHROMA_TOKEN to the token it asks for.")
        # Some of Chroma Cloud's quotas are told as errors of no class of their own.
        if isinstance(error, QuotaError | RateLimitError) or "quota" in str(error).lower():
            return self._error(
                f"The Chroma server's quota is exceeded: {self._reason(error)}", _QUOTA_HINT
            )
        if isinstance(error, ChromaError):
            problem = f"The Chroma server cannot {attempt} the collection: {self._reason(error)}"
            is_elsewhere = _NO_DATABASE.search(str(error)) is not None
            return self._error(problem, _DATABASE_HINT if is_elsewhere else _VERSION_HINT)
        problem = f"What answers there is no Chroma server of this version: {self._reason(error)}"
        return self._error(problem, f"Check PAPERCHAT_CHROMA_URL. {_VERSION_HINT}")

    def _error(self, problem: str, hint: str) -> LibraryError:
        return LibraryError(problem, where=self.where, hint=hint)

    def _reason(self, error: Exception) -> str:
        """Return the words of `error` on one line, shortened."""
        words = redacted(" ".join(str(error).split()), self.secrets) or type(error).__name__
        return words if len(words) <= _LONGEST_REASON else f"{words[:_LONGEST_REASON]}…"
