"""What is asked of whole answers: the promises that each of them keeps, and its parts."""

from __future__ import annotations

from assistant.answer import Answer, Block, BlockKind


def assert_verified(answer: Answer) -> None:
    """Insist on what every complete answer promises."""
    assert answer.complete
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    claims = [claim for block in answer.blocks for claim in block.all_claims()]
    assert {number for claim in claims for number in claim.citations} == set(numbers)
    quoted = {each.number: {quote.span for quote in each.quotes} for each in answer.citations}
    for claim in claims:
        assert {number for number, _ in claim.quotes} == set(claim.citations)
        assert len(set(claim.quotes)) == len(claim.quotes)
        assert all(span in quoted[number] for number, span in claim.quotes)
    resting = {(number, span) for claim in claims for number, span in claim.quotes}
    assert resting == {(number, span) for number, spans in quoted.items() for span in spans}
    for citation in answer.citations:
        assert citation.quotes
        for quote in citation.quotes:
            assert citation.paper.abstract[quote.span.start : quote.span.end] == quote.text


def blocks_of(answer: Answer, kind: BlockKind) -> list[Block]:
    """Return the answer's blocks of this kind."""
    return [block for block in answer.blocks if block.kind is kind]


def first_words(answer: Answer) -> str:
    """Return what the answer begins with."""
    return answer.blocks[0].claims[0].text


def table_texts(answer: Answer) -> list[list[str]]:
    """Return the texts of the answer's one table, the columns' names first."""
    [table] = blocks_of(answer, BlockKind.TABLE)
    cells = [[" ".join(claim.text for claim in cell) for cell in row] for row in table.rows]
    return [list(table.columns), *cells]
