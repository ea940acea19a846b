"""The sessions of browsers that logged in, kept for as long as the page is served.

Invariant: of secrets only digests are kept, and they are looked up by digests, so that neither what
is kept nor how long it takes tells anything of them.
"""

from __future__ import annotations

import hashlib
import secrets
import time

SESSION_S = 30 * 24 * 3600
MOST_SESSIONS = 1000


class Sessions:
    """The browsers that logged in, by digests of their cookies."""

    def __init__(self) -> None:
        self._ends: dict[bytes, float] = {}

    def begin(self) -> str:
        """Return the token of a new session; the oldest ends where there are too many."""
        token = secrets.token_urlsafe(32)
        while len(self._ends) >= MOST_SESSIONS:
            del self._ends[next(iter(self._ends))]
        self._ends[digest(token)] = time.monotonic() + SESSION_S
        return token

    def has(self, token: str) -> bool:
        """Tell whether the token is of a session that has not ended."""
        return self._ends.get(digest(token), 0.0) > time.monotonic()

    def end(self, token: str) -> None:
        """End a session, where there is one."""
        self._ends.pop(digest(token), None)


def digest(text: str) -> bytes:
    """Return what stands for a secret: of one length, so that comparing tells nothing of it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
