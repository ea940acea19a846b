"""Typed words that SQLite's language of matches must not read as its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from vectorstore.catalog import Catalog
from vectorstore.listing_words import MOST_WORDS, numbers_with
from vectorstore.records import Paper


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    folder: Path = tmp_path_factory.mktemp("words")
    with closing(Catalog(folder / "catalog.sqlite3")) as catalog:
        catalog.save(
            [
                Paper("a", "Bread NEAR Soup \N{COOKING}", "Dough (C++) rises: 100%."),
                Paper("b", "Soup", "Broth_and salt.", authors=('Ann "Levain" Li', "\N{COOKING}")),
            ]
        )
        yield catalog


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("", None),
        (" \n\t", None),
        ("soup", {1, 2}),
        ('"soup', {1, 2}),
        ("soup*", {1, 2}),
        ("-soup", {1, 2}),
        ("title:soup", set()),
        ("soup OR bread", set()),
        ("NEAR(soup bread)", {1}),
        ("near", {1}),
        ("c++", {1}),
        ("broth_and", {2}),
        ("sa", {2}),
        ("levain", {2}),
        ("\N{COOKING}", {1}),
        ("%", {1}),
        ("++)", {1}),
        ("\0", set()),
        ("\ud800", None),
        ("soup\ud800", {1, 2}),
        ("\u19b0", set()),
        ("so\u19b0sa", {2}),
        (" ".join(["soup"] * 1000), {1, 2}),
        (" ".join(f"soup{n}" for n in range(1000)), set()),
    ],
)
def test_words(catalog: Catalog, typed: str, numbers: set[int] | None) -> None:
    assert numbers_with(catalog.file, typed) == numbers


def test_more_words_than_anybody_types() -> None:
    """Only the longest count, which are those that tell the most."""
    words = ["dough" * length for length in range(1, MOST_WORDS + 1)]
    with closing(Catalog(Path(":memory:"))) as catalog:
        catalog.save([Paper("a", "Soup", " ".join(words))])
        assert numbers_with(catalog.file, " ".join([*words, "salt"])) == {1}
        assert numbers_with(catalog.file, " ".join([*words[1:], "salt"])) == set()
