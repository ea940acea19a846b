"""An answer as Markdown with [1] [2] markers, safe to paste anywhere that renders Markdown.

Invariant: what stands in brackets with a number alone is a citation of the answer; everything else
is escaped and reads as the text it is.
"""

from __future__ import annotations

import re

from assistant.answer import Answer, Block, BlockKind, Claim
from ui.plain_text import readable

UNSUPPORTED = "(no quoted sentence bears this out)"

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~$])")
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
    return _OPENINGS[block.kind] + ": ".join(part for part in (lead, claims) if part)


def _claim(claim: Claim) -> str:
    markers = " ".join(f"[{number}]" for number in claim.citations)
    verdict = "" if claim.supported else UNSUPPORTED
    return " ".join(part for part in (_escaped(claim.text), markers, verdict) if part)


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(readable(text).split()))
