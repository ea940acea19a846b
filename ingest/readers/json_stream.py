"""The objects of a JSON text one by one, each with its line: an array's, or one a line.

Owns where a record begins and ends, in texts of any length and with faults. The decoding is json's;
ijson, which streams as well, tells no lines and can't go on behind a fault or a NaN. Invariant:
memory holds a few records of `LONGEST_RECORD` characters at most, and a fault costs its record.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple, TextIO, TypeVar

from ingest.content import Content, ContentError
from ingest.entries import Skipped, excerpt
from ingest.readers.json_values import record_key

LONGEST_RECORD = 4_000_000  # characters, as long as a line may be
SAMPLED = 20  # records by which a list of papers is told from other lists
_SAMPLE = 200_000  # characters to find them in
_CHUNK = 1_000_000
_OVERLAP = 1_000  # characters that a pattern may reach across the end of what was read
_MOST_ARRAYS = 300  # looked into in vain, so that a hostile nest of them ends
_MOST_IN_VAIN = 32_000_000  # characters to decode for nothing, so that hostile faults end
_DEEP = 20_000  # characters that values nested too deeply count as
_LONGEST_WHOLE_NUMBER = 18  # digits

_START = re.compile(r'\s*(?:\[\s*)*\{\s*"')
_ARRAY_OF_OBJECTS = re.compile(r"\[\s*(?=\{)")
_BETWEEN = re.compile(r"[\s,]*")
_ANY_BEGINNING = re.compile(r'[,}]\s*(?=\{\s*")')
_FIRST_NAME = re.compile(r'\{\s*"(?:[^"\\]|\\.){0,100}"\s*:')
_KEY = re.compile(r'"(?:id|key|paperId|doi|DOI)"\s*:\s*"([^"\\]{1,60})"')

Object = dict[str, object]
Item = TypeVar("Item")


class JsonObject(NamedTuple):
    """An object and the line on which it begins."""

    line: int
    fields: Object


def looks_like_json(content: Content) -> bool:
    """Tell whether the text begins as an object does, or as an array of them."""
    return bool(_START.match(content.head))


def sampled_objects(content: Content) -> list[Object]:
    """Return the first objects of the list, or of any other if there is none, from the head."""
    head = Content(content.file, lambda: io.BytesIO(content.head.encode(errors="replace")))
    sample = islice(json_objects(head, lambda _fields: True), SAMPLED)
    return [item.fields for item in sample if isinstance(item, JsonObject)]


def json_objects(
    content: Content, *is_record: Callable[[Object], bool]
) -> Iterator[JsonObject | Skipped]:
    """Yield the objects of every list that holds records, and what of it is none.

    Of several `is_record` the first counts by which there are any. Of a text in which no list holds
    records, the first objects and faults are yielded.
    """
    if _has_one_a_line(content.head, is_record[-1]):
        yield from told_if_cut_off(_from_lines(content))
        return
    for is_one in is_record:
        found = False
        with content.open_text() as text:
            for window, in_array in _lists(_Window(text), is_one):
                found = True
                yield from _elements(window, content.file, in_array=in_array)
        if found:
            return
    with content.open_text() as text:
        window = _Window(text)
        in_array = window.enter_array()
        yield from islice(_elements(window, content.file, in_array=in_array), SAMPLED)


def told_if_cut_off(items: Iterable[Item | Skipped]) -> Iterator[Item | Skipped]:
    """Yield the items; a fault after which none comes is the end of a text that was cut off."""
    waiting: list[Skipped] = []
    try:
        for item in items:
            yield from waiting
            waiting = [item] if isinstance(item, Skipped) else []
            if not isinstance(item, Skipped):
                yield item
    except ContentError:
        yield from waiting
        raise
    yield from (replace(fault, ends_file=True) for fault in waiting)


def _has_one_a_line(head: str, is_record: Callable[[Object], bool]) -> bool:
    lines = [line.strip() for line in head.split("\n", 3 * SAMPLED)[: 3 * SAMPLED]]
    sample = [line for line in lines if line][:SAMPLED]
    whole = [line for line in sample if line.startswith("{") and line.endswith("}")]
    if len(sample) == 1 or 2 * len(whole) <= len(sample):
        return False
    decoded = (_decoded(line) for line in whole)
    return any(isinstance(fields, dict) and is_record(fields) for fields in decoded)


def _from_lines(content: Content) -> Iterator[JsonObject | Skipped]:
    for line in content.lines():
        if line.cut:
            reason = f"a line of over {len(line.text):,} characters"
            yield Skipped(content.file, line.number, reason, _key(line.text))
        elif line.text and not line.text.isspace():
            value = _decoded(line.text)
            if isinstance(value, dict):
                yield JsonObject(line.number, value)
            else:
                reason = value.reason if isinstance(value, _Fault) else _no_object(value)
                yield Skipped(content.file, line.number, reason, _key(line.text))


class _Fault(NamedTuple):
    reason: str


_TOO_LONG = _Fault(f"no valid JSON within {LONGEST_RECORD:,} characters")


class _Window:
    """The part of a text that is being looked at, from the place `at` on."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self.seen = ""
        self.at = 0
        self.line = 1  # of the place
        self.in_vain = 0  # characters decoded that came to nothing

    def more(self) -> bool:
        """Read on, unless the window is as long as a record may be; tell whether it grew."""
        length = len(self.seen) - self.at
        chunk = self._text.read(max(_CHUNK, length)) if length < LONGEST_RECORD else ""
        if chunk:
            self.seen, self.at = self.seen[self.at :] + chunk, 0
        return bool(chunk)

    def move(self, to: int) -> None:
        self.line += self.seen.count("\n", self.at, to)
        self.at = to

    def next_character(self) -> str:
        """Go past what stands between elements; return what is there, nothing at the end."""
        while True:
            between = _BETWEEN.match(self.seen, self.at)
            self.move(between.end() if between else self.at)
            if self.at < len(self.seen) or not self.more():
                return self.seen[self.at : self.at + 1]

    def enter_array(self) -> bool:
        """Go behind the bracket of an array, and tell whether there is one."""
        enters = self.next_character() == "["
        self.move(self.at + enters)
        return enters

    def find(self, pattern: re.Pattern[str]) -> bool:
        """Go behind the next match of `pattern`, or to the end."""
        while not (found := pattern.search(self.seen, self.at)):
            self.move(max(self.at, len(self.seen) - _OVERLAP))
            if not self.more():
                return False
        self.move(found.end())
        return True

    def value(self) -> object:
        """Go behind the value that begins here and return it; stay at one with a `_Fault`."""
        while True:
            value, end = _decoded_at(self.seen, self.at)
            if not isinstance(value, _Fault):
                self.move(end)
                return value
            self.in_vain += end - self.at
            if not self.more():
                return value if len(self.seen) - self.at < LONGEST_RECORD else _TOO_LONG

    def sample(self) -> _Window:
        """Return a window on what comes next."""
        while len(self.seen) - self.at < _SAMPLE and self.more():
            pass
        return _Window(io.StringIO(self.seen[self.at : self.at + _SAMPLE]))


