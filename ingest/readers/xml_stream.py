"""The records of an XML file one by one, of any length, from any hand.

Owns what is refused: declarations of entities, which can be made to grow or to fetch files, and
elements nested too deeply. Invariant: one record is in memory at a time, and none that is longer
than `LONGEST_RECORD`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from html import unescape
from typing import BinaryIO
from xml.etree.ElementTree import Element, TreeBuilder  # expat parses, guarded below
from xml.parsers import expat

from ingest.content import Content
from ingest.entries import Skipped
from ingest.readers.fields import folded

LONGEST_RECORD = 20_000_000  # characters; papers of thousands of authors have a few million
ELEMENT_SIZE = 50  # characters that an element counts for
DEEPEST = 200  # levels; formulas have some twenty
CHUNK = 1 << 16  # bytes

_SUBSET = r"""\[(?>"[^"]*"|'[^']*'|[^\]"'])*+\]\s*"""
_PROLOG = rf"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?>{_SUBSET})?>)*+"
_ROOT = re.compile(rf"{_PROLOG}<([A-Za-z][\w:.-]*)", re.DOTALL)
_DECLARED = re.compile(r"\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([\w.-]+)")


class _RefusedError(Exception):
    """The rest of the file is not read; the text says why."""


def root_name(head: str) -> str:
    """Return the name of the outermost element, without its prefix; empty where it is no XML."""
    root = _ROOT.match(head)
    return root[1].rpartition(":")[2] if root else ""


def xml_records(
    content: Content, names: Collection[str]
) -> Iterator[tuple[int, Element] | Skipped]:
    """Yield the elements of these names with their lines; their names are without prefixes.

    Where the file is broken or refused, what stood before is yielded, and a Skipped ends it.
    """
    declared = _DECLARED.match(content.head[:CHUNK])
    is_unicode = not declared or declared[1].lower().startswith("utf")
    parser = _Parser(content.file, names, "utf-8" if is_unicode else None)
    with content.open_utf8() if is_unicode else content.open_bytes() as file:
        for found in parser.records(file):
            if isinstance(found, Skipped) and found.ends_file and content.findings.damage:
                raise content.findings.damage
            yield found


def text_of(element: Element | None) -> str:
    """Return the text of an element and of all in it on one line, empty where there is none."""
    return folded("".join(element.itertext())) if element is not None else ""


class _Parser:
    """Builds the elements that are records, and forgets all others."""

    def __init__(self, file: str, names: Collection[str], encoding: str | None) -> None:
        self._file = file
        self._names = names
        self._ready: list[tuple[int, Element] | Skipped] = []
        self._builder: TreeBuilder | None = None
        self._depth = self._record_depth = self._line = self._size = 0
        self._expat = expat.ParserCreate(encoding)
        self._expat.buffer_text = True
        self._expat.StartDoctypeDeclHandler = self._doctype
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._data
        self._expat.SkippedEntityHandler = self._entity

    def records(self, file: BinaryIO) -> Iterator[tuple[int, Element] | Skipped]:
        fed = 0
        is_last = False
        while not is_last:
            chunk = file.read(CHUNK)
            fed += len(chunk)
            is_last = not chunk
            reason = self._feed(chunk, fed)
            yield from self._ready
            self._ready.clear()
            if reason:
                yield Skipped(self._file, self._expat.CurrentLineNumber, reason, ends_file=True)
                return

    def _feed(self, chunk: bytes, fed: int) -> str:
        """Parse on and return why not to go on, empty where all is well."""
        try:
            self._expat.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            if not chunk:
                return "XML that breaks off before its end"
            return f"broken XML, not read any further: {expat.ErrorString(error.code)}"
        except (LookupError, ValueError):
            return "XML in an encoding that is not known; save it as UTF-8"
        except _RefusedError as error:
            return f"XML that is not read any further: {error}"
        if fed - self._expat.CurrentByteIndex > LONGEST_RECORD:
            return f"XML that is not read any further: a tag of over {LONGEST_RECORD:,} characters"
        return ""

    def _doctype(self, _name: str, _system: object, _public: object, has_subset: bool) -> None:
        if has_subset:
            raise _RefusedError("it declares entities or elements of its own")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _RefusedError(f"elements nested over {DEEPEST} deep")
        local = name.rpartition(":")[2]
        if not self._record_depth and local in self._names:
            self._record_depth, self._size = self._depth, 0
            self._line, self._builder = self._expat.CurrentLineNumber, TreeBuilder()
        self._grow(ELEMENT_SIZE + sum(map(len, attributes.values())))
        if self._builder:
            self._builder.start(local, attributes)

    def _data(self, text: str) -> None:
        self._grow(len(text))
        if self._builder:
            self._builder.data(text)

    def _entity(self, name: str, _is_parameter: bool) -> None:
        # One that a document type would define which is not looked at; HTML knows the usual ones.
        self._data(unescape(f"&{name};"))

    def _end(self, name: str) -> None:
        if self._builder:
            self._builder.end(name.rpartition(":")[2])
        if self._depth == self._record_depth:
            self._finish()
        self._depth -= 1

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > LONGEST_RECORD:
            self._builder = None

    def _finish(self) -> None:
        if self._builder:
            self._ready.append((self._line, self._builder.close()))
        else:
            reason = f"a record of over {LONGEST_RECORD:,} characters"
            self._ready.append(Skipped(self._file, self._line, reason))
        self._builder = None
        self._record_depth = 0
