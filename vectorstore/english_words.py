"""Which words are English, and how common: from the vocabulary of the model that ships.

A WordPiece vocabulary lists about 20,000 whole words of its training text (English Wikipedia and
books), commonest first. Owns the file's reading; knows nothing of any collection.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

VOCABULARY_FILE = Path(__file__).parent / "model" / "tokenizer.json"
FIRST_WORD_ID = 1996  # "the"; before it stand special tokens, signs and single letters


def english_rank(word: str) -> int | None:
    """Return 1 for the commonest word, 2 for the next and so on; None for one not in the list."""
    return _ranks().get(word.lower())


@cache
def _ranks() -> dict[str, int]:
    vocabulary = json.loads(VOCABULARY_FILE.read_text("utf-8"))["model"]["vocab"]
    return {
        word: number - FIRST_WORD_ID + 1
        for word, number in vocabulary.items()
        if number >= FIRST_WORD_ID and word.isalpha()
    }
