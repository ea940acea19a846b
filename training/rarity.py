"""How rare each word is among the papers, by stem: much as the library weighs them.

Its stems differ from the library's for a few words ("dying", "skies"); the shipped model was
trained with these.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from nltk.stem.porter import PorterStemmer

_WORD = re.compile(r"[^\W_]+")


def word_rarity(texts: Sequence[str], questions: Sequence[str]) -> dict[str, float]:
    """Return for each lower-case word of `questions` BM25's inverse document frequency in `texts`.

    That is log(1 + (N - n + 0.5) / (n + 0.5)), where n of N texts have the word in any inflection.
    """
    stem = PorterStemmer().stem
    stems = [{stem(word) for word in _words(text)} for text in texts]
    having = Counter(stemmed for of_text in stems for stemmed in of_text)
    total = len(texts)
    return {
        word: math.log1p((total - having[stem(word)] + 0.5) / (having[stem(word)] + 0.5))
        for question in questions
        for word in _words(question)
    }


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
