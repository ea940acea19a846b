"""How papers use phrases: which paper has which, how each is written, and which are whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from vectorstore.mapping.phrases import Stems, read_phrases
from vectorstore.records import Paper

WHOLE_SHARE = 0.3  # of its occurrences that begin or end a run: "learning rate", but not "learning"

_Forms = defaultdict[Stems, Counter[str]]


@dataclass(frozen=True, slots=True)
class PaperPhrases:
    """The phrases of a paper; `everywhere` includes those of the title."""

    title: frozenset[Stems]
    everywhere: frozenset[Stems]


class PhraseUsage:
    """What was read so far."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._occurrences = Counter[Stems]()
        self._begins = Counter[Stems]()
        self._ends = Counter[Stems]()
        self._in_titles: _Forms = defaultdict(Counter)
        self._in_abstracts: _Forms = defaultdict(Counter)

    def read(self, paper: Paper) -> PaperPhrases:
        """Count the phrases of a paper and return them."""
        title = self._read(paper.title, self._in_titles)
        return PaperPhrases(title, title | self._read(paper.abstract, self._in_abstracts))

    def is_whole(self, phrase: Stems) -> bool:
        """Return whether a phrase stands by itself too often to be a part of others."""
        least = WHOLE_SHARE * self._occurrences[phrase]
        return self._begins[phrase] >= least and self._ends[phrase] >= least

    def typed(self, phrase: Stems) -> str:
        """Return how a phrase is mostly written, in abstracts where it is in any."""
        forms = self._in_abstracts.get(phrase) or self._in_titles[phrase]
        return min(forms, key=lambda form: (-forms[form], form))

    def _read(self, text: str, forms: _Forms) -> frozenset[Stems]:
        found = set()
        for phrase in read_phrases(text):
            found.add(phrase.stems)
            self._occurrences[phrase.stems] += 1
            self._begins[phrase.stems] += phrase.begins
            self._ends[phrase.stems] += phrase.ends
            # "image features" has little say in whether it is "image" or "images" alone.
            forms[phrase.stems][phrase.typed] += 1 + phrase.ends
        return frozenset(found)
