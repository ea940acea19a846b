"""Which tokens late interaction compares. Tokens are given here as a tokenizer would cut them."""

from __future__ import annotations

import re
from itertools import compress, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.content_tokens import ContentWord, content_words
from vectorstore.question_words import STOP_WORDS


def offsets_of(tokens: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a text and its tokens: those of `tokens` between its bars, spaces left out."""
    offsets = []
    text = ""
    for part in tokens.split("|"):
        start = len(text) + len(part) - len(part.lstrip())
        text += part
        if part.strip():
            offsets.append((start, len(text)))
    return text, offsets


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        ("", ()),
        ("?|!", ()),
        ("cache", (ContentWord("cache", 0, (0,)),)),
        ("the| cache", (ContentWord("cache", 4, (1,)),)),
        ("THE| Cache", (ContentWord("Cache", 4, (1,)),)),
        (
            "quan|tis|ation| of| LL|Ms|.",
            (
                ContentWord("quantisation", 0, (0, 1, 2)),
                ContentWord("LLMs", 16, (4, 5)),
            ),
        ),
        (
            "key|-|value|_|store",
            (
                ContentWord("key", 0, (0,)),
                ContentWord("value", 4, (2,)),
                ContentWord("store", 10, (4,)),
            ),
        ),
        (
            "Zebras| graze|.| Zebras| drink",
            (
                ContentWord("Zebras", 0, (0,)),
                ContentWord("graze", 7, (1,)),
                ContentWord("Zebras", 14, (3,)),
                ContentWord("drink", 21, (4,)),
            ),
        ),
        # Nothing but stop words, all of which are kept.
        (
            "which| papers| are| about| that|?",
            (
                ContentWord("which", 0, (0,)),
                ContentWord("papers", 6, (1,)),
                ContentWord("are", 13, (2,)),
                ContentWord("about", 17, (3,)),
                ContentWord("that", 23, (4,)),
            ),
        ),
        ("大|模型| x²", (ContentWord("大模型", 0, (0, 1)), ContentWord("x²", 4, (2,)))),
    ],
    ids=ascii,
)
def test_content_words(tokens: str, words: tuple[ContentWord, ...]) -> None:
    assert content_words(*offsets_of(tokens)) == words


@pytest.mark.parametrize(
    ("text", "offsets", "words"),
    [
        # A word that the tokenizer dropped, in the midst of others and at the end.
        (
            "paged ☐ab caches x",
            [(0, 5), (10, 16)],
            (ContentWord("paged", 0, (0,)), ContentWord("caches", 10, (1,))),
        ),
        # Only a stop word has a token.
        ("the cache", [(0, 3)], (ContentWord("the", 0, (0,)),)),
        # A token over two words is the first one's.
        ("deep-sea", [(0, 8)], (ContentWord("deep", 0, (0,)),)),
        # No tokens at all.
        ("cache", [], ()),
    ],
    ids=["dropped words", "dropped content", "token over two words", "no tokens"],
)
def test_words_and_tokens_that_do_not_fit(
    text: str, offsets: list[tuple[int, int]], words: tuple[ContentWord, ...]
) -> None:
    assert content_words(text, offsets) == words


@st.composite
def tokenised(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    """Draw a text of words, stop words and anything else, cut into tokens at any place."""
    pieces = st.one_of(
        st.sampled_from(sorted(STOP_WORDS)),
        st.sampled_from(["cache", "Zebras", "LLMs", " ", " ", "-", "_", "?"]),
        st.text(max_size=3),
    )
    text = "".join(draw(st.lists(pieces, max_size=12)))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=16)))
    kept = draw(st.lists(st.booleans(), min_size=len(cuts), max_size=len(cuts)))
    return text, list(compress(pairwise(cuts), kept))


@given(tokenised())
def test_any_text(tokenised: tuple[str, list[tuple[int, int]]]) -> None:
    text, offsets = tokenised
    words = content_words(text, offsets)
    tokens = [token for word in words for token in word.tokens]
    assert tokens == sorted(set(tokens))  # they rise, and belong to one word each
    for word in words:
        end = word.start + len(word.text)
        assert text[word.start : end] == word.text
        inside = [at for at, (start, _) in enumerate(offsets) if word.start <= start < end]
        assert list(word.tokens) == inside != []


@given(tokenised())
def test_stop_words_stay_where_there_is_nothing_else(
    tokenised: tuple[str, list[tuple[int, int]]],
) -> None:
    text, offsets = tokenised
    starts = [start for start, _ in offsets]
    with_tokens = [
        match.group()
        for match in re.finditer(r"[^\W_]+", text)
        if any(match.start() <= start < match.end() for start in starts)
    ]
    content = [word for word in with_tokens if word.lower() not in STOP_WORDS]
    assert [word.text for word in content_words(text, offsets)] == (content or with_tokens)
