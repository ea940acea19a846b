"""Which paper is meant by a title that is typed as people type them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from embedders import WordEmbedder

from assistant.errors import AssistantError
from assistant.explaining.named_paper import find_paper
from vectorstore.embedding import Embedder
from vectorstore.library import Library
from vectorstore.records import Paper

LLUMNIX = "Llumnix: Dynamic Scheduling for Large Language Model Serving"
DISTSERVE = (
    "DistServe: Disaggregating Prefill and Decoding for Goodput-optimized Large Language Model"
    " Serving"
)
MELANGE = "Mélange: Cost Efficient Large Language Model Serving by Exploiting GPU Heterogeneity"
ATS = (
    "A$^2$ATS: Retrieval-Based KV Cache Reduction via Windowed Rotary Position Embedding and"
    " Query-Aware Vector Quantization"
)
DSIR = "Data Selection for Language Models via Importance Resampling"
MATRIX = "Serving Large Language Models on Huawei CloudMatrix384"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        (LLUMNIX, LLUMNIX),
        (f"  {LLUMNIX.upper().replace(':', ' -')}\n", LLUMNIX),
        ("Llumnix", LLUMNIX),
        ("llumnx", LLUMNIX),
        ("dynamic schedulng for large language model serving", LLUMNIX),
        ("dist serve", DISTSERVE),
        ("Goodput-optimized", DISTSERVE),
        ("melange", MELANGE),
        ("a2ats", ATS),
        ("DSIR", DSIR),
        ("huawei cloudmatrix", MATRIX),
    ],
)
def test_a_name_finds_its_paper(shipped_library: Library, name: str, title: str) -> None:
    assert find_paper(shipped_library, name).title == title


def test_an_id_finds_its_paper(shipped_library: Library) -> None:
    paper = find_paper(shipped_library, LLUMNIX)
    assert find_paper(shipped_library, paper.id) == paper


DECODING = (
    "Dovetail: A CPU/GPU Heterogeneous Speculative Decoding for LLM inference",
    "Mirror Speculative Decoding: Breaking the Serial Barrier in LLM Inference",
)


def test_a_name_of_several_papers_is_refused_with_their_titles(shipped_library: Library) -> None:
    with pytest.raises(AssistantError) as refused:
        find_paper(shipped_library, "speculative decoding")
    assert refused.value.problem == "More than one paper may be meant by “speculative decoding”"
    assert refused.value.hint == f"Is it “{DECODING[0]}” or “{DECODING[1]}”?"


PAPERS = (
    Paper("a", "Paged Caches", "Caches are paged to disk."),
    Paper("b", "Zebras on the Grass", "Zebras graze on grass."),
    Paper("c", "Zebras on the Move", "Zebras drink."),
)


@pytest.mark.parametrize(
    ("name", "problem", "hint"),
    [
        (
            "disk",
            "No paper here is called “disk”",
            "Is it “Paged Caches”, “Zebras on the Grass” or “Zebras on the Move”?",
        ),
        (
            "zebras on the",
            "More than one paper may be meant by “zebras on the”",
            "Is it “Zebras on the Grass” or “Zebras on the Move”?",
        ),
        ("  ", "No paper here is called “”", "Give a title, or a part of one."),
        (
            "?" * 70,
            f"No paper here is called “{'?' * 59}…”",
            "Give a title, or a part of one.",
        ),
    ],
)
def test_a_name_of_no_paper_is_refused_with_the_nearest_titles(
    make_library: Callable[[Sequence[Paper], Embedder], Library],
    name: str,
    problem: str,
    hint: str,
) -> None:
    with pytest.raises(AssistantError) as refused:
        find_paper(make_library(PAPERS, WordEmbedder()), name)
    assert (refused.value.problem, refused.value.hint) == (problem, hint)
