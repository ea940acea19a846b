from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.embedding import Matrix
from vectorstore.errors import LibraryError
from vectorstore.onnx_embedding import MODEL_FOLDER, OnnxEmbedder
from vectorstore.records import Span

SENTENCES = (
    "Serving large language models needs much memory.",
    "We page the key-value cache to disk.",
    "Throughput doubles on a single GPU.",
)
TEXT = " ".join(SENTENCES)
WINDOW = 510  # tokens of a text that go through the model at once; "model" is one token


def spans_of(parts: tuple[str, ...], text: str) -> list[Span]:
    starts = [text.index(part) for part in parts]
    return [Span(start, start + len(part)) for start, part in zip(starts, parts, strict=True)]


def pooled(
    embedder: OnnxEmbedder, texts: Sequence[str], spans: Sequence[Sequence[Span]]
) -> list[Matrix]:
    return [vectors.spans for vectors in embedder.embed_texts(texts, spans)]


def tokens(embedder: OnnxEmbedder, *texts: str) -> list[Matrix]:
    return [vectors.tokens for vectors in embedder.embed_texts(texts, [[]] * len(texts))]


def test_shape_and_length(embedder: OnnxEmbedder) -> None:
    spans = [spans_of(SENTENCES, TEXT), [], [Span(0, 3)]]
    matrices = pooled(embedder, [TEXT, TEXT, "One more text."], spans)
    assert [matrix.shape for matrix in matrices] == [(3, 384), (0, 384), (1, 384)]
    assert all(matrix.dtype == np.float32 for matrix in matrices)
    lengths = [np.linalg.norm(vector) for matrix in matrices for vector in matrix]
    assert lengths == pytest.approx([1.0] * 4)
    assert embedder.embed_question(TEXT).pooled.shape == (384,)


def test_no_texts(embedder: OnnxEmbedder) -> None:
    assert embedder.embed_texts([], []) == []


@pytest.mark.parametrize(
    ("question", "words", "owners"),
    [
        ("Does quantisation help LLMs?", ("quantisation", "help", "LLMs"), (0, 0, 0, 1, 2, 2)),
        (
            "PowerInfer-2 runs 47B models",
            ("PowerInfer", "2", "runs", "47B", "models"),
            (0, 0, 0, 1, 2, 3, 3, 4),
        ),
        ("naïve x², 模", ("naïve", "x²", "模"), (0, 1, 1, 2)),
        (
            "which papers are about that",
            ("which", "papers", "are", "about", "that"),
            tuple(range(5)),
        ),
        ("?!", (), ()),
        ("", (), ()),
    ],
    ids=ascii,
)
def test_words_of_a_question(
    embedder: OnnxEmbedder, question: str, words: tuple[str, ...], owners: tuple[int, ...]
) -> None:
    asked = embedder.embed_question(question)
    assert (asked.words, asked.owners, asked.tokens.shape) == (words, owners, (len(owners), 64))
    assert asked.tokens.dtype == np.float32
    assert np.linalg.norm(asked.tokens, axis=1) == pytest.approx([1.0] * len(owners))


def test_a_token_is_nearest_to_its_like(embedder: OnnxEmbedder) -> None:
    asked = embedder.embed_question("zebras").tokens
    texts = ("Zebras graze on grass.", "The server has crashed.")
    near, far = [
        float((asked @ vectors.T).max(axis=1).mean()) for vectors in tokens(embedder, *texts)
    ]
    assert near > far


def test_tokens_past_the_window(embedder: OnnxEmbedder) -> None:
    [alone] = tokens(embedder, TEXT)
    [beyond] = tokens(embedder, "model " * WINDOW + TEXT)
    assert beyond.shape == (WINDOW + len(alone), 64)
    # The window is full where `TEXT` begins: it goes through the model as if it stood alone.
    np.testing.assert_array_equal(beyond[WINDOW:], alone)


