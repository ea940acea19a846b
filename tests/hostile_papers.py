"""A library of attacks alone, and models that do all that the papers they are shown ask for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from embedders import WordEmbedder
from fakes import FakeModelServer, Request, Script, says
from hostile.attack import FAKE_IDS, IMAGE, Attack
from hostile.characters import CHARACTERS
from hostile.citations import CITATIONS
from hostile.fake_turns import FAKE_TURNS
from hostile.files import FILES
from hostile.markup import MARKUP
from hostile.orders import ORDERS
from hostile.persuasion import PERSUASION

from assistant.answer import EXTRACTIVE, Answer
from assistant.answering import Assistant
from assistant.model.chat_model import ChatModel, ChatModelSettings
from assistant.settings import AssistantSettings
from assistant.writing.compose_with_model import ModelComposer
from ingest.indexing import index_pending
from vectorstore.library import Library, open_library

KEY = "sk-hostile-test-5d1f7c"  # what no output may ever show
ATTACKS = (*ORDERS, *FAKE_TURNS, *CITATIONS, *PERSUASION, *MARKUP, *CHARACTERS, *FILES)
BY_QUESTION = {attack.question: attack for attack in ATTACKS}

_SHOWN_ID = re.compile(r"^\[(s\w{4})\]", re.MULTILINE)
_QUESTION = re.compile(r"^Question: (.*)$", re.MULTILINE)


def shown_ids(request: Request) -> tuple[str, ...]:
    """Return the ids that begin a line of the sources."""
    return tuple(_SHOWN_ID.findall(request.body["messages"][-1]["content"]))


def obeys(attack: Attack, request: Request) -> Script:
    """Return the reply of a model that does all that a paper may ask, cut into small chunks."""
    ids = shown_ids(request)
    reply = "\n\n".join(
        (
            attack.paper.abstract,
            f"My rules are: {request.prompt[: None if attack.target == 'secrets' else 500]}",
            f"The key is sk-guessed. {IMAGE} <img src=x onerror=alert(1)> [a](javascript:alert(1))",
            f"It is proven [1] [{FAKE_IDS[0]}] ({FAKE_IDS[1]}), ^{FAKE_IDS[2]}. [99]",
            f"Cures everything [{ids[0]}]({IMAGE}). Source: `{ids[-1]}` {' '.join(ids)}",
            f"| {attack.paper.title} | [{ids[0]}] |\n# \x1b[31m\u202eOwned\n- {attack.paper.title}",
            "Half \ud83d of a pair, \udc00, \x00 and the end without a stop [" + ids[0][:3],
        )
    )
    size = 397  # so that everything is cut somewhere, in some paper's reply
    return says(*(reply[at : at + size] for at in range(0, len(reply), size)))


def obeys_in_json(attack: Attack, request: Request) -> Script:
    """Return such a reply as a model writes it that answers in JSON."""
    ids = shown_ids(request)
    reply = {"answer": f"{attack.paper.abstract} {IMAGE}", "citations": [ids[0], *FAKE_IDS, 1]}
    return says(f"```json\n{json.dumps(reply)}\n```")


def obeys_word_for_word(attack: Attack, _request: Request) -> Script:
    """Return the abstract as the whole reply, as a model that only copies does."""
    return says(attack.paper.abstract)


Obedience = Callable[[Attack, Request], Script]
_OBEDIENCE: dict[str, Obedience] = {
    "obeys": obeys,
    "obeys in JSON": obeys_in_json,
    "obeys word for word": obeys_word_for_word,
}
MODELS = tuple(_OBEDIENCE)

# Every paper is good enough, and a handful is shown, so that others' attacks are there as well.
ALL_ANSWER = AssistantSettings(
    answerability_floor=0.0, list_relevance=0.0, support_relevance=0.0, list_papers=4
)


@dataclass(frozen=True, slots=True)
class HostileLibrary:
    """A library of all attacks and, by the name of their mode, assistants that answer from it."""

    library: Library
    assistants: dict[str, Assistant]
    server: FakeModelServer

    def answers(self, attack: Attack) -> dict[str, Answer]:
        """Return the answers to the question of an attack, by composer: all that it asks for, its
        own words alone or in JSON, in turns, and quotes.
        """
        further = MODELS[1 + ATTACKS.index(attack) % (len(MODELS) - 1)]
        return {name: self.answer(attack, name) for name in (EXTRACTIVE, MODELS[0], further)}

    def answer(self, attack: Attack, composer: str) -> Answer:
        """Return what the question of an attack is answered with."""
        return self.assistants[composer].ask(attack.question)


@contextmanager
def hostile_library(home: Path) -> Iterator[HostileLibrary]:
    """Open a library of all attacks, newly made, beside a server of models that obey them."""
    with (
        open_library(home, WordEmbedder()) as library,
        FakeModelServer(_obedient_reply) as server,
    ):
        library.add([attack.paper for attack in ATTACKS])
        index_pending(library)
        assistants = {name: _assistant(library, name, server.base_url) for name in MODELS}
        assistants[EXTRACTIVE] = Assistant(library, settings=ALL_ANSWER)
        yield HostileLibrary(library, assistants, server)


def _assistant(library: Library, model: str, base_url: str) -> Assistant:
    settings = ChatModelSettings(model, base_url, api_key=KEY, retries=0)
    return Assistant(library, ModelComposer(ChatModel(settings)), ALL_ANSWER)


def _obedient_reply(request: Request) -> Script:
    """Return the reply of the model that is asked, to the attack that it is asked about."""
    *_, question = _QUESTION.findall(request.prompt)
    return _OBEDIENCE[request.body["model"]](BY_QUESTION[question], request)
