"""How a block looks while it is being written, row by row and cell by cell."""

from __future__ import annotations

import pytest

from assistant.answer import Block, BlockKind, Claim
from assistant.checking.open_block import OpenBlock

TABLE = BlockKind.TABLE
A, B, C = map(Claim, "ABC")


def table(*steps: str) -> OpenBlock:
    """Return a table of two columns after these steps: "row", "cell", or a claim's text."""
    block = OpenBlock(TABLE, columns=("x", "y"))
    for step in steps:
        match step:
            case "row":
                block.start_row()
            case "cell":
                block.start_cell()
            case text:
                block.add(Claim(text))
    return block


@pytest.mark.parametrize(
    ("steps", "rows"),
    [
        ("", None),
        ("row", None),
        ("row cell A", (((A,),),)),
        ("A", (((A,),),)),
        ("row cell A cell B", (((A,), (B,)),)),
        ("row cell A cell B cell C", (((A,), (B, C)),)),
        ("row cell A row", (((A,), ()),)),
        ("row cell A row row cell B", (((A,), ()), ((B,),))),
    ],
)
def test_a_table_so_far(steps: str, rows: tuple[object, ...] | None) -> None:
    block = table(*steps.split()).block()
    assert block == (Block(TABLE, columns=("x", "y"), rows=rows) if rows else None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("steps", "rows"),
    [
        ("", (((C,),),)),
        ("row", (((C,),),)),
        ("row cell", (((C,),),)),
        ("row cell A", (((A, C),),)),
        ("row cell A cell", (((A,), (C,)),)),
        ("row cell A row", (((A,), ()), ((C,),))),
        ("row cell A row cell B row", (((A,), ()), ((B,), ()), ((C,),))),
    ],
)
def test_a_table_with_the_claim_that_is_written(steps: str, rows: tuple[object, ...]) -> None:
    block = table(*steps.split()).block(C)
    assert block == Block(TABLE, columns=("x", "y"), rows=rows)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("steps", "label"),
    [("", True), ("row", True), ("row cell", True), ("row cell A cell", False), ("A", True)],
)
def test_the_first_cell_of_a_row_is_a_label(steps: str, label: bool) -> None:
    assert table(*steps.split()).is_label is label


def test_without_columns_there_is_no_table() -> None:
    block = OpenBlock(TABLE)
    block.start_row()
    block.start_cell()
    block.add(A)
    block.fill_row()
    assert block.block(B) == Block(BlockKind.PARAGRAPH, (A, B))
    assert not block.is_label


def test_a_list_item_has_no_rows() -> None:
    block = OpenBlock(BlockKind.ITEM, lead="Rye", columns=("x", "y"))
    block.start_row()
    assert block.block() == Block(BlockKind.ITEM, lead="Rye")
    assert OpenBlock().block() is None
