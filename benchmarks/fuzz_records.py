"""What is kept and read back as if a stranger had written it: saved answers and receipts."""

from __future__ import annotations

import json
import lzma
import os
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.fuzz_checks import check_answer, insist
from benchmarks.fuzz_input import Draw
from benchmarks.fuzz_library import TODAY, conversation, small_library
from benchmarks.fuzz_seeds import RECORDS, numbered
from benchmarks.fuzz_target import Check, Target

WITH_MODEL_MB = 2_048


def targets() -> tuple[Target, ...]:
    """Return the targets."""
    seeds = partial(numbered, RECORDS)
    return (
        Target("saved-answers", _saved, seeds, 1_000, WITH_MODEL_MB),
        Target("receipts", _receipts, seeds, 1_000, WITH_MODEL_MB),
    )


def _saved() -> Check:
    """Read a record of which a little was changed, or none at all, and show what was read."""
    from assistant.conversations.exchange_record import (
        ExchangeRecordError,
        StoredExchange,
        pack_exchange,
        unpack_exchange,
    )
    from assistant.conversations.search_words import exchange_words
    from ui.export.export import ExportFormat, export_text

    turns = conversation(small_library())
    documents = [
        lzma.decompress(pack_exchange(StoredExchange(turn.question, answer=turn.answer))).decode()
        for turn in turns[:3]
    ]

    def record(draw: Draw) -> bytes:
        if not draw.number(8):
            return draw.content()
        changed = json.dumps(draw.edited(draw.pick(documents))).encode()
        return lzma.compress(changed, preset=0)

    def check(data: bytes) -> None:
        draw = Draw(data)
        try:
            exchange = unpack_exchange(record(draw))
        except ExchangeRecordError as error:
            insist(str(error).isprintable(), "not for a terminal", error)
            return
        insist(unpack_exchange(pack_exchange(exchange)).ending is exchange.ending, "not kept")
        exchange_words(exchange)
        if exchange.answer is not None:
            check_answer(exchange.answer)
            for wanted in ExportFormat:
                export_text(exchange.answer, wanted).encode("utf-8")

    return check


def _receipts() -> Check:
    """Read a receipt of which a little was changed, check it again and compare it with another."""
    from datetime import UTC, datetime

    from assistant.answering import Assistant
    from assistant.receipts.named_values import recorded_settings
    from assistant.receipts.receipt import Circumstances, make_receipt
    from assistant.receipts.receipt_json import ReceiptError, read_receipt, receipt_json
    from assistant.receipts.recheck import needed_ids, recheck
    from assistant.receipts.replay import replay
    from assistant.receipts.trace import Trace

    library, trace = small_library(), Trace()
    assistant = Assistant(library, today=lambda: TODAY)
    question = "Which papers are about bread?"
    answer = assistant.ask(question, trace=trace)
    settings = recorded_settings(assistant.settings, None)
    made = Circumstances("0.1.0", datetime(2026, 1, 2, tzinfo=UTC), answer.mode, "", settings)
    receipt = make_receipt((question,), answer, trace, library, made)
    document, papers = receipt_json(receipt), library.catalog.papers(needed_ids(receipt.turn))
    handle, name = tempfile.mkstemp(prefix="paperchat-fuzz-")
    os.close(handle)
    file = Path(name)

    def check(data: bytes) -> None:
        draw = Draw(data)
        if draw.number(8):
            file.write_text(json.dumps(draw.edited(document)), "utf-8", "surrogateescape")
        else:
            file.write_bytes(draw.content())
        try:
            read = read_receipt(file)
        except ReceiptError as error:
            insist(str(error).isprintable(), "not for a terminal", error)
            return
        again = recheck(read.turn, papers)
        insist({each.paper_id for each in again.citations} <= set(papers), "who is that", again)
        for cited in again.citations:
            stored = papers[cited.paper_id].abstract
            spans = [(quote.span, quote.text) for quote in cited.quotes]
            insist(all(stored[at.start : at.end] == text for at, text in spans), "no quote", spans)
        for before, after in ((read, receipt), (receipt, read)):
            found = replay(before, after, papers)
            texts = [(change.before, change.after) for change in found.changes]
            insist(all(was != now for was, now in texts), "a change of nothing", texts)

    return check
