from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.embedding import MODEL_FOLDER, Matrix, OnnxEmbedder
from vectorstore.errors import LibraryError
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


def test_shape_and_length(embedder: OnnxEmbedder) -> None:
    spans = [spans_of(SENTENCES, TEXT), [], [Span(0, 3)]]
    matrices = embedder.embed_spans([TEXT, TEXT, "One more text."], spans)
    assert [matrix.shape for matrix in matrices] == [(3, 384), (0, 384), (1, 384)]
    assert all(matrix.dtype == np.float32 for matrix in matrices)
    lengths = [np.linalg.norm(vector) for matrix in matrices for vector in matrix]
    assert lengths == pytest.approx([1.0] * 4)
    assert embedder.embed_query(TEXT).shape == (384,)


def test_no_texts(embedder: OnnxEmbedder) -> None:
    assert embedder.embed_spans([], []) == []


@pytest.mark.parametrize("threads", [1, 3])
def test_same_text_gives_the_same_vectors(embedder: OnnxEmbedder, threads: int) -> None:
    spans = [[Span(0, len(sentence))] for sentence in SENTENCES]
    first = embedder.embed_spans(SENTENCES, spans)
    again = OnnxEmbedder(threads=threads).embed_spans(SENTENCES, spans)
    np.testing.assert_array_equal(np.array(first), np.array(again))


def test_question_is_embedded_like_a_text(embedder: OnnxEmbedder) -> None:
    [[vector]] = embedder.embed_spans([TEXT], [[Span(0, len(TEXT))]])
    np.testing.assert_array_equal(embedder.embed_query(TEXT), vector)


def test_a_vector_does_not_depend_on_its_neighbours(embedder: OnnxEmbedder) -> None:
    texts = [*SENTENCES, TEXT * 3, "a", "model " * 2 * WINDOW, *(f"Text {n}." for n in range(9))]
    spans = [[Span(0, len(text))] for text in texts]
    together = np.concatenate(embedder.embed_spans(texts, spans))
    alone = np.concatenate(
        [embedder.embed_spans([t], [s])[0] for t, s in zip(texts, spans, strict=True)]
    )
    np.testing.assert_array_equal(together, alone)


def shares(whole: Matrix, parts: Matrix) -> np.ndarray:
    """Return the weights with which `parts` add up to `whole`, having checked that they do."""
    weights, *_ = np.linalg.lstsq(parts.T, whole, rcond=None)
    np.testing.assert_allclose(parts.T @ weights, whole, atol=1e-4)
    return weights


@pytest.mark.parametrize("repeats", [1, 40])
def test_whole_is_the_mean_of_its_sentences(embedder: OnnxEmbedder, repeats: int) -> None:
    parts = (TEXT, *(f"Part {n} speaks of {'zebras ' * n}." for n in range(1, repeats)))
    text = " ".join(parts)
    [matrix] = embedder.embed_spans([text], [[Span(0, len(text)), *spans_of(parts, text)]])
    assert shares(matrix[0], matrix[1:]).min() > 0


def test_sentence_knows_its_surroundings(embedder: OnnxEmbedder) -> None:
    [within] = embedder.embed_spans([TEXT], [spans_of(SENTENCES, TEXT)])
    alone = np.array([embedder.embed_query(sentence) for sentence in SENTENCES])
    cosines = within @ alone.T
    assert cosines.argmax(axis=1).tolist() == [0, 1, 2]
    assert cosines.diagonal().max() < 0.98


def test_nothing_is_lost_past_the_window(embedder: OnnxEmbedder) -> None:
    start = "model " * WINDOW
    text = start + TEXT
    here = len(start)
    spans = [Span(here + s.start, here + s.end) for s in spans_of((TEXT, *SENTENCES), TEXT)]
    [beyond] = embedder.embed_spans([text], [spans])
    # The window is full where `TEXT` begins: it goes through the model as if it stood alone.
    [alone] = embedder.embed_spans([TEXT], [spans_of((TEXT, *SENTENCES), TEXT)])
    np.testing.assert_allclose(beyond, alone, atol=1e-5)  # running sums round a little


def test_span_across_two_windows(embedder: OnnxEmbedder) -> None:
    start = "model " * WINDOW
    text = start + TEXT
    spans = [Span(0, len(text)), Span(0, len(start)), Span(len(start), len(text))]
    [matrix] = embedder.embed_spans([text], [spans])
    assert shares(matrix[0], matrix[1:]).min() > 0


@pytest.mark.parametrize(
    "span", [Span(0, 0), Span(48, 49), Span(9_000, 9_999), Span(5, 3)], ids=str
)
def test_span_without_tokens_is_the_whole_text(embedder: OnnxEmbedder, span: Span) -> None:
    [matrix] = embedder.embed_spans([TEXT], [[Span(0, len(TEXT)), span]])
    np.testing.assert_array_equal(matrix[1], matrix[0])


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\0", "\N{ZERO WIDTH SPACE}"])
def test_text_without_tokens_is_like_no_other(embedder: OnnxEmbedder, text: str) -> None:
    np.testing.assert_array_equal(embedder.embed_query(text), np.zeros(384, np.float32))


def test_half_of_a_character_is_an_unknown_one(embedder: OnnxEmbedder) -> None:
    asked = embedder.embed_query("caf\udce9 latte")
    np.testing.assert_array_equal(asked, embedder.embed_query("caf? latte"))


@given(
    text=st.text(max_size=80),
    ends=st.lists(st.tuples(st.integers(-5, 90), st.integers(-5, 90)), max_size=4),
)
@settings(max_examples=40)
def test_any_text(embedder: OnnxEmbedder, text: str, ends: list[tuple[int, int]]) -> None:
    [matrix] = embedder.embed_spans([text], [[Span(*pair) for pair in ends]])
    assert matrix.shape == (len(ends), 384)
    length = float(np.linalg.norm(embedder.embed_query(text)))
    assert length == pytest.approx(1.0, abs=1e-5) or length == 0.0
    assert np.linalg.norm(matrix, axis=1) == pytest.approx(length, abs=1e-5)


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
        ("model.json", '{"name": "tiny", "dimension": 384}'),
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
        OnnxEmbedder(folder).embed_query("Hello")
    assert str(caught.value) == (
        f"The embedding model is missing or damaged ({folder}). Install paperchat again."
    )


def test_missing_model(tmp_path: Path) -> None:
    with pytest.raises(LibraryError) as caught:
        OnnxEmbedder(tmp_path / "nowhere")
    assert caught.value.where == str(tmp_path / "nowhere")


def test_description_is_all_that_opening_reads(tmp_path: Path) -> None:
    shutil.copy(MODEL_FOLDER / "model.json", tmp_path)
    described = OnnxEmbedder(tmp_path)
    assert (described.name, described.dimension) == ("all-MiniLM-L6-v2-int8", 384)
