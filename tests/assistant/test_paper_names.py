"""The short name of a paper, if it has one that is its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kitchen import BROTH, CRUMB, LEVAIN, RYE, SALT

from assistant.paper_names import short_name_of
from vectorstore.embedding import Embedder
from vectorstore.library import Library
from vectorstore.records import Paper

COINED = Paper("coined", "Kneading by Machine", "We propose KneadNet, a machine. It kneads.")
LONG = Paper("long", "A Very Long Way to Name an Oven: Doors", "Ovens have doors.")
TWINS = (
    Paper("one", "Crust: Bread in Steam", "Steam helps."),
    Paper("two", "Crust: Bread in the Dark", "The dark helps."),
)
PAPERS = (LEVAIN, CRUMB, RYE, BROTH, SALT, COINED, LONG, *TWINS)


def test_short_names(
    make_library: Callable[[Sequence[Paper], Embedder], Library], embedder: Embedder
) -> None:
    library = make_library(PAPERS, embedder)
    named = {paper.id: name for paper in PAPERS if (name := short_name_of(paper, library))}
    assert named == {"levain": "Levain", "crumb": "Crumb", "broth": "Broth", "coined": "KneadNet"}
