"""Whether cited sentences bear a claim out, by rule and on the training questions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from papers import BREAD, SOUP

from assistant.answer import Verdict
from assistant.checking.support import (
    SHARED_FLOOR,
    Judgement,
    is_english,
    is_quote,
    judge,
    missing_from,
    shared_share,
    without_title,
)
from ingest.entries import Entry
from ingest.files import read_entries
from ingest.sentences import split_sentences
from ingest.works import merge_entries
from vectorstore.records import Paper, title_key

ROOT = Path(__file__).parents[3]
EVIDENCE = "On vLLM and LLaMA2-7B, KV caches take 50% less memory, twice on 1,000 prompts: 2.98x."


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("vLLM takes half of it: 50 percent, two times, on 1000 prompts, 2x.", ()),
        ("About 3x on Orca at 50 per cent, and 3x again.", ("3x", "Orca")),
        ("GPT-4 takes 7 GB.", ("GPT-4", "7")),
        ("LLaMA2-7B and LLaMA are meant.", ()),
        ("Three caches of two kinds are meant.", ()),
        ("Twelve caches are meant.", ("Twelve",)),
        ("Das Modell nutzt den Speicher besser als Orca und GPT-4.", ("GPT-4",)),
        ("More is at https://evil.example/vLLM.", ("https://evil.example",)),
        ("", ()),
    ],
)
def test_what_the_evidence_lacks(claim: str, missing: tuple[str, ...]) -> None:
    assert missing_from(claim, EVIDENCE) == missing


SALT = SOUP.abstract[17:]


@pytest.mark.parametrize(
    ("claim", "judgement"),
    [
        (SALT, Judgement(Verdict.SUPPORTED)),
        ("We show that 12 grams…", Judgement(Verdict.SUPPORTED)),
        ("Twelve grams of salt will do for the bowls.", Judgement(Verdict.SUPPORTED)),
        ("Salt for Soup: 13 grams are enough.", Judgement(Verdict.WEAK, ("13",))),
        ("Salt for Soup: trains leave Vienna early.", Judgement(Verdict.UNSUPPORTED)),
        ("Trains leave Vienna early.", Judgement(Verdict.UNSUPPORTED)),
        ("Yes.", Judgement(Verdict.SUPPORTED)),
        ("Die Züge fahren früh von Wien ab.", Judgement(Verdict.SUPPORTED)),
        ("列車は早く出ます。", Judgement(Verdict.SUPPORTED)),
    ],
)
def test_judging_a_claim(claim: str, judgement: Judgement) -> None:
    assert judge(claim, [SALT], [SOUP]) == judgement


@pytest.mark.parametrize(
    ("claim", "sentence", "judgement"),
    [
        ("5 times faster", "It is 2.5 times faster.", Judgement(Verdict.WEAK, ("5",))),
        ("500 errors", "It has 1,500 errors.", Judgement(Verdict.WEAK, ("500",))),
        ("It is 2", "It is 2.5 times faster.", Judgement(Verdict.WEAK, ("2",))),
        ("5%", "It has 95%.", Judgement(Verdict.WEAK, ("5%",))),
        ("0 errors", "It makes 10 errors.", Judgement(Verdict.WEAK, ("0",))),
        ("…5 times faster…", "It is 2.5 times faster.", Judgement(Verdict.WEAK, ("5",))),
        ("Orca", "The Orcas swim.", Judgement(Verdict.SUPPORTED)),
        # A quote is one whatever it names, and however it was cut.
        ("…swim at 2.5 knots…", "Orcas swim at 2.5 knots, says Ada.", Judgement(Verdict.SUPPORTED)),
        (
            "…2.5 knots, says Ada",
            "Orcas swim at 2.5 knots, says Ada.",
            Judgement(Verdict.SUPPORTED),
        ),
    ],
)
def test_a_part_of_a_sentence_ends_at_words_and_figures(
    claim: str, sentence: str, judgement: Judgement
) -> None:
    assert judge(claim, [sentence], []) == judgement


@pytest.mark.parametrize(
    ("claim", "sentence", "quote"),
    [
        ("art", "We start.", False),
        ("start", "We start.", True),
        ("…", "We start…", False),
        ("5", "It is 5.", False),
        ("It is 5.", "It is 5.5.", False),
        ("…grams of salt…", "Twelve grams of salt, not 13.", True),
        ("Twelve grams of salt, not 13.", "Twelve grams of salt, not 13.", True),
    ],
)
def test_which_claims_are_quotes(claim: str, sentence: str, quote: bool) -> None:
    assert is_quote(claim, sentence) is quote


def test_a_papers_publisher_and_date_are_known() -> None:
    claim = "Levain was published by Bakery Lab in May 2024 (2024-05-06) and is a starter."
    assert judge(claim, [BREAD.abstract[37:94]], [BREAD]) == Judgement(Verdict.SUPPORTED)
    assert missing_from(claim, BREAD.abstract) == ("Bakery", "Lab", "May", "2024", "2024-05-06")


@pytest.mark.parametrize(
    ("claim", "rest"),
    [
        ("Salt for Soup: it helps.", "it helps."),
        ("“Salt for Soup” – it helps.", "it helps."),
        ("**salt FOR soup**", ""),
        ("Salt for Soups", "Salt for Soups"),
        ("Salt for Soup helps.", "Salt for Soup helps."),
    ],
)
def test_what_follows_a_title(claim: str, rest: str) -> None:
    assert without_title(claim, SOUP.title) == rest


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("vLLM uses PagedAttention.", True),
        ("Quantized rectifiers make pretraining cheap.", True),
        ("Das Modell ist schneller und braucht weniger Speicher als die Vorgänger.", False),
        ("Le modèle est plus rapide et utilise moins de mémoire que les précédents.", False),
        ("El modelo es más rápido y usa menos memoria.", False),
        ("Модель быстрее.", False),
        ("PagedAttention", False),
    ],
)
def test_which_texts_are_english(text: str, english: bool) -> None:
    assert is_english(text) is english


def test_the_floor_on_findings_in_other_words() -> None:
    """The figures that the choice of the floor states: most findings of a paper pass with its
    nearest sentence, and most do not with that of another paper.
    """
    papers = _shipped_papers()
    findings = list(_findings())
    others = [papers[(at * 7 + 3) % len(papers)] for at in range(len(findings))]
    by_title = {title_key(paper.title): paper for paper in papers}
    own = _below_floor((text, by_title[title_key(title)]) for text, title in findings)
    other = _below_floor(zip((text for text, _ in findings), others, strict=True))
    assert (own / len(findings), other / len(findings)) == pytest.approx((0.07, 0.83), abs=0.03)


def _below_floor(pairs: Iterable[tuple[str, Paper]]) -> int:
    return sum(_best_share(finding, paper) < SHARED_FLOOR for finding, paper in pairs)


def _best_share(finding: str, paper: Paper) -> float:
    sentences = (paper.abstract[each.start : each.end] for each in split_sentences(paper.abstract))
    return max(shared_share(finding, f"{sentence} {paper.title}") for sentence in sentences)


def _findings() -> Iterable[tuple[str, str]]:
    for line in (ROOT / "training/data/queries.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["type"] == "claim":
            yield row["query"], row["title"]


def _shipped_papers() -> tuple[Paper, ...]:
    entries = read_entries([ROOT / "data/daily-papers"])
    return merge_entries([each for each in entries if isinstance(each, Entry)])
