"""A collection of different papers, and one abstract that comes in hundreds of small variations."""

from __future__ import annotations

import random
from datetime import date

from ingest.cleaning.suspicious import suspicious_marks
from vectorstore.records import Paper

_WORDS = (
    "rises falls bakes cools warms rests folds shapes stirs simmers kneads proves ferments"
    " scores steams browns dries softens hardens thickens flour water salt yeast starter"
    " levain crumb crust loaf oven stone tray tin bowl pot broth onion carrot leek celery"
    " pepper herb spoon ladle knife board cellar kitchen baker cook taster guest summer winter"
    " morning evening slowly quickly gently evenly often rarely twice daily first last warm"
    " cold dark light thin thick sour sweet clear cloudy dense airy moist dry early late open"
    " closed large small round long"
).split()
TOPIC = "We study sourdough and report what it takes in our kitchen."
ABSTRACT = (
    f"{TOPIC} A starter that is fed with rye at dawn makes loaves which keep their moisture for a"
    " whole week, though nobody had believed it before we weighed each of them by hand. Bakers of"
    " five towns were asked to repeat what we did, and all of them saw the same within some days."
    " The method needs neither a new oven nor any flour that a village shop does not have."
)


def different_papers(count: int) -> list[Paper]:
    """Return so many papers on one topic that have nothing but their first sentence in common."""
    chance = random.Random(7)
    return [
        Paper(
            f"own {number}",
            f"{' '.join(chance.sample(_WORDS, 4)).capitalize()} {number}",
            f"{TOPIC} {' '.join(chance.choices(_WORDS, k=80))}.",
            published=date(2023, 1, 1),
        )
        for number in range(count)
    ]


def near_copies(count: int) -> list[Paper]:
    """Return so many papers with one abstract, a word in twelve rewritten, under own titles."""
    chance = random.Random(8)
    return [
        Paper(
            f"copy {number}",
            f"{' '.join(chance.sample(_WORDS, 3)).capitalize()}: Sourdough {number}",
            _edited(ABSTRACT, chance, 12),
            published=date(2024, 1, 1),
        )
        for number in range(count)
    ]


def mixed(own: list[Paper], copies: list[Paper]) -> list[Paper]:
    """Return all of them, the first of the copies before, the others behind."""
    return [*copies[:1], *own, *copies[1:]]


def stuffed(words: str) -> Paper:
    """Return a paper whose abstract says these words 200 times, marked as when it is read."""
    abstract = f"{words.capitalize()}. " * 200
    marks = suspicious_marks("A Note", abstract)
    return Paper(f"stuffed {words}", "A Note", abstract, suspicious=marks)


def _edited(text: str, chance: random.Random, nth: int) -> str:
    words = text.split()
    for at in range(chance.randrange(nth), len(words), nth):
        words[at] = chance.choice(_WORDS)
    return " ".join(words)
