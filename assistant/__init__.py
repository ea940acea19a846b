"""From a question to a verified answer: plan, search, select, compose, verify.

Knows `vectorstore` and neither `ingest` nor `ui`.
"""

from assistant.answer import (
    Answer,
    Block,
    BlockKind,
    Citation,
    Claim,
    Intent,
    Outcome,
    Plan,
    Quote,
    Turn,
)
from assistant.errors import AssistantError, ModelError, QuestionError

__all__ = [
    "Answer",
    "AssistantError",
    "Block",
    "BlockKind",
    "Citation",
    "Claim",
    "Intent",
    "ModelError",
    "Outcome",
    "Plan",
    "QuestionError",
    "Quote",
    "Turn",
]