def test_question_is_read_to_its_2000th_character(embedder: OnnxEmbedder) -> None:
    asked = embedder.embed_question("zebras " * 285 + "model " * 100)  # 1,995 characters and 600
    assert asked.words == ("zebras",) * 285 + ("model",)


@pytest.mark.parametrize("threads", [1, 3])
def test_same_text_gives_the_same_vectors(embedder: OnnxEmbedder, threads: int) -> None:
    spans = [[Span(0, len(sentence))] for sentence in SENTENCES]
    first = pooled(embedder, SENTENCES, spans)
    again = pooled(OnnxEmbedder(threads=threads), SENTENCES, spans)
    np.testing.assert_array_equal(np.array(first), np.array(again))


def test_question_is_embedded_like_a_text(embedder: OnnxEmbedder) -> None:
    [vectors] = embedder.embed_texts([TEXT], [[Span(0, len(TEXT))]])
    asked = embedder.embed_question(TEXT)
    np.testing.assert_array_equal(asked.pooled, vectors.spans[0])
    np.testing.assert_array_equal(asked.tokens, vectors.tokens)


def test_a_vector_does_not_depend_on_its_neighbours(embedder: OnnxEmbedder) -> None:
    texts = [*SENTENCES, TEXT * 3, "a", "model " * 2 * WINDOW, *(f"Text {n}." for n in range(9))]
    spans = [[Span(0, len(text))] for text in texts]
    together = embedder.embed_texts(texts, spans)
    for text, of_text, vectors in zip(texts, spans, together, strict=True):
        [alone] = embedder.embed_texts([text], [of_text])
        np.testing.assert_array_equal(vectors.spans, alone.spans)
        np.testing.assert_array_equal(vectors.tokens, alone.tokens)


def shares(whole: Matrix, parts: Matrix) -> np.ndarray:
    """Return the weights with which `parts` add up to `whole`, having checked that they do."""
    weights, *_ = np.linalg.lstsq(parts.T, whole, rcond=None)
    np.testing.assert_allclose(parts.T @ weights, whole, atol=1e-4)
    return weights


@pytest.mark.parametrize("repeats", [1, 40])
def test_whole_is_the_mean_of_its_sentences(embedder: OnnxEmbedder, repeats: int) -> None:
    parts = (TEXT, *(f"Part {n} speaks of {'zebras ' * n}." for n in range(1, repeats)))
    text = " ".join(parts)
    [matrix] = pooled(embedder, [text], [[Span(0, len(text)), *spans_of(parts, text)]])
    assert shares(matrix[0], matrix[1:]).min() > 0


def test_sentence_knows_its_surroundings(embedder: OnnxEmbedder) -> None:
    [within] = pooled(embedder, [TEXT], [spans_of(SENTENCES, TEXT)])
    alone = np.array([embedder.embed_question(sentence).pooled for sentence in SENTENCES])
    cosines = within @ alone.T
    assert cosines.argmax(axis=1).tolist() == [0, 1, 2]
    assert cosines.diagonal().max() < 0.98


def test_nothing_is_lost_past_the_window(embedder: OnnxEmbedder) -> None:
    start = "model " * WINDOW
    text = start + TEXT
    here = len(start)
    spans = [Span(here + s.start, here + s.end) for s in spans_of((TEXT, *SENTENCES), TEXT)]
    [beyond] = pooled(embedder, [text], [spans])
    # The window is full where `TEXT` begins: it goes through the model as if it stood alone.
    [alone] = pooled(embedder, [TEXT], [spans_of((TEXT, *SENTENCES), TEXT)])
    np.testing.assert_allclose(beyond, alone, atol=1e-5)  # running sums round a little


def test_span_across_two_windows(embedder: OnnxEmbedder) -> None:
    start = "model " * WINDOW
    text = start + TEXT
    spans = [Span(0, len(text)), Span(0, len(start)), Span(len(start), len(text))]
    [matrix] = pooled(embedder, [text], [spans])
    assert shares(matrix[0], matrix[1:]).min() > 0


