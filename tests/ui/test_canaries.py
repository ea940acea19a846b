"""Two dozen secrets, planted in one run of all that paperchat does: each is used, and seen nowhere
but where it belongs.
"""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from canary_run import (
    SECRETS,
    Run,
    canary,
    keep_home,
    run_commands,
    run_other_servers,
    run_own_page,
    run_shared_page,
)
from log_state import logging_kept

# What shows that a secret was used, without which looking for it would say nothing: a server that
# was sent it, or a place where it belongs.
SENT_TO = {
    "chat key": "chat",
    "embeddings key": "embeddings",
    "page key": "page's chat",
    "tried key": "page's chat",
    "chat name": "refusing chat",
    "chat password": "refusing chat",
    "chat parameter": "refusing chat",
    "embeddings name": "refusing embeddings",
    "embeddings password": "refusing embeddings",
    "embeddings parameter": "refusing embeddings",
    "Chroma token": "Chroma",
    "Chroma name": "Chroma",
    "Chroma password": "Chroma",
    "feed name": "feed",
    "feed password": "feed",
    "password": "login",
    "wrong password": "login",
    "session": "login",
}
# What a visitor says is shown to that visitor, and kept where conversations are.
BELONGS = {
    "question": {"Ann", "conversations"},
    "title": {"Ann", "conversations"},
    "note": {"Ann", "conversations"},
    "upload": {"Ann"},
    "visitor": {"Ann"},
}
# Where the library is, is told on this machine alone.
TOLD_TO_OTHERS = {
    *("shared page", "shared API", "mcp"),
    *(f"file {name}" for name in ("receipt.json", "answer.md", "answer.bib", "answer.csv")),
}
PLACES = {
    *(TOLD_TO_OTHERS | {"file answer.ris"}),
    *("Ann", "Ben", "API", "home", "other home", "conversations", "log", "processes"),
    *(
        f"{stream} of {name}"
        for stream in ("stdout", "stderr")
        for name in (
            *("ingest", "ask", "ask by key", "ask refused", "replay refused", "doctor refused"),
            *("ingest by server", "search refused", "search by key", "doctor embeddings"),
            "search of Chroma",
            *("doctor of Chroma", "fetch", "page", "shared page"),
        )
    ),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Do everything once, and return what came of it."""
    folder = tmp_path_factory.mktemp("canaries")
    run = Run(folder / canary("home") / "library")
    with logging_kept():
        run_commands(run, folder)
        run_other_servers(run, folder)
        run_own_page(run)
        run_shared_page(run)
        keep_home(run)
    return run


def forms(run: Run, name: str) -> set[str]:
    """Return how a secret may be written."""
    word = run.word(name)
    whose, _, part = name.rpartition(" ")
    account = canary(f"{whose} name") if part == "password" and f"{whose} name" in SECRETS else ""
    encoded = {base64.b64encode(text.encode()).decode() for text in (word, f"{account}:{word}")}
    return {word, quote(word, safe=""), *encoded}


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_was_used(run: Run, name: str) -> None:
    word = run.word(name)
    if name in SENT_TO:
        assert word in run.servers[SENT_TO[name]]
    elif name == "home":
        assert word in run.places["stdout of page"]
    else:
        assert [place for place in BELONGS[name] if word not in run.places[place]] == []


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_seen_only_where_it_belongs(run: Run, name: str) -> None:
    found = {
        place
        for place, text in run.places.items()
        if any(form in text for form in forms(run, name))
    }
    if name == "home":
        assert found & TOLD_TO_OTHERS == set()
    else:
        assert found == BELONGS.get(name, set())


def test_everything_was_looked_at(run: Run) -> None:
    assert set(run.places) == PLACES
    silent = {place for place, text in run.places.items() if not text}
    assert {place for place in silent if not place.startswith("std")} == set()
    assert len(SECRETS) == len({run.word(name) for name in SECRETS}) == 24


def test_the_servers_words_were_told_without_the_secrets(run: Run) -> None:
    """Else nobody would know that a server repeats what it is sent."""
    said = (
        *("stdout of ask refused", "stdout of doctor refused", "stderr of search of Chroma"),
        *("stderr of search by key", "Ann"),
    )
    assert [place for place in said if "(key)" not in run.places[place]] == []
