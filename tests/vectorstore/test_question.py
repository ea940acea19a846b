"""A question as search understands it, over a collection of a few words."""

from __future__ import annotations

import math

import numpy as np
import pytest
from embedders import WordEmbedder
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.question import MOST_POSTINGS, Correction, match_expression, read_question
from vectorstore.vocabulary import Vocabulary

STEMS = {
    "cach": 6,
    "color": 3,
    "colour": 1,
    "tumour": 2,
    "quantiz": 4,
    "model": 9,
    "moe": 1,
    "expert": 2,
}
FORMS = {
    "caches": 6,
    "color": 3,
    "colour": 1,
    "tumour": 2,
    "quantization": 4,
    "models": 9,
    "moe": 1,
    "experts": 2,
}
WORDS = Vocabulary(10, STEMS, FORMS, [("MoE", "Mixture of Experts"), ("QAT", "quantized training")])
MENDED = "quantization"


@pytest.mark.parametrize(
    ("typed", "text", "corrections"),
    [
        ("", "", ()),
        ("Are the models in caches?", "Are the models in caches?", ()),
        ("Which papers are ABOUT that?", "Which papers are ABOUT that?", ()),
        ("zebras graze", "zebras graze", ()),
        # British and American, the usual one in the place of the other.
        ("The colour of tumors", "The color of tumours", ()),
        # Misspelt words.
        ("quantizaton?", "quantization?", (Correction("quantizaton", MENDED),)),
        (
            "Quantizaton of a quantizaton quantizaton",
            "quantization of a quantization quantization",
            (Correction("Quantizaton", MENDED), Correction("quantizaton", MENDED)),
        ),
        # Names are meant as they stand.
        ("QuantizatoN", "QuantizatoN", ()),
        ("quantizaton8", "quantizaton8", ()),
        # Abbreviations, explained once and only as they are written.
        ("MoE models, MoE", "MoE (mixture of experts) models, MoE", ()),
        ("MoE, or a Mixture of Experts", "MoE, or a Mixture of experts", ()),
        ("moe models", "moe models", ()),
        ("QAT-MoE", "QAT (quantized training)-MoE (mixture of experts)", ()),
        # Letters that another keyboard makes.
        ("ＭｏＥ ﬁre", "MoE (mixture of experts) fire", ()),
    ],
)
def test_question_in_the_words_of_the_collection(
    typed: str, text: str, corrections: tuple[Correction, ...]
) -> None:
    question = read_question(typed, WORDS, WordEmbedder())
    assert (question.text, question.corrections) == (text, corrections)


def test_what_is_embedded() -> None:
    embedder = WordEmbedder(token_dimension=16)
    question = read_question("Colour of ＭｏＥ caches", WORDS, embedder)
    assert question.typed == "Colour of MoE caches"
    assert embedder.texts == ["color of MoE (mixture of experts) caches"]
    expected = embedder.embed_question(embedder.texts[0])
    assert question.vectors.words == ("color", "MoE", "mixture", "experts", "caches")
    assert question.vectors.owners == expected.owners == (0, 1, 2, 3, 4)
    np.testing.assert_array_equal(question.vectors.pooled, expected.pooled)
    np.testing.assert_array_equal(question.vectors.tokens, expected.tokens)
    having = [3, 1, 0, 2, 6]
    assert question.highest_rarity == pytest.approx(math.log(1 + 10.5 / 0.5))
    assert question.rarity.dtype == np.float32
    assert question.rarity == pytest.approx(
        [math.log(1 + (10 - n + 0.5) / (n + 0.5)) for n in having]
    )


def test_model_without_a_token_head() -> None:
    question = read_question("colour of caches", WORDS, WordEmbedder())
    assert (question.vectors.words, question.rarity.shape) == ((), (0,))


@given(st.text(max_size=60))
def test_any_question(text: str) -> None:
    question = read_question(text, WORDS, WordEmbedder(token_dimension=16))
    assert question.rarity.shape == (len(question.vectors.words),)
    assert all(correction.used in FORMS for correction in question.corrections)
    expression = match_expression(question.text, WORDS, 100)
    assert all(word.strip('"').isalnum() for word in expression.split(" OR ") if word)


@pytest.mark.parametrize(
    ("typed", "budget", "expression"),
    [
        ("Caches", 100, '"caches"'),
        ("which papers are about that?", 100, ""),
        # The rarest word first; commoner ones while there is room for what they match.
        ("models in caches of color", 100, '"colour" OR "color" OR "caches" OR "models"'),
        ("models in caches", 15, '"caches" OR "models"'),
        ("models in caches", 14, '"caches"'),
        ("models in caches", 0, '"caches"'),
        ("caches caches", 6, '"caches"'),
        # Another spelling counts as a word of its own.
        ("color", 4, '"colour" OR "color"'),
        ("colour", 3, '"colour"'),
        # Words that no paper has take no room, and leave it to the rarest that one has.
        ("zebras of models", 0, '"zebras" OR "models"'),
        ("zebras, models, caches", 0, '"zebras" OR "caches"'),
        ("zebras", 0, '"zebras"'),
        # The long form of an abbreviation is looked up too.
        ("MoE", 100, '"mixture" OR "moe" OR "experts"'),
    ],
)
def test_match_expression(typed: str, budget: int, expression: str) -> None:
    question = read_question(typed, WORDS, WordEmbedder())
    assert match_expression(question.text, WORDS, budget) == expression


def test_a_word_of_very_many_papers_is_left_out() -> None:
    common = Vocabulary(10**6, {"model": MOST_POSTINGS, "network": MOST_POSTINGS + 1}, {})
    assert match_expression("models", common, 9) == '"models"'
    assert match_expression("networks", common, 9) == ""
    assert match_expression("networks of models", common, 9) == '"models"'
