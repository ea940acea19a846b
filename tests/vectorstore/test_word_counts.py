"""Words counted apart from the catalog: as its lexical indexes count them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from vectorstore.catalog import Catalog
from vectorstore.records import Paper
from vectorstore.word_counts import Tokenizer, count_words

PAPERS = (
    Paper("a", "Baking Breads", "Bread is baked; breads were baking."),
    Paper("b", "Crème brûlée", "A naïve bake, 3 of 4. 模型 耀ing half\N{COMBINING ACUTE ACCENT}."),
    Paper("c", "$\\alpha$-starters", "Bread.", plain_title="α-starters"),
    Paper("d", "", ""),
)


def test_as_the_catalog_counts_them(tmp_path: Path) -> None:
    with closing(Catalog(tmp_path / "catalog.sqlite3")) as catalog:
        catalog.save(PAPERS)
        texts = catalog.plain_texts([1, 2, 3, 4, 99])
        assert len(texts) == 4
        assert count_words(texts, Tokenizer.STEMS) == catalog.stem_counts()
        assert count_words(texts, Tokenizer.FORMS) == catalog.form_counts()


@pytest.mark.parametrize("tokenizer", Tokenizer)
def test_no_texts(tokenizer: Tokenizer) -> None:
    assert count_words([], tokenizer) == {}
