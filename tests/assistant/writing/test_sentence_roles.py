"""What sentences do and what questions ask. The sentences are real ones, judged by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.writing.sentence_roles import (
    Role,
    adds_to_another,
    asks_quantity,
    asks_where_to_get,
    has_figure,
    has_measured_gain,
    questions_in,
    role_of,
)
from vectorstore.library import Library

REAL = [
    (
        Role.BACKGROUND,
        0.14,
        "This has prompted focused efforts to design ever-faster deep learning accelerators "
        "such as GPUs and TPUs.",
    ),
    (
        Role.BACKGROUND,
        0.0,
        "The success of deep neural networks (DNNs) is attributable to three factors: "
        "increased compute capacity, more complex models, and more data.",
    ),
    (
        Role.BACKGROUND,
        0.0,
        "Spiking Neural Networks (SNNs) are promising energy-efficient models for "
        "neuromorphic computing.",
    ),
    (Role.BACKGROUND, 0.18, "NAS has been extensively studied in the past few years."),
    (
        Role.BACKGROUND,
        0.0,
        "Recent advances in large language models have brought immense value to the world, "
        "with their superior capabilities stemming from the massive number of parameters they"
        " utilize.",
    ),
    (
        Role.BACKGROUND,
        0.22,
        "One approach to hosting such huge models is to aggregate device memory from many GPUs.",
    ),
    (
        Role.BACKGROUND,
        0.3,
        "In the efficient inference device world, workloads are frequently executed in INT8.",
    ),
    (
        Role.PROBLEM,
        0.43,
        "However, existing methods do not consider overlapping the utilization of different "
        "resources within a single device, leading to underutilization and sub-optimal "
        "performance.",
    ),
    (
        Role.PROBLEM,
        0.0,
        "The quadratic complexity of full attention limits efficient long-context processing "
        "in large language models (LLMs).",
    ),
    (
        Role.PROBLEM,
        0.1,
        "Furthermore, the queried human preferences cannot be utilized for the new tasks.",
    ),
    (
        Role.PROBLEM,
        0.14,
        "However, LLMs inherently lack long-term memory, making it a nontrivial, ad hoc, and "
        "inevitably biased task to fine-tune them on domain-specific literature and data.",
    ),
    (
        Role.PROBLEM,
        0.25,
        "Addressing these issues requires fundamentally redesigned hardware-software integration.",
    ),
    (
        Role.PROBLEM,
        0.25,
        "In contrast, olfaction - a high-bandwidth, evolutionarily critical sense - has been "
        "largely overlooked.",
    ),
    (
        Role.PROBLEM,
        0.22,
        "Common challenges of binarization, such as accuracy degradation and efficiency "
        "limitation, suggest that its attributes are not fully understood.",
    ),
    (
        Role.PROBLEM,
        0.38,
        "This limits the use cases that can benefit from HF and VF and increases development "
        "costs.",
    ),
    (
        Role.PROBLEM,
        0.33,
        "However, these methods respond reactively to performance issues rather than "
        "anticipating them, limiting adaptability under dynamic workloads.",
    ),
    (
        Role.PROBLEM,
        0.18,
        "However, the use of 3D parallelism produces the additional challenge of finding the "
        "optimal number of ways on each dimension and mapping the split models onto the GPUs.",
    ),
    (
        Role.CONTRIBUTION,
        0.57,
        "Furthermore, we introduce Multi-Query GSM-Symbolic, which extends GSM-Symbolic by "
        "including multiple related queries per context.",
    ),
    (
        Role.CONTRIBUTION,
        0.33,
        "In this paper, we present DrivingWorld, a GPT-style world model for autonomous "
        "driving, featuring several spatial-temporal fusion mechanisms.",
    ),
    (
        Role.CONTRIBUTION,
        0.14,
        "We establish that employing a few large kernels, instead of stacking multiple "
        "smaller ones, can be a superior design strategy.",
    ),
    (
        Role.CONTRIBUTION,
        0.18,
        "Here, we explore this problem in the context of solving real-world GitHub issues "
        "from the SWE-bench dataset.",
    ),
    (
        Role.CONTRIBUTION,
        0.5,
        "To address this, we introduce LLMCompiler, which executes functions in parallel to "
        "efficiently orchestrate multi-function calling.",
    ),
    (
        Role.CONTRIBUTION,
        0.36,
        "In this research, we propose an extensive benchmarking study focused on the Hopper GPU.",
    ),
    (
        Role.CONTRIBUTION,
        0.88,
        "Lastly, we propose a novel importance-based mixed-precision technique.",
    ),
    (
        Role.CONTRIBUTION,
        0.33,
        "Thus, we describe FRANC, a lightweight framework for recommending more secure and "
        "high-quality source code derived from transformer-based code generation models.",
    ),
    (
        Role.CONTRIBUTION,
        0.36,
        "We identify an architecture, named Primer, that has a smaller training cost than the"
        " original Transformer and other variants for auto-regressive language modeling.",
    ),
    (
        Role.METHOD,
        0.75,
        "We also leveraged domain adaptation to utilize simulated data, bypassing the need "
        "for real data.",
    ),
    (
        Role.METHOD,
        0.82,
        "Our selection method can also be used to combine candidates from different sources.",
    ),
    (
        Role.METHOD,
        0.5,
        "Our approach employs activation sparsity to extract experts.",
    ),
    (
        Role.METHOD,
        0.38,
        "IGPG leverages a VQ-VAE and an autoregressive model to generate neural network "
        "parameters, conditioned on task instructions, dataset, and architecture details.",
    ),
    (
        Role.METHOD,
        0.82,
        "The true label is placed first, followed by the remaining classes in descending "
        "teacher confidence.",
    ),
    (
        Role.METHOD,
        0.36,
        "For the validation studies, we used 698 T1-weighted MR volumes from St. Olav "
        "University Hospital, Trondheim, Norway.",
    ),
    (
        Role.METHOD,
        0.64,
        "In the first stage, we leverage a standard pretrained diffusion model to generate a "
        "provisional image under uncontrolled lighting.",
    ),
    (
        Role.METHOD,
        0.78,
        "Upon solution, M\\'elange derives the minimal-cost GPU allocation that adheres to a "
        "configurable latency SLO.",
    ),
    (
        Role.RESULT,
        0.83,
        "We successfully fit vMF distributions to 2048-, 8192-, and 32768-dimensional image "
        "feature data using our algorithms.",
    ),
    (
        Role.RESULT,
        1.0,
        "Our evaluation demonstrates the effectiveness and generality of Universal "
        "Checkpointing on state-of-the-art model architectures and a wide range of "
        "parallelism techniques.",
    ),
    (
        Role.RESULT,
        0.71,
        "These results indicate the universal modeling abilities of large-kernel ConvNets "
        "with faster inference speed compared with vision transformers.",
    ),
    (
        Role.RESULT,
        1.0,
        "Similarly, on the full end-to-end transformer inference, FuseMax achieves an average"
        " 5.3times speedup over FLAT using 83% of the energy.",
    ),
    (
        Role.RESULT,
        1.0,
        "Our experiments indicate the benefits of target optimization and the effectiveness "
        "of SSO.",
    ),
    (
        Role.RESULT,
        1.0,
        "It can inference 25x larger models than with GPU-only solutions, while delivering a "
        "high throughput of 84 TFLOPS (over 50% of A6000 peak).",
    ),
    (
        Role.RESULT,
        0.92,
        "In addition, IIR-SNNs perform inference with 5-2500X reduced latency compared to "
        "other state-of-the-art SNNs, maintaining comparable or even better accuracy.",
    ),
    (Role.AVAILABILITY, 1.0, "We provide code at https://github.com/flairox/jaxmarl."),
    (
        Role.AVAILABILITY,
        1.0,
        "The code for our BiBench is released https://github.com/htqin/BiBench .",
    ),
    (
        Role.AVAILABILITY,
        1.0,
        "We have publicly released the benchmarking code, evaluation protocols, and "
        "hyper-parameter settings of our work to promote reproducible research in this field.",
    ),
    (Role.AVAILABILITY, 1.0, "https://github.com/yingweima2022/SWE-Reasoner"),
]


@pytest.mark.parametrize(("role", "position", "text"), REAL, ids=[text[:40] for *_, text in REAL])
def test_roles_of_real_sentences(role: Role, position: float, text: str) -> None:
    assert role_of(text, position) is role


def test_the_sentences_are_real(shipped_library: Library) -> None:
    abstracts = [paper.abstract for paper in shipped_library.catalog.papers().values()]
    assert [text for *_, text in REAL if not any(text in abstract for abstract in abstracts)] == []


@pytest.mark.parametrize(
    ("position", "role"),
    [(0.0, Role.BACKGROUND), (0.3, Role.BACKGROUND), (0.4, Role.METHOD), (1.0, Role.METHOD)],
)
def test_place_decides_where_words_do_not(position: float, role: Role) -> None:
    assert role_of("Dough rests in a bowl.", position) is role


@given(text=st.text(), position=st.floats(0, 1))
def test_any_text_has_a_role(text: str, position: float) -> None:
    assert role_of(text, position) in Role


@pytest.mark.parametrize(
    ("text", "figure", "gain"),
    [
        ("It rises 3.5 times faster.", True, True),
        ("Accuracy grows by 12 %.", True, True),
        ("Cost falls by 40\\%.", True, True),
        ("It is 2x cheaper.", True, True),
        ("The time is halved, halving the bill.", False, True),
        ("We bake 200 loaves.", True, False),
        ("Two ideas help: 1) salt, and 2) rest.", False, False),
        ("It has (1) salt and (2) yeast.", False, False),
        ("Errors shrink threefold.", True, True),
        ("It lies on a manifold.", False, False),
        ("It is much better.", False, False),
        ("", False, False),
    ],
)
def test_figures_and_gains(text: str, figure: bool, gain: bool) -> None:
    assert (has_figure(text), has_measured_gain(text)) == (figure, gain)


@pytest.mark.parametrize(
    ("text", "adds"),
    [
        ("Furthermore, we propose a lid.", True),
        ("We further propose a lid.", True),
        ("Finally, we release the oven.", True),
        ("We propose an oven, and then a lid.", False),
        ("In this paper, we propose an oven.", False),
    ],
)
def test_sentences_that_go_on_from_others(text: str, adds: bool) -> None:
    assert adds_to_another(text) is adds


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("How much faster is it?", True),
        ("how many GPUs were used", True),
        ("By how much does memory shrink?", True),
        ("At what cost?", True),
        ("What speedup does it reach, and after how much tuning?", True),
        ("In the end, how long did it take to train?", True),
        ("Which accuracy does it have?", True),
        ("What share of requests fails?", True),
        ("by what factor is traffic reduced", True),
        ("How accurate is it?", True),
        ("Up to how many dimensions does it go?", True),
        ("tell me how large the model is", True),
        ("What decides how many blocks are skipped?", False),
        ("How does it work?", False),
        ("How are weights stored?", False),
        ("Why is it slow?", False),
        ("Which data was it tested on?", False),
        ("", False),
    ],
)
def test_questions_for_a_quantity(question: str, asks: bool) -> None:
    assert asks_quantity(question) is asks


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Is the code available?", True),
        ("Does it release its code?", True),
        ("Did they open-source the weights?", True),
        ("Where can I find the repository?", True),
        ("Is there a GitHub repo?", True),
        ("give me the source code", True),
        ("Are the data sets public?", True),
        ("How well does it write code?", False),
        ("How are is-a links predicted?", False),
        ("Which open-source models were compared?", False),
        ("", False),
    ],
)
def test_questions_for_code_or_data(question: str, asks: bool) -> None:
    assert asks_where_to_get(question) is asks


@pytest.mark.parametrize(
    ("question", "words", "found"),
    [
        ("How fast is it?", ("fast",), [("How fast is it?", None)]),
        ("How fast is it, and why?", ("fast",), [("How fast is it, and why?", None)]),
        (
            "How many loaves rise, and how long do loaves rest?",
            ("many", "loaves", "rise", "long", "loaves", "rest"),
            [("How many loaves rise", [0, 1, 2]), ("how long do loaves rest?", [3, 4, 5])],
        ),
        (
            "How many ovens? And in which towns? Is bread sold?",
            ("many", "ovens", "towns", "bread", "sold"),
            [("How many ovens", [0, 1]), ("in which towns", [2]), ("Is bread sold?", [3, 4])],
        ),
        # A corrected word stands in neither.
        (
            "How hot is the ofen and what does it bake?",
            ("hot", "oven", "bake"),
            [("How hot is the ofen", [0, 1]), ("what does it bake?", [2])],
        ),
        ("Bread and butter?", ("Bread", "butter"), [("Bread and butter?", None)]),
        ("", (), [("", None)]),
    ],
)
def test_several_questions_in_one(
    question: str, words: tuple[str, ...], found: list[tuple[str, list[int] | None]]
) -> None:
    assert questions_in(question, words) == found


@given(question=st.text(), words=st.lists(st.text()))
def test_no_word_of_any_question_is_lost(question: str, words: list[str]) -> None:
    parts = questions_in(question, words)
    if len(parts) > 1:
        places = [place for _, own in parts for place in own or ()]
        assert places == list(range(len(words)))
    else:
        assert parts == [(question, None)]
