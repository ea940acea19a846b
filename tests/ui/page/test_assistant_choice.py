"""Which assistant answers: the environment's or the one chosen on the page, and where keys go.

A model server by script tells which key it was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from embedders import WordEmbedder
from fakes import FakeModelServer, Request, Script, says

from assistant.answer import Asking
from assistant.checking.sentence_ids import SENTENCE_ID
from ingest.indexing import index_pending
from ui.environment import Environment, SettingsError
from ui.export.export_files import OutputFileError
from ui.model_form import ChosenModel, FormError, ModelForm
from ui.model_settings import SETTINGS_FILE, read_chosen
from ui.page.assistant_choice import AssistantChoice, ChoiceError, ModelState
from ui.wiring import OPENAI_URL
from vectorstore.embedding import Embedder
from vectorstore.library import Library, open_library
from vectorstore.records import Paper

KEY, OTHER_KEY = "sk-canary-7f3a9b2c", "sk-canary-other-1"
HERE, THERE = "http://127.0.0.1:8000/v1", "http://127.0.0.1:8001/v1"
FORM = ModelForm(base_url=HERE, model="oven-7b")
BREAD = Paper("bread", "Bread in a Hurry", "Bread rises slowly. We present a faster starter.")
NAMED = "The environment names the model, so it cannot be changed here."
LOCKED = "This page is served to other machines too, so the model cannot be changed on it."


@dataclass(frozen=True)
class Made:
    """An assistant that tells what it was made from, and answers nothing."""

    environment: Environment

    def answer(self, asking: Asking, stop: object = None) -> Iterator[Any]:
        raise NotImplementedError


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path, WordEmbedder()) as opened:
        opened.add([BREAD])
        index_pending(opened)
        yield opened


def choice_of(library: Library, *, locked: bool = False, **given: Any) -> AssistantChoice:
    """Return a choice in an environment of these settings."""
    environment = Environment(library.home, **given)
    return AssistantChoice(environment, library, locked=locked, make=lambda made, _: Made(made))


def used(choice: AssistantChoice) -> tuple[str | None, str | None, str | None]:
    """Return model, address and key that the assistant was made with."""
    assert isinstance(choice.assistant, Made)
    made = choice.assistant.environment
    assert made == choice.environment
    return made.model, made.base_url, made.api_key


def test_nothing_is_set(library: Library) -> None:
    choice = choice_of(library)
    assert used(choice) == (None, None, None)
    assert choice.mode == "extractive"
    assert choice.state() == ModelState("extractive", ChosenModel(), {}, "", False, "", False, "")


def test_a_model_is_chosen_and_outlasts_a_restart_without_its_key(library: Library) -> None:
    choice = choice_of(library)
    choice.change(replace(FORM, key=KEY, context_tokens="4096", price_input="1", price_output="2"))
    chosen = ChosenModel(HERE, "oven-7b", 4096, 1.0, 2.0)
    assert used(choice) == ("oven-7b", HERE, KEY)
    assert choice.environment.context_tokens == 4096
    assert (choice.environment.price_input, choice.environment.price_output) == (1.0, 2.0)
    assert choice.state() == ModelState("oven-7b", chosen, {}, "", False, "", True, "")
    again = choice_of(library)
    assert used(again) == ("oven-7b", HERE, None)
    assert again.state() == replace(choice.state(), own_key=False)


@pytest.mark.parametrize(
    ("given", "ticked", "kept_out"),
    [
        (None, "True", True),
        (None, "", False),
        (True, "", True),
        (False, "True", False),
    ],
)
def test_the_environment_before_the_tick(
    library: Library, given: bool | None, ticked: str, kept_out: bool
) -> None:
    choice = choice_of(library, keep_out_suspicious=given)
    choice.change(replace(FORM, keep_out_suspicious=ticked))
    assert choice.environment.keep_out_suspicious is kept_out
    assert choice.state().chosen.keep_out_suspicious is kept_out
    named = {} if given is None else {"keep_out_suspicious": "PAPERCHAT_KEEP_OUT_SUSPICIOUS"}
    assert choice.state().variables == named
    again = choice_of(library, keep_out_suspicious=given)
    assert again.environment.keep_out_suspicious is kept_out


def test_a_key_is_kept_nowhere_and_in_no_text(library: Library) -> None:
    choice = choice_of(library)
    choice.change(replace(FORM, key=KEY))
    shown = f"{choice.state()} {choice.environment} {vars(choice)} {choice._setup}"
    assert KEY not in shown
    kept = [path.read_bytes() for path in library.home.rglob("*") if path.is_file()]
    assert kept
    assert not any(KEY.encode() in content for content in kept)


def test_a_key_stays_while_its_address_does(library: Library) -> None:
    choice = choice_of(library)
    choice.change(replace(FORM, key=KEY))
    choice.change(replace(FORM, model="oven-13b", base_url=f"{HERE}/"))
    assert used(choice) == ("oven-13b", HERE, KEY)
    choice.change(replace(FORM, key=OTHER_KEY))
    assert used(choice) == ("oven-7b", HERE, OTHER_KEY)


@pytest.mark.parametrize(
    "address",
    [THERE, "https://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v2", "http://localhost:8000/v1"],
)
def test_a_key_is_not_sent_to_another_address(library: Library, address: str) -> None:
    choice = choice_of(library)
    choice.change(replace(FORM, key=KEY))
    elsewhere = replace(FORM, base_url=address)
    assert choice.trial(elsewhere, with_name=True).api_key is None
    assert choice.trial(FORM, with_name=True).api_key == KEY
    choice.change(elsewhere)
    assert used(choice) == ("oven-7b", address, None)
    choice.change(FORM)  # nor found again on the way back
    assert used(choice) == ("oven-7b", HERE, None)


def test_the_key_of_the_environment_goes_to_its_own_address_alone(library: Library) -> None:
    choice = choice_of(library, api_key=KEY)
    assert choice.state() == ModelState(
        "extractive", ChosenModel(OPENAI_URL), {}, "", False, "", False, OPENAI_URL
    )
    choice.change(FORM)
    assert used(choice) == ("oven-7b", HERE, None)
    choice.change(replace(FORM, base_url=OPENAI_URL))
    assert used(choice) == ("oven-7b", OPENAI_URL, KEY)
    with pytest.raises(FormError) as caught:
        choice.change(replace(FORM, base_url=OPENAI_URL, key=OTHER_KEY))
    assert caught.value.fields == {"key": "The environment has a key for this address."}


def test_what_the_environment_sets_holds(library: Library) -> None:
    given = {"base_url": HERE, "api_key": KEY, "context_tokens": 2048}
    choice = choice_of(library, **given, price_input=0.0, price_output=3.0)
    choice.change(
        ModelForm(THERE, "oven-7b", context_tokens="4096", price_input="1", price_output="2")
    )
    assert used(choice) == ("oven-7b", HERE, KEY)
    chosen = ChosenModel(HERE, "oven-7b", 2048, 0.0, 3.0)
    variables = {
        "base_url": "OPENAI_BASE_URL",
        "key": "OPENAI_API_KEY",
        "context_tokens": "PAPERCHAT_CONTEXT_TOKENS",
        "price_input": "PAPERCHAT_PRICE_INPUT",
        "price_output": "PAPERCHAT_PRICE_OUTPUT",
    }
    assert choice.state() == ModelState("oven-7b", chosen, variables, "", False, "", False, HERE)
    # The address of the environment is enough.
    choice.change(ModelForm(model="oven-13b"))
    assert used(choice) == ("oven-13b", HERE, KEY)


def test_a_model_of_the_environment_is_not_changed(library: Library) -> None:
    choice_of(library).change(FORM)
    choice = choice_of(library, model="mill-1", api_key=KEY)
    assert used(choice) == ("mill-1", None, KEY)
    state = choice.state()
    assert state == ModelState(
        "mill-1",
        ChosenModel(OPENAI_URL, "mill-1"),
        {"model": "PAPERCHAT_MODEL", "key": "OPENAI_API_KEY"},
        f"{NAMED} Start paperchat without PAPERCHAT_MODEL to choose one on this page.",
        False,
        "",
        False,
        OPENAI_URL,
    )
    for change in (lambda: choice.change(FORM), choice.forget_model, choice.forget_key):
        with pytest.raises(ChoiceError, match=NAMED):
            change()
    assert choice.trial(FORM, with_name=True) == choice.environment
    assert read_chosen(library.home) == (ChosenModel(HERE, "oven-7b"), "")


def test_a_model_of_the_environment_without_a_server(library: Library) -> None:
    with pytest.raises(SettingsError, match="not where it is served"):
        AssistantChoice(Environment(library.home, model="mill-1"), library)


def test_where_strangers_open_the_page_nothing_is_changed_or_tried(library: Library) -> None:
    choice_of(library).change(FORM)
    choice = choice_of(library, locked=True)
    assert used(choice) == ("oven-7b", HERE, None)
    assert (choice.state().locked, choice.state().fixed[: len(LOCKED)]) == (True, LOCKED)
    for change in (
        lambda: choice.change(FORM),
        choice.forget_model,
        choice.forget_key,
        lambda: choice.trial(FORM, with_name=False),
    ):
        with pytest.raises(ChoiceError, match="served to other machines"):
            change()
    named = choice_of(library, locked=True, model="mill-1", base_url=HERE)
    with pytest.raises(ChoiceError):
        named.trial(FORM, with_name=True)


def test_forgetting(library: Library) -> None:
    choice = choice_of(library)
    choice.change(replace(FORM, key=KEY))
    choice.forget_key()
    assert used(choice) == ("oven-7b", HERE, None)
    assert not choice.state().own_key
    choice.change(replace(FORM, key=KEY))
    choice.forget_model()
    assert used(choice) == (None, None, None)
    assert read_chosen(library.home) == (ChosenModel(), "")
    choice.change(FORM)
    assert used(choice) == ("oven-7b", HERE, None)


def test_a_trial_changes_nothing(library: Library) -> None:
    choice = choice_of(library)
    tried = choice.trial(replace(FORM, model="", key=KEY), with_name=False)
    assert (tried.model, tried.base_url, tried.api_key) == ("", HERE, KEY)
    assert used(choice) == (None, None, None)
    assert not (library.home / SETTINGS_FILE).exists()


def test_what_cannot_be_kept_does_not_hold(library: Library) -> None:
    choice = choice_of(library)
    choice.change(FORM)
    (library.home / SETTINGS_FILE).unlink()
    (library.home / SETTINGS_FILE).mkdir()
    with pytest.raises(OutputFileError):
        choice.change(replace(FORM, model="oven-13b"))
    assert used(choice) == ("oven-7b", HERE, None)


def test_a_damaged_file_stops_nothing(library: Library) -> None:
    file = library.home / SETTINGS_FILE
    file.write_text("{")
    choice = choice_of(library)
    assert used(choice) == (None, None, None)
    assert choice.state().notice.startswith(f"{file} is damaged")
    choice.change(FORM)
    assert choice.state().notice == ""


def test_a_model_whose_address_came_from_an_environment_that_is_gone(library: Library) -> None:
    choice_of(library, base_url=HERE).change(ModelForm(model="oven-7b"))
    choice = choice_of(library)
    assert used(choice) == (None, None, None)
    assert choice.state().notice == (
        "A model was chosen here, but no address is known any more: choose it again."
    )


def test_changes_at_the_same_time_leave_one_of_them_whole(library: Library) -> None:
    choice = choice_of(library)
    forms = [
        ModelForm(f"http://127.0.0.1:{port}/v1", f"oven-{port}", f"key-{port}")
        for port in range(9001, 9009)
    ]
    threads = [Thread(target=choice.change, args=(form,)) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    model, address, key = used(choice)
    assert ModelForm(str(address), str(model), str(key)) in forms
    assert read_chosen(library.home) == (ChosenModel(str(address), str(model)), "")


def cites(request: Request) -> Script:
    """Reply slowly, with one claim that cites the first sentence of the prompt."""
    shown = SENTENCE_ID.search(request.body["messages"][-1]["content"])
    assert shown
    return replace(says("Bread ", "rises ", f"slowly [{shown.group()}]."), chunk_delay_s=0.1)


def test_an_answer_under_way_keeps_its_model(
    make_library: Callable[[Sequence[Paper], Embedder], Library], embedder: Embedder
) -> None:
    library = make_library([BREAD], embedder)
    environment = Environment(library.home)
    with FakeModelServer(cites) as first, FakeModelServer(cites) as second:
        choice = AssistantChoice(environment, library)
        choice.change(ModelForm(first.base_url, "oven-7b", KEY))
        growing = choice.assistant.answer(Asking("Which papers are about bread?"))
        begun = next(growing)
        choice.change(ModelForm(second.base_url, "oven-13b"))
        *_, ended = growing
        *_, following = choice.assistant.answer(Asking("Which papers are about bread?"))
    assert (begun.mode, ended.mode, following.mode) == ("oven-7b", "oven-7b", "oven-13b")
    assert ended.complete
    assert not ended.notice
    assert {request.headers["authorization"] for request in first.requests} == {f"Bearer {KEY}"}
    assert {request.headers["authorization"] for request in second.requests} == {"Bearer none"}
