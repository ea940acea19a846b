"""The forms that a value of a record takes in JSON and in tables, made into what an entry holds.

Owns lists of people and of labels written as one text, dates in pieces and as numbers, and
abstracts by word. Invariant: a value of an unexpected type is as good as none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from ingest.entries import excerpt
from ingest.readers import locators
from ingest.readers.fields import Dated, folded, known, read_date
from ingest.readers.person_names import natural_name

# Of an object, the first of these that it has is what it is called.
LABELS = (
    *("fullname", "full_name", "display_name", "name", "literal", "tag", "category", "keyword"),
    *("term", "source", "author", "value"),
)
_GIVEN = ("given", "firstName", "first", "first_name", "given_name")
_FAMILY = ("family", "lastName", "last", "last_name", "family_name")
_DEPTH = 4  # lists of objects of objects: deeper ones are no values of a field
_YEARS = range(1000, 2101)
_SECONDS, _MILLISECONDS = range(10**8, 10**11), range(10**11, 10**14)  # of dates from 1973 on

_LIST_AS_TEXT = re.compile(r"\s*\[(?P<items>.*)\]\s*", re.DOTALL)
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_ARXIV_CATEGORIES = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z-]+)?(?: [a-z-]+(?:\.[A-Za-z-]+)?)*")
_SUFFIX = re.compile(r"(?:Jr|Sr|[IVX]+)\.?", re.IGNORECASE)


def texts(value: object, names: Sequence[str] = LABELS, depth: int = _DEPTH) -> Iterator[str]:
    """Yield the texts that are `value`, in its list, or in its objects by the first of `names`."""
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, list):
        for item in value:
            yield from texts(item, names, depth - 1)
    elif depth and isinstance(value, dict):
        named = (value[name] for name in names if value.get(name))
        yield from texts(next(named, None), names, depth - 1)


def text_by_word(value: object) -> str:
    """Return the text of an inverted index, {word: [its places]}; otherwise nothing."""
    if not isinstance(value, dict):
        return ""
    words = (
        (place, word)
        for word, places in value.items()
        if isinstance(places, list)
        for place in places
        if isinstance(place, int)
    )
    return " ".join(word for _place, word in sorted(words))


def people(value: object) -> tuple[str, ...]:
    """Return the names of a list of authors, each as it is spoken: given names first."""
    if isinstance(value, str):
        return known(map(_spoken, _people_in(value)))
    listed = value if isinstance(value, list) else [value]
    return known(map(_person, listed))


def labels(value: object) -> tuple[str, ...]:
    """Return categories or keywords; of one text, what stands between semicolons or commas."""
    if not isinstance(value, str):
        return known(texts(value))
    if listed := _listed(value):
        return known(listed)
    if _ARXIV_CATEGORIES.fullmatch(value) and "." in value:
        return known(value.split())
    return known(value.split(";" if ";" in value else ","))


def dated(value: object) -> Dated | None:
    """Return the date of a text, a year, seconds or milliseconds since 1970, or `date-parts`."""
    if isinstance(value, dict):
        parts = value.get("date-parts")
        return _in_parts(parts) if parts else dated(next(_stated(value), None))
    if isinstance(value, str):
        return read_date(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int):
        return None
    if value in _SECONDS or value in _MILLISECONDS:
        seconds = value if value in _SECONDS else value // 1000
        return read_date(datetime.fromtimestamp(seconds, UTC).date().isoformat())
    return read_date(str(value)) if value in _YEARS else None


def count(value: object) -> int | None:
    """Return a number of people or comments; None for anything else."""
    is_one = isinstance(value, str | int | float) and not isinstance(value, bool)
    return locators.count(str(value).strip().removesuffix(".0")) if is_one else None


def _listed(text: str) -> list[str]:
    """Return the items of a list that was written into a cell as Python shows it."""
    as_list = _LIST_AS_TEXT.fullmatch(text)
    return [one or other for one, other in _QUOTED.findall(as_list["items"])] if as_list else []


def _people_in(text: str) -> Iterable[str]:
    if listed := _listed(text):
        return listed
    if ";" in text:
        return text.split(";")
    parts = re.split(" and | & ", folded(text))
    return [name for part in parts for name in _between_commas(part)]


def _between_commas(text: str) -> list[str]:
    """Split "Anna Baker, Bo Miller", and leave "Baker, Anna" as it is."""
    names = [name.strip() for name in text.split(",")]
    one_turned = len(names) == 2 and not all(" " in name for name in names)  # noqa: PLR2004
    return [text] if one_turned else names


def _spoken(name: str) -> str:
    return name if _SUFFIX.fullmatch(name.partition(",")[2].strip()) else natural_name(name)


def _person(value: object) -> str:
    if isinstance(value, str):
        return _spoken(value)
    if not isinstance(value, dict) or value.get("creatorType") in ("editor", "translator"):
        return ""
    given, family = (next(texts(value, names, 2), "") for names in (_GIVEN, _FAMILY))
    if given or family:
        particles = (value.get("dropping-particle"), value.get("non-dropping-particle"))
        parts = (given, *particles, family, value.get("suffix"))
        return " ".join(part for part in parts if part and isinstance(part, str))
    return _spoken(next(texts(value), ""))


def _in_parts(parts: object) -> Dated | None:
    first = parts[0] if isinstance(parts, list) and parts else None
    if not isinstance(first, list) or not all(isinstance(part, int | str) for part in first[:3]):
        return None
    if not all(len(str(part)) <= len("2024") for part in first[:3]):
        return None
    return read_date("-".join(str(part).zfill(2) for part in first[:3]))


def _stated(value: dict[str, object]) -> Iterator[str]:
    return texts(value, ("raw", "literal", "$date", "date", "year"), 1)


def record_key(value: object) -> str:
    """Return what a record calls itself, fit for a terminal; nothing where it is no name."""
    return excerpt(str(value))[1:-1] if isinstance(value, str | int) else ""


def one_line(value: object) -> str | None:
    """Return the first text of `value` on one line; None where there is none."""
    return next(filter(None, map(folded, texts(value))), None)
