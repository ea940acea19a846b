"""How texts that were found are named in a sentence of ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vectorstore.coverage import Facet

NAMED_CHARACTERS = 60  # a pasted page without a full stop is one facet
NAMED_FACETS = 3
# What questions say of the asker and the asked, and no abstract can cover.
_NO_TOPIC = frozenset(
    "people folks someone somebody everyone everybody researchers anyone nobody guys team thing"
    " things stuff way ways lot lots kind sort bit please thanks answer question questions".split()
)


def alternatives(texts: Sequence[str]) -> str:
    """Return “a”, “b” or “c”."""
    quoted = [f"“{text}”" for text in texts]
    return " or ".join(part for part in (", ".join(quoted[:-1]), *quoted[-1:]) if part)


def shortened(text: str) -> str:
    """Return the beginning of `text`, on one line and short enough to stand in a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= NAMED_CHARACTERS else f"{line[: NAMED_CHARACTERS - 1].rstrip()}…"


def uncovered(facets: Iterable[Facet], below: float = 1.0) -> tuple[str, ...]:
    """Return the parts of the question that no paper covers, in its order, each cut to a phrase.

    Only those whose coverage is less than `below`.
    """
    missed = (facet for facet in facets if not facet.covered and facet.coverage < below)
    texts = (shortened(facet.text) for facet in missed if _is_topic(facet))
    return tuple(dict.fromkeys(texts))[:NAMED_FACETS]


def _is_topic(facet: Facet) -> bool:
    return not set(facet.text.lower().split()) <= _NO_TOPIC
