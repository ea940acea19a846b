"""A library kept in step with a folder, file by file and record by record."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from embedders import WordEmbedder
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ingest.entries import Reading, Skipped
from ingest.errors import IngestError
from ingest.files import read_file
from ingest.ingesting import ingest_paths
from ingest.syncing import SyncReport, sync_folder
from vectorstore.library import Library, open_library

BREAD = {"title": "How Dough Rises", "abstract": "Levain ferments slowly through the night."}
SOUP = {"title": "Soups of the North", "abstract": "Broth simmers gently while onions soften."}
TEA = {"title": "On Green Tea", "abstract": "Leaves steep below boiling temperature."}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path / "library", WordEmbedder()) as library:
        yield library


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    write(folder / "a.jsonl", BREAD, SOUP)
    write(folder / "b.jsonl", TEA)
    return folder


def write(file: Path, *records: dict[str, str]) -> None:
    file.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")


def titles(library: Library) -> list[str]:
    counts = library.counts()
    assert (counts.pending, counts.passages) == (0, library.chroma.count())
    return sorted(paper.title for paper in library.catalog.all_papers())


def outcome(report: SyncReport) -> dict[str, Any]:
    """Return what is not zero, empty or a time."""
    read = report.read
    figures = {
        "files": read.files,
        "new": report.new_titles,
        "updated": report.updated_titles,
        "removed": tuple(sorted(report.removed_titles)),
        "unchanged": read.unchanged,
        "duplicates": read.duplicates,
        "files_unchanged": report.files_unchanged,
        "files_gone": report.files_gone,
        "skipped": [skipped.reason for skipped in read.skipped],
    }
    assert (read.new, read.updated, report.removed) == tuple(
        len(figures[name]) for name in ("new", "updated", "removed")
    )
    return {name: value for name, value in figures.items() if value}


def test_a_second_sync_reads_nothing(library: Library, folder: Path) -> None:
    first = sync_folder(library, folder)
    assert outcome(first) == {
        "files": 2,
        "new": (BREAD["title"], SOUP["title"], TEA["title"]),
    }
    assert outcome(sync_folder(library, folder, prune=True)) == {"files_unchanged": 2}
    (folder / "a.jsonl").touch()  # what counts is the content
    assert outcome(sync_folder(library, folder)) == {"files_unchanged": 2}


def test_what_changed_comes_in(library: Library, folder: Path) -> None:
    sync_folder(library, folder)
    edited = SOUP | {"abstract": "Broth simmers gently while leeks soften."}
    rye = {"title": "Rye", "abstract": "Rye needs no kneading."}
    write(folder / "a.jsonl", BREAD, edited, rye)
    assert outcome(sync_folder(library, folder)) == {
        "files": 1,
        "files_unchanged": 1,
        "new": ("Rye",),
        "updated": (SOUP["title"],),
        "unchanged": 1,
    }


def test_only_prune_removes(library: Library, folder: Path) -> None:
    sync_folder(library, folder)
    write(folder / "a.jsonl", SOUP)
    (folder / "b.jsonl").unlink()
    kept = sync_folder(library, folder)
    assert outcome(kept) == {"files": 1, "unchanged": 1, "files_gone": 1}
    assert len(titles(library)) == 3
    # The file is as that sync read it, but its papers are not what it lists.
    (folder / "a.jsonl").write_text((folder / "a.jsonl").read_text() + "\n", "utf-8")
    pruned = sync_folder(library, folder, prune=True)
    assert outcome(pruned) == {
        "files": 1,
        "unchanged": 1,
        "files_gone": 1,
        "removed": (BREAD["title"], TEA["title"]),
    }
    assert titles(library) == [SOUP["title"]]


def test_prune_after_a_sync_that_did_not(library: Library, folder: Path) -> None:
    sync_folder(library, folder)
    write(folder / "a.jsonl", SOUP)
    sync_folder(library, folder)
    assert sync_folder(library, folder, prune=True).removed_titles == (BREAD["title"],)
    assert titles(library) == sorted([SOUP["title"], TEA["title"]])


def test_a_paper_that_another_file_lists_stays(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere.jsonl"
    write(elsewhere, TEA)
    ingest_paths(library, [elsewhere])
    write(folder / "c.jsonl", BREAD)
    sync_folder(library, folder)
    (folder / "a.jsonl").unlink()
    (folder / "b.jsonl").unlink()
    assert sync_folder(library, folder, prune=True).removed_titles == (SOUP["title"],)
    sources = {
        p.title: [Path(s.file).name for s in p.sources] for p in library.catalog.all_papers()
    }
    assert sources == {BREAD["title"]: ["c.jsonl"], TEA["title"]: ["elsewhere.jsonl"]}


def test_a_renamed_file_loses_and_doubles_nothing(library: Library, folder: Path) -> None:
    sync_folder(library, folder)
    (folder / "a.jsonl").rename(folder / "z.jsonl")
    assert outcome(sync_folder(library, folder, prune=True)) == {
        "files": 1,
        "files_unchanged": 1,
        "files_gone": 1,
        "unchanged": 2,
    }
    assert len(titles(library)) == 3


def test_a_dry_run_tells_and_changes_nothing(library: Library, folder: Path) -> None:
    sync_folder(library, folder)
    write(folder / "a.jsonl", BREAD | {"abstract": "Levain ferments quickly by day and night."})
    (folder / "b.jsonl").unlink()
    before = list(library.catalog.file._connection.iterdump())
    rehearsed = sync_folder(library, folder, prune=True, rehearse=True)
    assert list(library.catalog.file._connection.iterdump()) == before
    assert rehearsed.rehearsed
    assert outcome(rehearsed) == {
        "files": 1,
        "updated": (BREAD["title"],),
        "removed": (TEA["title"], SOUP["title"]),
        "files_gone": 1,
    }
    assert len(titles(library)) == 3
    assert outcome(sync_folder(library, folder, prune=True)) == outcome(rehearsed)
    assert titles(library) == [BREAD["title"]]


def test_an_emptied_folder_is_not_pruned(library: Library, folder: Path) -> None:
    sync_folder(library, folder)
    shutil.rmtree(folder)
    folder.mkdir()
    with pytest.raises(IngestError, match="holds no file to read any more"):
        sync_folder(library, folder, prune=True)
    assert len(titles(library)) == 3
    assert outcome(sync_folder(library, folder)) == {"files_gone": 2}


@pytest.mark.parametrize("content", [b"", b"\0\1\2", b"nothing of the kind\n"])
def test_a_file_that_lists_nothing_any_more_keeps_its_papers(
    library: Library, folder: Path, content: bytes
) -> None:
    sync_folder(library, folder)
    (folder / "a.jsonl").write_bytes(content)
    report = sync_folder(library, folder, prune=True)
    assert (report.removed, report.read.skipped_count) == (0, 1)
    assert len(titles(library)) == 3


def test_a_file_that_cannot_be_read_to_its_end_keeps_its_papers(
    library: Library, folder: Path
) -> None:
    with zipfile.ZipFile(folder / "c.zip", "w") as archive:
        for name, record in (("1.jsonl", TEA), ("2.jsonl", {"title": "Rye", "abstract": "Rye."})):
            archive.writestr(name, json.dumps(record))
    sync_folder(library, folder)
    whole = (folder / "c.zip").read_bytes()
    (folder / "c.zip").write_bytes(whole[: len(whole) // 2])
    sync_folder(library, folder, prune=True)
    assert len(titles(library)) == 4
    with zipfile.ZipFile(folder / "c.zip", "w") as archive:
        archive.writestr("1.jsonl", json.dumps(TEA))
    assert sync_folder(library, folder, prune=True).removed_titles == ("Rye",)


def test_a_folder_that_may_not_be_looked_into_keeps_its_papers(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (folder / "b.jsonl").rename(inner / "b.jsonl")
    sync_folder(library, folder)
    (inner / "b.jsonl").rename(folder.parent / "b.jsonl")
    found = [folder / "a.jsonl", inner]  # as for a user without rights to it
    monkeypatch.setattr("ingest.syncing.find_files", lambda _folders: found)
    assert outcome(sync_folder(library, folder, prune=True)) == {
        "files_unchanged": 1,
        "skipped": ["a folder that can't be looked into"],
    }
    assert len(titles(library)) == 3


def test_a_column_map_has_files_read_again(library: Library, folder: Path) -> None:
    (folder / "c.csv").write_text("Name,Text\nRye,Rye needs no kneading.\n", "utf-8")
    assert sync_folder(library, folder).read.skipped_count == 1
    mapped = sync_folder(library, folder, columns={"title": "Name", "abstract": "Text"})
    assert mapped.new_titles == ("Rye",)


def test_a_removed_paper_comes_back_with_the_next_sync(library: Library, folder: Path) -> None:
    sync_folder(library, folder)
    [bread] = [p for p in library.catalog.all_papers() if p.title == BREAD["title"]]
    library.remove([bread.id])
    assert sync_folder(library, folder).new_titles == (BREAD["title"],)


def test_other_folders_are_left_alone(library: Library, folder: Path, tmp_path: Path) -> None:
    beside = tmp_path / "papers-2"
    beside.mkdir()
    write(beside / "a.jsonl", {"title": "Rye", "abstract": "Rye."})
    sync_folder(library, beside)
    sync_folder(library, folder)
    shutil.rmtree(beside)
    assert outcome(sync_folder(library, folder, prune=True)) == {"files_unchanged": 2}
    assert len(titles(library)) == 4


def test_no_such_folder(library: Library, tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="There is no such file or folder"):
        sync_folder(library, tmp_path / "nowhere")


def test_a_file_that_a_folder_is_not_searched_for_is_not_gone(
    library: Library, folder: Path
) -> None:
    write(folder / "c.dat", {"title": "Rye", "abstract": "Rye needs no kneading."})
    ingest_paths(library, [folder / "c.dat"])
    sync_folder(library, folder)
    assert outcome(sync_folder(library, folder, prune=True)) == {"files_unchanged": 2}
    (folder / "c.dat").unlink()
    assert sync_folder(library, folder, prune=True).removed_titles == ("Rye",)


def test_a_paper_that_prune_tells_otherwise_is_updated(library: Library, folder: Path) -> None:
    sync_folder(library, folder)
    write(folder / "z.jsonl", TEA | {"abstract": "Leaves steep well below boiling temperature."})
    sync_folder(library, folder)
    (folder / "z.jsonl").unlink()
    for rehearse in (True, False):
        assert outcome(sync_folder(library, folder, prune=True, rehearse=rehearse)) == {
            "files_unchanged": 2,
            "files_gone": 1,
            "updated": (TEA["title"],),
        }


def test_a_removed_paper_of_an_archive_comes_back(library: Library, folder: Path) -> None:
    with zipfile.ZipFile(folder / "c.zip", "w") as archive:
        archive.writestr("inner/1.jsonl", json.dumps({"title": "Rye", "abstract": "Rye."}))
    sync_folder(library, folder)
    library.remove([paper.id for paper in library.catalog.all_papers() if paper.title == "Rye"])
    assert sync_folder(library, folder).new_titles == ("Rye",)


def test_a_file_of_an_archive_that_lists_nothing_any_more_keeps_its_papers(
    library: Library, folder: Path
) -> None:
    for content in (json.dumps({"title": "Rye", "abstract": "Rye."}), "nothing of the kind"):
        with zipfile.ZipFile(folder / "c.zip", "w") as archive:
            archive.writestr("1.jsonl", content)
            archive.writestr("2.jsonl", json.dumps({"title": "Oats", "abstract": "Oats."}))
        assert sync_folder(library, folder, prune=True).removed == 0
    assert len(titles(library)) == 5


def test_a_file_that_was_ingested_since_is_read_again(library: Library, folder: Path) -> None:
    sync_folder(library, folder)
    before = (folder / "b.jsonl").read_bytes()
    write(folder / "b.jsonl", TEA | {"abstract": "Leaves steep well below boiling temperature."})
    ingest_paths(library, [folder / "b.jsonl"])
    (folder / "b.jsonl").write_bytes(before)
    assert sync_folder(library, folder).updated_titles == (TEA["title"],)


def test_a_read_error_is_no_reason_to_skip_the_file_next_time(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path, _sources: object) -> Iterator[Reading]:
        yield from list(read_file(path))[:1]
        yield Skipped(str(path), 2, "Input/output error", ends_file=True)

    with monkeypatch.context() as patch:
        patch.setattr("ingest.syncing.read_file", broken)
        sync_folder(library, folder, prune=True)
    assert sync_folder(library, folder).new_titles == (SOUP["title"],)


FILES = st.sampled_from(["a.jsonl", "b.jsonl", "c.json.gz"])
RECORDS = st.lists(
    st.builds(
        lambda n, version: {
            "title": f"Loaf number {n} of many",
            "abstract": f"Loaf {'abcdef'[n] * 6} was baked well. Version {version}.",
        },
        st.integers(0, 5),
        st.integers(0, 2),
    ),
    max_size=5,
    unique_by=lambda record: record["title"],
)


class SyncedFolder(RuleBasedStateMachine):
    """Edits a folder at random and keeps a library in step: it lists what the folder lists."""

    root: Path

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(self.root, str(len(list(self.root.iterdir()))))
        self.folder = self.home / "papers"
        self.folder.mkdir(parents=True)
        self.files: dict[str, dict[str, str]] = {"keep.jsonl": {"Kept": "Kept forever."}}
        self._write("keep.jsonl")

    def _write(self, name: str) -> None:
        import gzip

        text = "".join(
            json.dumps({"title": title, "abstract": abstract}) + "\n"
            for title, abstract in self.files[name].items()
        ).encode()
        (self.folder / name).write_bytes(gzip.compress(text) if name.endswith("gz") else text)

    @rule(name=FILES, records=RECORDS.filter(bool))
    def put(self, name: str, records: list[dict[str, str]]) -> None:
        self.files[name] = {record["title"]: record["abstract"] for record in records}
        self._write(name)

    @rule(name=FILES)
    def delete(self, name: str) -> None:
        if self.files.pop(name, None) is not None:
            (self.folder / name).unlink()

    @rule()
    def rehearse(self) -> None:
        with open_library(self.home / "library", WordEmbedder()) as library:
            before = list(library.catalog.all_papers())
            sync_folder(library, self.folder, prune=True, rehearse=True)
            assert list(library.catalog.all_papers()) == before

    @rule()
    def sync(self) -> None:
        with open_library(self.home / "library", WordEmbedder()) as library:
            sync_folder(library, self.folder, prune=True)
            listed: dict[str, set[str]] = {}
            for records in self.files.values():
                for title, abstract in records.items():
                    listed.setdefault(title, set()).add(abstract)
            papers = list(library.catalog.all_papers())
            assert sorted(paper.title for paper in papers) == sorted(listed)
            assert all(paper.abstract in listed[paper.title] for paper in papers)
            counts = library.counts()
            assert (counts.pending, counts.passages) == (0, library.chroma.count())
            again = sync_folder(library, self.folder, prune=True)
            assert outcome(again) == {"files_unchanged": len(self.files)}

    @invariant()
    def folder_is_there(self) -> None:
        assert len(list(self.folder.iterdir())) == len(self.files)


def test_a_folder_edited_at_random(tmp_path: Path) -> None:
    SyncedFolder.root = tmp_path
    bounds = settings(
        max_examples=5, stateful_step_count=8, deadline=None, phases=[Phase.generate]
    )  # each step opens a library; shrinking would take minutes
    run_state_machine_as_test(SyncedFolder, settings=bounds)  # type: ignore[no-untyped-call]
