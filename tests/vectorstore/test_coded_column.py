"""Texts that many papers share, kept once each."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.coded_column import CodedColumn, Coder

TEXTS = st.lists(st.sampled_from(["", "Acme", "Acme Labs", "Mills"]), max_size=8)


def column(*pages: list[str]) -> CodedColumn:
    coder = Coder()
    for page in pages:
        coder.add(page)
    return coder.column()


def texts(coded: CodedColumn) -> list[str]:
    return [coded.texts[code] for code in coded.codes.tolist()]


@given(TEXTS, TEXTS, st.data())
def test_as_lists(first: list[str], second: list[str], data: st.DataObject) -> None:
    coded = column(first, second)
    whole = first + second
    assert texts(coded) == whole
    assert len(set(coded.texts)) == len(coded.texts)
    assert coded.where(lambda text: "Acme" in text).tolist() == ["Acme" in text for text in whole]
    assert texts(column(first).joined(column(second))) == whole
    rows = data.draw(st.lists(st.sampled_from(range(len(whole))))) if whole else []
    assert texts(coded.taken(np.array(rows, np.int64))) == [whole[row] for row in rows]


def test_each_text_is_asked_about_once() -> None:
    asked: list[str] = []
    column(["b", "a", "b", "b"]).where(lambda text: bool(asked.append(text)))  # type: ignore[func-returns-value]
    assert asked == ["b", "a"]
