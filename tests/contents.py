"""Contents that readers are tested with, without a file."""

from __future__ import annotations

import io

from ingest.content import Content


def content(text: str | bytes, file: str = "file") -> Content:
    data = text.encode() if isinstance(text, str) else text
    return Content(file, lambda: io.BytesIO(data))
