"""Text that says the same over and over, to be found by whatever is asked."""

from __future__ import annotations

from itertools import pairwise

LEAST_WORDS = 60  # a short text may repeat a phrase
# Distinct pairs of neighbouring words, as a share of all: of shipped abstracts none is below 0.8.
REPEATING_SHARE = 0.5


def repeats_itself(text: str) -> bool:
    """Tell whether most of the text was said in it before, in the same words."""
    words = text.lower().split()
    if len(words) < LEAST_WORDS:
        return False
    return len(set(pairwise(words))) < REPEATING_SHARE * len(words)
