"""Keeps secrets out of texts that come from elsewhere: servers repeat what they were sent.

Owns what counts as a secret in an address, and which failures can be logged. Invariant: what is too
short to be a secret stays, since it may be a part of any word.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

# A shorter key is a stand-in for a server that wants any.
SHORTEST_SECRET = 8
INSTEAD = "(key)"


def address_secrets(url: str) -> tuple[str, ...]:
    """Return what may be secret in an address: its name, password and parameters.

    Each as it is written there and as it is meant; name and password also as a header has them.
    """
    try:
        parts = urlsplit(url)
        name, password = parts.username or "", parts.password or ""
    except ValueError:
        return ()
    written = [part.rpartition("=")[2] for part in parts.query.split("&")]
    meant = [value for _, value in parse_qsl(parts.query)]
    account = f"{unquote(name)}:{unquote(password)}".encode()
    header = base64.b64encode(account).decode("ascii") if password else ""
    found = (name, password, unquote(name), unquote(password), *written, *meant, header)
    return tuple(dict.fromkeys(text for text in found if len(text) >= SHORTEST_SECRET))


def redacted(text: str, secrets: Iterable[str]) -> str:
    """Return the text with "(key)" in the place of each secret."""
    # The longest first: another may be a part of it.
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, INSTEAD)
    return text


def harmless(error: Exception, secrets: Iterable[str]) -> Exception | None:
    """Return the error to be logged as a cause, None where it, or what caused it, has a secret."""
    texts = [str(link) for link in chain(error)]
    return None if any(redacted(text, secrets) != text for text in texts) else error


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error, what caused it, and what caused that."""
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        link = waiting.pop()
        if link is None or any(link is other for other in seen):
            continue
        seen.append(link)
        yield link
        waiting += [link.__cause__, link.__context__]
        waiting += link.exceptions if isinstance(link, BaseExceptionGroup) else []
