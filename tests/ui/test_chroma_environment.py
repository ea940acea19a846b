from __future__ import annotations

import pytest

from ui.environment import SettingsError, read_environment
from vectorstore.chroma_server import ChromaServer, Role

URL = "PAPERCHAT_CHROMA_URL"
TOKEN = "PAPERCHAT_CHROMA_TOKEN"  # noqa: S105 - its name
COLLECTION = "PAPERCHAT_CHROMA_COLLECTION"
TENANT = "PAPERCHAT_CHROMA_TENANT"
DATABASE = "PAPERCHAT_CHROMA_DATABASE"
ROLE = "PAPERCHAT_CHROMA_ROLE"
ADDRESS = "http://127.0.0.1:8000"
CLOUD = "https://api.trychroma.com"


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
        (
            {URL: ADDRESS, TENANT: "bakery", DATABASE: "loaves", ROLE: "reader"},
            ChromaServer(ADDRESS, tenant="bakery", database="loaves", role=Role.READER),
        ),
        (
            {URL: CLOUD, TOKEN: "levain", TENANT: "bakery", DATABASE: "loaves", ROLE: "writer"},
            ChromaServer(
                CLOUD,
                "levain",
                tenant="bakery",
                database="loaves",
                role=Role.WRITER,
                cloud=True,
            ),
        ),
    ],
    ids=["none", "blank", "address", "all of a server", "place and role", "Chroma Cloud"],
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
            f"{COLLECTION} must be 3 to 505 letters, digits, dots, hyphens or underscores, the"
            " first and last a letter or digit",
        ),
        ({TOKEN: "levain"}, f"{TOKEN} is set, but {URL} is not"),
        ({COLLECTION: "bread"}, f"{COLLECTION} is set, but {URL} is not"),
        ({TENANT: "bakery"}, f"{TENANT} is set, but {URL} is not"),
        ({DATABASE: "loaves"}, f"{DATABASE} is set, but {URL} is not"),
        ({ROLE: "reader"}, f"{ROLE} is set, but {URL} is not"),
        ({URL: ADDRESS, ROLE: "heir"}, f"{ROLE} must be reader or writer, not 'heir'"),
        (
            {URL: ADDRESS, TENANT: "../bakery"},
            f"{TENANT} must be letters, digits, dots, hyphens or underscores",
        ),
        (
            {URL: ADDRESS, DATABASE: "loaves of bread"},
            f"{DATABASE} must be letters, digits, dots, hyphens or underscores",
        ),
        (
            {URL: CLOUD, TOKEN: "levain", TENANT: "bakery"},
            f"{URL} is Chroma Cloud's, but {DATABASE} is not set",
        ),
        ({URL: CLOUD}, f"{URL} is Chroma Cloud's, but {TOKEN} is not set"),
    ],
)
def test_what_is_refused(variables: dict[str, str], problem: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_environment(variables)
    assert caught.value.problem == problem


def test_the_token_shows_in_no_representation() -> None:
    assert "levain" not in repr(read_environment({URL: ADDRESS, TOKEN: "levain"}))
