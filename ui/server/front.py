"""What stands before the page, whatever the page is: real, still loading, or refused.

Owns the order of the layers. Each request is checked for where it comes from and who sends it
before anything is done for it. Nothing here needs Gradio.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.server.content_policy import ContentPolicy
from ui.server.login import Login
from ui.server.origins import Arrivals, SameOrigin
from ui.server.page_paths import PagePaths
from ui.server.page_server import is_loopback
from ui.server.request_bodies import RequestBodies
from ui.server.session_owners import SessionOwners
from ui.server.visitors import Visitors

if TYPE_CHECKING:
    from starlette.types import ASGIApp

# Brackets, since that is how a browser names an IPv6 address.
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


def front(app: ASGIApp, host: str, port: int, password: str | None = None) -> ASGIApp:
    """Return the application with all that stands before it, as bound to `host` and `port`."""
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    app = Visitors(PagePaths(RequestBodies(SessionOwners(app))))
    if password is not None:
        app = Login(app, password, port)
    app = SameOrigin(Arrivals(app))
    if is_loopback(host) and password is None:
        # Else a site elsewhere could point its own name at this machine and read the library. A
        # password keeps it out as well, and a proxy may pass on any name.
        names = [*LOOPBACK_NAMES, host]
        app = TrustedHostMiddleware(app, allowed_hosts=names, www_redirect=False)
    return ContentPolicy(app)
