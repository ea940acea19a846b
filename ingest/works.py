"""Papers at work: those that a batch of entries is about, each with all its readings.

Owns which paper an entry goes to and which of its readings it replaces. Nothing is stored here.
Invariant: entries that were read before, in any order, go to the papers that they went to.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from ingest.entries import Entry
from ingest.identity import alike, contradict, keys_of, may_be_edited, new_paper_id
from ingest.merge import FoundEntry, merge_readings, places
from ingest.said import digest_of, entry_of, said_by
from vectorstore.catalog_file import DAMAGE_HINT
from vectorstore.catalog_readings import StoredReading
from vectorstore.errors import LibraryError
from vectorstore.records import Paper, Source

# Of one paper in one file: a list that repeats a paper without end adds no more to its sources.
MOST_READINGS = 20
MOST_NAMESAKES = 50  # papers of one title or identifier that are looked at


@dataclass(frozen=True, slots=True)
class FreshEntry:
    """An entry with what it is compared by, worked out once."""

    entry: Entry
    said: str
    digest: bytes
    keys: tuple[str, ...]


def fresh_entry(entry: Entry) -> FreshEntry:
    """Return the entry, ready to be matched."""
    said = said_by(entry)
    return FreshEntry(entry, said, digest_of(said), keys_of(entry))


@dataclass(eq=False, slots=True)
class Work:
    """A paper that entries may go to; `paper` is its stored record, None for one that is new."""

    paper_id: str
    number: int | None = None
    paper: Paper | None = None
    readings: list[StoredReading] = field(default_factory=list)
    changed: bool = False  # in what its readings say
    moved: bool = False  # in where they stand
    seen_in: set[str] = field(default_factory=set)  # files
    entries: list[Entry] = field(default_factory=list)  # what the readings say, in their order

    def merged(self) -> Paper:
        """Return the record that its readings make."""
        if self.paper and not self.changed:
            return replace(self.paper, sources=places(entry.source for entry in self.entries))
        readings = [
            FoundEntry(entry, stored.changed_run)
            for entry, stored in zip(self.entries, self.readings, strict=True)
        ]
        return merge_readings(self.paper_id, readings)

    def known_by(self) -> set[str]:
        """Return all that it is known by."""
        return {key for entry in self.entries for key in keys_of(entry)}


def stored_work(number: int, paper: Paper, readings: Iterable[StoredReading]) -> Work:
    """Return a stored paper as a work.

    One of a library that was written before readings were kept has its own record for each of its
    sources, and counts as changed: they are still to be stored.
    """
    stored = list(readings)
    known = stored or [own_reading(paper, source) for source in paper.sources]
    try:
        entries = [entry_of(item.said, Source(item.file, item.line)) for item in known]
    except (ValueError, TypeError) as error:
        raise LibraryError(
            f"What the catalog keeps of a reading is damaged: {error}",
            where=f"paper {paper.id}",
            hint=DAMAGE_HINT,
        ) from error
    return Work(paper.id, number, paper, known, changed=not stored, entries=entries)


class Works:
    """The works of one batch."""

    def __init__(self, works: Iterable[Work], batch: Iterable[FreshEntry], run: int) -> None:
        """Take the stored works that entries of `batch` may go to; `run` is that of ingest."""
        self._run = run
        self._batch = {(fresh.entry.source.file, fresh.digest) for fresh in batch}
        self._by_key: defaultdict[str, list[Work]] = defaultdict(list)
        self.works: list[Work] = []
        self.absorbed: list[Work] = []
        for work in works:
            self._add(work)

    def match(self, fresh: FreshEntry) -> Work | None:
        """Return the work that the entry is of, all works that it shows to be one made into one."""
        entry = fresh.entry
        candidates = dict.fromkeys(
            work for key in fresh.keys for work in self._by_key[key][:MOST_NAMESAKES]
        )
        found = [w for w in candidates if _has_read(w, fresh)]
        found = found or [w for w in candidates if _agrees(w, entry)]
        found = found or [w for w in candidates if self._is_edited(w, entry)][:1]
        if not found:
            return None
        first, *others = sorted(found, key=_age)
        for other in others:
            if _are_one(first, other, fresh):
                self._absorb(first, other)
        return first

    def start(self, paper_id: str) -> Work:
        """Return a new work, which has no reading yet."""
        work = Work(paper_id)
        self.works.append(work)
        return work

    def record(self, work: Work, fresh: FreshEntry) -> None:
        """Note what the entry says of the work, in place of what its file said in earlier runs."""
        source = fresh.entry.source
        work.seen_in.add(source.file)
        reading = StoredReading(
            source.file, source.line, fresh.digest, fresh.said, self._run, self._run
        )
        of_file = [at for at, item in enumerate(work.readings) if item.file == source.file]
        place = self._place(work, reading, of_file)
        if place is not None:
            before = work.readings[place]
            same = before.digest == reading.digest
            work.changed |= not same
            work.moved |= before.line != reading.line or len(of_file) > 1
            now = replace(reading, changed_run=before.changed_run) if same else reading
            work.readings[place], work.entries[place] = now, fresh.entry
        elif len(of_file) < MOST_READINGS:
            # What another place said before is no newer for being said here too.
            runs = [item.changed_run for item in work.readings if item.digest == reading.digest]
            work.readings.append(replace(reading, changed_run=min(runs, default=self._run)))
            work.entries.append(fresh.entry)
            work.changed = True
        for key in fresh.keys:
            if work not in self._by_key[key]:
                self._by_key[key].append(work)

    def _place(self, work: Work, fresh: StoredReading, of_file: list[int]) -> int | None:
        """Return which reading the fresh one takes the place of: the same, else an outdated one."""
        same = [at for at in of_file if work.readings[at].digest == fresh.digest]
        exact = [at for at in same if work.readings[at].line == fresh.line]
        unseen = [at for at in same if work.readings[at].seen_run < self._run]
        outdated = [at for at in of_file if work.readings[at].seen_run < self._run]
        return next(iter([*exact, *unseen, *outdated]), None)

    def _is_edited(self, work: Work, entry: Entry) -> bool:
        """Tell whether the entry may be the new text of what its file said of the work.

        Not where the file says the old text still, further on in the batch, nor where another file
        says what does not go with the new one.
        """
        file = entry.source.file
        pairs = list(zip(work.readings, work.entries, strict=True))
        outdated = [
            said
            for item, said in pairs
            if item.file == file
            and item.seen_run < self._run
            and (file, item.digest) not in self._batch
        ]
        return any(may_be_edited(entry, said) for said in outdated) and all(
            alike(entry, said) for item, said in pairs if item.file != file
        )

    def _add(self, work: Work) -> None:
        self.works.append(work)
        for key in work.known_by():
            self._by_key[key].append(work)

    def _absorb(self, work: Work, other: Work) -> None:
        work.readings += other.readings
        work.entries += other.entries
        work.seen_in |= other.seen_in
        work.changed = True
        self.works.remove(other)
        self.absorbed.append(other)
        for works in self._by_key.values():
            if other in works:
                works[:] = dict.fromkeys(work if w is other else w for w in works)


def _has_read(work: Work, fresh: FreshEntry) -> bool:
    file = fresh.entry.source.file
    return any(item.digest == fresh.digest and item.file == file for item in work.readings)


def merge_entries(entries: Iterable[Entry]) -> tuple[Paper, ...]:
    """Return the papers that the entries are of, in the order of their first, without a library."""
    batch = list(map(fresh_entry, entries))
    works = Works([], batch, run=1)
    assign(works, batch, set())
    return tuple(work.merged() for work in works.works)


class TakenIds(Protocol):
    """The ids that papers have."""

    def __contains__(self, paper_id: object) -> bool: ...

    def add(self, paper_id: str) -> None: ...


def assign(works: Works, entries: Iterable[FreshEntry], taken: TakenIds) -> None:
    """Record every entry of the work that it is of, or of a new one with an id of its own."""
    for fresh in entries:
        work = works.match(fresh)
        if work is None:
            work = works.start(_free_id(fresh.entry, taken))
            taken.add(work.paper_id)
        works.record(work, fresh)


def _free_id(entry: Entry, taken: Container[str]) -> str:
    """Return the id that an export calls the paper, or else a new one, of those not `taken`."""
    if entry.paper_id and entry.paper_id not in taken:
        return entry.paper_id
    nth = 0
    while (paper_id := new_paper_id(entry, nth)) in taken:
        nth += 1
    return paper_id


def _age(work: Work) -> float:
    """Return what the works are ordered by, those that were stored first first."""
    return math.inf if work.number is None else work.number


def _are_one(work: Work, other: Work, shown_by: FreshEntry) -> bool:
    """Tell whether two works that an entry is of are one: it names both, or they agree."""
    if any(contradict(one, each) for one in work.entries for each in other.entries):
        return False
    named = set(shown_by.keys[:-1])  # all but the title, which is no proof
    if named & work.known_by() and named & other.known_by():
        return True
    return any(alike(one, each) for one in work.entries for each in other.entries)


def _agrees(work: Work, entry: Entry) -> bool:
    return any(alike(entry, e) for e in work.entries) and not any(
        contradict(entry, e) for e in work.entries
    )


def own_reading(paper: Paper, source: Source) -> StoredReading:
    """Return what the paper itself says, as if it had been read there."""
    entry = Entry(
        title=paper.title,
        abstract=paper.abstract,
        source=source,
        published=paper.published,
        author_count=paper.author_count,
        authors=paper.authors,
        organization=paper.organization,
        comment_count=paper.comment_count,
        url=paper.url,
        arxiv_id=paper.arxiv_id,
        doi=paper.doi,
        venue=paper.venue,
        categories=paper.categories,
        date_precision=paper.date_precision,
    )
    said = said_by(entry)
    return StoredReading(source.file, source.line, digest_of(said), said, 0, 0)
