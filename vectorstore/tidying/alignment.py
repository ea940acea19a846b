"""Texts that were tidied by edits, and where each span of the original went."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from vectorstore.records import Span


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` in place of the characters from `start` to `end`, of which there is at least one."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Layer:
    """The edits of one pass, in order; edit `i` put `lengths[i]` characters at `places[i]`."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    places: tuple[int, ...]
    lengths: tuple[int, ...]

    def position(self, before: int) -> int:
        """Return where `before` went; the further into an edit, the further into its text."""
        at = bisect_right(self.starts, before) - 1
        if at < 0:
            return before
        if before < self.ends[at]:
            return self.places[at] + min(before - self.starts[at], self.lengths[at])
        return self.places[at] + self.lengths[at] + before - self.ends[at]


@dataclass(frozen=True, slots=True)
class Tidied:
    """A tidied text and the way back from the spans of the original."""

    text: str
    _layers: tuple[_Layer, ...] = ()

    def span_of(self, span: Span) -> Span:
        """Return the span of `text` that `span` of the original became, empty if nothing is left.

        Order is kept: of two positions the later one never comes first. Ends that lie outside the
        original are taken for its end or start.
        """
        start = self._position(span.start)
        return Span(start, max(start, self._position(span.end)))

    def edited(self, edits: Iterable[Edit]) -> Tidied:
        """Return the text after further `edits`, in order and apart; those of no effect are fine.

        Their positions are of `self.text`.
        """
        done = [edit for edit in edits if self.text[edit.start : edit.end] != edit.text]
        if not done:
            return self
        pieces: list[str] = []
        places: list[int] = []
        kept = length = 0
        for edit in done:
            length += edit.start - kept
            places.append(length)
            length += len(edit.text)
            pieces += (self.text[kept : edit.start], edit.text)
            kept = edit.end
        layer = _Layer(
            starts=tuple(edit.start for edit in done),
            ends=tuple(edit.end for edit in done),
            places=tuple(places),
            lengths=tuple(len(edit.text) for edit in done),
        )
        return Tidied("".join((*pieces, self.text[kept:])), (*self._layers, layer))

    def _position(self, position: int) -> int:
        position = max(position, 0)
        for layer in self._layers:
            position = layer.position(position)
        return min(position, len(self.text))
