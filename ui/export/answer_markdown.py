"""An answer as Markdown with [1] [2] markers, safe to paste anywhere that renders Markdown.

Invariant: what stands in brackets with a number alone is a citation of the answer; everything else
is escaped and reads as the text it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.answer import Answer, Block, BlockKind, Claim
from ui.html.plain_text import readable
from ui.verdicts import verdict

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~$&])")
_LIST_MARK = re.compile(r"^(\d*)([-+.)])")
_OPENINGS = {BlockKind.PARAGRAPH: "", BlockKind.HEADING: "## ", BlockKind.ITEM: "- "}


def answer_markdown(answer: Answer) -> str:
    """Return the blocks of the answer; items that follow one another form one list."""
    text = ""
    before: BlockKind | None = None
    for block in answer.blocks:
        both_items = before is block.kind is BlockKind.ITEM
        text += "" if before is None else "\n" if both_items else "\n\n"
        text += _block(block)
        before = block.kind
    return text


def _block(block: Block) -> str:
    if block.kind is BlockKind.TABLE:
        return _table(block)
    lead = f"**{_escaped(block.lead)}**" if block.lead else ""
    colon = ":" if lead and block.claims and block.claims[0].text else ""
    text = " ".join(part for part in (f"{lead}{colon}", _claims(block.claims)) if part)
    return _OPENINGS[block.kind] + _LIST_MARK.sub(r"\1\\\2", text)


def _table(block: Block) -> str:
    """Return a table as GitHub reads it; cells that are still to come are empty."""
    width = len(block.columns)
    rows = [[_claims(cell) for cell in row] for row in block.rows]
    return "\n".join(
        (
            _row(_escaped(column) for column in block.columns),
            _row(["---"] * width),
            *(_row(row + [""] * (width - len(row))) for row in rows),
        )
    )


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _claims(claims: Sequence[Claim]) -> str:
    return " ".join(_claim(claim) for claim in claims)


def _claim(claim: Claim) -> str:
    markers = " ".join(f"[{number}]" for number in claim.citations)
    doubt = verdict(claim)
    said = f"({_escaped(doubt)})" if doubt else ""
    return " ".join(part for part in (_escaped(claim.text), markers, said) if part)


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(readable(text).split()))
