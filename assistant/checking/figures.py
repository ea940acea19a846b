"""Finds the figures in a text and tells what they are worth, however they are written.

Owns the reading of "1,000", "1.5B", "$2,300", "twice", "2x" and "forty". Units are left aside: 50 %
and 50 GB are both 50.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from assistant.alike_letters import plain_letters

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: number for number, word in enumerate(_UNITS)} | {
    word: 10 * number for number, word in enumerate(_TENS, 2)
}
_ALONE = {"once": 1, "twice": 2, "thrice": 3, "double": 2, "triple": 3, "quadruple": 4}
_SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_LETTERS = {"k": 10**3, "m": 10**6, "b": 10**9, "bn": 10**9, "t": 10**12}

# More than a dozen digits are no figure that anybody compares, and long ones are slow to convert.
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,20})?|\d{1,40}(?:\.\d{1,20}|,\d{1,2})?(?!\d)"
_SCALE = rf"(?P<scale>(?i:[\s-]?(?:{'|'.join(_SCALES)}))\b|(?:[kKMBT]|bn)(?![^\W_]))"
_SIGN = r"(?:\s?[%xX×‰](?![^\W_]))"
_DIGITS = re.compile(rf"(?<![^\W_])(?<!\d[.,])[$€£]?(?P<number>{_NUMBER}){_SCALE}?{_SIGN}?")
_SPELLED = re.compile(
    rf"\b(?:(?P<alone>once|twice|thrice|(?:double|triple|quadruple)[sd]?)"
    rf"|(?P<ten>{'|'.join(_TENS)})(?:[\s-](?P<one>{'|'.join(_UNITS[1:10])}))?"
    rf"|(?P<word>{'|'.join(_UNITS)}))"
    rf"(?P<scale>[\s-](?:{'|'.join(_SCALES)}))?"
    rf"(?P<unit>[\s-]?(?:times|fold|percent|per\scent|orders))?\b",
    re.I,
)
_DAY = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
_COUNTED_UP_TO = 10  # "two ideas" counts what a sentence may list; "forty bowls" is a figure


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it is written at `start`, and its value.

    `certain` is False for a small number word that may only count what is listed.
    """

    text: str
    start: int
    value: Decimal
    certain: bool = True


def figures_in(text: str) -> Iterator[Figure]:
    """Yield the figures of `text`: days, such as 2024-05-06, then digits, then words."""
    plain = plain_letters(text)
    for found in _DAY.finditer(plain):
        yield Figure(found[0], found.start(), Decimal("".join(found.groups())))
    for found in _DIGITS.finditer(_DAY.sub(_blank, plain)):
        value = _decimal(found["number"]) * _factor(found["scale"])
        yield Figure(text[found.start() : found.end()].strip(), found.start(), value)
    for found in _SPELLED.finditer(plain):
        value = Decimal(_spelled(found) * _factor(found["scale"]))
        certain = bool(found["scale"] or found["unit"]) or value > _COUNTED_UP_TO
        written = text[found.start() : found.end()]
        yield Figure(written, found.start(), value, certain or _is_multiple(found))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _decimal(number: str) -> Decimal:
    # A comma before three digits groups them; before one or two it is a decimal comma.
    grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", number)
    return Decimal(number.replace(",", "" if grouped else ".")).normalize()


def _factor(scale: str | None) -> int:
    if not scale:
        return 1
    name = re.sub(r"[\s-]", "", scale).lower()
    return _SCALES.get(name) or _LETTERS[name]


def _spelled(found: re.Match[str]) -> int:
    if found["alone"]:
        return _ALONE[found["alone"].lower().removesuffix("d").removesuffix("s")]
    if found["word"]:
        return _WORDS[found["word"].lower()]
    return _WORDS[found["ten"].lower()] + _WORDS.get((found["one"] or "").lower(), 0)


def _is_multiple(found: re.Match[str]) -> bool:
    return bool(found["alone"]) and found["alone"].lower() != "once"
