"""What the script of the settings asks and is told: the form, the tests of servers, and no key."""

from __future__ import annotations

import html
import json
import logging
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from embedders import WordEmbedder
from fakes import FakeModelServer, Request, Script
from model_servers import (
    HOSTILE_NAME,
    KEY,
    closed,
    listing_of,
    repeats_the_key,
    silent,
    small_window,
    whole,
    wrong_address,
)

from ui.environment import Environment
from ui.page.assistant_choice import AssistantChoice, ChoiceError
from ui.page.calls import Answered, CallError
from ui.page.settings_view import settings_functions
from vectorstore.library import Library, open_library
from vectorstore.records import Paper

BREAD = Paper("bread", "Bread in a Hurry", "Bread rises slowly. We present a faster starter.")
SECONDS = re.compile(r"\d+\.\d s")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path, WordEmbedder()) as opened:
        opened.add([BREAD])
        yield opened


class Settings:
    """The functions as the script calls them; what they return has gone through JSON."""

    def __init__(self, library: Library, *, locked: bool = False, **given: Any) -> None:
        environment = Environment(library.home, **given)
        self.choice = AssistantChoice(environment, library, locked=locked)
        self._functions = {
            function.__name__: function for function in settings_functions(self.choice)
        }

    def call(self, name: str, **asked: object) -> Answered:
        answered: Answered = json.loads(json.dumps(self._functions[name](asked)))
        return answered


def text_of(shown: object) -> str:
    """Return what is to be read, times replaced."""
    read = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", str(shown))).split())
    return SECONDS.sub("N s", read).replace(" .", ".").replace(" :", ":")


def test_a_model_is_saved_and_forgotten(library: Library) -> None:
    settings = Settings(library)
    saved = settings.call("save_model", base_url="http://127.0.0.1:9/v1", model="oven-7b", key=KEY)
    assert saved["said"] == "Saved. From now on oven-7b answers."
    assert settings.call("settings") == {"model": saved["model"], "facts": saved["facts"]}
    forgotten = settings.call("forget_key")
    assert forgotten["said"] == "The key is forgotten. From now on oven-7b answers."
    assert settings.call("forget_model")["said"] == (
        "Saved. From now on no model writes: sentences are quoted."
    )
    assert settings.choice.mode == "extractive"


def test_fields_that_cannot_be_used(library: Library) -> None:
    settings = Settings(library)
    fields = {"fields": {"base_url": "Enter the address of the model's server."}}
    for name in ("list_models", "try_model", "save_model"):
        assert settings.call(name, model="oven-7b") == fields
    assert settings.choice.mode == "extractive"


@pytest.mark.parametrize("sent", [{"model": 7}, {"key": ["x"]}, {"base_url": "h" * 2001}])
@pytest.mark.parametrize("name", ["list_models", "try_model", "save_model"])
def test_what_no_form_sends(library: Library, name: str, sent: dict[str, object]) -> None:
    with pytest.raises(CallError, match="cannot be used as"):
        Settings(library).call(name, **sent)


def test_a_model_that_works(library: Library) -> None:
    with FakeModelServer(whole) as server:
        form = {"base_url": server.base_url, "model": "oven-7b"}
        settings = Settings(library)
        listed = settings.call("list_models", **form)
        tried = settings.call("try_model", **form)
    assert (listed["wanted"], listed["choose"]) == ("oven-7b", False)
    assert tried["works"] is True
    assert text_of(tried["html"]) == "It works: first word after N s, whole reply after N s."
    assert text_of(tried["checks"]) == (
        f"All checks chat model ok {server.base_url} answers, and lists oven-7b"
        " chat ok first word after N s, whole reply after N s"
        " usage ok the server counts: 9 tokens sent, 1 received"
        " structured output ok works, by JSON schema"
        " context window ok served with 32,768 tokens; paperchat uses 8,192"
    )
    assert settings.choice.mode == "extractive"


def test_no_name_yet(library: Library) -> None:
    with FakeModelServer(whole) as server:
        listed = Settings(library).call("list_models", base_url=server.base_url)
    assert (listed["wanted"], listed["choose"]) == ("", True)
    assert text_of(listed["html"]) == (
        f"Choose one of the models that {server.base_url} has. {HOSTILE_NAME} mill-1 oven-7b"
    )


