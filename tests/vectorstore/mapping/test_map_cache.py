"""The map's file: as good as none where it is not whole and of this version."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from vectorstore.mapping.collection_map import CollectionMap, MapCluster, MapPoint
from vectorstore.mapping.map_cache import MAP_FILE, read_map, write_map

MADE = CollectionMap(
    version="v1",
    points=(
        MapPoint("a", "Bread & <b>butter</b> \ud800", -1.0, 0.25, 0, date(2024, 5, 1)),
        MapPoint("b", "面包", 1.0, -0.5, 0, None),
    ),
    clusters=(MapCluster("Bread", 0.0, 0.1, 2),),
)


def stored(**changes: Any) -> str:
    row = ["a", "Bread", 0.0, 0.0, 0, None]
    return json.dumps(
        {"version": "v1", "clusters": [["Bread", 0.0, 0.0, 1]], "points": [row]} | changes
    )


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write_map(tmp_path, CollectionMap("v0", (), ()))
    write_map(tmp_path, MADE)
    assert read_map(tmp_path, "v1") == MADE
    assert [file.name for file in tmp_path.iterdir()] == [MAP_FILE]


def test_no_file_and_other_versions(tmp_path: Path) -> None:
    assert read_map(tmp_path, "v1") is None
    write_map(tmp_path, MADE)
    assert read_map(tmp_path, "v2") is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "7",
        "null",
        "[" * 100_000,
        "{}",
        stored(version=None),
        stored(points=None),
        stored(points=[[]]),
        stored(points=[["a", "Bread", 0.0, 0.0, 1, None]]),
        stored(points=[["a", "Bread", 0.0, 0.0, -1, None]]),
        stored(points=[["a", "Bread", 0.0, 0.0, True, None]]),
        stored(points=[["a", 7, 0.0, 0.0, 0, None]]),
        stored(points=[["a", "Bread", float("nan"), 0.0, 0, None]]),
        stored(points=[["a", "Bread", "0", 0.0, 0, None]]),
        stored(points=[["a", "Bread", 0.0, 0.0, 0, "May"]]),
        stored(clusters=[["Bread", 0.0, float("inf"), 1]]),
    ],
)
def test_a_damaged_file_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / MAP_FILE).write_text(stored(), "utf-8")
    assert read_map(tmp_path, "v1") is not None
    (tmp_path / MAP_FILE).write_text(content, "utf-8")
    assert read_map(tmp_path, "v1") is None


def test_a_file_of_bytes_is_none(tmp_path: Path) -> None:
    (tmp_path / MAP_FILE).write_bytes(b"\xff\xfe\x00map")
    assert read_map(tmp_path, "v1") is None


@pytest.mark.parametrize("folder", ["missing", MAP_FILE])
def test_a_folder_that_takes_no_file(tmp_path: Path, folder: str) -> None:
    (tmp_path / MAP_FILE).mkdir()
    write_map(tmp_path / folder / "deeper", MADE)
    write_map(tmp_path, MADE)  # a folder has the file's name
    assert read_map(tmp_path, "v1") is None
    assert os.listdir(tmp_path) == [MAP_FILE]  # noqa: PTH208
