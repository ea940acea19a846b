from __future__ import annotations

import pytest

from assistant.checking.names import NamesOf, names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("vLLM beats GPT-4 and LLaMA2-7B on NVMe.", ["vLLM", "GPT-4", "LLaMA2-7B", "NVMe"]),
        ("Bread rises. Soup boils: Salt melts; “Tea” cools. (Milk too.)", []),
        ("It was Bayesian, says Pareto.", ["Bayesian", "Pareto"]),
        ("Transformer-based, non-IID, GPU-accelerated", ["IID", "GPU"]),
        ("a 32-GPU node, CPU/GPU, an A100-80GB", ["GPU", "CPU", "GPU", "A100-80GB"]),
        ("I and A, 3D, 7B, 80GB, 80 GB, 2nd", []),
        ("the GPT-3.5.", ["GPT-3.5"]),
        ("", []),
    ],
)
def test_names_by_their_shape(text: str, names: list[str]) -> None:
    assert [name.text for name in names_in(text)] == names


def test_a_capital_alone_is_not_enough_to_be_sure() -> None:
    assert [(name.text, name.start, name.shaped) for name in names_in("On Orca and vLLM")] == [
        ("Orca", 3, False),
        ("vLLM", 12, True),
    ]


TEXT = "We train LLaMA-2-7B, GPT 4o, OPT13B, a mixture of experts and Transformers."


@pytest.mark.parametrize(
    ("name", "text", "there"),
    [
        ("AI", "A big idea is here and I go", False),
        ("KV", "key values", False),
        ("LLM", "We like. Large models", False),
        ("LLM", "We use a (large language) model.", True),
        ("LLMs", "Large language models", True),
    ],
)
def test_initials_are_those_of_words_in_a_row(name: str, text: str, there: bool) -> None:
    assert NamesOf(text).has(name) is there


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("LLaMA2-7B", True),
        ("LLaMA 2", True),
        ("LLaMA-7B", False),
        ("GPT-4o", True),
        ("GPT-4", False),
        ("OPT", True),
        ("OPT-13B", True),
        ("OPT-1", False),
        ("MoE", False),
        ("MOE", True),
        ("Transformer", True),
        ("transformers", True),
        ("Orca", False),
    ],
)
def test_whether_a_text_has_a_name(name: str, there: bool) -> None:
    assert NamesOf(TEXT).has(name) is there
