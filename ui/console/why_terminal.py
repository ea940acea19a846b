"""Shows on a terminal why a paper is on a list or not: 80 columns, small bars for the parts.

Invariant: as in `terminal`, text of papers and of questions is shown as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.explaining.score_shares import PART_NAMES, PartShare
from assistant.explaining.standing import Standing
from assistant.explaining.why import Explanation
from ui.console.terminal_text import terminal_text
from ui.search_notes import understanding_notes
from vectorstore.records import WordMatch

WIDTH = 80
BAR = 20
COLOURS = {Standing.LISTED: "green", Standing.BORDERLINE: "yellow"}
OTHER_COLOUR = "red"
LEFT_OUT = (Standing.FILTERED, Standing.UNDATED)


def show_explanation(console: Console, explanation: Explanation) -> None:
    """Print where the paper stands and why, then its score part by part and word by word."""
    for part in _layout(explanation):
        console.print(part, width=min(console.width, WIDTH))


def _layout(explanation: Explanation) -> Iterator[Text | Table]:
    yield Text(terminal_text(explanation.hit.paper.title), style="bold")
    yield Text(f"for “{terminal_text(explanation.question)}”", style="dim")
    colour = COLOURS.get(explanation.standing, OTHER_COLOUR)
    yield Text(f"\n{terminal_text(explanation.reason)}", style=colour)
    yield _place(explanation)
    yield Text()
    yield _parts(explanation)
    if explanation.hit.words:
        yield Text()
        yield _words(explanation)
    for note in _notes(explanation):
        yield Text(f"\n{terminal_text(note)}")


def _place(explanation: Explanation) -> Text:
    text = Text(f"Relevance {explanation.hit.relevance:.2f}")
    if explanation.rank:
        text.append(f", place {explanation.rank:,} of {explanation.ranked:,}")
    if explanation.standing in LEFT_OUT:
        text.append(" without the filter")
    text.append(
        f"\nThe list begins at {explanation.list_relevance:.2f},"
        f" borderline papers at {explanation.borderline_relevance:.2f}.",
        style="dim",
    )
    return text


def _parts(explanation: Explanation) -> Table:
    """Return the parts of the score: each weight and score, and what both papers get from it."""
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("Score")
    for name in ("score", "weight", "adds"):
        table.add_column(name, justify="right")
    table.add_column("")
    table.add_column("best", justify="right")
    scale = max(
        *(share.contribution for share in explanation.parts),
        *(share.other_contribution for share in explanation.parts),
    )
    for share in explanation.parts:
        table.add_row(
            PART_NAMES[share.part],
            f"{share.score:.2f}",
            f"{share.weight:.2f}",
            f"{share.contribution:.2f}",
            _bar(share, scale),
            f"{share.other_contribution:.2f}",
        )
    sums = (f"{explanation.hit.fused:.2f}", "", f"{explanation.best.fused:.2f}")
    table.add_row("together", "", "", *sums, style="bold")
    return table


def _bar(share: PartShare, scale: float) -> Text:
    """Return what a part adds, and lighter behind it what it adds to the best paper beyond that."""
    own, other = (
        round(BAR * max(0.0, value) / scale) if scale > 0 else 0
        for value in (share.contribution, share.other_contribution)
    )
    return Text.assemble(("█" * own, "cyan"), ("░" * (other - own), "dim"))


def _words(explanation: Explanation) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("Words of the question")
    for name in ("match", "rarity"):
        table.add_column(name, justify="right")
    table.add_column("")
    for answered, words in ((True, explanation.answered), (False, explanation.unanswered)):
        for row in _word_rows(words, answered=answered):
            table.add_row(*row)
    return table


def _word_rows(
    words: Iterable[WordMatch], *, answered: bool
) -> Iterator[tuple[Text, str, str, Text]]:
    verdict = Text("answered", style="green") if answered else Text("not answered", style="red")
    for word in words:
        yield Text(terminal_text(word.word)), f"{word.match:.2f}", f"{word.rarity:.1f}", verdict


def _notes(explanation: Explanation) -> Iterator[str]:
    yield from understanding_notes(explanation.corrections, explanation.uncovered)
    if explanation.sentence:
        yield f"Best sentence: “{explanation.sentence}”"
    if explanation.rank != 1:
        yield f"Best paper: {explanation.best.paper.title}"
