from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers import BREAD, SOUP, source

from assistant.checking.attribution import Attribution, split_claims

ATTRIBUTION = Attribution((source(BREAD, 0.1, 0.9), source(SOUP, 0.2)))


@pytest.mark.parametrize(
    ("claim", "sentence_id"),
    [
        ("Levain is a starter that rises 3.5 times faster.", "bread-1"),
        ("In cold kitchens, bread rises slowly.", "bread-0"),
        ("12 grams are enough for 40 bowls.", "soup-1"),
        # A figure or a name that the sentence lacks, few words shared, and the opposite.
        ("Levain is a starter that rises 35 times faster.", None),
        ("The Orca starter rises 3.5 times faster than bread.", None),
        ("Bread rises in warm kitchens and hot ovens and cellars.", None),
        ("Bread rises.", None),
        ("Bread never rises slowly in cold kitchens.", None),
        ("", None),
        # Behind a title the paper is certain; a title alone has its best sentence.
        ("Levain: Bread in a Hurry: the starter rises 3.5 times faster.", "bread-1"),
        ("Salt for Soup: in cold kitchens, bread rises slowly.", None),
        ("Levain: Bread in a Hurry", "bread-1"),
        ("**Salt for Soup**", "soup-0"),
    ],
)
def test_the_sentence_that_bears_a_claim_out(claim: str, sentence_id: str | None) -> None:
    found = ATTRIBUTION.find(claim)
    assert (found.id if found else None) == sentence_id


def test_a_further_sentence_is_tried_where_the_nearest_lacks_a_figure() -> None:
    rye = replace(BREAD, id="rye", title="Rye", abstract="Rye bread rises 7 times slowly here.")
    wheat = replace(rye, id="wheat", title="Wheat", abstract="Wheat bread rises 9 times slowly.")
    found = Attribution((source(rye), source(wheat))).find("Bread here rises slowly, 9 times.")
    assert found is not None
    assert found.id == "wheat-0"


def test_without_sources_nothing_is_found() -> None:
    assert Attribution(()).find("Bread rises slowly in cold kitchens.") is None


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            "One is 3.5. Two, e.g. bread, is. “Three.” Four!",
            ["One is 3.5.", "Two, e.g. bread, is.", "“Three.”", "Four!"],
        ),
        ("Smith et al. Show it. It works", ["Smith et al. Show it.", "It works"]),
        ("1. One. 2. Two is it.", ["1. One.", "2. Two is it."]),
        ("Animal. It is approx. Five", ["Animal.", "It is approx. Five"]),
        ("今日は。明日。", ["今日は。", "明日。"]),
        ("no end", ["no end"]),
        ("", []),
    ],
)
def test_splitting_into_claims(text: str, sentences: list[str]) -> None:
    assert split_claims(text) == sentences


def test_a_long_row_of_initials_is_split_in_time() -> None:
    text = ("A. " * 20_000).strip()
    began = time.process_time()
    assert split_claims(text) == [text]
    assert time.process_time() - began < 2  # 29 s where each one is looked for in all before it


@given(st.text())
def test_splitting_loses_nothing(text: str) -> None:
    assert "".join("".join(split_claims(text)).split()) == "".join(text.split())
