"""How topics are told apart on the map."""

from __future__ import annotations

import re

import pytest

from ui.html.map_marks import HUES, TopicMark, topic_marks
from ui.page.scripts import ASSETS
from vectorstore.mapping.collection_map import MapCluster
from vectorstore.mapping.topics import MOST_TOPICS

GROUNDS = {"": "#fbfaf8", ".dark ": "#16181b"}
LEAST_CONTRAST = 3.0  # of what is no text, by WCAG


def cluster(x: float) -> MapCluster:
    return MapCluster("Bread", x, 0.0, 1)


@pytest.mark.parametrize("count", range(MOST_TOPICS + 1))
def test_no_two_topics_have_the_same_mark(count: int) -> None:
    marks = topic_marks([cluster(at / 10) for at in range(count)])
    assert len(set(marks)) == len(marks) == count
    assert all(mark.hue < HUES for mark in marks)


def test_the_second_of_a_hue_is_far_from_the_first() -> None:
    marks = topic_marks([cluster(at) for at in range(HUES)] + [cluster(0.1), cluster(5.9)])
    assert marks[HUES:] == (TopicMark(6, is_second=True), TopicMark(0, is_second=True))


@pytest.mark.parametrize("theme", GROUNDS)
def test_marks_stand_out_from_the_ground(theme: str) -> None:
    css = (ASSETS / "map.css").read_text("utf-8")
    found = re.search(rf"^{re.escape(theme)}#page {{(.*?)}}", css, re.DOTALL | re.MULTILINE)
    assert found
    hues = re.findall(r"--topic-\d: (#[0-9a-f]{6});", found[1])
    assert len(hues) == HUES
    ground = luminance(GROUNDS[theme])
    for hue in hues:
        bright, dark = sorted((luminance(hue), ground), reverse=True)
        assert (bright + 0.05) / (dark + 0.05) >= LEAST_CONTRAST, hue


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
