"""Exchanges that are kept: they read back as they were, and what was tampered with is refused."""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers import BREAD, SOUP, hit
from receipts import answered

from assistant.answer import (
    Answer,
    Block,
    BlockKind,
    Citation,
    Claim,
    Intent,
    Named,
    Outcome,
    Plan,
    Quote,
    Usage,
    Verdict,
)
from assistant.answering import Assistant
from assistant.conversations import exchange_record
from assistant.conversations.exchange_record import (
    Ending,
    ExchangeRecordError,
    StoredExchange,
    pack_exchange,
    unpack_exchange,
)
from assistant.planning.plan_words import Chip
from vectorstore.filters import Filters, Order
from vectorstore.library import Library
from vectorstore.question import Correction
from vectorstore.records import (
    Hit,
    MatchedWord,
    Paper,
    ScoreParts,
    SentenceHit,
    Source,
    Span,
    WordMatch,
)

WHOLE = StoredExchange(
    "And of soup?",
    Ending.STOPPED,
    replace(answered()[0], borderline=(hit(SOUP, 0.2, 0.5),)),
    taken_off=(Chip("date", "from 2024"),),
    within=("soup",),
)
LARGEST = 60_000  # bytes that a question with a full ranking may take

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
TEXTS = st.lists(TEXT, max_size=2).map(tuple)
SCORES = st.floats(allow_nan=False, allow_infinity=False)
PAPERS = st.builds(
    Paper,
    TEXT,
    TEXT,
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30),
    st.none() | st.dates(),
    st.none() | st.integers(0, 99),
    TEXTS,
    st.none() | TEXT,
    st.none() | st.integers(0, 99),
    st.none() | TEXT,
    st.lists(st.builds(Source, TEXT, st.integers(1, 99)), max_size=2).map(tuple),
)
WORDS = st.lists(st.builds(WordMatch, TEXT, SCORES, SCORES), max_size=2).map(tuple)
MATCHED = st.lists(st.builds(MatchedWord, TEXT, SCORES, SCORES), max_size=2).map(tuple)
PARTS = st.builds(ScoreParts, SCORES, SCORES, SCORES, SCORES)
FILTERS = st.builds(
    Filters,
    st.none() | st.dates(),
    st.none() | st.dates(),
    TEXT,
    st.none() | st.integers(),
    st.none() | st.integers(),
    TEXT,
    TEXT,
    TEXT,
    TEXT,
    TEXTS,
    st.sampled_from(Order),
)
PLANS = st.builds(
    Plan,
    TEXT,
    st.sampled_from(Intent),
    TEXT,
    TEXT,
    TEXT,
    FILTERS,
    st.lists(st.builds(Named, TEXT, TEXTS), max_size=2).map(tuple),
    TEXTS,
    TEXTS,
    TEXTS,
    TEXT,
)


@st.composite
def spans(draw: st.DrawFn, text: str) -> Span:
    start = draw(st.integers(0, len(text)))
    return Span(start, draw(st.integers(start, len(text))))


@st.composite
def hits(draw: st.DrawFn) -> Hit:
    paper = draw(PAPERS)
    sentences = st.builds(SentenceHit, spans(paper.abstract), SCORES, MATCHED)
    found = draw(st.lists(sentences, max_size=2))
    return Hit(paper, draw(SCORES), draw(SCORES), draw(PARTS), tuple(found), draw(WORDS))


@st.composite
def citations(draw: st.DrawFn) -> tuple[Citation, ...]:
    cited = []
    for number, paper in enumerate(draw(st.lists(PAPERS, max_size=2)), start=1):
        quoted = draw(st.lists(spans(paper.abstract), min_size=1, max_size=2))
        quotes = (Quote(span, paper.abstract[span.start : span.end]) for span in quoted)
        cited.append(Citation(number, paper, tuple(quotes)))
    return tuple(cited)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    cited = draw(citations())
    numbers = st.sets(st.sampled_from([each.number for each in cited])) if cited else st.just(set())
    some = numbers.map(lambda chosen: tuple(sorted(chosen)))
    claims = st.lists(st.builds(Claim, TEXT, some, st.sampled_from(Verdict), TEXTS), max_size=2)
    cells = claims.map(tuple)
    rows = st.lists(st.lists(cells, max_size=2).map(tuple), max_size=2).map(tuple)
    blocks = st.builds(Block, st.sampled_from(BlockKind), cells, TEXT, TEXTS, rows)
    return Answer(
        plan=draw(PLANS),
        outcome=draw(st.sampled_from(Outcome)),
        blocks=tuple(draw(st.lists(blocks, max_size=2))),
        citations=cited,
        ranking=tuple(draw(st.lists(hits(), max_size=2))),
        mode=draw(TEXT),
        notice=draw(TEXT),
        complete=draw(st.booleans()),
        seconds=draw(SCORES),
        usage=draw(st.builds(Usage, st.integers(), st.integers(), st.none() | SCORES)),
        dropped_citations=draw(st.integers()),
        borderline=tuple(draw(st.lists(hits(), max_size=1))),
        corrections=tuple(draw(st.lists(st.builds(Correction, TEXT, TEXT), max_size=2))),
        uncovered=draw(TEXTS),
    )


