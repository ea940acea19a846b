"""Receipts: what they hold, that they read back, and files that are none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from embedders import WordEmbedder
from hypothesis import given
from hypothesis import strategies as st
from papers import BREAD, SOUP
from receipts import CIRCUMSTANCES, PIECES, PLAN, PROMPT, QUESTIONS, answered

from assistant.answer import Block, BlockKind, Claim
from assistant.draft import Received, Remark, Sent, StartBlock, Text
from assistant.model.chat_model import ChatModelSettings
from assistant.receipts.named_values import recorded_settings
from assistant.receipts.receipt import (
    CitedPaper,
    GivenSentence,
    LastTurn,
    Models,
    RankedPaper,
    Receipt,
    make_receipt,
)
from assistant.receipts.receipt_corpus import Corpus, read_corpus
from assistant.receipts.receipt_draft import DraftStep, Step, draft_pieces, draft_steps
from assistant.receipts.receipt_json import LONGEST_FILE, ReceiptError, read_receipt, receipt_json
from assistant.receipts.trace import Trace
from assistant.settings import AssistantSettings
from vectorstore.catalog import CatalogCounts
from vectorstore.embedding import Embedder
from vectorstore.library import Library
from vectorstore.records import Paper, ScoreParts, Source

MakeLibrary = Callable[[Sequence[Paper], Embedder], Library]

CORPUS = Corpus(
    2,
    "96a197c4c7b4a6976e7108bca3b0699275bdf5d74c7c5859ffa05133b6d439d2",
    {"bread": "5244af0dbc31db2b", "soup": "152c2e4893cd94de"},
)
DRAFT = (
    DraftStep(Step.BLOCK, kind=BlockKind.PARAGRAPH),
    DraftStep(Step.REMARK, "The search found 2 papers:"),
    DraftStep(Step.BLOCK, "Salt", kind=BlockKind.ITEM),
    DraftStep(Step.TEXT, "12 grams are enough for 40 bowls."),
    DraftStep(Step.CITE, names=("soup-1",)),
    DraftStep(Step.TABLE, names=("Paper", "Says")),
    DraftStep(Step.ROW),
    DraftStep(Step.CELL),
    DraftStep(Step.TEXT, "Levain"),
    DraftStep(Step.CELL),
    DraftStep(Step.TEXT, "We present Levain, a starter that rises 3.5 times faster."),
    DraftStep(Step.CITE, names=("bread-1",)),
)


@pytest.fixture
def receipt(make_library: MakeLibrary) -> Receipt:
    """Return a receipt with every field filled."""
    answer, trace = answered()
    library = make_library([BREAD, SOUP], WordEmbedder())
    return make_receipt(QUESTIONS, answer, trace, library, CIRCUMSTANCES)


@pytest.fixture
def library(make_library: MakeLibrary) -> Library:
    """Return a library of two papers."""
    return make_library([SOUP, BREAD], WordEmbedder())


def test_the_whole_receipt(receipt: Receipt) -> None:
    answer, trace = answered()
    assert receipt == Receipt(
        format="paperchat receipt",
        version=2,
        paperchat="0.1.0",
        made_at=CIRCUMSTANCES.made_at,
        questions=QUESTIONS,
        corpus=CORPUS,
        counts=CatalogCounts(2, 0, receipt.counts.passages, 1, 0, 1),
        models=Models(embedding="words", reranker="", chat="tiny", planner="rules"),
        settings=CIRCUMSTANCES.settings,
        turn=LastTurn(
            plan=PLAN,
            ranking=(
                RankedPaper("bread", BREAD.title, 0.9, ScoreParts(0.5, 0.25)),
                RankedPaper("soup", SOUP.title, 0.9, ScoreParts(0.5, 0.25)),
            ),
            sentences=tuple(
                GivenSentence(each.id, source.paper.id, each.span, each.text, 0.0)
                for source in trace.sources
                for each in source.sentences
            ),
            prompt=PROMPT,
            reply="12 grams are enough for 40 bowls [soup-1].",
            draft=DRAFT,
            blocks=answer.blocks,
            citations=(
                CitedPaper(1, "soup", SOUP.title, answer.citations[0].quotes),
                CitedPaper(2, "bread", BREAD.title, answer.citations[1].quotes),
            ),
            outcome=answer.outcome,
            mode="tiny",
            notice="",
            corrections=answer.corrections,
            uncovered=("tea",),
            dropped_citations=0,
            usage=answer.usage,
            seconds=1.5,
        ),
    )


def test_a_receipt_reads_back_as_it_was(receipt: Receipt, tmp_path: Path) -> None:
    assert read_back(receipt, tmp_path) == receipt
    unlisted = replace(receipt, corpus=replace(CORPUS, digests=None))
    assert read_back(unlisted, tmp_path) == unlisted


def test_a_receipt_of_the_first_version_reads_without_what_it_lacks(
    receipt: Receipt, tmp_path: Path
) -> None:
    written = json.loads(receipt_json(receipt)) | {"version": 1}
    del written["turn"]["plan"]["chosen"], written["turn"]["plan"]["chosen_title"]
    for block in written["turn"]["blocks"]:
        cells = [cell for row in block["rows"] for cell in row]
        for claim in [each for claims in (block["claims"], *cells) for each in claims]:
            del claim["quotes"]
    file = tmp_path / "older.json"
    file.write_text(json.dumps(written), "utf-8")
    read = read_receipt(file)
    assert read.version == 1
    assert receipt.turn.blocks != read.turn.blocks
    assert read.turn.blocks == tuple(map(without_quotes, receipt.turn.blocks))
    assert replace(read.turn, blocks=()) == replace(receipt.turn, blocks=())


def without_quotes(block: Block) -> Block:
    """Return the block as if no claim named the sentences it rests on."""

    def bare(claims: Iterable[Claim]) -> tuple[Claim, ...]:
        return tuple(replace(claim, quotes=()) for claim in claims)

    rows = tuple(tuple(map(bare, row)) for row in block.rows)
    return replace(block, claims=bare(block.claims), rows=rows)


def read_back(receipt: Receipt, folder: Path) -> Receipt:
    """Write a receipt and read it."""
    file = folder / "receipt.json"
    file.write_bytes(receipt_json(receipt).encode("utf-8", "replace"))
    return read_receipt(file)


@given(st.text(), st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text()))
def test_any_text_reads_back(
    tmp_path_factory: pytest.TempPathFactory, text: str, settings: dict[str, str | int | None]
) -> None:
    answer, _ = answered()
    turn = LastTurn(
        *(PLAN, (), (), (), text, (DraftStep(Step.TEXT, text, (text,)),), answer.blocks, ()),
        *(answer.outcome, text, text, (), (text,), 0, answer.usage, 0.0),
    )
    corpus, counts = Corpus(0, text, {text: text}), CatalogCounts(0, 0, 0, 0, 0, 0)
    models = Models(text, text, text, text)
    receipt = Receipt(
        *("paperchat receipt", 1, text, CIRCUMSTANCES.made_at, (text,), corpus, counts, models),
        *(settings, turn),
    )
    assert read_back(receipt, tmp_path_factory.mktemp("any")) == receipt


def test_a_half_character_does_not_keep_a_receipt_from_being_read(
    receipt: Receipt, tmp_path: Path
) -> None:
    assert read_back(replace(receipt, questions=("a\ud800",)), tmp_path).questions == ("a?",)


def test_the_fingerprint_is_of_what_is_known_and_not_of_where_it_was_read(
    library: Library,
) -> None:
    before = read_corpus(library)
    library.add([], [replace(BREAD, sources=(Source("elsewhere.txt", 1),))])
    assert read_corpus(library) == before
    library.add([], [replace(BREAD, comment_count=3)])
    after = read_corpus(library)
    assert after.fingerprint != before.fingerprint
    assert before.digests
    assert after.digests
    changed = {name for name in before.digests if before.digests[name] != after.digests[name]}
    assert changed == {"bread"}


def test_a_large_library_is_not_listed(library: Library) -> None:
    listed = read_corpus(library)
    assert read_corpus(library, listed_papers=2) == listed
    assert read_corpus(library, listed_papers=1) == replace(listed, digests=None)


def test_a_draft_survives_as_steps() -> None:
    _, trace = answered()
    assert draft_pieces(draft_steps(trace.draft)) == trace.draft
    assert draft_steps(PIECES[:2]) == ()


def test_a_composer_that_takes_over_begins_anew() -> None:
    trace = Trace()
    trace.selected(PLAN, ())
    for piece in (Sent(PROMPT), Received("Sal"), StartBlock(BlockKind.ITEM), Text("Sal")):
        trace.piece(piece)
    trace.selected(PLAN, ())
    for piece in (Text("a"), Text("b"), Remark("c"), Text("d")):
        trace.piece(piece)
    assert (trace.messages, trace.reply) == (PROMPT, "Sal")
    assert trace.draft == (Text("ab"), Remark("c"), Text("d"))


def test_settings_have_no_key() -> None:
    chat = ChatModelSettings("tiny", "http://me:hush@h.example:8/v1?key=hush#hush", api_key="hush")
    settings = recorded_settings(AssistantSettings(), chat)
    assert "hush" not in json.dumps(settings)
    assert (settings["chat.base_url"], settings["chat.model"]) == ("http://h.example:8/v1", "tiny")
    assert settings["assistant.search.fusion.pooled"] == AssistantSettings().search.fusion.pooled
    assert recorded_settings(AssistantSettings(), None) == {
        name: value for name, value in settings.items() if not name.startswith("chat.")
    }


NOT_RECEIPTS: list[tuple[bytes, str]] = [
    (b"", "The file is not JSON: EOF while parsing a value"),
    (b"\x89PNG\r\n", "The file is not JSON: expected value at line 1 column 1"),
    (b'"\xff"', "The file is not JSON: invalid unicode code point"),
    (b"[" * 1_000_000, "The file is not JSON: recursion limit exceeded"),
    (b'{"a":' * 1_000_000, "The file is not JSON: recursion limit exceeded"),
    (b"[]", "The file is not a receipt"),
    (b"{}", "The file is not a receipt"),
    (b'{"format": "else", "version": 1}', "The file is not a receipt"),
    (b'{"format": "paperchat receipt"}', "The receipt is damaged: version: not a whole number"),
    (b'{"format": "paperchat receipt", "version": true}', "The receipt is damaged: version"),
    (b'{"format": "paperchat receipt", "version": 0}', "The receipt is damaged: version"),
    (
        b'{"format": "paperchat receipt", "version": 3}',
        "The receipt has version 3, and this paperchat reads up to version 2",
    ),
    (b'{"format": "paperchat receipt", "version": 1}', "The receipt is damaged: paperchat: "),
    (b'{"format": "paperchat receipt", "version": 1' + b"0" * 5000 + b"}", "The file is not JSON"),
]


@pytest.mark.parametrize(("content", "problem"), NOT_RECEIPTS)
def test_a_file_that_is_no_receipt(tmp_path: Path, content: bytes, problem: str) -> None:
    file = tmp_path / "receipt.json"
    file.write_bytes(content)
    with pytest.raises(ReceiptError) as raised:
        read_receipt(file)
    assert raised.value.problem.startswith(problem)
    assert raised.value.where == str(file)
    assert raised.value.hint


EDITS: list[tuple[str, str, str]] = [
    ('"version": 2', '"version": 2.0', "version: not a whole number from 1"),
    ('"made_at": "2026', '"made_at": "26', "made_at: Input should be a valid datetime"),
    ('"intent": "fact"', '"intent": "poem"', "turn.plan.intent: Input should be 'list', 'fact'"),
    ('"seconds": 1.5', '"seconds": "1.5"', "turn.seconds: Input should be a valid number"),
    ('"seconds": 1.5', '"seconds": NaN', "turn.seconds: Input should be a finite number"),
    ('"seconds": 1.5', '"seconds": 1e999', "turn.seconds: Input should be a finite number"),
    ('"papers": 2', '"papers": "2"', "corpus.papers: Input should be a valid integer"),
    ('"reply": ', '"reply": 3, "answer": ', "turn.reply: Input should be a valid string"),
    ('"notice": ', '"remark": ', "turn.notice: Field required"),
    ('"reranker": ', '"key": "", "reranker": ', "models.key: Unexpected keyword argument"),
    ('"step": "row"', '"step": "rows"', "turn.draft.6.step: Input should be 'block', 'table'"),
]


@pytest.mark.parametrize(("old", "new", "problem"), EDITS)
def test_an_edited_receipt(
    receipt: Receipt, tmp_path: Path, old: str, new: str, problem: str
) -> None:
    text = receipt_json(receipt)
    assert old in text
    file = tmp_path / "receipt.json"
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ReceiptError) as raised:
        read_receipt(file)
    assert raised.value.problem.startswith(f"The receipt is damaged: {problem}")


def test_a_receipt_without_questions(receipt: Receipt, tmp_path: Path) -> None:
    with pytest.raises(ReceiptError, match="The receipt is damaged: questions: there is none"):
        read_back(replace(receipt, questions=()), tmp_path)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ReceiptError, match="The receipt cannot be read: No such file"):
        read_receipt(tmp_path / "none.json")
    with pytest.raises(ReceiptError, match="The receipt cannot be read: Is a directory"):
        read_receipt(tmp_path)
    long = tmp_path / "long.json"
    with long.open("wb") as file:
        file.truncate(LONGEST_FILE + 1)
    with pytest.raises(ReceiptError, match="The file is too long for a receipt"):
        read_receipt(long)
