"""Secrets are hidden in every form that they may take in a log."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.logs.masking import Masks, secrets_in

PASSWORD = 'p"ss\\wörd 1'  # noqa: S105
VARIABLES = {
    "PAPERCHAT_PASSWORD": PASSWORD,
    "PAPERCHAT_CHROMA_TOKEN": "canary-token",
    "OPENAI_API_KEY": "canary-key\n",
    "OPENAI_BASE_URL": "http://ann:canary-word@models.example/v1",
    "PAPERCHAT_CONTEXT_TOKENS": "4096",
    "PAPERCHAT_MODEL": "small",
    "PATH": "/bin",
}
MASKS = Masks(secrets_in(VARIABLES))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (PASSWORD, "(hidden)"),
        (repr([PASSWORD]), "['(hidden)']"),
        (json.dumps({"said": PASSWORD}), '{"said": "(hidden)"}'),
        (f"/login?password={quote(PASSWORD, '')}", "/login?password=(hidden)"),
        ("token canary-token.", "token (hidden)."),
        ("Bearer canary-key", "Bearer (hidden)"),
        ("canary-word", "(hidden)"),
        ("GET https://bob:secret@papers.example/x", "GET https://(hidden)@papers.example/x"),
        ("Authorization: Basic YW5uOng=", "Authorization: Basic (hidden)"),
        ("paperchat_session_7860=abc; x=1", "paperchat_session_7860=(hidden); x=1"),
        (f"visitor {'aB3_-' * 8}xyz", "visitor (hidden)"),
        ("sk-proj-1234567890", "(hidden)"),
        ("4096 of model small in /bin", "4096 of model small in /bin"),
    ],
)
def test_secrets_are_hidden_and_nothing_else(text: str, masked: str) -> None:
    assert MASKS.masked(text) == masked


def test_a_short_secret_is_hidden_where_it_stands_alone() -> None:
    assert Masks(["bread"]).masked("bread, breadth") == "(hidden), breadth"


def test_one_that_is_learned_is_hidden_from_then_on() -> None:
    masks = Masks()
    assert masks.masked("key of the page") == "key of the page"
    masks.learn("key of the page")
    assert masks.masked("key of the page") == "(hidden)"


@given(
    st.text(min_size=6, max_size=40).map(str.strip).filter(lambda text: len(text) >= 6), st.text()
)
def test_no_text_shows_a_secret(secret: str, around: str) -> None:
    masked = Masks([secret]).masked(f"{around}{secret}{around}")
    assert secret not in masked.replace("(hidden)", "\0")
