"""How texts that were found are named in a sentence of ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vectorstore.coverage import Facet

NAMED_CHARACTERS = 60  # a pasted page without a full stop is one facet
NAMED_FACETS = 3


def alternatives(texts: Sequence[str]) -> str:
    """Return “a”, “b” or “c”."""
    quoted = [f"“{text}”" for text in texts]
    return " or ".join(part for part in (", ".join(quoted[:-1]), *quoted[-1:]) if part)


def shortened(text: str) -> str:
    """Return the beginning of `text`, on one line and short enough to stand in a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= NAMED_CHARACTERS else f"{line[: NAMED_CHARACTERS - 1].rstrip()}…"


def uncovered(facets: Iterable[Facet]) -> tuple[str, ...]:
    """Return the parts of the question that no paper covers, in its order, each cut to a phrase."""
    texts = (shortened(facet.text) for facet in facets if not facet.covered)
    return tuple(dict.fromkeys(texts))[:NAMED_FACETS]
