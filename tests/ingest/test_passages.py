from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.passages import PassageSettings, cut_passages
from ingest.sentences import split_sentences
from vectorstore.records import Span
from vectorstore.token_count import token_counter

SIX = "One is. Two is. Three is. Four is. Five is. Six is."
HUGE = f"One is. {'many words ' * 200}here. Three is. Four is."


def passages(text: str, settings: PassageSettings) -> list[str]:
    cut = cut_passages(text, split_sentences(text), settings)
    return [text[span.start : span.end] for span in cut]


@pytest.mark.parametrize(
    ("text", "settings", "expected"),
    [
        ("", PassageSettings(), []),
        ("Word", PassageSettings(), ["Word"]),
        ("One is. Two is.", PassageSettings(), ["One is. Two is."]),
        ("One is. Two is. Three is.", PassageSettings(), ["One is. Two is. Three is."]),
        (
            SIX,
            PassageSettings(),
            ["One is. Two is. Three is.", "Three is. Four is. Five is.", "Five is. Six is."],
        ),
        (
            SIX,
            PassageSettings(window_sentences=3, overlap_sentences=0),
            ["One is. Two is. Three is.", "Four is. Five is. Six is."],
        ),
        (
            SIX,
            PassageSettings(window_sentences=4, overlap_sentences=2),
            ["One is. Two is. Three is. Four is.", "Three is. Four is. Five is. Six is."],
        ),
        (SIX, PassageSettings(window_sentences=9), [SIX]),
        (
            "One is. Two is. Three is.",
            PassageSettings(window_sentences=1),
            ["One is.", "Two is.", "Three is."],
        ),
        # More overlap than window: it goes on by a sentence all the same.
        (
            "One is. Two is. Three is.",
            PassageSettings(window_sentences=2, overlap_sentences=5),
            ["One is. Two is.", "Two is. Three is."],
        ),
        # "One is. Two is." are six tokens.
        (
            "One is. Two is. Three is.",
            PassageSettings(max_tokens=6),
            ["One is. Two is.", "Two is. Three is."],
        ),
        (
            "One is. Two is. Three is.",
            PassageSettings(max_tokens=5),
            ["One is.", "Two is.", "Three is."],
        ),
        (
            HUGE,
            PassageSettings(),
            ["One is.", f"{'many words ' * 200}here.", "Three is. Four is."],
        ),
    ],
)
def test_passages(text: str, settings: PassageSettings, expected: list[str]) -> None:
    assert passages(text, settings) == expected


@given(
    lengths=st.lists(st.integers(1, 12), max_size=12),
    settings=st.builds(
        PassageSettings,
        window_sentences=st.integers(1, 5),
        overlap_sentences=st.integers(0, 6),
        max_tokens=st.integers(1, 40),
    ),
)
def test_any_sentences(lengths: list[int], settings: PassageSettings) -> None:
    text = ""
    sentences = []
    for length in lengths:
        sentence = "word " * length + "end."
        sentences.append(Span(len(text), len(text) + len(sentence)))
        text += sentence + "  "
    cut = cut_passages(text, sentences, settings)

    starts = {span.start: number for number, span in enumerate(sentences)}
    ends = {span.end: number for number, span in enumerate(sentences)}
    windows = [(starts[span.start], ends[span.end]) for span in cut]
    covered = {number for first, last in windows for number in range(first, last + 1)}
    assert covered == set(range(len(sentences)))
    for (first, last), span in zip(windows, cut, strict=True):
        assert 1 <= last - first + 1 <= settings.window_sentences
        tokens = token_counter()(text[span.start : span.end])
        assert first == last or tokens <= settings.max_tokens
    for (first, last), (next_first, next_last) in pairwise(windows):
        assert first < next_first <= last + 1
        assert last <= next_last
        overlap = last + 1 - next_first
        assert overlap == min(settings.overlap_sentences, last - first)
