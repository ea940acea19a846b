from __future__ import annotations

import pytest

from ui.environment import SettingsError, read_environment
from vectorstore.chroma_server import ChromaServer

URL = "PAPERCHAT_CHROMA_URL"
TOKEN = "PAPERCHAT_CHROMA_TOKEN"  # noqa: S105 - its name
COLLECTION = "PAPERCHAT_CHROMA_COLLECTION"
ADDRESS = "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("variables", "server"),
    [
        ({}, None),
        ({URL: " "}, None),
        ({URL: ADDRESS}, ChromaServer(ADDRESS)),
        (
            {URL: f" {ADDRESS}\n", TOKEN: "levain\n", COLLECTION: "my.bread-2"},
            ChromaServer(ADDRESS, "levain", "my.bread-2"),
        ),
    ],
    ids=["none", "blank", "address", "all"],
)
def test_what_is_read(variables: dict[str, str], server: ChromaServer | None) -> None:
    assert read_environment(variables).chroma == server


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({URL: "bread:8000"}, f"{URL} must be a web address such as {ADDRESS}"),
        (
            {URL: ADDRESS, TOKEN: "le vain"},
            f"{TOKEN} must be letters, digits and punctuation, on one line",
        ),
        (
            {URL: ADDRESS, COLLECTION: "my bread"},
            f"{COLLECTION} must be 3 to 512 letters, digits, dots, hyphens or underscores, the"
            " first and last a letter or digit",
        ),
        ({TOKEN: "levain"}, f"{TOKEN} is set, but {URL} is not"),
        ({COLLECTION: "bread"}, f"{COLLECTION} is set, but {URL} is not"),
    ],
)
def test_what_is_refused(variables: dict[str, str], problem: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_environment(variables)
    assert caught.value.problem == problem


def test_the_token_shows_in_no_representation() -> None:
    assert "levain" not in repr(read_environment({URL: ADDRESS, TOKEN: "levain"}))
