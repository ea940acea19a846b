from __future__ import annotations

from benchmarks.answers_stream import NotedWords, added_ms, stream_line
from vectorstore.library import Library


def test_words_are_the_same_and_note_when_they_are_taken() -> None:
    words = NotedWords(("a", "b"))
    assert (words, words.sent_at) == (("a", "b"), 0.0)
    assert list(words) == ["a", "b"]
    assert words.sent_at > 0


def test_each_answer_but_the_first_is_timed_from_when_the_server_speaks(
    shipped_library: Library,
) -> None:
    added = added_ms(shipped_library, answers=2)
    assert len(added) == 2
    assert min(added) > 0


def test_the_line_has_percentiles_or_says_that_there_are_none() -> None:
    line = "added before the first word, of 3 answers: p50 2.0 ms, p95 2.9 ms"
    assert stream_line([1.0, 2.0, 3.0]) == line
    assert stream_line([]) == "no answer was streamed"
