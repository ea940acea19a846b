"""What a prompt keeps of a long conversation: a line for each turn, the newest ones.

Owns how a turn is condensed. Invariant: what is kept has no more tokens than it may, so that a
conversation never crowds out the sources.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.answer import Outcome, Turn
from assistant.writing.prompt_sources import plain

_QUESTION_CHARACTERS = 200  # a line is to say what was asked, not all of it
_TITLE_CHARACTERS = 80
_TITLES = 2  # of the papers cited: enough to tell what they were about


def earlier_line(turn: Turn) -> str:
    """Return a turn as one line: the question, how many papers answered it, and the first ones."""
    return f"{cut(turn.question, _QUESTION_CHARACTERS)} ({_outcome(turn)})"


def newest_lines(lines: Sequence[str], room: int, count: Callable[[str], int]) -> str:
    """Return the last of `lines` that have room, each as an item; empty where none has."""
    kept: list[str] = []
    for line in reversed(lines):
        item = f"- {plain(line)}\n"
        room -= count(item)
        if room < 0:
            break
        kept.insert(0, item)
    return "".join(kept)


def cut(text: str, characters: int) -> str:
    """Return `text` on one line, and its beginning alone where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= characters else f"{line[: characters - 1].rstrip()}…"


def _outcome(turn: Turn) -> str:
    cited = turn.answer.citations
    if turn.answer.outcome is Outcome.NOT_FOUND:
        return "nothing found"
    if not cited:
        return "no papers cited"
    titles = (f"“{cut(each.paper.title, _TITLE_CHARACTERS)}”" for each in cited[:_TITLES])
    papers = "1 paper" if len(cited) == 1 else f"{len(cited)} papers"
    such_as = "such as " if len(cited) > _TITLES else ""
    return f"{papers}: {such_as}{' and '.join(titles)}"
