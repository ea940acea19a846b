"""Which papers a question names, on the shipped pages, and when it only mentions them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.planning.plan_names import FoundNames, read_names
from vectorstore.library import Library

# How the titles begin that are expected below.
APEX, OTHER_APEX = "APEX: An Extensible", "Parallel CPU-GPU Execution"
COMET, OTHER_COMET = "COMET: Towards Partical", "Comet: Fine-grained"


def titles(library: Library, ids: tuple[str, ...]) -> list[str]:
    papers = library.catalog.papers(ids)
    return [papers[paper_id].title for paper_id in ids]


def assert_begin(found: list[str], beginnings: tuple[str, ...]) -> None:
    """Insist that titles begin so, in any order."""
    assert len(found) == len(beginnings), found
    for beginning in beginnings:
        assert any(title.startswith(beginning) for title in found), found


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("what does Nexus say about energy?", ("Nexus",)),
        ("do you have the GPTQ paper?", ("GPTQ",)),
        ("when was distserve published?", ("DistServe",)),
        ("How fast is SAIL", ("SAIL",)),
        ("What speedups are seen on one node with MoETuner?", ("MoETuner",)),
        ("Which model families was SCORE tried on?", ("SCORE",)),
        ("How does FastPathology's memory footprint compare with others?", ("FastPathology",)),
        ("what's better, DistServe or Nexus?", ("DistServe", "Nexus")),
        ("is Nexus faster than DistServe", ("Nexus", "DistServe")),
        ("DistServe", ("DistServe",)),
        ("what is the MoS paper about", ("MoS",)),
        ("how do GPTQ and MR-GPTQ compare?", ("GPTQ", "Bridging the Gap Between Promise")),
        ("the spider web paper", ("Modeling and design of heterogeneous",)),
    ],
)
def test_papers_that_a_question_is_about(
    shipped_library: Library, question: str, named: tuple[str, ...]
) -> None:
    found = read_names(question, shipped_library)
    ids = tuple(paper_id for each in found.named for paper_id in each.paper_ids)
    assert_begin(titles(shipped_library, ids), named)
    assert (found.excluded, found.likened, found.rest) == ((), (), question)


@pytest.mark.parametrize(
    "question",
    [
        "What happened to speed on a T4 when a 1B Llama was compressed with GPTQ?",
        "In which cache-size regime can one beat FlashAttention's number of transfers?",
        "How does S-LoRA keep thousands of adapters ready?",
        "How close does FlashAttention-3 get to peak FLOPs on Hopper with FP8?",
        "which papers bolt small gates onto pretrained models?",
        "how much CO2 does training emit?",
        "can you help me find papers on latency prediction?",
        "can AI click the right tiny button in photoshop or CAD programs",
        "Which papers cover federated learning?",
        "papers from Nowhere Institute",
        "",
    ],
)
def test_a_name_that_is_only_mentioned(shipped_library: Library, question: str) -> None:
    assert read_names(question, shipped_library) == FoundNames((), (), (), question, question)


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("what's the difference between the two APEX papers", (APEX, OTHER_APEX)),
        ("APEX", (APEX,)),
        ("How much more throughput than vLLM does APEX get on a T4?", (OTHER_APEX,)),
        ("APEX, the simulator one", (APEX,)),
        ("COMET vs Comet", (COMET, OTHER_COMET)),
        ("Does Comet support a 4 bit kv cache?", (COMET,)),
        ("which comet paper is about overlap of communication", (OTHER_COMET,)),
    ],
)
def test_namesakes_are_told_apart(
    shipped_library: Library, question: str, meant: tuple[str, ...]
) -> None:
    [named] = read_names(question, shipped_library).named
    assert_begin(titles(shipped_library, named.paper_ids), meant)


def test_a_namesake_that_is_ruled_out(shipped_library: Library) -> None:
    found = read_names("APEX, not the simulator", shipped_library)
    [named] = found.named
    assert_begin(titles(shipped_library, named.paper_ids), (OTHER_APEX,))
    assert_begin(titles(shipped_library, found.excluded), (APEX,))
    assert found.rest == "APEX"


def test_a_paper_that_is_left_out(shipped_library: Library) -> None:
    found = read_names("quantization but not GPTQ", shipped_library)
    assert (found.named, found.rest) == ((), "quantization")
    assert_begin(titles(shipped_library, found.excluded), ("GPTQ",))


@pytest.mark.parametrize("question", ["papers like DistServe", "anything similar to DistServe?"])
def test_a_paper_that_others_are_to_be_like(shipped_library: Library, question: str) -> None:
    found = read_names(question, shipped_library)
    assert (found.named, found.excluded) == ((), ())
    assert_begin(titles(shipped_library, found.likened), ("DistServe",))


@given(text=st.text(max_size=100))
def test_any_text_names_papers_or_none(shipped_library: Library, text: str) -> None:
    found = read_names(f"{text} GPTQ {text}", shipped_library)
    assert all(each.paper_ids for each in found.named)
