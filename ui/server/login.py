"""The password before the page: nothing behind it is reached without.

Owns the login page, the sessions of browsers that logged in, and what programs send instead.
Invariant: a request gets past `Login` only with the cookie of a session or with the password.
Nothing here keeps, logs or shows the password; of it and of the sessions only digests are kept.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote

from ui.html.plain_text import escaped
from ui.server.cookies import cookie_header, header_of, sent_cookie
from ui.server.guesses import Guesses, TooManyTriesError
from ui.server.request_bodies import BodyRefused, read_body
from ui.server.sessions import SESSION_S, Sessions, digest
from ui.server.small_page import (
    from_a_person,
    problem_html,
    send_page,
    send_redirect,
    send_refusal,
    whole,
)
from ui.server.waiting_request import ClientLeftError, TooMuchToHoldError, WaitingRequest

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LOGIN_PATH, LOGOUT_PATH = "/login", "/logout"
# A form of one word; whatever is longer is none.
LONGEST_FORM = 16_384
FORM_S = 10.0
PROGRAM_HINT = "Send it by HTTP Basic with any user name, or as `Authorization: Bearer`."

WRONG = "That is not the password"
TOO_MANY = "There were too many tries"
WAIT = "Wait a minute, then try again."

# Any path of this server; `//` and a backslash would lead to another one.
_OWN_PATH = re.compile(r"/(?![/\\])[\w\-./?=&%+~:@!$'()*,;]*", re.ASCII)


class Login:
    """ASGI middleware that asks for the password."""

    def __init__(
        self, app: ASGIApp, password: str, port: int, guesses: Guesses | None = None
    ) -> None:
        """Guard `app`, served on `port`: browsers keep cookies by host, whatever the port."""
        self.app = app
        self._password = digest(password)
        self._cookie = f"paperchat_session_{port}"
        self._sessions = Sessions()
        self._guesses = guesses or Guesses()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] != "http":  # a web socket; the page has none
            await send({"type": "websocket.close", "code": 1008})
        else:
            try:
                await self._answer(scope, WaitingRequest(receive), send)
            except (TooManyTriesError, TooMuchToHoldError):
                await _refuse(scope, send, 429, TOO_MANY, WAIT)
            except ClientLeftError:
                return  # and its place in the line is another's

    async def _answer(self, scope: Scope, request: WaitingRequest, send: Send) -> None:
        path = scope["path"].rstrip("/")
        if path == LOGOUT_PATH and scope["method"] == "POST":
            await self._log_out(scope, send)
        elif path == LOGOUT_PATH:
            await self._ask_to_log_out(scope, send)
        elif path == LOGIN_PATH and scope["method"] == "POST":
            await self._log_in(scope, request, send)
        elif path == LOGIN_PATH:
            await self._show(scope, send)
        elif await self._is_let_in(scope, request):
            await self.app(scope, request.receive, send)
        elif from_a_person(scope) and scope["method"] == "GET":
            await send_redirect(send, _login_path(_asked_path(scope)))
        else:
            await _refuse(scope, send, 401, "This needs the password", PROGRAM_HINT)

    async def _show(self, scope: Scope, send: Send) -> None:
        asked = _query(scope).get("next", "/")
        if self._sessions.has(sent_cookie(scope, self._cookie)):
            await send_redirect(send, own_path(asked))
        else:
            await send_page(send, 200, login_page(asked))

    async def _log_in(self, scope: Scope, request: WaitingRequest, send: Send) -> None:
        form = _fields(await _body(request.receive))
        asked = own_path(form.get("next", "/"))
        if not await self._is_right(scope, request, form.get("password", "")):
            await _refuse(scope, send, 401, WRONG, "Try again.", asked)
            return
        session = cookie_header(scope, self._cookie, self._sessions.begin(), SESSION_S)
        if from_a_person(scope):
            await send_redirect(send, asked, (session,))
        else:  # what Gradio's client asks for with `auth`
            await send_page(send, 200, "", (session,))

    async def _ask_to_log_out(self, scope: Scope, send: Send) -> None:
        """Show a form: a link on another site can lead here, and must not log anybody out."""
        if self._sessions.has(sent_cookie(scope, self._cookie)):
            await send_page(send, 200, logout_page())
        else:
            await send_redirect(send, LOGIN_PATH)

    async def _log_out(self, scope: Scope, send: Send) -> None:
        self._sessions.end(sent_cookie(scope, self._cookie))
        await send_redirect(send, LOGIN_PATH, (cookie_header(scope, self._cookie, "", 0),))

    async def _is_let_in(self, scope: Scope, request: WaitingRequest) -> bool:
        if self._sessions.has(sent_cookie(scope, self._cookie)):
            return True
        sent = sent_password(header_of(scope, b"authorization"))
        return sent is not None and await self._is_right(scope, request, sent)

    async def _is_right(self, scope: Scope, request: WaitingRequest, sent: str) -> bool:
        address = (scope.get("client") or ("",))[0]
        right = hmac.compare_digest(digest(sent), self._password)
        return await request.result_of(self._guesses.told(address, right=right))


def sent_password(authorization: str) -> str | None:
    """Return the password in an Authorization header, Basic or Bearer; None where it has none."""
    scheme, _, value = authorization.partition(" ")
    value = value.strip()
    # Headers come as Latin-1; what a program sent there was UTF-8.
    if scheme.lower() == "bearer":
        return value.encode("latin-1").decode("utf-8", "replace")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None
    return decoded.partition(b":")[2].decode("utf-8", "replace")


def own_path(asked: str) -> str:
    """Return the path where it is one of this server, and the page's where it leads elsewhere."""
    return asked if _OWN_PATH.fullmatch(asked) else "/"


