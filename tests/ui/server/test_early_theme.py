"""The script of light and dark stands first in the page, and nothing else is changed."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.server.early_theme import EarlyTheme

PAGE = "<html><head><title>Bread</title></head><body>&lt;head></body></html>"
WITH_THEME = (
    '<html><head><script src="/page-assets/theme.js"></script>'
    '<script src="/page-assets/shell.js"></script><title>Bread</title></head>'
    "<body>&lt;head></body></html>"
)


def answer(_request: Request) -> Response:
    return Response(PAGE, headers={"x-bread": "yes"})


@pytest.mark.parametrize(("path", "text"), [("/", WITH_THEME), ("/assets/bread.html", PAGE)])
def test_where_the_script_is(path: str, text: str) -> None:
    client = TestClient(EarlyTheme(Starlette(routes=[Route(path, answer)])))
    response = client.get(path)
    assert (response.status_code, response.text) == (200, text)
    assert response.headers["x-bread"] == "yes"
    assert response.headers.get("content-length", str(len(text))) == str(len(text))
