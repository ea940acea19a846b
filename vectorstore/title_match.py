"""Says how surely a question names a paper: by its name, a part of its title, or an abbreviation.

Owns how the signs are put together; `title_names` looks for names and `title_runs` for pieces of
titles. A question on a topic names nothing, so words that many papers use count for little,
however much of a title they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from vectorstore.title_names import TitleNames
from vectorstore.title_runs import TitleRuns
from vectorstore.title_words import read_title, words_of

MAX_QUESTION_WORDS = 64  # a paper is named early; further words would only take time


class TitleMatcher:
    """Finds the papers that a question names, among those it was made with."""

    def __init__(
        self,
        titles: Sequence[str],
        rarity: Callable[[str], float],
        aliases: Mapping[int, Sequence[str]] | None = None,
    ) -> None:
        """Index `titles`, known from here on by their positions.

        `rarity` is the inverse document frequency of a lower-case word; that of "" is taken for
        the rarity of a word that no paper has. `aliases` are further names of the papers, such as
        abbreviations that their abstracts define.
        """
        self._idf = rarity
        self._highest_idf = rarity("") or 1.0
        read = [read_title(title) for title in titles]
        self._names = TitleNames(read, aliases or {}, self._rarity)
        self._runs = TitleRuns([title.words for title in read], self._rarity)

    def scores(self, question: str) -> dict[int, float]:
        """Return how surely `question` names each title, in (0, 1], without those it does not.

        From about 0.6 it most likely does; what any question on the title's topic may repeat of
        it stays below.
        """
        words = words_of(question).part(0, MAX_QUESTION_WORDS)
        found: defaultdict[int, float] = defaultdict(float)
        for position, score in chain(self._names.found(words), self._runs.found(words)):
            found[position] = max(found[position], score)
        return {position: score for position, score in found.items() if score > 0}

    def _rarity(self, word: str) -> float:
        return min(1.0, max(0.0, self._idf(word) / self._highest_idf))
