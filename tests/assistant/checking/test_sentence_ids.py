from __future__ import annotations

from itertools import chain, count, product

import pytest

from assistant.checking.sentence_ids import SENTENCE_ID, make_ids


def test_ids_are_distinct_and_of_the_shape() -> None:
    ids = make_ids(5_000)
    assert len(set(ids)) == 5_000
    assert all(SENTENCE_ID.fullmatch(each) for each in ids)


def test_ids_follow_what_chooses_their_signs() -> None:
    turn = count()
    ids = make_ids(2, lambda signs: signs[next(turn) % len(signs)])
    assert ids == ("s2345", "s6789")


def test_ids_are_drawn_anew() -> None:
    assert make_ids(20) != make_ids(20)


def test_there_is_an_end_to_them() -> None:
    with pytest.raises(ValueError, match="no 157465 distinct"):
        make_ids(157_465)
    signs = chain.from_iterable(product("23456789", *["23456789bcdfghjkmnpqrstvwxz"] * 3))
    assert len(set(make_ids(157_464, lambda _signs: next(signs)))) == 157_464


@pytest.mark.parametrize(
    "word", ["state", "s2orc", "S3K9X", "s1k9x", "s3k9", "s3k9xx", "xs3k9x", "1", "sic"]
)
def test_other_words_are_no_ids(word: str) -> None:
    assert SENTENCE_ID.search(word) is None
