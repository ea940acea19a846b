"""Shows how a question was understood: what was searched for, and a chip for each filter.

Taking a chip off asks the question again; the page lets only those of the last exchange be pressed.
"""

from __future__ import annotations

from assistant.planning.plan_words import (
    FILTER_NAMES,
    TOPIC,
    Chip,
    corrected_topic,
    topic_chip,
)
from ui.html.plain_text import escaped, text_html
from ui.page.conversation import Exchange, Progress, exchange_chips
from ui.search_notes import understanding_notes

CHIP_NAMES = (TOPIC, *FILTER_NAMES)


def plan_html(exchange: Exchange) -> str:
    """Return what was searched for, filters, filters taken off, and corrected words."""
    answer = exchange.answer
    topic = corrected_topic(answer.plan, answer.corrections) if answer else ""
    told = topic and not (answer and topic_chip(answer.plan))
    items = [f'<li class="topic">Searched for “{text_html(topic)}”</li>'] if told else []
    items += [f"<li>{chip}</li>" for chip in _chips(exchange)]
    plan = f'<ul class="plan">{"".join(items)}</ul>' if items else ""
    notes = understanding_notes(answer.corrections, ()) if answer else ()
    return plan + "".join(f'<p class="note">{text_html(note)}</p>' for note in notes)


def _chips(exchange: Exchange) -> list[str]:
    """Return the chips, each in its place whether it is on or off: what is pressed stays put."""
    live = exchange.progress is not Progress.RUNNING
    shown = [(chip.name, _chip(chip, live=live)) for chip in exchange_chips(exchange)]
    shown += [(chip.name, _taken_off(chip, live=live)) for chip in exchange.taken_off]
    return [html for _, html in sorted(shown, key=lambda item: CHIP_NAMES.index(item[0]))]


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
