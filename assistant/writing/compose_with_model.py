"""The composer that lets a chat model write, and passes on what it writes as pieces of a draft.

Owns the order of the steps: prompt, stream, parse; and the sentence that says how many papers there
are, which code knows and a model would have to guess. Whether a citation is true is for
`assistant.checking.verify` to find out.
"""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

from assistant.answer import BlockKind, Intent, Usage
from assistant.checking.reply import ReplyParser
from assistant.draft import Count, Piece, Received, Remark, Sent, Spent, StartBlock, Task, Text
from assistant.model import model_failures
from assistant.model.chat_model import ChatModel
from assistant.writing.prompt import build_prompt
from assistant.writing.remarks import copies_words

_COUNTED = frozenset({Intent.LIST, Intent.COUNT})


class ModelComposer:
    """Writes a draft with a chat model."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    @property
    def mode(self) -> str:
        """Return the model's name."""
        return self._model.settings.model

    def compose(self, task: Task, stop: Event) -> Iterator[Piece]:
        """Yield the size of the prompt and the prompt, then the draft as the model writes it, and
        what that took.

        Ends within a second after `stop` is set. Raises ModelError where the reply fails, possibly
        after some pieces, and where it has no text.
        """
        settings = self._model.settings
        prompt = build_prompt(task, settings.prompt_tokens)
        yield Spent(Usage(prompt.tokens))
        yield Sent(prompt.messages)
        yield from _count_remark(task, prompt.papers)
        parser, spent = ReplyParser(), list[Usage]()
        written = False
        for chunk in self._model.stream(prompt.messages, stop, spent.append):
            yield Received(chunk)
            pieces = parser.feed(chunk)
            written = written or _has_text(pieces)
            yield from pieces
        # Where it was stopped, what the parser holds back may be half a citation.
        pieces = [] if stop.is_set() else parser.finish()
        yield from pieces
        if not (stop.is_set() or written or _has_text(pieces)):
            raise model_failures.empty(settings)
        yield from map(Spent, spent)


def _count_remark(task: Task, papers: int) -> Iterator[Piece]:
    """Yield how many papers there are and how many of them the model is shown."""
    if task.plan.intent in _COUNTED and task.matching:
        yield StartBlock(BlockKind.PARAGRAPH)
        yield Remark(_count_sentence(task, task.matching, papers))


def _count_sentence(task: Task, matching: Count, papers: int) -> str:
    """Return how many papers were found, and that the model chose: it may leave some out."""
    among = "Among those papers the" if task.plan.narrowed else "The"
    if task.plan.chosen and not task.plan.narrowed:
        among = "Among the chosen papers the"
    least = "at least " if matching.at_least else ""
    plural = "" if matching.number == 1 else "s"
    copies = f" ({words})" if (words := copies_words(task)) else ""
    found = f"{among} search found {least}{matching.number} matching paper{plural}{copies}"
    if task.withheld:
        return f"{found}; from {papers} of them the model chose:"
    if papers < matching.number or matching.at_least:
        best = f"the best {papers}" if papers > 1 else "the best"
        return f"{found}; from {best} of them the model chose:"
    return f"{found}; of these the model chose:" if plural else f"{found}:"


def _has_text(pieces: list[Piece]) -> bool:
    return any(isinstance(piece, Text) for piece in pieces)
