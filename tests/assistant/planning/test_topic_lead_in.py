"""What stands in front of a topic and says nothing of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.planning.topic_lead_in import bare_topic, without_start_over


@pytest.mark.parametrize(
    ("topic", "bare"),
    [
        ("How many papers are there about soup?", "soup"),
        ("so how many papers do you have on soup", "soup"),
        ("papers on soup", "soup"),
        ("List papers on soup", "soup"),
        ("show me all the articles about soup.", "soup"),
        ("Which papers cover soup?", "Which papers cover soup?"),
        ("papers on the", "papers on the"),
        ("working papers on soup", "working papers on soup"),
        ("soup?", "soup?"),
        ("", ""),
    ],
)
def test_a_topic_is_bare(topic: str, bare: str) -> None:
    assert bare_topic(topic) == bare


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("something else: papers on soup", "papers on soup"),
        ("ok, start over: soup", "soup"),
        ("new topic - soup", "soup"),
        ("new topic: something else: soup", "soup"),
        ("something else", "something else"),
        ("start over: the", "start over: the"),
        ("something else on soup", "something else on soup"),
    ],
)
def test_a_new_topic_begins(question: str, rest: str) -> None:
    assert without_start_over(question) == rest


@given(st.text(max_size=200))
def test_any_text_keeps_its_end(text: str) -> None:
    assert text.endswith(without_start_over(text))
    assert bare_topic(text) in text