def nowhere() -> str:
    """Return an address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


def test_a_server_that_is_not_there(library: Library) -> None:
    address = nowhere()
    listed = Settings(library).call("list_models", base_url=address, model="oven-7b")
    assert (listed["wanted"], listed["choose"]) == ("", True)
    assert text_of(listed["html"]) == (
        f"The model server at {address} refused the connection"
        " Start the server, or check the address."
    )


Answer = Callable[[Request], Script]


@pytest.mark.parametrize(
    ("server", "form", "listed", "tried"),
    [
        (
            closed,
            {"model": "oven-7b"},
            "The model server at URL did not accept the API key"
            " Check that the key belongs to this server.",
            "",
        ),
        (
            closed,
            {"model": "oven-7b", "key": "sk-canary-wrong"},
            "The model server at URL did not accept the API key"
            " Check that the key belongs to this server.",
            "",
        ),
        (
            closed,
            {"model": "oven-7b", "key": KEY},
            "",
            "It works: first word after N s, whole reply after N s.",
        ),
        (
            wrong_address,
            {"model": "oven-7b"},
            "URL answers, and lists no models. Look at the address, which usually ends in /v1, or"
            " enter the model's name.",
            "The model server at URL does not know the model oven-7b, or the address is wrong"
            " Check the address; it usually ends in /v1.",
        ),
        (
            whole,
            {"model": "ovn-7b"},
            "It has no ovn-7b: choose one of the models that URL has. NAMES",
            "The model server at URL does not know the model ovn-7b, or the address is wrong"
            " The server says: “There is no model ovn-7b”"
            " Chat model: URL answers, and does not list ovn-7b. Did you mean oven-7b?",
        ),
        (
            small_window,
            {"model": "oven-7b"},
            "",
            "It works: first word after N s, whole reply after N s."
            " Context window: served with 4,096 tokens, and paperchat uses 8,192."
            " Set the context window to 4096.",
        ),
        (
            lambda _: listing_of(),
            {},
            "URL answers, and has no model. Load one there, then test again.",
            "",
        ),
    ],
)
def test_what_to_do(
    library: Library, server: Answer, form: dict[str, str], listed: str, tried: str
) -> None:
    with FakeModelServer(server) as running:
        settings = Settings(library)
        sent = {"base_url": running.base_url, **form}
        first = settings.call("list_models", **sent)
        second = settings.call("try_model", **sent) if first["wanted"] else {"html": ""}

    def read(answered: Answered) -> str:
        words = text_of(answered["html"]).replace(running.base_url, "URL")
        return words.replace(f"{HOSTILE_NAME} mill-1 oven-7b", "NAMES")

    assert (read(first) if first["choose"] else "", read(second)) == (listed, tried)


def test_a_server_that_says_nothing(library: Library) -> None:
    with FakeModelServer(silent) as server:
        settings = Settings(library, timeout_s=0.2)
        tried = settings.call("try_model", base_url=server.base_url, model="oven-7b")
    assert tried["works"] is False
    assert text_of(tried["html"]) == (
        f"The model server at {server.base_url} sent nothing for N s"
        " The model may still be loading; PAPERCHAT_TIMEOUT_S sets how long to wait."
    )


@pytest.mark.parametrize("server", [closed, repeats_the_key, whole])
def test_no_key_comes_back_or_into_the_log(
    library: Library, server: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with FakeModelServer(server) as running:
        settings = Settings(library)
        form = {"base_url": running.base_url, "model": "oven-7b", "key": KEY}
        answers = [settings.call(name, **form) for name in ("list_models", "try_model")]
        answers.append(settings.call("save_model", **form))
        answers.append(settings.call("settings"))
        answers += [
            settings.call(name, **form | {"key": ""}) for name in ("list_models", "try_model")
        ]
    assert {request.headers["authorization"] for request in running.requests} == {f"Bearer {KEY}"}
    assert KEY not in json.dumps(answers)
    assert KEY not in caplog.text


def test_a_hostile_name_is_text(library: Library) -> None:
    with FakeModelServer(whole) as server:
        settings = Settings(library)
        form = {"base_url": server.base_url, "model": HOSTILE_NAME}
        answers = [settings.call(name, **form) for name in ("list_models", "try_model")]
        saved = settings.call("save_model", **form)
    assert answers[1]["works"] is True
    shown = "".join(str(answer["html"]) + str(answer.get("checks")) for answer in answers) + str(
        saved["model"]
    )
    assert "<img" not in shown
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown
    assert saved["said"] == f"Saved. From now on {HOSTILE_NAME} answers."


def test_where_strangers_open_the_page(library: Library) -> None:
    settings = Settings(library, locked=True)
    shown = settings.call("settings")
    assert "<button" not in str(shown["model"])
    assert str(library.home) not in json.dumps(shown)
    for name in ("save_model", "list_models", "try_model", "forget_model", "forget_key"):
        with pytest.raises(ChoiceError):
            settings.call(name, base_url="http://127.0.0.1:9/v1", model="oven-7b")


def test_a_model_of_the_environment_can_be_tried(library: Library) -> None:
    with FakeModelServer(closed) as server:
        given = {"base_url": server.base_url, "api_key": KEY, "model": "oven-7b"}
        settings = Settings(library, **given)
        assert settings.call("list_models")["wanted"] == "oven-7b"
        assert settings.call("try_model")["works"] is True
