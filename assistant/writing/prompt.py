"""The request to a chat model: the rules, the sources sentence by sentence, and the question.

Owns the order of its parts and their shares of the model's window. Invariant: the prompt never has
more tokens than it may; the conversation is cut to get there, and then the sources, the question
never.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from assistant.answer import Plan
from assistant.draft import Task
from assistant.errors import ModelError
from assistant.model.chat_model import Message
from assistant.model.token_usage import counted_tokens
from assistant.writing.earlier_turns import cut, newest_lines
from assistant.writing.prompt_facts import search_facts
from assistant.writing.prompt_rules import EXAMPLE, REMINDER, RULES, layout, length_rule
from assistant.writing.prompt_sources import fitting, plain, source_text, unused_ids
from vectorstore.token_count import token_counter

# Earlier questions tell what "those" or "it" means; a handful of them does.
_EARLIER_TOKENS = 300
# In a small window the sources matter more: of what the question leaves, they get at least this.
_SOURCES_SHARE = 0.8

_STANDALONE_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class Prompt:
    """The messages of a request, how many tokens they have together, and how many papers."""

    messages: tuple[Message, ...]
    tokens: int
    papers: int


def build_prompt(task: Task, max_tokens: int) -> Prompt:
    """Return the request for a task, with as much of its sources as fits.

    Raises ModelError if the question does not fit, or not even the best sentence of the best paper.
    """
    count = token_counter()
    system, asked = _system(task), _asked(task)
    room = max_tokens - _tokens(system, _user("", "", asked))
    earlier = _earlier(task, min(_EARLIER_TOKENS, int(room * (1 - _SOURCES_SHARE))), count)
    papers = fitting(task.sources, room - count(earlier), count)
    if task.sources and not papers:
        earlier, papers = "", fitting(task.sources, room, count)
    if room < 0 or (task.sources and not papers):
        raise ModelError(
            "The model's context has no room for the sources",
            hint="Raise PAPERCHAT_CONTEXT_TOKENS if the model can, or ask a shorter question.",
        )
    user = _user("".join(map(source_text, papers)), earlier, asked)
    messages = (Message("system", system), Message("user", user))
    return Prompt(messages, _tokens(system, user), len(papers))


def _system(task: Task) -> str:
    first, second = islice(unused_ids(task.sources), 2)
    example = EXAMPLE.format(first=first, second=second)
    return f"{RULES}\n\n{layout(task.plan.intent)}\n\n{example}"


def _user(papers: str, earlier: str, asked: str) -> str:
    return f"<sources>\n{papers}</sources>\n\n{earlier}{asked}"


def _earlier(task: Task, room: int, count: Callable[[str], int]) -> str:
    heading = "Earlier questions, oldest first:\n"
    lines = newest_lines(task.earlier_questions, room - count(heading) - 1, count)
    return f"{heading}{lines}\n" if lines else ""


def _asked(task: Task) -> str:
    facts = search_facts(task)
    about = f"About the search:\n{facts}\n" if facts else ""
    question = f"Question: {plain(task.plan.question)}\n{_in_full(task.plan)}"
    return f"{about}{question}{length_rule(task.length)}{REMINDER}"


def _in_full(plan: Plan) -> str:
    """Return what a follow-up means without the turns before it."""
    meant = plain(cut(plan.standalone, _STANDALONE_CHARACTERS))
    return f"That is: {meant}\n" if plan.standalone.strip() not in {"", plan.question} else ""


def _tokens(*messages: str) -> int:
    prompt, _ = counted_tokens(messages, "")
    return prompt
