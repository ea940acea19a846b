from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.entries import Entry
from ingest.identity import alike, contradict, keys_of, new_paper_id
from vectorstore.records import Source, paper_id_from_title, title_identifier

HERE = Source("list.json", 1)
BREAD = Entry("How Dough Rises Overnight", "Levain ferments slowly through the night.", HERE)
SOUP = "Broth simmers gently while onions soften."


def test_keys_say_the_most_telling_first() -> None:
    first, second, text, title = keys_of(replace(BREAD, arxiv_id="2401.00001", doi="10.1000/rye"))
    assert (first, second) == ("arxiv:2401.00001", "doi:10.1000/rye")
    assert title == title_identifier("HOW dough -- rises overnight!")
    assert keys_of(BREAD) == (text, title)
    assert text.startswith("text:")
    assert keys_of(replace(BREAD, abstract=SOUP))[0] != text


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param({}, True, id="the very same"),
        pytest.param({"abstract": "Levain ferments slowly."}, True, id="a part of the text"),
        pytest.param(
            {"abstract": "Levain ferments through a cold night."}, True, id="an edited text"
        ),
        pytest.param({"abstract": SOUP}, False, id="another text"),
        pytest.param({"abstract": SOUP, "authors": ("B. Miller",)}, True, id="a shared author"),
        pytest.param({"abstract": SOUP, "authors": ("Eve Cook",)}, False, id="other authors"),
        pytest.param(
            {"abstract": SOUP, "authors": ("B. Miller",), "doi": "10.1000/b"},
            False,
            id="another DOI and text",
        ),
        pytest.param({"doi": "10.1000/b"}, True, id="a preprint and its article"),
        pytest.param(
            {"title": "Rising", "abstract": SOUP, "authors": ("B. Miller",)},
            False,
            id="an author who wrote something else",
        ),
    ],
)
def test_alike(other: dict[str, object], same: bool) -> None:
    one = replace(BREAD, authors=("Alice Baker", "Bob Miller"), doi="10.1000/a")
    fields = {"doi": None, "authors": ()} | other
    assert alike(one, replace(one, **fields)) is same  # type: ignore[arg-type]
    assert alike(replace(one, **fields), one) is same  # type: ignore[arg-type]


def test_a_short_title_and_an_author_are_no_proof() -> None:
    one = replace(BREAD, title="Editorial", authors=("Alice Baker",))
    assert not alike(one, replace(one, abstract=SOUP))


def test_only_arxiv_ids_contradict() -> None:
    one = replace(BREAD, arxiv_id="2401.00001")
    assert contradict(one, replace(one, arxiv_id="2401.00002"))
    assert not contradict(one, replace(one, arxiv_id=None))
    assert not contradict(one, one)
    assert alike(one, replace(one, title="Other", abstract=SOUP))  # it is the same id


def test_ids_of_papers_that_share_a_title_differ() -> None:
    assert new_paper_id(BREAD, 0) == paper_id_from_title(BREAD.title)
    other = replace(BREAD, abstract=SOUP)
    ids = {new_paper_id(entry, nth) for entry in (BREAD, other) for nth in (0, 1, 2)}
    assert len(ids) == 5
    assert all(len(paper_id) == 16 for paper_id in ids)
