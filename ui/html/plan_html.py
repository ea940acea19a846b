"""Shows how a question was understood: what was searched for, and a chip for each filter.

Invariant: only the chips of the last exchange are buttons; taking one off asks the question again.
"""

from __future__ import annotations

from assistant.planning.plan_words import FILTER_NAMES, Chip, filter_chips, searched_topic
from ui.html.plain_text import escaped, text_html
from ui.page.conversation import Exchange, Progress
from ui.search_notes import understanding_notes
from vectorstore.filters import Filters


def plan_html(exchange: Exchange, *, last: bool) -> str:
    """Return what was searched for, filters, filters taken off, and corrected words."""
    answer = exchange.answer
    topic = searched_topic(answer.plan) if answer else ""
    items = [f'<li class="topic">Searched for “{text_html(topic)}”</li>'] if topic else []
    items += [f"<li>{chip}</li>" for chip in _chips(exchange, last=last)]
    plan = f'<ul class="plan">{"".join(items)}</ul>' if items else ""
    notes = understanding_notes(answer.corrections, ()) if answer else ()
    return plan + "".join(f'<p class="note">{text_html(note)}</p>' for note in notes)


def _chips(exchange: Exchange, *, last: bool) -> list[str]:
    """Return the chips, each in its place whether it is on or off: what is pressed stays put."""
    live = last and exchange.progress is not Progress.RUNNING
    filters = exchange.answer.plan.filters if exchange.answer else Filters()
    shown = [(chip.name, _chip(chip, live=live)) for chip in filter_chips(filters)]
    shown += [(chip.name, _taken_off(chip, live=live)) for chip in exchange.taken_off]
    return [html for _, html in sorted(shown, key=lambda item: FILTER_NAMES.index(item[0]))]


def _chip(chip: Chip, *, live: bool) -> str:
    words = text_html(chip.words)
    return _button(chip, "Take off", f"{words}{_sign('×')}") if live else _plain(words)


def _taken_off(chip: Chip, *, live: bool) -> str:
    words = f"<s>{text_html(chip.words)}</s>"
    if live:
        return _button(chip, "Put back", f"{words}{_sign('+')}")
    return _plain(f'<span class="unseen">Taken off: </span>{words}')


def _button(chip: Chip, does: str, content: str) -> str:
    return (
        f'<button type="button" class="chip" data-filter="{escaped(chip.name)}" '
        f'aria-label="{does}: {escaped(chip.words)}">{content}</button>'
    )


def _sign(sign: str) -> str:
    return f'<span class="sign" aria-hidden="true">{sign}</span>'


def _plain(content: str) -> str:
    return f'<span class="chip">{content}</span>'
