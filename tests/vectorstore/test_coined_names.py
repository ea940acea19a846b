"""Which names an abstract gives its own work, and which are only words or the names of others."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.coined_names import MAX_NAME, coined_names


@pytest.mark.parametrize(
    ("abstract", "names"),
    [
        # right behind the verb
        ("We propose KILN, a scheduling strategy for ovens.", ("KILN",)),
        ("In this paper, we introduce LoomServe, which weaves requests.", ("LoomServe",)),
        ("This paper presents KilnBench to measure heat.", ("KilnBench",)),
        ("This work describes pFedLoom and its limits.", ("pFedLoom",)),
        ("Here we present BrickNet.", ("BrickNet",)),
        ("we propose BrickNet", ("BrickNet",)),
        ("We are the first to build LoomServe as a service.", ("LoomServe",)),
        ("To this end, we\nintroduce\n  LoomServe, a weaver.", ("LoomServe",)),
        ("We introduce the LoomServe system.", ("LoomServe",)),
        ("We release LoomServe at a public address.", ("LoomServe",)),
        ("Our proposed LoomServe is twice as fast.", ("LoomServe",)),
        ("We propose LoomServe (fast weaving) today.", ("LoomServe",)),
        ("We propose LoomServe - a weaver.", ("LoomServe",)),
        ("We propose LoomServe—a weaver.", ("LoomServe",)),
        ("We introduce Woven-Kiln-LS (WK-LS), a loom.", ("Woven-Kiln-LS", "WK-LS")),
        # behind what kind of thing it is
        ("We present a novel framework for weaving requests.", ()),
        ("We present a novel weaving framework, LoomServe, which is fast.", ("LoomServe",)),
        ("We propose an efficient system LoomServe that weaves.", ("LoomServe",)),
        ("We introduce a new benchmark, namely Kiln-30, and two metrics.", ("Kiln-30",)),
        ("We develop a model (LSM) of looms.", ("LSM",)),
        # said to be its name
        ("We present a framework, called LoomServe, for weaving.", ("LoomServe",)),
        ("A weaving method named LoomServe is given.", ("LoomServe",)),
        ("We train a model dubbed BrickNet on bricks.", ("BrickNet",)),
        ("The resulting method, termed as KilnFire, is cheap.", ("KilnFire",)),
        ("which we call LoomServe", ("LoomServe",)),
        ("We call our method KilnFire.", ("KilnFire",)),
        ("We name the resulting family of models KilnFire-2.", ("KilnFire-2",)),
        ("Using bricks alone, we train a model called BrickNet.", ("BrickNet",)),
        # marked
        ("We propose “LoomServe”, a weaver.", ("LoomServe",)),
        ('We propose "LoomServe", a weaver.', ("LoomServe",)),
        ("We propose **LoomServe**, a weaver.", ("LoomServe",)),
        (r"We propose \textbf{LoomServe}, a weaver.", ("LoomServe",)),
        (r"We propose $\texttt{LoomServe}$, a weaver.", ("LoomServe",)),
        # several, in order and once each
        (
            "We propose LoomServe, a weaver. We also introduce KILN, an oven, and a test called"
            " LoomBench. We develop KILN in Rust.",
            ("LoomServe", "KILN", "LoomBench"),
        ),
        ("We propose LoomServe and introduce KilnBench.", ("LoomServe", "KilnBench")),
    ],
)
def test_own_names(abstract: str, names: tuple[str, ...]) -> None:
    assert coined_names(abstract) == names


@pytest.mark.parametrize(
    "abstract",
    [
        "",
        "We build on BERT and beat it.",
        "We build upon BERT, a language model.",
        # the subject of one's work and not its name
        "We present GPT-4 results on ovens.",
        "We present GPT-4's results on ovens.",
        "We develop GPU kernels for looms.",
        "We design CPU- and GPU-based looms.",
        "We design CPU/GPU looms.",
        "We introduce FP8 quantization of bricks.",
        "We present a study of BERT, GPT-2, and XLNet.",
        "We present results with GPT-4, a language model.",
        # others' work
        "We compare it with the recently proposed LoomServe.",
        "We use a dataset named KilnBench.",
        "We use the method introduced as LoomServe by others.",
        "We evaluate a model called BrickNet.",
        "Existing systems, such as the one called LoomServe, are slow.",
        "Smith and others introduced LoomServe, a weaver.",
        "The authors of earlier work propose LoomServe, a weaver.",
        "We weave. Smith and others propose LoomServe, a weaver.",
        "Do we weave? Smith and others propose LoomServe, a weaver.",
        "We weave; Smith and others propose LoomServe, a weaver.",
        "This is commonly called RAG.",
        "It breaks the so-called CAP theorem.",
        # verbs that only look like these
        "It depends on function calling LLMs, long-term LSTM memory and API calls GPT-4 makes.",
        # no names
        "We propose a method.",
        "We propose Adaptive weaving, a method.",
        "We introduce Dual-Smoothed, Noise-Filtered sampling.",
        "We introduce Dual-Smoothed, a way to weave.",
        "We propose LLM-based, energy-aware weaving.",
        "We present GPU-aware and cheap looms.",
        "We build A100, the road.",
        "We propose X, a variable.",
        f"We propose {'L' * (MAX_NAME + 1)}, a name that is too long.",
    ],
)
def test_no_own_name(abstract: str) -> None:
    assert coined_names(abstract) == ()


WORDS = st.sampled_from(
    "we We propose introduce build called name a the our framework, system namely LoomServe KILN"
    " GPT-4 X-2 ( ) . , “ ** \\textbf{ recently é".split()
)


@given(st.text(max_size=200) | st.lists(WORDS, max_size=30).map(" ".join))
def test_any_text(abstract: str) -> None:
    found = coined_names(abstract)
    assert len(set(found)) == len(found)
    assert all(name in abstract and 2 <= len(name) <= MAX_NAME for name in found)
    assert coined_names(" ".join(abstract.split())) == found


@pytest.mark.parametrize(
    ("start", "unit"),
    product(
        ("", "we propose ", "we propose a ", "we call it "),
        ("a", "aA", "a-", "A.", " ", "(", "we ", "called ", "propose the ", "\\text{", "system, "),
    ),
)
def test_hostile_text_is_read_in_one_go(start: str, unit: str) -> None:
    """Read text on which a pattern that tries every way to split it would take minutes."""
    hostile = start + unit * (400_000 // len(unit))
    assert coined_names(f"{hostile}!. We propose LoomServe, a weaver.")[-1:] == ("LoomServe",)