EXCHANGES = st.builds(
    StoredExchange,
    TEXT,
    st.sampled_from(Ending),
    st.none() | answers(),
    TEXT,
    TEXT,
    st.lists(st.builds(Chip, TEXT, TEXT), max_size=2).map(tuple),
    TEXTS,
)


@given(EXCHANGES)
def test_an_exchange_reads_back_as_it_was(exchange: StoredExchange) -> None:
    assert unpack_exchange(pack_exchange(exchange)) == exchange


@pytest.mark.parametrize(
    "question",
    [
        "Which papers are on reinforcement learning?",
        "Summarise what is known on diffusion models since 2023",
        "how many papers are about langauge agents",
        "hello",
    ],
)
def test_a_real_answer_reads_back_and_takes_little_room(
    shipped_library: Library, question: str
) -> None:
    exchange = StoredExchange(question, answer=Assistant(shipped_library).ask(question))
    record = pack_exchange(exchange)
    assert unpack_exchange(record) == exchange
    assert len(record) < LARGEST


def test_half_a_character_becomes_a_question_mark() -> None:
    exchange = StoredExchange("bread \ud800?", Ending.FAILED, problem="No \udfff.")
    assert unpack_exchange(pack_exchange(exchange)) == StoredExchange(
        "bread ??", Ending.FAILED, problem="No ?."
    )


def changed(change: Callable[[Any], object]) -> bytes:
    """Return the record of WHOLE with its JSON changed."""
    content = json.loads(lzma.decompress(pack_exchange(WHOLE)))
    change(content)
    return lzma.compress(json.dumps(content).encode())


def of_answer(*path: str | int, value: object) -> bytes:
    """Return the record of WHOLE with one value of its answer changed."""

    def change(content: Any) -> None:
        *way, last = path
        part = content["exchange"]["answer"]
        for step in way:
            part = part[step]
        part[last] = value

    return changed(change)


QUOTE = ("citations", 0, "quotes", 0)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (b"", "its end is missing"),
        (b"hot soup" * 9, "it does not unpack"),
        (pack_exchange(WHOLE)[:-40], "its end is missing"),
        (
            lzma.compress(b"{"),
            "all of it: Invalid JSON: EOF while parsing an object at line 1 column 1",
        ),
        (lzma.compress(b"null"), "all of it: Input should be an object"),
        (
            changed(lambda content: content.update(version=2)),
            "it is not of version 1, which this paperchat reads",
        ),
        (
            changed(lambda content: content.update(soup=1)),
            "soup: Unexpected keyword argument",
        ),
        (
            changed(lambda content: content["exchange"].update(ending="eaten")),
            "exchange.ending: Input should be 'done', 'stopped' or 'failed'",
        ),
        (
            of_answer("seconds", value="1"),
            "exchange.answer.seconds: Input should be a valid number",
        ),
        (of_answer(*QUOTE, "text", value="Soup"), "a quote does not stand in its abstract"),
        (of_answer(*QUOTE, "span", "start", value=-9), "a quote does not stand in its abstract"),
        (of_answer("citations", 0, "quotes", value=[]), "a source has no quote"),
        (of_answer("citations", 1, "number", value=1), "two sources have one number"),
        (
            of_answer("blocks", 1, "claims", 0, "citations", value=[7]),
            "a claim cites a source that is not there",
        ),
        (
            of_answer("blocks", 1, "claims", 0, "quotes", value=[[1, {"start": 0, "end": 1}]]),
            "a claim rests on a sentence that is not quoted",
        ),
        (
            of_answer("borderline", 0, "sentences", 0, "span", "end", value=9999),
            "a sentence lies outside its abstract",
        ),
    ],
)
def test_a_damaged_record_is_refused(record: bytes, reason: str) -> None:
    with pytest.raises(ExchangeRecordError) as raised:
        unpack_exchange(record)
    assert (raised.value.problem, raised.value.hint) == (
        f"The saved answer cannot be read: {reason}",
        "Ask the question again.",
    )


@given(st.binary(max_size=60), st.integers(0, 200))
def test_bytes_written_over_a_record_never_make_another_exchange(data: bytes, at: int) -> None:
    record = pack_exchange(WHOLE)
    damaged = record[:at] + data + record[at + len(data) :]
    with suppress(ExchangeRecordError):
        assert unpack_exchange(damaged) == WHOLE


def test_a_record_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    record = lzma.compress(b" " * 5000)
    monkeypatch.setattr(exchange_record, "LONGEST_RECORD", 4999)
    with pytest.raises(ExchangeRecordError, match="it is too long"):
        unpack_exchange(record)


def test_an_exchange_that_is_too_long_is_not_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_record, "LONGEST_RECORD", 4999)
    with pytest.raises(ExchangeRecordError, match="The answer is too long to be kept"):
        pack_exchange(StoredExchange("b" * 5000))


def test_every_field_of_an_answer_is_kept() -> None:
    """Of a field that a record left out, the default would come back."""
    answer = WHOLE.answer
    assert answer is not None
    full = replace(answer, dropped_citations=3, notice="Cold.", complete=False)
    read = unpack_exchange(pack_exchange(replace(WHOLE, answer=full)))
    assert read.answer == full
    assert read.answer.plan.filters.published_from == date(2024, 1, 1)
    assert [each.paper for each in read.answer.ranking] == [BREAD, SOUP]
