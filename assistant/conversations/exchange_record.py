"""An exchange as it is kept: all that is shown of it and all that follow-up questions read, as
compressed JSON.

Owns what makes a record readable. A record is read back as if a stranger had written it. Invariant:
an exchange that was read keeps the promises of an answer; above all, every quote is a slice of its
abstract.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import ConfigDict, ValidationError
from pydantic_core import PydanticSerializationError

from assistant.answer import Answer, Quote
from assistant.errors import AssistantError, place_in
from assistant.planning.plan_words import Chip
from vectorstore.records import Hit, Span

if TYPE_CHECKING:
    from pydantic import TypeAdapter

VERSION: Literal[1] = 1
LONGEST_RECORD = 16 * 1024 * 1024  # bytes of JSON; one with 50 papers has a quarter of a megabyte
# A quarter smaller than what zlib makes of 50 abstracts, and far quicker than the best preset.
_PRESET = 1
_MEMORY = 64 * 1024 * 1024  # bytes that unpacking may take; the preset's needs 2 MiB

_HINT = "Ask the question again."


class ExchangeRecordError(AssistantError):
    """A kept exchange cannot be read back, or one is too long to be kept."""


class Ending(StrEnum):
    """How an exchange ended."""

    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """A question and what came of it.

    `problem` and `hint` say what went wrong where it failed. `taken_off` are the filters that the
    question was answered without, `within` the ids of the papers that it was limited to by hand.
    """

    question: str
    ending: Ending = Ending.DONE
    answer: Answer | None = None
    problem: str = ""
    hint: str = ""
    taken_off: tuple[Chip, ...] = ()
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Record:
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(
        strict=True, extra="forbid", allow_inf_nan=False
    )

    version: Literal[1]
    exchange: StoredExchange


def pack_exchange(exchange: StoredExchange) -> bytes:
    """Return the record; half a character, which no file can hold, becomes "?".

    Raises ExchangeRecordError where it would be longer than any answer is.
    """
    data = _as_json(_Record(VERSION, exchange))
    if len(data) > LONGEST_RECORD:
        raise ExchangeRecordError("The answer is too long to be kept", hint="Export it.")
    return lzma.compress(data, preset=_PRESET)


def unpack_exchange(record: bytes) -> StoredExchange:
    """Return the exchange of a record; raises ExchangeRecordError where it is damaged."""
    try:
        exchange = _adapter().validate_json(_unpacked(record)).exchange
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = place_in(first["loc"])
        if place == "version":
            reason = f"it is not of version {VERSION}, which this paperchat reads"
        else:
            reason = f"{place or 'all of it'}: {first['msg']}"
        raise _damaged(reason) from error
    if exchange.answer is not None:
        for fault in _faults(exchange.answer):
            raise _damaged(fault)
    return exchange


@cache
def _adapter() -> TypeAdapter[_Record]:
    from pydantic import TypeAdapter

    from vectorstore.question import Correction

    adapter = TypeAdapter(_Record)
    # The module of `Answer` imports the class for type checkers alone.
    adapter.rebuild(_types_namespace={"Correction": Correction})
    return adapter


def _as_json(record: _Record) -> bytes:
    try:
        return _adapter().dump_json(record)  # a tenth of the time that the other way takes
    except PydanticSerializationError:  # of half a character
        content = _adapter().dump_python(record)
        text = json.dumps(content, ensure_ascii=False, default=_as_text)
        return text.encode("utf-8", "replace")


def _as_text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _unpacked(record: bytes) -> bytes:
    try:
        unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)
        data = unpacker.decompress(record, LONGEST_RECORD + 1)
    except lzma.LZMAError as error:
        raise _damaged("it does not unpack") from error
    if len(data) > LONGEST_RECORD:
        raise _damaged("it is too long")
    if not unpacker.eof:
        raise _damaged("its end is missing")
    return data


def _faults(answer: Answer) -> Iterator[str]:
    """Yield what the answer breaks of an answer's promises."""
    abstracts = {each.number: each.paper.abstract for each in answer.citations}
    quoted = {(each.number, quote.span) for each in answer.citations for quote in each.quotes}
    claims = [claim for block in answer.blocks for claim in block.all_claims()]
    if len(abstracts) < len(answer.citations):
        yield "two sources have one number"
    if not all(citation.quotes for citation in answer.citations):
        yield "a source has no quote"
    if not all(abstracts.keys() >= set(claim.citations) for claim in claims):
        yield "a claim cites a source that is not there"
    for citation in answer.citations:
        if not all(_stands(quote, citation.paper.abstract) for quote in citation.quotes):
            yield "a quote does not stand in its abstract"
    if not all(map(_is_whole, (*answer.ranking, *answer.borderline))):
        yield "a sentence lies outside its abstract"
    if not all(quoted >= set(claim.quotes) for claim in claims):
        yield "a claim rests on a sentence that is not quoted"


def _stands(quote: Quote, abstract: str) -> bool:
    span = quote.span
    return _lies_in(span, abstract) and abstract[span.start : span.end] == quote.text


def _is_whole(hit: Hit) -> bool:
    return all(_lies_in(sentence.span, hit.paper.abstract) for sentence in hit.sentences)


def _lies_in(span: Span, text: str) -> bool:
    return 0 <= span.start <= span.end <= len(text)


def _damaged(reason: str) -> ExchangeRecordError:
    return ExchangeRecordError(f"The saved answer cannot be read: {reason}", hint=_HINT)
