"""Where plotly.js lies, which draws the map: inside the Python package `plotly`, not imported."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import FileResponse, Response

# It changes with the package alone, and is some megabytes: the browser asks again after a day.
KEPT = "private, max-age=86400"


def add_plotly(app: FastAPI, path: str) -> None:
    """Have the application send plotly.js at `path`; 404 where the package lacks it."""

    def plotly() -> Response:
        file = plotly_file()
        if file is None:
            return Response(status_code=404)
        headers = {"cache-control": KEPT}
        return FileResponse(file, media_type="text/javascript", headers=headers)

    app.add_api_route(path, plotly, methods=["GET", "HEAD"], include_in_schema=False)


def plotly_file() -> Path | None:
    """Return where plotly.js is, or None where the package is not whole."""
    spec = find_spec("plotly")
    folders = spec.submodule_search_locations if spec else None
    files = [Path(folder) / "package_data" / "plotly.min.js" for folder in folders or ()]
    return next((file for file in files if file.is_file()), None)
