from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.abbreviations import MAX_SHORT, Abbreviation, find_abbreviations


def found(text: str) -> list[tuple[str, str]]:
    return [(abbreviation.short, abbreviation.long) for abbreviation in find_abbreviations(text)]


@pytest.mark.parametrize(
    ("text", "definitions"),
    [
        ("We study a mixture of experts (MoE).", [("MoE", "mixture of experts")]),
        ("Mixture-of-Experts (MoE) layers", [("MoE", "Mixture-of-Experts")]),
        ("Large language models (LLMs) grow.", [("LLM", "Large language models")]),
        ("large language\n  models~(LLMs)", [("LLM", "large language models")]),
        ("self-supervised learning (SSL)", [("SSL", "self-supervised learning")]),
        ("We use Multi-modal Language Models (MLMs).", [("MLM", "Multi-modal Language Models")]),
        ("a generalization of the method (GM)", [("GM", "generalization of the method")]),
        ("electroencephalogram (EEG) data", [("EEG", "electroencephalogram")]),
        ("electrocardiogram(ECG)", [("ECG", "electrocardiogram")]),
        ("a vision transformer (ViT; small)", [("ViT", "vision transformer")]),
        ("retrieval with generation (RG, for short)", [("RG", "retrieval with generation")]),
        ("SALT (Static-teacher Latent Training)", [("SALT", "Static-teacher Latent Training")]),
        ("MACs (multiply accumulate operations)", [("MAC", "multiply accumulate operations")]),
        ("the 3D Gaussian Splatting (3DGS)", [("3DGS", "3D Gaussian Splatting")]),
        ("Watch \\& Learn (W\\&L)", [("W&L", "Watch & Learn")]),
        ("\\textbf{platform inference (PI)}", [("PI", "platform inference")]),
        ("in $key$ value (KV) and key value (KV) caches", [("KV", "key value")]),
        (
            "tensor parallelism (TP) and data parallelism (DP)",
            [("TP", "tensor parallelism"), ("DP", "data parallelism")],
        ),
    ],
)
def test_definitions(text: str, definitions: list[tuple[str, str]]) -> None:
    assert found(text) == definitions


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It was published (2023).",
        "It is shown (see Fig. 3), also (Fig. 3) and (i.e., shown elsewhere).",
        "which grows (W)",
        "by up to 49% (T4)",
        "one sentence. More tokens (OSMT)",
        "words that do not match (XYZ)",
        "large language models (llm)",
        "very large abbreviations in a word (VERYLARGEABBR)",
        "LLM (LLM)",
        "the LLM (the LLM)",
        "in (PTQ",
        "post-training quantization PTQ)",
        "$A^2$ATS ($B^{2}$)",
        "((()))",
    ],
)
def test_nothing_is_defined(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "unit",
    ["(", "a ", "(A", "(A) ", ")(", "a (ABCDEFGHIJ) ", "\\a{", "A, (A; ", "A" * 99 + " (A) "],
)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    assert found(unit * (100_000 // len(unit))) == []


@given(st.text("aAbB (),;.-$^{}\\\n1İ", max_size=80))
def test_any_text(text: str) -> None:
    definitions = find_abbreviations(text)
    assert len(set(definitions)) == len(definitions)
    for definition in definitions:
        assert isinstance(definition, Abbreviation)
        assert 2 <= len(definition.short) <= MAX_SHORT
        assert len(definition.long) > len(definition.short)
        assert definition.long == definition.long.strip()
