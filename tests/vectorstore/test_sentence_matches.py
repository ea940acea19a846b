"""What each sentence of a paper answers of a question's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from embedders import WordEmbedder

from vectorstore.embedding import Embedder
from vectorstore.library import Library
from vectorstore.records import Hit, MatchedWord, Paper, ScoreParts
from vectorstore.search import search
from vectorstore.sentence_matches import token_places, with_sentence_matches
from vectorstore.tidying.tidy import tidy

MakeLibrary = Callable[[Sequence[Paper], Embedder], Library]

BREAD = Paper("bread", "Bread", "Water makes bread rise. It is so. Salt is slow.")
QUESTION = "Does salt slow bread?"


def hits_of(library: Library) -> tuple[Hit, ...]:
    return search(library, QUESTION, 5).hits


def test_each_sentence_answers_words_of_its_own(make_library: MakeLibrary) -> None:
    library = make_library([BREAD], WordEmbedder(token_dimension=64))
    [plain] = hits_of(library)
    [hit] = with_sentence_matches(library, QUESTION, [plain])
    # The title has the bread, and leaves the rest open; the second sentence has stop words alone.
    assert [sentence.words for sentence in hit.sentences] == [
        (MatchedWord("salt", 1, 0), MatchedWord("slow", 1, 0), MatchedWord("bread", 0, 1)),
        (MatchedWord("salt", 1, 0), MatchedWord("slow", 1, 0), MatchedWord("bread", 0, 0)),
        (MatchedWord("salt", 1, 1), MatchedWord("slow", 1, 1), MatchedWord("bread", 0, 0)),
    ]
    without = tuple(replace(sentence, words=()) for sentence in hit.sentences)
    assert replace(hit, sentences=without) == plain


def test_a_model_without_a_token_head_says_nothing(make_library: MakeLibrary) -> None:
    embedder = WordEmbedder()
    library = make_library([BREAD], embedder)
    hits = hits_of(library)
    embedder.texts.clear()
    assert with_sentence_matches(library, QUESTION, hits) == hits
    assert embedder.texts == []  # the question is not read for nothing


@pytest.mark.parametrize(
    "paper",
    [
        pytest.param(replace(BREAD, abstract="Water makes."), id="another text"),
        pytest.param(replace(BREAD, title="Breadcrumbs"), id="another number of tokens"),
        pytest.param(replace(BREAD, id="soup"), id="no longer there"),
    ],
)
def test_nothing_is_said_of_a_text_that_the_vectors_are_not_of(
    paper: Paper, make_library: MakeLibrary
) -> None:
    library = make_library([BREAD], WordEmbedder(token_dimension=64))
    hit = Hit(paper, 1.0, 1.0, ScoreParts(1.0), hits_of(library)[0].sentences)
    assert with_sentence_matches(library, QUESTION, [hit]) == (hit,)


def test_no_hits(make_library: MakeLibrary) -> None:
    library = make_library([BREAD], WordEmbedder(token_dimension=64))
    assert with_sentence_matches(library, QUESTION, []) == ()
    assert with_sentence_matches(library, "", hits_of(library)) == hits_of(library)


def test_places_of_tokens() -> None:
    assert token_places("Bread", "Salt is slow.").tolist() == [-6, 0, 8]
    assert token_places("", "").tolist() == []


def test_the_shipped_papers_are_cut_as_they_were_when_they_were_read(
    shipped_library: Library,
) -> None:
    index = shipped_library.snapshot().index
    papers = shipped_library.catalog.papers_by_number(index.numbers.tolist())
    stored = shipped_library.catalog.vectors(index.numbers.tolist())
    cut = [len(token_places(tidy(paper.title).text, tidy(paper.abstract).text)) for paper in papers]
    assert cut == [len(item.token_vectors) // item.token_dimension for item in stored]


def test_sentences_and_title_together_answer_what_the_paper_does(shipped_library: Library) -> None:
    question = "How do the agents of MetaGPT divide a task in the assembly line?"
    hits = search(shipped_library, question, 5).hits
    for hit in with_sentence_matches(shipped_library, question, hits):
        rows = [sentence.words for sentence in hit.sentences]
        assert {tuple(word.word for word in row) for row in rows} == {
            tuple(word.word for word in hit.words)
        }
        best = np.max([[word.match for word in row] for row in rows], axis=0)
        title = [1 - word.open for word in rows[0]]
        whole = np.array([word.match for word in hit.words])
        # A word of several tokens may find them in several sentences.
        assert (np.maximum(best, title) <= whole + 1e-3).all()
        one_token = [at for at, word in enumerate(hit.words) if word.word in {"agents", "task"}]
        assert np.maximum(best, title)[one_token] == pytest.approx(whole[one_token], abs=1e-3)
