"""From a question to a verified answer: plan, search, select, compose, verify.

Knows `vectorstore` and neither `ingest` nor `ui`.
"""

from assistant.answer import (
    Answer,
    Block,
    BlockKind,
    Cell,
    Citation,
    Claim,
    Intent,
    Named,
    Outcome,
    Plan,
    Quote,
    Turn,
    Usage,
    Verdict,
)
from assistant.errors import AssistantError, ModelError, QuestionError

__all__ = [
    "Answer",
    "AssistantError",
    "Block",
    "BlockKind",
    "Cell",
    "Citation",
    "Claim",
    "Intent",
    "ModelError",
    "Named",
    "Outcome",
    "Plan",
    "QuestionError",
    "Quote",
    "Turn",
    "Usage",
    "Verdict",
]
