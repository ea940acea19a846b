from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.records import Span
from vectorstore.tidying.alignment import Edit, Tidied

# "the <b>old</b> oven" without its tags, and then with "kiln" for "oven"
BREAD = Tidied("the <b>old</b> oven").edited([Edit(4, 7, ""), Edit(10, 14, "")])
KILN = BREAD.edited([Edit(8, 12, "kiln")])


def test_edited_text() -> None:
    assert (BREAD.text, KILN.text) == ("the old oven", "the old kiln")


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        pytest.param(Span(0, 19), Span(0, 12), id="all"),
        pytest.param(Span(0, 3), Span(0, 3), id="before the edits"),
        pytest.param(Span(4, 14), Span(4, 7), id="with its tags"),
        pytest.param(Span(7, 10), Span(4, 7), id="between its tags"),
        pytest.param(Span(15, 19), Span(8, 12), id="replaced"),
        pytest.param(Span(16, 18), Span(9, 11), id="within what is replaced"),
        pytest.param(Span(4, 7), Span(4, 4), id="nothing left"),
        pytest.param(Span(-5, 99), Span(0, 12), id="outside"),
        pytest.param(Span(9, 2), Span(6, 6), id="the wrong way round"),
    ],
)
def test_span(span: Span, expected: Span) -> None:
    assert KILN.span_of(span) == expected


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        pytest.param(Edit(1, 2, "long"), [0, 1, 5, 6], id="grown"),
        pytest.param(Edit(0, 3, "x"), [0, 1, 1, 1], id="shrunk"),
        pytest.param(Edit(0, 3, "abc"), [0, 1, 2, 3], id="no edit"),
    ],
)
def test_positions(edit: Edit, expected: list[int]) -> None:
    tidied = Tidied("abc").edited([edit])
    assert [tidied.span_of(Span(at, at)).start for at in range(4)] == expected


@given(st.data(), st.text())
def test_order_is_kept(data: st.DataObject, text: str) -> None:
    tidied = Tidied(text)
    for _ in range(data.draw(st.integers(0, 3))):
        bounds = data.draw(st.sets(st.integers(0, len(tidied.text))).map(sorted))
        pairs = zip(bounds[::2], bounds[1::2], strict=False)
        tidied = tidied.edited([Edit(a, b, data.draw(st.text(max_size=3))) for a, b in pairs])
    positions = [tidied.span_of(Span(at, at)).start for at in range(len(text) + 1)]
    assert positions == sorted(positions)
    assert positions[-1] == len(tidied.text)
    assert positions[0] == 0
