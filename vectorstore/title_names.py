"""Finds the names of papers in a question: exactly, misspelt, or as the initials of a title.

Owns when a word is a name: "HELP" may be one and "help" is none, "distserve" can be nothing else.
A word that many papers use is a word of a topic, however a paper is called.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from vectorstore.question_words import STOP_WORDS
from vectorstore.title_words import (
    MAX_NAME_WORDS,
    MIN_INITIALS,
    Title,
    Words,
    max_slips,
    words_of,
)

# The score of each sign where nothing speaks against it, and what is left of it where something
# does.
NAME = 1.0
ALIAS = 0.8
INITIALS = 0.8
BASE_NAME = 0.7  # a name without its number: "PowerInfer" for "PowerInfer-2"
SLIP_COST = 0.1  # for each wrong letter of a name, and once for having any
DOUBTFUL_SLIP = 0.6  # where what looks misspelt may be a word of its own
OTHER_CASE = 0.5  # where a short name is typed otherwise than in the title
INSIDE = 0.5  # where it is a part of a longer name: "FlashAttention" of "FlashAttention-2"

# Between these rarities a word turns from one of a topic into a name. One that also exists as a
# word ("HELP", typed as "help") is only trusted where hardly a paper uses it.
NAME_RARITIES = (0.2, 0.6)
WORD_RARITIES = (0.6, 0.8)
UNKNOWN_RARITY = 0.95
TYPED_AS_NAME = 0.75  # at least, for a name typed as in the title and as no word is: "QuickRise"
SURE_LETTERS = 4  # shorter names also stand for other things
SHOUTED_WORDS = 3  # so many words in capitals are no names


@dataclass(frozen=True, slots=True)
class _Label:
    """Something that a paper may be called, with its score where nothing speaks against it."""

    position: int
    words: Words
    score: float


@dataclass(frozen=True, slots=True)
class Mention:
    """A title, by its position, named by the words `start` to `end` of the question."""

    start: int
    end: int
    position: int
    score: float


class TitleNames:
    """The names of papers by their letters."""

    def __init__(
        self,
        titles: Sequence[Title],
        aliases: Mapping[int, Sequence[str]],
        rarity: Callable[[str], float],
    ) -> None:
        """Index the names; `rarity` is in [0, 1], 1 for a word that no paper has."""
        self._rarity = rarity
        self._labels: defaultdict[str, list[_Label]] = defaultdict(list)
        for label in chain(_names(titles), _aliases(aliases)):
            self._labels[label.words.joined].append(label)
        self._keys = [key for key in self._labels if len(key) >= SURE_LETTERS]
        self._initials: defaultdict[str, set[int]] = defaultdict(set)
        for position, title in enumerate(titles):
            for initials in title.initials():
                self._initials[initials].add(position)

    def found(self, question: Words) -> Iterator[Mention]:
        """Yield titles with a score in [0, 1]; one may come more than once."""
        exact = list(self._exact(question))
        named = {found.start for found in exact if found.end == found.start + 1 and found.score > 0}
        # What is the name of a paper is not meant for the initials of another's title.
        initials = (found for found in self._abbreviated(question) if found.start not in named)
        mentions = [*exact, *self._misspelt(question), *initials]
        for mention in mentions:
            inside = any(_is_inside(mention, other) for other in mentions)
            yield replace(mention, score=mention.score * (INSIDE if inside else 1.0))

    def _exact(self, question: Words) -> Iterator[Mention]:
        shouted = len(question.typed) >= SHOUTED_WORDS and all(map(str.isupper, question.typed))
        for start, end in _spans(len(question.texts), MAX_NAME_WORDS):
            for label in self._labels.get("".join(question.texts[start:end]), ()):
                trust = self._trust(question.part(start, end), label.words, shouted)
                yield Mention(start, end, label.position, label.score * trust)

    def _trust(self, asked: Words, name: Words, shouted: bool) -> float:
        """Return how surely the words are a name and not words of a topic, in [0, 1]."""
        typed = "".join(asked.typed)
        as_titled = typed == "".join(name.typed) and not shouted
        rarities = WORD_RARITIES if not as_titled and _may_be_word(name) else NAME_RARITIES
        trust = _share_between(self._name_rarity(asked, name), *rarities)
        if len(typed) < SURE_LETTERS:
            return trust if as_titled else trust * OTHER_CASE
        as_name = as_titled and sum(map(str.isupper, typed)) > 1
        return max(trust, TYPED_AS_NAME) if as_name else trust

    def _name_rarity(self, asked: Words, name: Words) -> float:
        """Return the rarity of a name, for which several words are better than one."""
        rarities = [self._rarity(text) for text in asked.texts]
        rarity = max(max(rarities), NAME_RARITIES[1] * sum(rarities))
        if asked.texts == name.texts:
            return rarity
        # Words put together otherwise than in the title: "Dist Serve", but not "a scan" for AsCAN.
        return min(rarity, self._rarity(asked.joined)) if _all_carry_meaning(asked) else 0.0

    def _misspelt(self, question: Words) -> Iterator[Mention]:
        unknown = [self._rarity(text) >= UNKNOWN_RARITY for text in question.texts]
        for start, end in _spans(len(question.texts), 2):
            asked = question.part(start, end)
            known = not any(unknown[start:end]) or asked.joined in self._labels
            if not known and _all_carry_meaning(asked):
                for label, trust in self._near(asked):
                    yield Mention(start, end, label.position, label.score * trust)

    def _near(self, asked: Words) -> Iterator[tuple[_Label, float]]:
        key = asked.joined
        as_word = key == "".join(asked.typed)
        slips = max_slips(key) or (0 if as_word or len(key) < SURE_LETTERS else 1)
        if not slips:
            return
        near = extract(key, self._keys, scorer=OSA.distance, score_cutoff=slips, limit=None)
        for name, distance, _ in near:
            trust = 1 - SLIP_COST * (1 + distance)
            for label in self._labels[name]:
                doubtful = len(key) <= SURE_LETTERS or (as_word and _may_be_word(label.words))
                yield label, trust * (DOUBTFUL_SLIP if doubtful else 1.0)

    def _abbreviated(self, question: Words) -> Iterator[Mention]:
        for at, (text, typed) in enumerate(zip(question.texts, question.typed, strict=True)):
            if len(text) >= MIN_INITIALS and text in self._initials:
                rarity = self._rarity(text)
                if typed.isupper() or (len(text) >= SURE_LETTERS and rarity >= UNKNOWN_RARITY):
                    score = INITIALS * _share_between(rarity, *NAME_RARITIES)
                    for position in self._initials[text]:
                        yield Mention(at, at + 1, position, score)


def _names(titles: Sequence[Title]) -> Iterator[_Label]:
    for position, title in enumerate(titles):
        name = title.name
        if name.texts:
            yield _Label(position, name, NAME)
            base = [typed for typed in name.typed if not typed.isdigit()]
            if len(base) < len(name.typed) and len("".join(base)) >= SURE_LETTERS:
                yield _Label(position, words_of(" ".join(base)), BASE_NAME)


def _aliases(aliases: Mapping[int, Sequence[str]]) -> Iterator[_Label]:
    for position, names in aliases.items():
        for words in map(words_of, names):
            if words.texts:
                yield _Label(position, words, ALIAS)


def _spans(length: int, longest: int) -> Iterator[tuple[int, int]]:
    for start in range(length):
        for end in range(start + 1, min(length, start + longest) + 1):
            yield start, end


def _share_between(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))


def _all_carry_meaning(words: Words) -> bool:
    return STOP_WORDS.isdisjoint(words.texts)


def _may_be_word(name: Words) -> bool:
    """Tell whether a name may be an English word: "HELP" and "Levain", not "QRST"."""
    typed = "".join(name.typed)
    plain = typed.isalpha() and (typed.isupper() or typed[1:].islower())
    return len(name.texts) == 1 and plain and any(letter in "aeiouyAEIOUY" for letter in typed)


def _is_inside(mention: Mention, other: Mention) -> bool:
    longer = other.end - other.start > mention.end - mention.start
    covered = other.start <= mention.start and mention.end <= other.end
    return longer and covered and other.score >= mention.score
