"""What the modules of the command line share: an option of most commands, and an exit code."""

from __future__ import annotations

from typing import Annotated

import typer

EXIT_ERROR = 1

Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Show on stderr what is logged as well.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")]
