"""Keeps a library's map in the library's folder, so that it is made once for each version of it.

A cache and no more: a file that is damaged, or of another version, is as good as none, and a folder
that cannot be written to only costs the time of making the map again.
"""

from __future__ import annotations

import json
import logging
import math
import secrets
from datetime import date
from pathlib import Path
from typing import Any

from vectorstore.mapping.collection_map import CollectionMap, MapCluster, MapPoint

MAP_FILE = "map.json"
LOG = logging.getLogger(__name__)


def read_map(home: Path, version: str) -> CollectionMap | None:
    """Return the map of this version if the folder keeps it, whole."""
    try:
        stored = json.loads((home / MAP_FILE).read_text("utf-8"))
        if stored["version"] != version:
            return None
        clusters = tuple(map(_cluster, stored["clusters"]))
        points = tuple(map(_point, stored["points"]))
        if any(point.cluster >= len(clusters) for point in points):
            raise ValueError("a paper is in a topic that is not there")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        LOG.warning("The stored map is made anew, because it cannot be read: %s", error)
        return None
    return CollectionMap(version, points, clusters)


def write_map(home: Path, made: CollectionMap) -> None:
    """Keep `made` in the folder, in place of any other, if the folder can be written to."""
    stored = {
        "version": made.version,
        "clusters": [[of.name, of.x, of.y, of.size] for of in made.clusters],
        "points": [
            [of.paper_id, of.title, of.x, of.y, of.cluster, of.published and str(of.published)]
            for of in made.points
        ],
    }
    part = home / f".{MAP_FILE}.{secrets.token_hex(8)}.part"
    try:
        try:
            part.write_text(json.dumps(stored), "utf-8")
            part.replace(home / MAP_FILE)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        LOG.info("The map is not kept: %s", error)


def _cluster(row: Any) -> MapCluster:
    name, x, y, size = row
    return MapCluster(_text(name), _place(x), _place(y), _count(size))


def _point(row: Any) -> MapPoint:
    paper_id, title, x, y, cluster, published = row
    day = None if published is None else date.fromisoformat(_text(published))
    return MapPoint(_text(paper_id), _text(title), _place(x), _place(y), _count(cluster), day)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _place(value: Any) -> float:
    if not isinstance(value, (int, float)) or not math.isfinite(value):
        raise TypeError(f"{value!r} is no place")
    return float(value)


def _count(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise TypeError(f"{value!r} is no count")
    return value
