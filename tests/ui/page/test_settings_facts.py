"""What the settings say leaves the machine, by what is set."""

from __future__ import annotations

from pathlib import Path

import pytest
from embedders import WordEmbedder

from ui.environment import Environment, NamedModel
from ui.html.settings_html import facts_html
from ui.page.assistant_choice import AssistantChoice
from ui.page.settings_facts import Flow, settings_facts
from vectorstore.library import open_library

CHAT = "Questions, and titles and sentences of the papers that are found, go to the chat model"
EMBEDDING = "Questions, and all abstracts, go to the embedding model"
OPENAI = "https://api.openai.com/v1"
WORDS = NamedModel("openai", "words")


@pytest.mark.parametrize(
    ("given", "flows"),
    [
        ({}, ()),
        ({"base_url": "http://10.0.0.7/v1"}, ()),
        ({"embedding_model": NamedModel("fastembed", "words")}, ()),
        ({"model": "oven", "api_key": "k"}, (Flow(CHAT, OPENAI, False),)),
        (
            {"model": "oven", "base_url": "http://me:secret@localhost:1/v1"},
            (Flow(CHAT, "http://localhost:1/v1", True),),
        ),
        (
            {"model": "oven", "base_url": "http://10.0.0.7/v1", "embedding_model": WORDS},
            (
                Flow(CHAT, "http://10.0.0.7/v1", False),
                Flow(EMBEDDING, "http://10.0.0.7/v1", False),
            ),
        ),
        (
            {"embedding_model": WORDS, "embedding_url": "http://127.0.0.1:2/v1"},
            (Flow(EMBEDDING, "http://127.0.0.1:2/v1", True),),
        ),
    ],
)
def test_what_leaves(tmp_path: Path, given: dict[str, object], flows: tuple[Flow, ...]) -> None:
    with open_library(tmp_path, WordEmbedder()) as library:
        environment = Environment(tmp_path, **given)  # type: ignore[arg-type]
        facts = settings_facts(AssistantChoice(environment, library))
        locked = settings_facts(AssistantChoice(environment, library, locked=True))
    assert facts.flows == flows
    assert (facts.folder, locked.folder) == (tmp_path, None)
    assert (facts.embedding_model, facts.reranker) == ("words", "")


def test_of_a_reranker_in_a_folder_the_name_alone(tmp_path: Path) -> None:
    reranker = NamedModel("fastembed", str(tmp_path / "oven"))
    with open_library(tmp_path / "library", WordEmbedder()) as library:
        environment = Environment(tmp_path, reranker=reranker)
        facts = settings_facts(AssistantChoice(environment, library))
    assert facts.reranker == "fastembed:oven"


def test_with_a_password_one_can_log_out(tmp_path: Path) -> None:
    with open_library(tmp_path, WordEmbedder()) as library:
        choices = [
            AssistantChoice(Environment(tmp_path, password=password), library)
            for password in ("secret", None)
        ]
        shown = [facts_html(settings_facts(choice)) for choice in choices]
    assert ['href="/logout"' in html for html in shown] == [True, False]
    assert "secret" not in shown[0]
