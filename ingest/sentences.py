"""Where sentences begin and end, as character spans."""

from __future__ import annotations

from functools import cache
from typing import Any

from vectorstore.bundled_data import bundled_data
from vectorstore.records import Span

# Punkt learned its abbreviations from newspapers; these are the ones that abstracts add.
ABBREVIATIONS = frozenset(
    "al approx cf e.g eq eqs fig figs i.e i.i.d resp sec seq vs w.r.t a.k.a".split()
)

CONTINUATIONS = frozenset(",;:)]}")  # no sentence begins with one of these


def split_sentences(text: str) -> tuple[Span, ...]:
    """Return the sentences of `text` in order, without the white space between them."""
    sentences: list[Span] = []
    for start, end in _tokenizer().span_tokenize(text):
        if sentences and _goes_on(text, sentences[-1], start):
            sentences[-1] = Span(sentences[-1].start, end)
        else:
            sentences.append(Span(start, end))
    return tuple(sentences)


def _goes_on(text: str, sentence: Span, start: int) -> bool:
    """Tell whether `sentence` goes on at `start`, where Punkt begins another.

    Punkt ends one at every "etc.", and does not see that a bracket is still open.
    """
    is_list = text.endswith(("etc.", "etc.)"), sentence.start, sentence.end)
    return text[start] in CONTINUATIONS or (is_list and not text[start].isupper())


@cache
def _tokenizer() -> Any:
    """Load Punkt's English parameters from the copy inside llama-index-core, never the network."""
    import nltk.data
    from nltk.tokenize.punkt import PunktTokenizer

    folder = str(bundled_data("nltk_cache"))
    if folder not in nltk.data.path:
        nltk.data.path.insert(0, folder)  # nltk reads from the folders of this list alone
    tokenizer = PunktTokenizer("english")
    tokenizer._params.abbrev_types |= ABBREVIATIONS
    return tokenizer
