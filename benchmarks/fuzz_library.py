"""A small library to ask and a conversation about it, made up, for fuzzers that need one."""

from __future__ import annotations

import atexit
import tempfile
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.answer import Turn
    from vectorstore.library import Library
    from vectorstore.records import Paper

TODAY = date(2026, 11, 21)
ASKED = (
    "Which papers are about bread?",
    "what does the second one say about salt?",
    "which of those are from Bakery Lab?",
    "compare Levain and Crumb",
    "how many papers since 2024 are by Ada Baker?",
    "papers on quantum octopuses",
)


def small_library() -> Library:
    """Return a library of a few papers, which lasts as long as the process."""
    from ingest.indexing import index_pending
    from vectorstore.library import open_library
    from vectorstore.onnx_embedding import OnnxEmbedder

    opened = ExitStack()
    atexit.register(opened.close)
    home = opened.enter_context(tempfile.TemporaryDirectory(prefix="paperchat-fuzz-"))
    library = opened.enter_context(open_library(Path(home), OnnxEmbedder()))
    library.add(papers())
    index_pending(library)
    return library


def conversation(library: Library) -> tuple[Turn, ...]:
    """Return the turns of a conversation about the library, without a model."""
    from assistant.answer import Turn
    from assistant.answering import Assistant

    assistant, turns = Assistant(library, today=lambda: TODAY), list["Turn"]()
    for question in ASKED:
        turns.append(Turn(question, assistant.ask(question, turns)))
    return tuple(turns)


def papers() -> tuple[Paper, ...]:
    """Return papers of many kinds: dated and undated, with and without authors and venues."""
    from vectorstore.records import DatePrecision, Paper

    return (
        Paper(
            "levain",
            "Levain: Fast Sourdough Bread",
            "Bread takes a day. We present Levain, a starter that raises bread 3.5 times faster."
            " However, Levain is limited to warm kitchens.",
            date(2025, 3, 1),
            2,
            ("Ada Baker", "Zoë van der Brot"),
            "bakery lab",
            12,
            "https://example.org/levain",
            arxiv_id="2503.01234",
            categories=("cs.CL", "food.BR"),
        ),
        Paper(
            "crumb",
            "Crumb: Baking Bread at Low Heat",
            "Bread dries out in hot ovens. We propose Crumb, which keeps 40% more moisture than"
            " Levain (p < 0.05). Salt is not needed.",
            date(2024, 1, 1),
            1,
            ("Baker, Bob",),
            "ai at oven works",
            doi="10.1234/crumb.5",
            venue="Proceedings of the Bread Conference",
            date_precision=DatePrecision.YEAR,
        ),
        Paper(
            "salt",
            "How Much Salt Does Soup Need?",
            "Cooks salt soup by feeling. We show that 12 grams of salt are enough for 40 bowls.",
            None,
            None,
            (),
            venue="BREAD",
            categories=("cs.LG",),
        ),
        Paper("rye", "Levain", "Rye bread ferments in cellars for nine hours.", date(2023, 7, 31)),
        Paper("untitled", "Broth", "", date(2024, 2, 29), 30),
    )
