"""The web server under the page: uvicorn, told to be quiet and to end when it is to end."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import uvicorn

from ui.server.patient_protocol import PatientProtocol

if TYPE_CHECKING:
    from starlette.types import ASGIApp

SHUTDOWN_S = 2


class WebServer(uvicorn.Server):
    """Ends the streams of open pages when it ends, which would otherwise never end themselves."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close all connections, then end."""
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.close()
        await super().shutdown(sockets)


def web_server(app: ASGIApp) -> WebServer:
    """Return a server for the application, to be run on a socket of the caller's."""
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",  # the page has no web socket
        log_config=None,  # the log is the command line's to set up
        log_level="error",  # else whoever sends no HTTP fills the log
        access_log=False,
        server_header=False,
        # Else a program could name any address as its own, and guess on as someone else.
        proxy_headers=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    return WebServer(config)
