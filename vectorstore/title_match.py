"""Says how surely a question names a paper: by its name, a part of its title, or an abbreviation.

Owns how the signs are put together; `title_names` looks for names and `title_runs` for pieces of
titles. A question on a topic names nothing, so words that many papers use count for little,
however much of a title they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from vectorstore.title_names import TitleNames
from vectorstore.title_runs import TitleRuns
from vectorstore.title_words import read_title, words_of

MAX_QUESTION_WORDS = 64  # a paper is named early; further words would only take time


@dataclass(frozen=True, slots=True)
class NamedTitle:
    """A title, by its position, and the words of the question that name it."""

    name: str
    position: int
    score: float


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
        by_name = ((mention.position, mention.score) for mention in self._names.found(words))
        found: defaultdict[int, float] = defaultdict(float)
        for position, score in chain(by_name, self._runs.found(words)):
            found[position] = max(found[position], score)
        return {position: score for position, score in found.items() if score > 0}

    def names(self, question: str) -> tuple[NamedTitle, ...]:
        """Return the titles that words of `question` are a name of, in its order, surest first.

        A title comes once for each of the names.
        """
        words = words_of(question).part(0, MAX_QUESTION_WORDS)
        mentions = sorted(self._names.found(words), key=lambda found: (found.start, -found.score))
        surest: dict[tuple[str, int], NamedTitle] = {}
        for found in mentions:
            name = " ".join(words.typed[found.start : found.end])
            if found.score > 0:
                named = NamedTitle(name, found.position, found.score)
                surest.setdefault((name.lower(), found.position), named)
        return tuple(surest.values())

    def _rarity(self, word: str) -> float:
        return min(1.0, max(0.0, self._idf(word) / self._highest_idf))
