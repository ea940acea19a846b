"""What can go wrong with a fetch: for good, or for now."""

from __future__ import annotations

from ingest.errors import IngestError

GO_ON = "What was fetched is kept; the same command goes on where it stopped."
LOG_IN_HINT = "A network that asks you to log in may answer in its place; open a browser."


class FeedError(IngestError):
    """A service did not give what was asked for, or it cannot be kept."""


class UnreadyError(FeedError):
    """A failure that may pass; `wait_s` is what the service asks for before the next request."""

    def __init__(self, problem: str, *, where: str, wait_s: float = 0.0) -> None:
        super().__init__(problem, where=where, hint=GO_ON)
        self.wait_s = wait_s


class EmptyPageError(UnreadyError):
    """A page without papers where there should be some, as arXiv sends them now and then."""
