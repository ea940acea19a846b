"""Answer quality and latency: the assistant against a plain one, on judged questions.

    python -m benchmarks.answers QUESTIONS.jsonl [--pages data/daily-papers]

The pages are ingested into a temporary library, or into that of `--home`. Every conversation is
held with the extractive assistant, with the configured chat model where the environment names one,
and with a plain one, in the same run. Prints Markdown; `benchmarks.answers_score` says what each
figure means. `--write` keeps the answers as `paperchat ask --batch --json` prints them. `--stream`
measures, with or without questions, how much is added before a model's first word.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from assistant.answering import Assistant
from benchmarks.answers_plain import PlainAssistant
from benchmarks.answers_questions import read_questions
from benchmarks.answers_results import (
    Contestant,
    Result,
    as_json,
    ask_all,
    comparison,
    items,
    results_file,
    table,
)
from benchmarks.answers_stream import added_ms, stream_line
from benchmarks.retrieval_systems import show_progress
from ingest.ingesting import ingest_paths
from ui.environment import Environment, read_environment
from ui.wiring import make_assistant, opened_library
from vectorstore.errors import PaperchatError
from vectorstore.library import Library

PAGES = Path("data/daily-papers")


def contestants(library: Library, environment: Environment) -> Iterator[Contestant]:
    """Yield the assistants, the extractive one first and the plain one last."""
    yield Contestant("extractive", Assistant(library).stream)
    if environment.model is not None:
        yield Contestant(environment.model, make_assistant(environment, library).stream)
    yield Contestant("plain", PlainAssistant(library).stream)


def pages_text(pages: Path) -> str:
    """Return the listing pages as one text, white space as single blanks."""
    texts = (page.read_text("utf-8") for page in sorted(pages.glob("*.txt")))
    return " ".join(" ".join(text.split()) for text in texts)


def measure(arguments: argparse.Namespace) -> None:
    """Measure and print what the arguments ask for; raises PaperchatError on what is not usable."""
    questions = read_questions(arguments.questions) if arguments.questions else ()
    environment = read_environment(os.environ)
    with _filled_library(environment, arguments) as library:
        if questions:
            text = pages_text(arguments.pages)
            asked = (ask_all(each, questions, text) for each in contestants(library, environment))
            report(list(asked), arguments)
        if arguments.stream:
            print(stream_line(added_ms(library)))


def report(results: list[Result], arguments: argparse.Namespace) -> None:
    """Print the tables, and write the files that the arguments name."""
    for result in results:
        print(table(result))
        if arguments.items:
            print(f"{items(result)}\n")
        if arguments.write:
            file = _beside(arguments.write, result.name, first=result is results[0])
            file.write_text(results_file(result), "utf-8")
    print(comparison(results), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps([as_json(each) for each in results], indent=1))


def main() -> None:
    """Measure what the arguments name."""
    try:
        measure(_arguments())
    except PaperchatError as error:
        raise SystemExit(str(error)) from None


@contextmanager
def _filled_library(environment: Environment, arguments: argparse.Namespace) -> Iterator[Library]:
    with tempfile.TemporaryDirectory() as temporary:
        home = arguments.home or Path(temporary)
        with opened_library(replace(environment, home=home)) as library:
            ingest_paths(library, [arguments.pages], show_progress)
            yield library


def _beside(file: Path, name: str, *, first: bool) -> Path:
    """Return the file for the first contestant's answers, one beside it for another's."""
    plain_name = re.sub(r"[^\w.]+", "-", name)
    return file if first else file.with_stem(f"{file.stem}-{plain_name}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", type=Path, nargs="?", metavar="QUESTIONS")
    parser.add_argument("--pages", type=Path, default=PAGES, help="folder of listing pages")
    parser.add_argument("--home", type=Path, help="folder to keep the library in")
    parser.add_argument("--items", action="store_true", help="print a line on each question too")
    parser.add_argument("--json", type=Path, help="file for the figures of every question")
    parser.add_argument("--write", type=Path, help="file for the answers; others' lie beside it")
    parser.add_argument("--stream", action="store_true", help="time the first word of a model")
    arguments = parser.parse_args()
    if not (arguments.questions or arguments.stream):
        parser.error("name a file of judged questions, or give --stream")
    return arguments


if __name__ == "__main__":
    main()