def _lists(window: _Window, is_record: Callable[[Object], bool]) -> Iterator[tuple[_Window, bool]]:
    """Yield the window at the first element of every list of records; it is left at the end.

    With it, tell whether an array has to end there.
    """
    in_array = window.enter_array()
    in_vain = 0
    while in_vain < _MOST_ARRAYS and window.in_vain <= _MOST_IN_VAIN:
        sample = islice(_elements(window.sample(), "", in_array=in_array), SAMPLED)
        if any(isinstance(item, JsonObject) and is_record(item.fields) for item in sample):
            yield window, in_array
            in_vain = 0
        in_vain += 1
        if not window.find(_ARRAY_OF_OBJECTS):
            break
        in_array = True


def _elements(window: _Window, file: str, *, in_array: bool) -> Iterator[JsonObject | Skipped]:
    """Yield what an array holds up to its end, or what follows one another without an array.

    Behind a fault the next is looked for that begins as the first one did; what looks like the
    array's end may be that of an inner one then.
    """
    next_record: re.Pattern[str] | None = None
    faulty = False
    while character := window.next_character():
        if character == "]" and not faulty:
            window.move(window.at + 1)
            return
        next_record = next_record or _beginning_like(window)
        line = window.line
        value = _Fault("") if character == "]" else window.value()
        if isinstance(value, dict):
            yield JsonObject(line, value)
            continue
        if not isinstance(value, _Fault):
            yield Skipped(file, line, _no_object(value))
            continue
        faulty = True
        key = _key(window.seen[window.at : window.at + _OVERLAP])
        window.move(window.at + 1)
        goes_on = window.find(next_record or _ANY_BEGINNING)
        if value.reason:
            yield Skipped(file, line, value.reason, key, ends_file=not goes_on)
        if not goes_on:
            return
        if window.in_vain > _MOST_IN_VAIN:
            yield Skipped(file, window.line, "too many faults to read on", ends_file=True)
            return
    if in_array:
        yield Skipped(file, window.line, "the list of records is cut off", ends_file=True)


def _beginning_like(window: _Window) -> re.Pattern[str] | None:
    first_name = _FIRST_NAME.match(window.seen, window.at)
    return re.compile(rf"[,}}]\s*(?={re.escape(first_name[0])})") if first_name else None


def _decoded(text: str) -> object:
    """Return the value that is all of `text`, or a `_Fault`."""
    value, end = _decoded_at(text, len(text) - len(text.lstrip()))
    rest = text[end:].strip()
    return value if isinstance(value, _Fault) or not rest else _fault("more than one value", rest)


def _decoded_at(text: str, at: int) -> tuple[object, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        rest = text[error.pos : error.pos + _OVERLAP]
        fault = _fault(error.msg, rest) if rest.strip() else _Fault("the text ends in a record")
        return fault, error.pos
    except RecursionError:
        return _Fault("a record of values nested too deeply"), at + _DEEP


def _fault(problem: str, rest: str) -> _Fault:
    return _Fault(f"not valid JSON ({problem}): {excerpt(rest)}")


def _no_object(value: object) -> str:
    is_list = isinstance(value, list)
    return "a list, no record" if is_list else f"no record: {excerpt(json.dumps(value))}"


def _key(text: str) -> str:
    found = _KEY.search(text[:_OVERLAP])
    return record_key(found[1]) if found else ""


def _whole_number(digits: str) -> int | None:
    return int(digits) if len(digits) <= _LONGEST_WHOLE_NUMBER else None


# NaN and Infinity are no JSON, but pandas writes them for what is missing.
_DECODER = json.JSONDecoder(
    strict=False, parse_int=_whole_number, parse_constant=lambda _name: None
)
