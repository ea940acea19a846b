"""The assistant that answers now, and how a person on the page puts another in its place.

Owns where each part of the chat model's settings comes from. What the environment says holds; a
model that it names is the environment's in everything. Invariants: a key is in memory alone, and
sent to no address but the one that it was given for; an answer under way keeps its assistant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING

from assistant.answer import EXTRACTIVE
from ui.environment import Environment
from ui.model_form import ChosenModel, FormError, ModelForm, checked
from ui.model_settings import read_chosen, write_chosen
from ui.wiring import OPENAI_URL, make_assistant
from vectorstore.errors import PaperchatError

if TYPE_CHECKING:
    from ui.page.conversation import Answering
    from vectorstore.library import Library

Make = Callable[[Environment, "Library"], "Answering"]

_NO_ADDRESS = "A model was chosen here, but no address is known any more: choose it again."


class ChoiceError(PaperchatError):
    """The model cannot be changed on the page."""


@dataclass(frozen=True, slots=True)
class _Key:
    """A key and the address that it was given for."""

    base_url: str = ""
    value: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class _Setup:
    """What was chosen, and what came of it: swapped as a whole."""

    chosen: ChosenModel
    key: _Key
    environment: Environment
    assistant: Answering


@dataclass(frozen=True, slots=True)
class ModelState:
    """The chat model as the page shows it.

    `variables` names those of the environment that are set, by field; `fixed` says why nothing can
    be changed here, where that is so, and where it is `locked` nothing can be tested either.
    `own_key` tells of a key that was entered here; `key_address` is where that of the environment
    is sent, "" where it has none.
    """

    mode: str
    chosen: ChosenModel
    variables: dict[str, str]
    fixed: str
    locked: bool
    notice: str
    own_key: bool
    key_address: str


class AssistantChoice:
    """Holds the assistant of a library and how its chat model is set. Safe to share between
    threads.
    """

    def __init__(
        self,
        environment: Environment,
        library: Library,
        *,
        locked: bool = False,
        make: Make = make_assistant,
    ) -> None:
        """Begin with what the environment says and what was kept for the library.

        `locked` where people whom nobody knows can open the page: then nothing is changed on it.
        Raises SettingsError where the environment names a model and no way to it.
        """
        self.library = library
        self.locked = locked
        self._given = environment
        self._make = make
        self._changing = Lock()
        chosen, self._notice = ChosenModel(), ""
        if environment.model is None:
            chosen, self._notice = read_chosen(library.home, with_folder=not locked)
        if chosen.model and not self._address(chosen):
            chosen, self._notice = ChosenModel(), _NO_ADDRESS
        self._setup = self._set_up(chosen, _Key())

    @property
    def assistant(self) -> Answering:
        """Return what answers the next question."""
        return self._setup.assistant

    @property
    def environment(self) -> Environment:
        """Return the settings that the assistant was made from, those of the page among them."""
        return self._setup.environment

    @property
    def mode(self) -> str:
        """Return "extractive" or the model's name."""
        return self._setup.environment.model or EXTRACTIVE

    def state(self) -> ModelState:
        """Return what the page shows; no key is in it."""
        setup, given = self._setup, self._given
        return ModelState(
            mode=setup.environment.model or EXTRACTIVE,
            chosen=self._shown(setup.chosen),
            variables=_variables(given),
            fixed=self._fixed(),
            locked=self.locked,
            notice=self._notice,
            own_key=bool(setup.key.value),
            key_address=(given.base_url or OPENAI_URL) if given.api_key else "",
        )

    def change(self, form: ModelForm) -> None:
        """Answer with the model that the form names from the next question on, and keep it.

        Raises FormError, ChoiceError where nothing can be changed here, and OutputFileError where
        it cannot be kept; then all stays as it was.
        """
        with self._changing:
            chosen, key = self._read(form, with_name=True)
            self._swap(chosen, key)

    def forget_model(self) -> None:
        """Answer without a model from now on, and forget the key. Raises as `change` does."""
        with self._changing:
            self._check_free()
            self._swap(ChosenModel(), _Key())

    def forget_key(self) -> None:
        """Forget the key that was entered here. Raises as `change` does."""
        with self._changing:
            self._check_free()
            self._setup = self._set_up(self._setup.chosen, _Key())

    def trial(self, form: ModelForm, *, with_name: bool) -> Environment:
        """Return the settings as they would be with the form, changing nothing.

        Raises as `change` does. Without `with_name` the form needs none.
        """
        if self._given.model is not None and not self.locked:
            return self._given
        chosen, key = self._read(form, with_name=with_name)
        return self._merged(chosen, key)

    def _read(self, form: ModelForm, *, with_name: bool) -> tuple[ChosenModel, _Key]:
        self._check_free()
        with_address = self._given.base_url is None
        chosen = checked(form, with_address=with_address, with_name=with_name)
        address = self._address(chosen)
        if typed := form.key.strip():
            if self._is_given_a_key(address):
                raise FormError({"key": "The environment has a key for this address."})
            return chosen, _Key(address, typed)
        kept = self._setup.key
        return chosen, kept if kept.base_url == address else _Key()

    def _swap(self, chosen: ChosenModel, key: _Key) -> None:
        setup = self._set_up(chosen, key)
        write_chosen(self.library.home, chosen)
        self._setup, self._notice = setup, ""

    def _set_up(self, chosen: ChosenModel, key: _Key) -> _Setup:
        environment = self._merged(chosen, key) if chosen.model else self._given
        return _Setup(chosen, key, environment, self._make(environment, self.library))

    def _merged(self, chosen: ChosenModel, key: _Key) -> Environment:
        """Return the environment with what was chosen where it says nothing itself."""
        shown, address = self._shown(chosen), self._address(chosen)
        return replace(
            self._given,
            model=chosen.model,
            base_url=address,
            api_key=self._key_for(address, key) or None,
            context_tokens=shown.context_tokens,
            price_input=shown.price_input,
            price_output=shown.price_output,
            keep_out_suspicious=shown.keep_out_suspicious,
        )

    def _shown(self, chosen: ChosenModel) -> ChosenModel:
        """Return what holds of each field, whoever set it."""
        given = self._given
        prices = chosen if given.price_input is None else given
        return ChosenModel(
            self._address(chosen) or (OPENAI_URL if given.api_key else ""),
            given.model or chosen.model,
            given.context_tokens or chosen.context_tokens,
            prices.price_input,
            prices.price_output,
            self._keeps_out(chosen),
        )

    def _keeps_out(self, chosen: ChosenModel) -> bool:
        given = self._given.keep_out_suspicious
        return chosen.keep_out_suspicious if given is None else given

    def _address(self, chosen: ChosenModel) -> str:
        return self._given.base_url or chosen.base_url

    def _key_for(self, address: str, key: _Key) -> str:
        """Return the key for this address, the environment's before one that was entered here."""
        if self._is_given_a_key(address):
            return self._given.api_key or ""
        return key.value if key.base_url == address else ""

    def _is_given_a_key(self, address: str) -> bool:
        own = self._given.base_url or OPENAI_URL
        return bool(self._given.api_key) and address.rstrip("/") == own.rstrip("/")

    def _fixed(self) -> str:
        if self.locked:
            return (
                "This page is served to other machines too, so the model cannot be changed on it."
                " Set PAPERCHAT_MODEL, or choose the model while the page is served to this"
                " machine alone."
            )
        if self._given.model is not None:
            return (
                "The environment names the model, so it cannot be changed here. Start paperchat"
                " without PAPERCHAT_MODEL to choose one on this page."
            )
        return ""

    def _check_free(self) -> None:
        if fixed := self._fixed():
            raise ChoiceError("The model cannot be changed here", hint=fixed)


def _variables(given: Environment) -> dict[str, str]:
    """Return the variable that holds for each field that the environment sets.

    A key without an address or a model is for OpenAI's alone, and holds for no field here.
    """
    with_key = given.api_key and (given.base_url or given.model)
    values = {
        "base_url": (given.base_url, "OPENAI_BASE_URL"),
        "model": (given.model, "PAPERCHAT_MODEL"),
        "key": (with_key or None, "OPENAI_API_KEY"),
        "context_tokens": (given.context_tokens, "PAPERCHAT_CONTEXT_TOKENS"),
        "price_input": (given.price_input, "PAPERCHAT_PRICE_INPUT"),
        "price_output": (given.price_output, "PAPERCHAT_PRICE_OUTPUT"),
        "keep_out_suspicious": (given.keep_out_suspicious, "PAPERCHAT_KEEP_OUT_SUSPICIOUS"),
    }
    return {name: variable for name, (value, variable) in values.items() if value is not None}
