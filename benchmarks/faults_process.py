"""Commands run in processes of their own, which begin with the libraries loaded already.

Owns the process that is forked for each: it has imported what commands need and done nothing else.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

Result = TypeVar("Result")
Prepare = Callable[[], None]

LIMIT_S = 180.0  # a command takes two; one that embeds a large library, a minute when busy
_LOADED = (
    "__main__",
    "assistant.answering",
    "bibtexparser",
    "chromadb.api.rust",
    "dateutil.parser",
    "ingest.syncing",
    "ingest.transformations",
    "llama_index.core.ingestion",
    "llama_index.llms.openai_like",
    "nltk.stem.porter",
    "nltk.tokenize.punkt",
    "onnxruntime",
    "py3langid.langid",
    "tokenizers",
    "ui.cli",
    "ui.commands",
    "ui.console.report_terminal",
    "ui.doctor.doctor",
    "ui.doctor.doctor_repair",
    "ui.library_commands",
    "vectorstore.onnx_embedding",
)
_FORKED = get_context("forkserver")
_FORKED.set_forkserver_preload(list(_LOADED))


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code, below 0 the signal; None where it had to be stopped."""

    code: int | None
    shown: str
    complaints: str

    @property
    def message(self) -> str:
        """Return what it said was wrong, on one line."""
        return " ".join(self.complaints.split())


def in_process(function: Callable[..., Result], *arguments: object) -> Result:
    """Return what the function returns in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=_FORKED) as process:
        return process.submit(function, *arguments).result()


def command(
    arguments: Sequence[str | Path], home: Path, *prepare: Prepare, **variables: str
) -> Ended:
    """Run `paperchat` with its library in `home`, each of `prepare` called in its process first."""
    with TemporaryDirectory() as place:
        running = Running(arguments, home, Path(place), prepare, variables)
        return running.ended()


class Running:
    """A command that runs, its output in files of `place`."""

    def __init__(
        self,
        arguments: Sequence[str | Path],
        home: Path,
        place: Path,
        prepare: Sequence[Prepare] = (),
        variables: dict[str, str] | None = None,
    ) -> None:
        """Start it."""
        self._output = (place / "stdout", place / "stderr")
        environment = {"PAPERCHAT_HOME": str(home), "COLUMNS": "400"} | (variables or {})
        self._process = _FORKED.Process(
            target=_run, args=([*map(str, arguments)], environment, self._output, tuple(prepare))
        )
        self._process.start()

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self._process.is_alive()

    def kill(self) -> None:
        """End it with SIGKILL."""
        self._process.kill()

    def ended(self, limit_s: float = LIMIT_S) -> Ended:
        """Wait for its end, so long at most."""
        self._process.join(limit_s)
        code = self._process.exitcode
        self._process.kill()
        self._process.join()
        shown, complaints = (
            file.read_text("utf-8", "replace") if file.exists() else "" for file in self._output
        )
        return Ended(code, shown, complaints)


def _run(
    arguments: list[str],
    environment: dict[str, str],
    output: tuple[Path, Path],
    prepare: Sequence[Prepare],
) -> None:
    for number, file in enumerate(output, start=1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
    for name in [name for name in os.environ if name.startswith(("PAPERCHAT_", "OPENAI_"))]:
        del os.environ[name]
    os.environ.update(environment)
    sys.argv = ["paperchat", *arguments]
    for each in prepare:
        each()
    from ui.cli import main

    main()
