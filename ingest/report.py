"""What a run of ingest did, told at its end.

Invariant: memory is a byte a paper and a bounded number of names, however much was read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.entries import Entry, Noted, Reading, Skipped
from ingest.recording import Outcome, Recorded

NAMED_PAPERS = 500  # in a report: as many as anybody looks through
NAMED_PLACES = 10_000  # of what was skipped or noted: what is beyond is counted


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What happened to all that was read.

    `new`, `updated` and `unchanged` count papers; `duplicates` counts entries beyond the first of
    their paper, so that the four add up to `entries`. A paper that was merely found in one more
    place is unchanged. `new_ids` and `updated_ids` are the first `NAMED_PAPERS` of them, `skipped`
    and `notes` the first `NAMED_PLACES` of `skipped_count` and `note_count`. Of the new papers,
    `same_abstract` have the abstract of an earlier one, and `suspicious` hold text that is hidden
    or talks to a model.
    """

    files: int
    entries: int
    new: int
    updated: int
    unchanged: int
    duplicates: int
    skipped: tuple[Skipped, ...]
    seconds: float
    new_ids: tuple[str, ...] = ()
    updated_ids: tuple[str, ...] = ()
    skipped_count: int = 0
    notes: tuple[Noted, ...] = ()
    note_count: int = 0
    same_abstract: int = 0
    suspicious: int = 0


@dataclass(slots=True)
class Tally:
    """What became of what was read so far."""

    entries: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    skipped_count: int = 0
    notes: list[Noted] = field(default_factory=list)
    note_count: int = 0
    _without_entry: int = 0  # papers that were changed, but not read
    _outcomes: bytearray = field(default_factory=bytearray)  # by the paper's number
    _named: dict[Outcome, list[str]] = field(default_factory=dict)

    def read(self, reading: Reading) -> None:
        """Count what a reader handed over."""
        if isinstance(reading, Entry):
            self.entries += 1
        elif isinstance(reading, Skipped):
            self.skipped_count += 1
            if len(self.skipped) < NAMED_PLACES:
                self.skipped.append(reading)
        else:
            self.note_count += 1
            if len(self.notes) < NAMED_PLACES:
                self.notes.append(reading)

    def recorded(self, papers: Iterable[Recorded]) -> None:
        """Count what became of papers; of what several batches did to one, the most counts."""
        for paper in papers:
            self._make_room(paper.number)
            if paper.outcome > self._outcomes[paper.number]:
                self._outcomes[paper.number] = paper.outcome
                named = self._named.setdefault(paper.outcome, [])
                if len(named) < NAMED_PAPERS:
                    named.append(paper.paper_id)

    def changed(self, papers: Iterable[Recorded]) -> None:
        """Count those of the papers that are updated, though no entry says so."""
        for paper in papers:
            if paper.outcome is Outcome.UPDATED:
                self._make_room(paper.number)
                self._without_entry += not self._outcomes[paper.number]
                self.recorded([paper])

    def _make_room(self, number: int) -> None:
        self._outcomes.extend(bytes(max(number + 1 - len(self._outcomes), 0)))

    def new_numbers(self) -> list[int]:
        """Return the numbers of the papers that are new, rising."""
        return [n for n, outcome in enumerate(self._outcomes) if outcome == Outcome.NEW]

    def report(self, seconds: float, same_abstract: int, suspicious: int) -> IngestReport:
        """Return what is known at the end, but not of how many files."""
        papers = Counter(self._outcomes)
        counted = {outcome: papers[outcome] for outcome in Outcome}
        return IngestReport(
            files=0,
            entries=self.entries,
            new=counted[Outcome.NEW],
            updated=counted[Outcome.UPDATED],
            unchanged=counted[Outcome.UNCHANGED],
            duplicates=self.entries + self._without_entry - sum(counted.values()),
            skipped=tuple(self.skipped),
            seconds=seconds,
            new_ids=tuple(self._named.get(Outcome.NEW, ())),
            updated_ids=tuple(self._named.get(Outcome.UPDATED, ())),
            skipped_count=self.skipped_count,
            notes=tuple(self.notes),
            note_count=self.note_count,
            same_abstract=same_abstract,
            suspicious=suspicious,
        )
