"""An answer as Markdown with [1] [2] markers, safe to paste anywhere that renders Markdown.

Invariant: what stands in brackets with a number alone is a citation of the answer; everything else
is escaped and reads as the text it is.
"""

from __future__ import annotations

import re

from assistant.answer import Answer, Block, BlockKind, Claim, Verdict
from ui.plain_text import readable
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
    lead = f"**{_escaped(block.lead)}**" if block.lead else ""
    claims = " ".join(_claim(claim) for claim in block.claims)
    text = ": ".join(part for part in (lead, claims) if part)
    return _OPENINGS[block.kind] + _LIST_MARK.sub(r"\1\\\2", text)


def _claim(claim: Claim) -> str:
    markers = " ".join(f"[{number}]" for number in claim.citations)
    doubt = "" if claim.verdict is Verdict.SUPPORTED else f"({verdict(claim)})"
    return " ".join(part for part in (_escaped(claim.text), markers, doubt) if part)


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(readable(text).split()))
