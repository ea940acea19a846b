"""What a receipt says of the configuration, and the replay of one under today's."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from assistant.answer import Turn
from assistant.answering import Assistant
from assistant.receipts.named_values import recorded_settings
from assistant.receipts.receipt import Circumstances, Receipt, make_receipt
from assistant.receipts.recheck import needed_ids
from assistant.receipts.replay import Replay, replay
from assistant.receipts.trace import Trace
from ui.environment import Environment
from ui.logs.question_log import By, QuestionLog
from ui.wiring import make_assistant, model_settings
from vectorstore.library import Library


def circumstances(environment: Environment, assistant: Assistant) -> Circumstances:
    """Return what `assistant`, made from `environment`, answers with now."""
    return Circumstances(
        paperchat=version("paperchat"),
        made_at=datetime.now(UTC),
        chat=assistant.mode,
        reranker=_reranker(environment),
        settings=recorded_settings(assistant.settings, model_settings(environment)),
    )


def replayed(receipt: Receipt, library: Library, environment: Environment) -> Replay:
    """Ask the questions of a receipt again, and return what changed. Raises as `Assistant.ask`."""
    assistant = make_assistant(environment, library)
    history: list[Turn] = []
    for question in receipt.questions:
        with QuestionLog(By.COMMAND, question) as log:
            log.answer = assistant.ask(question, history)
        history.append(Turn(question, log.answer))
    today = circumstances(environment, assistant)
    answer = history[-1].answer
    again = make_receipt(receipt.questions, answer, Trace(), library, today)
    return replay(receipt, again, library.catalog.papers(needed_ids(receipt.turn)))


def _reranker(environment: Environment) -> str:
    """Return the reranker as it is configured; of a folder its name alone, as homes are private."""
    if environment.reranker is None:
        return ""
    name = environment.reranker.name
    return f"{environment.reranker.source}:{Path(name).name if Path(name).is_dir() else name}"
