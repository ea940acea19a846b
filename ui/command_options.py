"""What the modules of the command line share: an option of most commands, and an exit code."""

from __future__ import annotations

from typing import Annotated

import typer

EXIT_ERROR = 1

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")]
