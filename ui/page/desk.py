"""What the parts of the page share: the library, the conversations, and who answers now.

One desk serves all visitors. Invariant: nothing here belongs to one of them; what does is kept in
the conversation store and looked up by the visitor's id.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from threading import Event, Lock

from assistant.conversations.store import ConversationStore
from assistant.example_questions import example_questions
from ui.page.assistant_choice import AssistantChoice
from ui.page.recent import RecentExchanges
from ui.server.lines import Lines, make_lines
from vectorstore.library import Library
from vectorstore.snapshot import Snapshot

REMEMBERED_STOPS = 1_000  # far more than answers under way


@dataclass(frozen=True, slots=True)
class CollectionFacts:
    """What the page says of the library: `mode` is "extractive" or the model's name."""

    paper_count: int
    mode: str


class RunningAnswers:
    """The answers under way, each by its visitor and the name that the visitor's page gave it.

    Safe to share between threads. One that is stopped while it still waits for its turn never
    begins.
    """

    def __init__(self, remembered: int = REMEMBERED_STOPS) -> None:
        self._guard = Lock()
        self._remembered = remembered
        self._stops: dict[tuple[str, str], Event] = {}

    def begin(self, visitor: str, name: str) -> Event:
        """Return what is set when the answer is to stop, or was before it began."""
        with self._guard:
            return self._stops.setdefault((visitor, name), Event())

    def end(self, visitor: str, name: str) -> None:
        """Forget an answer that has ended."""
        with self._guard:
            self._stops.pop((visitor, name), None)

    def stop(self, visitor: str, name: str) -> None:
        """Stop an answer."""
        with self._guard:
            early = [key for key, stop in self._stops.items() if stop.is_set()]
            if len(early) >= self._remembered:  # of answers that never began
                del self._stops[early[0]]
            self._stops.setdefault((visitor, name), Event()).set()


class FirstQuestions:
    """First questions to try, made once for each state of the library: each is tried on it."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._made: tuple[Snapshot, tuple[str, ...]] | None = None

    def of(self, library: Library) -> tuple[str, ...]:
        """Return questions about the papers that are there."""
        with self._guard:
            snapshot = library.snapshot()
            if self._made is None or self._made[0] is not snapshot:
                self._made = snapshot, example_questions(library)
            return self._made[1]


@dataclass(frozen=True, slots=True)
class Desk:
    """What every part of the page is given."""

    library: Library
    conversations: ConversationStore
    choice: AssistantChoice
    lines: Lines = field(default_factory=make_lines)
    running: RunningAnswers = field(default_factory=RunningAnswers)
    recent: RecentExchanges = field(default_factory=RecentExchanges)
    first_questions: FirstQuestions = field(default_factory=FirstQuestions)
    today: Callable[[], date] = date.today

    @property
    def shared(self) -> bool:
        """Tell whether people can open the page who are not at this machine."""
        return self.choice.locked

    def facts(self) -> CollectionFacts:
        """Return what the page says of the collection as it is now."""
        return CollectionFacts(self.library.catalog.paper_count(), self.choice.mode)

    def examples(self) -> tuple[str, ...]:
        """Return first questions to try, drawn from the papers that are there."""
        return self.first_questions.of(self.library)
