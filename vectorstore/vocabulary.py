"""The words of a collection: how rare each is, and which of them a question's word stands for.

Owns what is read from the catalog's word counts, once for all questions. Words are lower case; what
they share with the lexical index is their stem, without accents.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from vectorstore.english_words import english_rank
from vectorstore.spelling import Speller
from vectorstore.spelling_variants import variants
from vectorstore.stemming import stem

EXPLAINED_PAPERS = 3  # an abbreviation that more papers have is a word like others


class Vocabulary:
    """The words of all papers. Safe to share between threads."""

    def __init__(
        self,
        papers: int,
        stems: Mapping[str, int],
        forms: Mapping[str, int],
        abbreviations: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Take how many of `papers` have each stem and each form, and short and long forms."""
        self._papers = papers
        self._stems = stems
        self._forms = forms
        self._abbreviations = tuple(abbreviations)

    def rarity(self, word: str) -> float:
        """Return BM25's inverse document frequency of `word` in any inflection, above 0.

        That is log(1 + (N - n + 0.5) / (n + 0.5)), where n of N papers have it.
        """
        having = self.papers_with(word)
        return math.log1p((self._papers - having + 0.5) / (having + 0.5))

    def papers_with(self, word: str) -> int:
        """Return how many papers have `word` in any inflection."""
        return min(self._papers, self._stems.get(stem(word), 0))

    def usual_spelling(self, word: str) -> str | None:
        """Return the British or American spelling of `word` that most papers use, if any does."""
        spellings = (word, *variants(word))
        usual = max(spellings, key=self.papers_with)
        return usual if self.papers_with(usual) else None

    def corrected(self, word: str) -> str | None:
        """Return what was meant by a word that no paper has, or None if nothing is near to it.

        A word that English has is right, though no paper has it.
        """
        return None if english_rank(word) else self._speller.corrected(word)

    def other_spellings(self, word: str) -> tuple[str, ...]:
        """Return British and American counterparts that the papers use under another stem."""
        return tuple(
            variant
            for variant in variants(word)
            if self.papers_with(variant) and stem(variant) != stem(word)
        )

    def long_form(self, word: str) -> str | None:
        """Return what `word`, as it was typed, abbreviates in most papers that explain it.

        None for one that many papers have, and so needs no explanation, or that is no abbreviation
        as it was typed: "chips" is not "CHIPS".
        """
        if word.islower() or self.papers_with(word) > EXPLAINED_PAPERS:
            return None
        found = self._long_forms.get(word)
        return found.most_common(1)[0][0] if found else None

    @cached_property
    def _speller(self) -> Speller:
        return Speller(self._forms)

    @cached_property
    def _long_forms(self) -> dict[str, Counter[str]]:
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for short, long in self._abbreviations:
            found[short][long.lower()] += 1
        return dict(found)