def login_page(asked: str, problem: str = "", hint: str = "") -> str:
    """Return the page that asks for the password and then leads to the path that was asked for."""
    invalid = ' aria-invalid="true" aria-describedby="problem"' if problem else ""
    alert = f'<div id="problem">{problem_html(problem, hint)}</div>' if problem else ""
    return whole(
        "paperchat: log in",
        f'{alert}<form method="post" action="{LOGIN_PATH}">'
        '<label for="password">Password</label>'
        '<input id="password" name="password" type="password" required autofocus'
        f' autocomplete="current-password"{invalid}>'
        f'<input type="hidden" name="next" value="{escaped(own_path(asked))}">'
        "<button>Log in</button></form>",
    )


def logout_page() -> str:
    """Return the page that asks whether to log out."""
    return whole(
        "paperchat: log out",
        f'<form method="post" action="{LOGOUT_PATH}">'
        "<p>This browser will need the password again.</p>"
        "<button autofocus>Log out</button></form>",
    )


async def _refuse(  # noqa: PLR0913, PLR0917 - what a refusal is made of
    scope: Scope, send: Send, status: int, problem: str, hint: str, asked: str = "/"
) -> None:
    if from_a_person(scope):
        await send_page(send, status, login_page(asked, problem, hint))
        return
    # Bearer, since a browser would meet Basic with a window of its own.
    challenge = ((b"www-authenticate", b'Bearer realm="paperchat"'),) if status == 401 else ()  # noqa: PLR2004
    await send_refusal(send, status, problem, hint, challenge)


def _login_path(asked: str) -> str:
    return LOGIN_PATH if asked == "/" else f"{LOGIN_PATH}?next={quote(asked, safe='/')}"


def _asked_path(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return own_path(quote(scope["path"], safe="/") + (f"?{query}" if query else ""))


def _query(scope: Scope) -> dict[str, str]:
    return _fields(scope["query_string"])


def _fields(data: bytes) -> dict[str, str]:
    try:
        found = parse_qs(data.decode("latin-1"), max_num_fields=10, errors="replace")
    except ValueError:
        return {}
    return {name: values[-1] for name, values in found.items()}


async def _body(receive: Receive) -> bytes:
    """Return the request's body, nothing of one that is too long or too slow to be a password."""
    try:
        return await read_body(receive, LONGEST_FORM, FORM_S)
    except BodyRefused:
        return b""
