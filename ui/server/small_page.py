"""The small pages beside the real one: to log in, to wait, to say what went wrong.

Owns their look, which is that of `page.css`, and how they are sent. They need no script and nothing
else from the server, so they work before anything is loaded and for those who are not let in.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ui.html.plain_text import escaped
from ui.server.content_policy import POLICY_HEADER
from ui.server.cookies import header_of

if TYPE_CHECKING:
    from starlette.types import Scope, Send

Headers = tuple[tuple[bytes, bytes], ...]

HTML = b"text/html; charset=utf-8"

POLICY = (
    b"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    b"form-action 'self'; frame-ancestors 'none'"
)

STYLE = """
:root {
  color-scheme: light dark;
  --ground: #fbfaf8; --raised: #ffffff; --ink: #1f2328; --quiet: #5b626b; --edge: #8b8980;
  --accent: #0b5c80; --accent-ink: #ffffff; --warn: #8a3d0c; --warn-wash: #fbf0e4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #16181b; --raised: #1d2024; --ink: #e4e2de; --quiet: #a2a7ae; --edge: #767c84;
    --accent: #86c5e2; --accent-ink: #0d2531; --warn: #f0ae7c; --warn-wash: #35271b;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100dvh; display: grid; place-items: center; padding: 1.5rem 1rem;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
main { width: 100%; max-width: 24rem; margin-bottom: 12vh; overflow-wrap: anywhere; }
h1 {
  margin: 0 0 1rem;
  font: 400 1.75rem/1.25 ui-serif, Georgia, Cambria, "Times New Roman", serif;
}
p { margin: 0 0 1rem; }
.quiet { color: var(--quiet); }
.problem {
  padding: .625rem .875rem; border-left: 3px solid var(--warn);
  background: var(--warn-wash); color: var(--warn);
}
label { display: block; margin-bottom: .25rem; font-weight: 500; }
input, button { width: 100%; padding: .625rem .75rem; border-radius: 6px; font: inherit; }
input { border: 1px solid var(--edge); background: var(--raised); color: var(--ink); }
button {
  margin-top: 1rem; border: 1px solid var(--accent); cursor: pointer;
  background: var(--accent); color: var(--accent-ink); font-weight: 500;
}
input:focus-visible, button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.stage:has(~ .stage) { display: none; }
"""


def beginning(title: str, head: str = "") -> str:
    """Return a page up to its content, which the caller goes on with."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><title>{escaped(title)}</title>'
        f"{head}<style>{STYLE}</style></head><body><main><h1>paperchat</h1>"
    )


def whole(title: str, content: str, head: str = "") -> str:
    """Return a page with this markup as its content."""
    return f"{beginning(title, head)}{content}</main></body></html>"


def problem_html(problem: str, hint: str = "") -> str:
    """Return a failure as an alert, read out where a screen reader is used."""
    said = f"{problem.removesuffix('.')}. {hint}".rstrip()
    return f'<p class="problem" role="alert">{escaped(said)}</p>'


def from_a_person(scope: Scope) -> bool:
    """Tell whether a browser asked for a page to show, and no program or script."""
    return scope["method"] in ("GET", "POST") and "text/html" in header_of(scope, b"accept")


async def send_page(send: Send, status: int, page: str, headers: Headers = ()) -> None:
    """Send a whole page."""
    await _send_whole(send, status, HTML, page, headers)


async def send_refusal(
    send: Send, status: int, problem: str, hint: str, headers: Headers = ()
) -> None:
    """Send a program what is wrong and what to do, as JSON."""
    said = json.dumps({"problem": problem, "hint": hint})
    await _send_whole(send, status, b"application/json", said, headers)


async def send_redirect(send: Send, location: str, headers: Headers = ()) -> None:
    """Send a browser to another page of this server."""
    where = (b"location", location.encode("ascii"))
    await _send_whole(send, 303, HTML, "", (where, *headers))


async def send_start(send: Send, status: int, content_type: bytes, headers: Headers = ()) -> None:
    """Begin a response that no cache keeps."""
    own = (
        (b"content-type", content_type),
        (b"cache-control", b"no-store"),
        (POLICY_HEADER, POLICY),
    )
    await send({"type": "http.response.start", "status": status, "headers": [*own, *headers]})


async def _send_whole(
    send: Send, status: int, content_type: bytes, text: str, headers: Headers
) -> None:
    body = text.encode("utf-8")
    length = (b"content-length", str(len(body)).encode("ascii"))
    await send_start(send, status, content_type, (length, *headers))
    await send({"type": "http.response.body", "body": body})
