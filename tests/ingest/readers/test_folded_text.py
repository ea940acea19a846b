from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from ingest.readers.fields import clean_text, folded


@given(st.text(st.characters() | st.sampled_from(" \n\t\r\x00\x1c\x85\xa0\u2028\ud800")))
@example("  Soup is hot,\nand bread, too.\n")
@example("Soup  is\n  hot.")
def test_folding_is_cleaning_and_one_space_for_any_white_space(text: str) -> None:
    assert folded(text) == " ".join(clean_text(text).split())
