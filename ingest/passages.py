"""Passages: overlapping windows of whole sentences, cut to a budget of tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vectorstore.records import Span
from vectorstore.token_count import token_counter


@dataclass(frozen=True, slots=True)
class PassageSettings:
    """How passages are cut."""

    window_sentences: int = 3  # about what states one point of an abstract
    overlap_sentences: int = 1  # so that a point across a border stands whole in some window
    max_tokens: int = 160  # keeps run-on sentences from making one window of half an abstract


def cut_passages(
    text: str, sentences: Sequence[Span], settings: PassageSettings
) -> tuple[Span, ...]:
    """Return the windows over `sentences`, in order, each from a sentence's start to one's end.

    A window holds at most `window_sentences` and `max_tokens`, but always one sentence; the last
    one ends with the last sentence.
    """
    passages: list[Span] = []
    first = 0
    while first < len(sentences):
        last = _last_of_window(text, sentences, first, settings)
        passages.append(Span(sentences[first].start, sentences[last].end))
        if last == len(sentences) - 1:
            break
        first = max(first + 1, last + 1 - settings.overlap_sentences)
    return tuple(passages)


def _last_of_window(
    text: str, sentences: Sequence[Span], first: int, settings: PassageSettings
) -> int:
    count_tokens = token_counter()
    last = first
    for candidate in range(first + 1, min(first + settings.window_sentences, len(sentences))):
        window = text[sentences[first].start : sentences[candidate].end]
        if count_tokens(window) > settings.max_tokens:
            break
        last = candidate
    return last
