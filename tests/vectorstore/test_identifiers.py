from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.identifiers import arxiv_id, doi


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2401.01234", "2401.01234"),
        ("2401.01234v12", "2401.01234"),
        (" arXiv:2401.01234v2 ", "2401.01234"),
        ("https://arxiv.org/abs/2401.01234v1", "2401.01234"),
        ("http://arxiv.org/pdf/0704.0001.pdf", "0704.0001"),
        ("10.48550/arXiv.2401.01234", "2401.01234"),
        ("https://doi.org/10.48550/ARXIV.2401.01234", "2401.01234"),
        ("hep-th/9901001v3", "hep-th/9901001"),
        ("math.GT/0309136", "math.gt/0309136"),
        ("2401.1", None),
        ("about 2401.01234", None),
        ("", None),
    ],
)
def test_arxiv_ids(text: str, found: str | None) -> None:
    assert arxiv_id(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10.1000/Rye.182", "10.1000/rye.182"),
        ("https://doi.org/10.1000/rye%20a", None),
        ("https://dx.doi.org/10.1000/182(a)", "10.1000/182(a)"),
        ("10.1000/182)", "10.1000/182"),
        ("doi: 10.1000/182.", "10.1000/182"),
        ("10.48550/arXiv.2401.01234", None),
        ("10.1000/\ud800", None),
        ("10.1/too-short-a-registrant", None),
        ("rye", None),
    ],
)
def test_dois(text: str, found: str | None) -> None:
    assert doi(text) == found


@given(st.text(max_size=40))
def test_what_was_found_is_found_again(text: str) -> None:
    for identifier in (arxiv_id, doi):
        found = identifier(text)
        assert found is None or identifier(found) == found
