"""The tables that close a summary or a comparison, for every composer alike.

Owns their columns and how much goes into a cell. What a cell says of a paper is a sentence of its
abstract or a part of one, cited: "…" stands where a sentence was cut, and its citation quotes it
whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.answer import AnswerLength, BlockKind, Intent
from assistant.draft import (
    Cite,
    Piece,
    Remark,
    SourcePaper,
    SourceSentence,
    StartBlock,
    StartCell,
    StartRow,
    StartTable,
    Task,
    Text,
)
from assistant.writing.paper_facts import record
from assistant.writing.sentence_choice import headline, problem, purpose

SUMMARY_COLUMNS = ("Paper", "Year", "What it does", "Headline result")
CELL_WORDS = 13  # of a summary's table: more rows are worth more than longer cells
# In all cells of a comparison, which has few; rarely does one need its share.
_COMPARED_WORDS = {AnswerLength.SHORT: 120, AnswerLength.NORMAL: 360, AnswerLength.LONG: 720}
ASPECTS = ("Problem", "Approach", "Result")  # of the rows that compare; the cells may be cut
LEAST_ROWS = 2
_ROWS = {AnswerLength.SHORT: 4, AnswerLength.NORMAL: 8, AnswerLength.LONG: 12}
NAME_WORDS = 6
NOTHING = "–"

_END_OF_NAME = re.compile(r":|\s[-–—]+\s")
# Where the telling part of a sentence begins: past "In this paper, we propose", and at "reduces".
_PROPOSES = re.compile(
    r"^.{0,80}?"
    r"\b(?:we|(?:this|our) (?:paper|work|study|survey|review|article|report)|the authors)\b"
    r"[^.;]{0,40}?\b(?:propose|present|introduce|develop|describe|design|investigate|explore|study|"
    r"studies|build|provide|offer|address|examine|review|survey)[sd]?\s+",
    re.IGNORECASE,
)
_FINDS = re.compile(
    r"^.{0,400}?(?=\b(?:achiev|reduc|improv|outperform|surpass|deliver|increas|decreas|boost|cut(?:s|ting)"
    r"|accelerat|speeds|reach|attain|yield|sav(?:e|es|ing)|gain|exceed|obtain|resolv|up to)\w*\b)",
    re.IGNORECASE,
)


def table_pieces(task: Task) -> Iterator[Piece]:
    """Yield the table of a summary or a comparison; nothing for other answers, and one paper."""
    if len(task.sources) < LEAST_ROWS:
        return
    if task.plan.intent is Intent.SUMMARY:
        yield from _summary_table(task.sources, _ROWS[task.length])
    elif task.plan.intent is Intent.COMPARE:
        yield from _comparison_table(task.sources, _COMPARED_WORDS[task.length])


def short_name(title: str) -> str:
    """Return the name that a title gives its work, or its first words."""
    name = _END_OF_NAME.split(title, maxsplit=1)[0].strip()
    words = name.split()
    return name if len(words) <= NAME_WORDS else f"{' '.join(words[:NAME_WORDS])}…"


def compared_sentences(source: SourcePaper) -> tuple[SourceSentence | None, ...]:
    """Return a paper's problem, approach and result; no sentence is two of these."""
    wrong, does = problem(source.sentences), purpose(source.sentences)
    result = headline(source.sentences)
    return None if wrong == does else wrong, does, None if result == does else result


def _summary_table(sources: Sequence[SourcePaper], most_rows: int) -> Iterator[Piece]:
    shown = sources[:most_rows]
    if len(shown) < len(sources):
        yield StartBlock(BlockKind.PARAGRAPH)
        yield Remark(f"The {len(shown)} papers that are most on the topic, side by side:")
    yield StartTable(SUMMARY_COLUMNS)
    for source in shown:
        published = source.paper.published
        _, does, result = compared_sentences(source)
        yield StartRow()
        yield from _remark_cell(short_name(source.paper.title))
        yield from _remark_cell(str(published.year) if published else NOTHING)
        yield from _part_cell(does, _PROPOSES)
        yield from _part_cell(result, _FINDS)


def _comparison_table(sources: Sequence[SourcePaper], most_words: int) -> Iterator[Piece]:
    yield StartTable(("", *(short_name(source.paper.title) for source in sources)))
    yield StartRow()
    yield from _remark_cell("Published")
    for source in sources:
        yield from _remark_cell(record(source.paper).removeprefix("Published ") or "not known")
    rows = list(zip(*map(compared_sentences, sources), strict=True))
    share = most_words // (len(rows) * len(sources))
    for aspect, sentences in zip(ASPECTS, rows, strict=True):
        if any(sentences):
            yield StartRow()
            yield from _remark_cell(aspect)
            for sentence in sentences:
                yield from _cell(sentence, sentence.text if sentence else "", share)


def _part_cell(sentence: SourceSentence | None, lead_in: re.Pattern[str]) -> Iterator[Piece]:
    """Yield a cell with the part of a sentence behind its lead-in, if it has such a one."""
    text = sentence.text if sentence else ""
    found = lead_in.match(text)
    part = text[found.end() if found else 0 :].rstrip(".")
    yield from _cell(sentence, f"{'…' if found else ''}{part}", CELL_WORDS)


def _cell(sentence: SourceSentence | None, text: str, most_words: int) -> Iterator[Piece]:
    """Yield a cell with the beginning of `text`, which is of `sentence`, or that there is none."""
    if sentence is None:
        return (yield from _remark_cell(NOTHING))
    words = text.split()
    cut = f"{' '.join(words[:most_words]).rstrip(',;:.')}…"
    yield StartCell()
    yield Text(text if len(words) <= most_words else cut)
    yield Cite((sentence.id,))


def _remark_cell(text: str) -> Iterator[Piece]:
    yield StartCell()
    yield Remark(text)