@pytest.mark.parametrize(
    "span", [Span(0, 0), Span(48, 49), Span(9_000, 9_999), Span(5, 3)], ids=str
)
def test_span_without_tokens_is_the_whole_text(embedder: OnnxEmbedder, span: Span) -> None:
    [matrix] = pooled(embedder, [TEXT], [[Span(0, len(TEXT)), span]])
    np.testing.assert_array_equal(matrix[1], matrix[0])


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\0", "\N{ZERO WIDTH SPACE}"])
def test_text_without_tokens_is_like_no_other(embedder: OnnxEmbedder, text: str) -> None:
    asked = embedder.embed_question(text)
    np.testing.assert_array_equal(asked.pooled, np.zeros(384, np.float32))
    assert (asked.words, asked.tokens.shape) == ((), (0, 64))


def test_half_of_a_character_is_an_unknown_one(embedder: OnnxEmbedder) -> None:
    asked = embedder.embed_question("caf\udce9 latte").pooled
    np.testing.assert_array_equal(asked, embedder.embed_question("caf? latte").pooled)


@given(
    text=st.text(max_size=80),
    ends=st.lists(st.tuples(st.integers(-5, 90), st.integers(-5, 90)), max_size=4),
)
@settings(max_examples=40)
def test_any_text(embedder: OnnxEmbedder, text: str, ends: list[tuple[int, int]]) -> None:
    [vectors] = embedder.embed_texts([text], [[Span(*pair) for pair in ends]])
    asked = embedder.embed_question(text)
    length = float(np.linalg.norm(asked.pooled))
    assert length == pytest.approx(1.0, abs=1e-5) or length == 0.0
    assert vectors.spans.shape == (len(ends), 384)
    assert np.linalg.norm(vectors.spans, axis=1) == pytest.approx(length, abs=1e-5)
    np.testing.assert_array_equal(vectors.tokens, asked.tokens)
    assert np.linalg.norm(asked.tokens, axis=1) == pytest.approx(1.0, abs=1e-5)
    # Every word has a token, and they stand in order.
    assert sorted(set(asked.owners)) == list(range(len(asked.words)))
    assert list(asked.owners) == sorted(asked.owners)


@pytest.mark.parametrize("name", ["model", "tokenizer"])
def test_shipped_files_are_those_described(name: str) -> None:
    description = json.loads((MODEL_FOLDER / "model.json").read_text("utf-8"))
    file = MODEL_FOLDER / {"model": "model.onnx", "tokenizer": "tokenizer.json"}[name]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == description[f"{name}_sha256"]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("model.json", None),
        ("model.json", "{"),
        ("model.json", "[]"),
        ("model.json", '{"name": "tiny", "dimension": 384, "max_tokens": 512}'),
        ("tokenizer.json", None),
        ("tokenizer.json", "junk"),
        ("model.onnx", None),
        ("model.onnx", "junk"),
    ],
)
def test_damaged_model(tmp_path: Path, file: str, content: str | None) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for source in MODEL_FOLDER.iterdir():
        if source.name != file:
            (folder / source.name).symlink_to(source)
    if content is not None:
        (folder / file).write_text(content, "utf-8")
    with pytest.raises(LibraryError) as caught:
        OnnxEmbedder(folder).embed_question("Hello")
    assert str(caught.value) == (
        f"The embedding model is missing or damaged ({folder}). Install paperchat again."
    )


def test_missing_model(tmp_path: Path) -> None:
    with pytest.raises(LibraryError) as caught:
        OnnxEmbedder(tmp_path / "nowhere")
    assert caught.value.where == str(tmp_path / "nowhere")


def test_description_is_all_that_opening_reads(tmp_path: Path) -> None:
    facts = {"name": "tiny", "dimension": 3, "token_dimension": 2, "max_tokens": 5}
    (tmp_path / "model.json").write_text(json.dumps(facts), "utf-8")
    described = OnnxEmbedder(tmp_path)
    assert (described.name, described.dimension) == ("tiny", 3)
