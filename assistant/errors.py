"""What can go wrong between a question and its answer."""

from __future__ import annotations

from vectorstore.errors import PaperchatError


class AssistantError(PaperchatError):
    """A question cannot be answered."""


class QuestionError(AssistantError):
    """The question itself cannot be used: empty, or too long."""


class ModelError(AssistantError):
    """The configured chat model did not give a usable reply."""
