"""Records of lines that begin with a tag each, as RIS and MEDLINE files have them.

Owns the cutting into records and what belongs to a tag. Invariant: one record is in memory at a
time, and of one longer than `LONGEST_RECORD` only the beginning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from ingest.content import Content
from ingest.readers.fields import folded

LONGEST_RECORD = 1_000_000  # characters: ten times the longest abstract that is taken

# What begins a record is told from its line alone: the pattern of that record's tagged lines, which
# finds a "tag" and a "value". Other lines continue the value before them.
StartOf = Callable[[str], re.Pattern[str] | None]


@dataclass(slots=True)
class TaggedRecord:
    """The values of a record by their tags, in their order; `line` is where it begins.

    A value has a line end wherever the file has one within it. Of a record that `is_cut` the end is
    missing.
    """

    line: int
    is_cut: bool = False
    _values: list[tuple[str, list[str]]] = field(default_factory=list)
    _size: int = 0

    def add(self, tag: str | None, text: str) -> None:
        """Add a value, or without a tag a further line of the last one."""
        self._size += len(text) + 1
        self.is_cut = self._size > LONGEST_RECORD
        if self.is_cut:
            return
        if tag is None:
            self._values[-1][1].append(text)
        else:
            self._values.append((tag, [text]))

    def all(self, *tags: str) -> list[str]:
        """Return the values of all these tags in the order of the file."""
        return ["\n".join(lines) for tag, lines in self._values if tag in tags]

    def lines(self, *tags: str) -> list[str]:
        """Return the same line by line, for tags of which some programs write one for a list."""
        return list(chain.from_iterable(lines for tag, lines in self._values if tag in tags))

    def text(self, *tags: str) -> str:
        """Return what the first of these tags that says anything says, on one line."""
        texts = (folded(" ".join(self.all(tag))) for tag in tags)
        return next(filter(None, texts), "")


def tagged_records(content: Content, start_of: StartOf, end: str = "") -> Iterator[TaggedRecord]:
    """Yield the records; lines before the first, and between the tag `end` and a start, are none.

    A start ends the record before it, too.
    """
    record: TaggedRecord | None = None
    pattern: re.Pattern[str] | None = None
    for line in content.lines():
        if start := start_of(line.text):
            if record:
                yield record
            record, pattern = TaggedRecord(line.number), start
        if not record or not pattern:
            continue
        found = pattern.match(line.text)
        if found and found["tag"] == end:
            yield record
            record = None
        else:
            tag, text = (found["tag"], found["value"] or "") if found else (None, line.text)
            record.add(tag, text)
    if record:
        yield record
