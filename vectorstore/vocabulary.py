"""The words of a collection: how rare each is, and which of them a question's word stands for.

Owns what is read from the catalog's word counts, once for all questions. Words are lower case; what
they share with the lexical index is their stem, without accents.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache, partial

from vectorstore.english_words import english_rank
from vectorstore.spelling import Speller
from vectorstore.spelling_variants import variants
from vectorstore.stemming import stem

EXPLAINED_PAPERS = 3  # an abbreviation that more papers have is a word like others

REMEMBERED_WORDS = 20_000

_variants = lru_cache(REMEMBERED_WORDS)(variants)


class Vocabulary:
    """The words of all papers. Safe to share between threads."""

    def __init__(
        self,
        papers: int,
        stems: Mapping[str, int],
        forms: Mapping[str, int],
        abbreviations: Iterable[tuple[str, str]] = (),
        long_forms: Callable[[str], Sequence[str]] | None = None,
    ) -> None:
        """Take how many of `papers` have each stem and each form, and short and long forms.

        Where those are too many to keep, `long_forms` tells the ones of a short form. Of the forms,
        only those of enough papers to be trusted are needed.
        """
        self._papers = papers
        self._forms = forms
        self._abbreviations = tuple(abbreviations)
        self._long_forms = long_forms
        # Not of a method: that would be a cycle, which keeps all of this until it is looked for.
        self._papers_with = lru_cache(REMEMBERED_WORDS)(partial(_count, papers, stems))

    def rarity(self, word: str) -> float:
        """Return BM25's inverse document frequency of `word` in any inflection, above 0.

        That is log(1 + (N - n + 0.5) / (n + 0.5)), where n of N papers have it.
        """
        having = self.papers_with(word)
        return math.log1p((self._papers - having + 0.5) / (having + 0.5))

    def papers_with(self, word: str) -> int:
        """Return how many papers have `word` in any inflection."""
        return self._papers_with(word)

    def usual_spelling(self, word: str) -> str | None:
        """Return the British or American spelling of `word` that most papers use, if any does."""
        spellings = (word, *_variants(word))
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
            for variant in _variants(word)
            if self.papers_with(variant) and stem(variant) != stem(word)
        )

    def long_form(self, word: str) -> str | None:
        """Return what `word`, as it was typed, abbreviates in most papers that explain it.

        None for one that many papers have, and so needs no explanation, or that is no abbreviation
        as it was typed: "chips" is not "CHIPS".
        """
        if word.islower() or self.papers_with(word) > EXPLAINED_PAPERS:
            return None
        long_forms = self._long_forms or self._explained
        found = Counter(map(str.lower, long_forms(word)))
        return found.most_common(1)[0][0] if found else None

    @cached_property
    def _speller(self) -> Speller:
        return Speller(self._forms)

    @cached_property
    def _by_short_form(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for short, long in self._abbreviations:
            found[short].append(long)
        return dict(found)

    def _explained(self, short: str) -> Sequence[str]:
        return self._by_short_form.get(short, ())


def _count(papers: int, stems: Mapping[str, int], word: str) -> int:
    return min(papers, stems.get(stem(word), 0))
