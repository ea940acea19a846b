"""The folder of papers that `benchmarks.kills` edits says what it is said to."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

import pytest

from benchmarks.kills_folder import PaperFolder
from ingest.entries import Entry
from ingest.files import read_entries


@pytest.mark.parametrize("seed", range(5))
def test_what_is_in_the_files(tmp_path: Path, seed: int) -> None:
    folder = PaperFolder(tmp_path / "papers", random.Random(seed))
    for _ in range(8):
        folder.edit()
        found: defaultdict[str, list[str]] = defaultdict(list)
        for reading in read_entries([folder.path]):
            assert isinstance(reading, Entry)
            found[reading.title].append(Path(reading.source.file).name)
        assert {title: tuple(sorted(names)) for title, names in found.items()} == (
            folder.files_by_title()
        )
