"""Counting tokens without the network."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vectorstore.token_count import token_counter


@pytest.mark.parametrize("before", [None, "elsewhere"])
def test_loads_without_network_and_leaves_the_environment_alone(
    before: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import tiktoken.registry

    monkeypatch.setattr(tiktoken.registry, "ENCODINGS", {})
    monkeypatch.delenv("TIKTOKEN_CACHE_DIR", raising=False)
    if before:
        monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path / before))
    environment = dict(os.environ)
    token_counter.cache_clear()

    assert token_counter()("Ask questions of paper abstracts.") == 7
    assert dict(os.environ) == environment
    assert list(tmp_path.iterdir()) == []


def test_counts_what_looks_like_a_special_token_as_text() -> None:
    assert token_counter()("<|endoftext|>") == 7
