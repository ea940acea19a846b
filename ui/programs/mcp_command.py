"""`paperchat mcp`: the MCP server, where the extra that it needs is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vectorstore.errors import PaperchatError

if TYPE_CHECKING:
    from ui.environment import Environment


class MissingExtraError(PaperchatError):
    """A package that is not always installed is needed."""


def serve_mcp(environment: Environment) -> None:
    """Serve on standard input and output until the client closes them.

    Raises MissingExtraError where the SDK is not installed.
    """
    try:
        import mcp  # noqa: F401 - only to see whether it is there
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "The MCP server needs the package mcp, which is not installed",
            hint="Run: pip install mcp",
        ) from error
    from ui.programs.mcp_server import mcp_server
    from ui.programs.open_library import OpenLibrary
    from ui.server.lines import make_lines

    lines = make_lines(environment.max_waiting, lambda: environment.model is not None)
    with OpenLibrary(environment) as library:
        mcp_server(library, lines).run("stdio")
