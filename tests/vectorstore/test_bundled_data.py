"""Data inside llama-index-core."""

from __future__ import annotations

import pytest

from vectorstore.bundled_data import bundled_data
from vectorstore.errors import PaperchatError


@pytest.mark.parametrize("name", ["tiktoken_cache", "nltk_cache/tokenizers/punkt_tab/english"])
def test_what_is_read_is_there(name: str) -> None:
    assert list(bundled_data(name).iterdir())


def test_a_missing_folder_is_an_error_and_not_a_download() -> None:
    with pytest.raises(PaperchatError, match="Data that comes with llama-index-core is missing"):
        bundled_data("no_such_folder")
