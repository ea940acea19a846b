"""The words of a collection, from small counts given here and from the shipped library's."""

from __future__ import annotations

import gc
import math
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vectorstore.library import Library
from vectorstore.stemming import stem
from vectorstore.vocabulary import Vocabulary

STEMS = {
    "cach": 6,
    "color": 3,
    "colour": 1,
    "analys": 2,
    "model": 9,
    "tumour": 2,
    "moe": 3,
    "kv": 4,
}
FORMS = {"cache": 5, "caching": 3, "color": 3, "colour": 1, "models": 9, "tumour": 2, "moe": 3}
ABBREVIATIONS = (
    ("MoE", "margin of error"),
    ("MoE", "Mixture of Experts"),
    ("MoE", "mixture of experts"),
    ("AT", "Adversarial training"),
    ("KV", "key-value"),
)
WORDS = Vocabulary(10, STEMS, FORMS, ABBREVIATIONS)


@pytest.fixture(scope="module")
def shipped(shipped_library: Library) -> Vocabulary:
    catalog = shipped_library.catalog
    return Vocabulary(365, catalog.stem_counts(), catalog.form_counts())


@pytest.mark.parametrize(
    ("word", "papers"),
    [
        ("cache", 6),
        ("caches", 6),
        ("cached", 6),
        ("CACHE", 6),
        ("cachet", 0),
        ("zebra", 0),
        ("", 0),
        ("tumour", 2),
        ("tumours", 2),
        ("tumor", 0),
    ],
)
def test_papers_with_a_word(word: str, papers: int) -> None:
    assert WORDS.papers_with(word) == papers
    assert WORDS.rarity(word) == pytest.approx(math.log(1 + (10 - papers + 0.5) / (papers + 0.5)))


def test_rarity_stays_above_zero() -> None:
    # A word of the words' counts may be in papers that are not indexed yet.
    assert Vocabulary(2, {"cach": 5}, {}).papers_with("cache") == 2
    assert Vocabulary(2, {"cach": 5}, {}).rarity("cache") == pytest.approx(math.log(1.2))
    assert Vocabulary(0, {}, {}).rarity("cache") == pytest.approx(math.log(2))


@pytest.mark.parametrize(
    ("word", "usual"),
    [
        ("color", "color"),
        ("colour", "color"),
        ("colours", "colors"),
        ("tumor", "tumour"),
        ("tumors", "tumours"),
        ("analyze", "analyse"),
        ("modelling", "modelling"),
        ("caches", "caches"),
        ("flavour", None),
        ("zebra", None),
    ],
)
def test_usual_spelling(word: str, usual: str | None) -> None:
    assert WORDS.usual_spelling(word) == usual


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("color", ("colour",)),
        ("colour", ("color",)),
        ("tumor", ("tumour",)),
        ("tumour", ()),
        ("analyze", ("analyse",)),
        ("analyse", ()),
        ("modelling", ()),
        ("cache", ()),
        ("zebra", ()),
    ],
)
def test_other_spellings(word: str, others: tuple[str, ...]) -> None:
    assert WORDS.other_spellings(word) == others


@pytest.mark.parametrize(
    ("word", "long_form"),
    [
        ("MoE", "mixture of experts"),
        ("MOE", None),
        ("moe", None),
        ("AT", "adversarial training"),
        ("at", None),
        # Four papers have it, so it needs no explanation.
        ("KV", None),
        ("RLHF", None),
        ("", None),
    ],
)
def test_long_form(word: str, long_form: str | None) -> None:
    assert WORDS.long_form(word) == long_form


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("quantizaton", "quantization"),
        ("transfromers", "transformers"),
        ("quantization", None),
        ("quantizations", None),
        ("flurbled", None),
        # English words beside "electron" and "compress" that no paper has.
        ("election", None),
        ("congress", None),
    ],
)
def test_corrected(shipped: Vocabulary, word: str, meant: str | None) -> None:
    assert shipped.corrected(word) == meant


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("caches", "cach"),
        ("Technology", "technolog"),
        ("possibly", "possibl"),
        ("vs", "vs"),
        ("naïve", "naiv"),
        ("NAÏVE", "naiv"),
        ("nai\N{COMBINING DIAERESIS}ve", "naiv"),
        ("Straße", "straß"),
        ("ấ", "ấ"),
        ("й", "й"),
        ("が", "が"),
        ("모델", "모델"),
        ("a耀ing", "a\N{REPLACEMENT CHARACTER}"),
        ("", ""),
    ],
)
def test_stem(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed


def test_every_shipped_form_has_its_stem(shipped_library: Library) -> None:
    forms, stems = shipped_library.catalog.form_counts(), shipped_library.catalog.stem_counts()
    assert len(forms) > 5_000
    assert {form for form in forms if stem(form) not in stems} == set()
    assert set(map(stem, forms)) == stems.keys()


@pytest.fixture(scope="module")
def lexical_index() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", check_same_thread=False)) as connection:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5 (w, tokenize='porter unicode61')")
        connection.execute("CREATE VIRTUAL TABLE stems USING fts5vocab (words, 'row')")
        yield connection


BEGINNINGS = st.text("aeiouybcdlnrstvxzéüñ0123ßøж모が", min_size=1, max_size=7)
ENDINGS = """
    s es d ed eed ing ings ly y ies ion ional ational tional izer ization alism iveness fulness
    ousness bly bility logy logies icate ative alize ical ful ness al ance er ic able ant ement ment
    ent ou ism ate iti ous ive ize e ll
""".split()


@given(beginning=BEGINNINGS, ending=st.sampled_from(["", *ENDINGS]))
def test_stem_of_any_word_is_the_indexs(
    lexical_index: sqlite3.Connection, beginning: str, ending: str
) -> None:
    word = beginning + ending
    assume(len(word) != 3)  # of these "ies" and "eed", which are no words, come out otherwise
    lexical_index.execute("DELETE FROM words")
    lexical_index.execute("INSERT INTO words VALUES (?)", (word,))
    [[found]] = lexical_index.execute("SELECT term FROM stems").fetchall()
    assert stem(word) == found


def test_a_vocabulary_goes_with_its_snapshot() -> None:
    # Not when a collector happens to come by: one may hold the file of a large library.
    gc.disable()
    try:
        words = Vocabulary(10, STEMS, FORMS, ABBREVIATIONS)
        assert words.papers_with("cache") == 6
        assert words.long_form("MoE") == "mixture of experts"
        kept = weakref.ref(words)
        del words
        assert kept() is None
    finally:
        gc.enable()
