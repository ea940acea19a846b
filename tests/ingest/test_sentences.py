from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.sentences import split_sentences
from vectorstore.records import Span


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        [],
        ["No end"],
        ["One.", "Two!", "Three?", "Four"],
        ["We follow Smith et al. in this.", "It works."],
        ["Smith et al. (2020) show this.", "It works."],
        ["Use one, e.g. Transformers.", "It works."],
        ["Caching, i.e. Paging, is used.", "It works."],
        ["We compare FP8 vs. INT8 formats.", "It works."],
        ["Fig. 3 shows Eq. 4 of Sec. 5.", "It works."],
        ["Samples are i.i.d. and w.r.t. X a.k.a. Y they vary.", "It works."],
        ["It gains 3.5 points and 2.1x.", "It costs $0.25 or 90.5% less."],
        ["LLaMA-2.0 by J. Smith of the U.S. Congress.", "It works."],
        ["The code is at https://github.com/a/b.git for all.", "It works."],
        ["The code is at https://example.org/a.", "We thank all."],
        ["Code: example.org/a.b?c=1.", "https://example.org"],
        ["nn-JIT.web runs in browsers.", "semi-PD does not."],
        ["Is it fast?", "(2) Is it small?"],
        ["It is so.", "1) It is slow.", "2) It is big."],
        ['He said "Stop."', "Then he left."],
        ["(It works.)", "It does."],
        ["We cache, page, etc.", "By this, memory shrinks."],
        ["We cache, page, etc. to save memory.", "It works."],
        ["Tricks (paging, etc.) must be learned.", "It works."],
        ["Systems (A, B, etc.), which are many, differ.", "It works."],
        ["We cache (page, etc.).", "It works."],
        ["The distance of T[i, ., ., i+m-1] is known.", "It works."],
        ["A line\nbreak is no end.", "It works."],
    ],
    ids=lambda expected: " | ".join(expected),
)
def test_sentences(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", ()),
        (" \n\t ", ()),
        ("A.  \n\n B. ", (Span(0, 2), Span(7, 9))),
        ("word", (Span(0, 4),)),
    ],
)
def test_spans(text: str, spans: tuple[Span, ...]) -> None:
    assert split_sentences(text) == spans


@given(st.text() | st.text(alphabet=" \n.!?,;)(]\"'etcABab1\N{HORIZONTAL ELLIPSIS}。"))
@example("etc. etc.) , ;.")
def test_any_text_is_covered_in_order(text: str) -> None:
    spans = split_sentences(text)
    ends = [0, *(end for span in spans for end in (span.start, span.end)), len(text)]
    assert ends == sorted(ends)
    assert all(text[span.start : span.end].strip() for span in spans)
    covered = {place for span in spans for place in range(span.start, span.end)}
    assert all(character.isspace() for n, character in enumerate(text) if n not in covered)


def test_long_text_takes_no_time() -> None:
    text = "Lists (trees, etc.), and so on, " * 3_000
    assert split_sentences(text) == (Span(0, len(text) - 1),)
