"""Counts of very many words: what a dictionary of them says."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from vectorstore.term_counts import TermCounts, pack

WORDS = st.text(max_size=4) | st.sampled_from(["bread", "breads", "brød", "模型", "\udcff"])
COUNTS = st.dictionaries(WORDS, st.integers(1, 2**31 - 1), max_size=9)


@given(counts=COUNTS, added=st.dictionaries(WORDS, st.integers(1, 9), max_size=5), asked=WORDS)
def test_as_a_dictionary(counts: dict[str, int], added: dict[str, int], asked: str) -> None:
    packed = TermCounts(pack(counts))
    assert dict(packed) == packed.as_dict() == counts
    assert (len(packed), packed.get(asked), asked in packed) == (
        len(counts),
        counts.get(asked),
        asked in counts,
    )
    expected = Counter(counts) + Counter(added)
    more = packed.with_more(added)
    assert dict(more) == more.as_dict() == expected
    assert (len(more), more.get(asked, 0)) == (len(expected), expected[asked])
