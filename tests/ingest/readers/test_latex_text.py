from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.fields import clean_text
from ingest.readers.latex_text import address_text, latex_text

# What an export writes for what is markup in LaTeX, and for white space that is not layout.
WRITTEN = {
    **{"\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}"},
    **{"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "|": r"\textbar{}"},
    **{"<": r"\textless{}", ">": r"\textgreater{}"},
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}


def written(text: str) -> str:
    latex = "".join(WRITTEN.get(character, character) for character in text)
    latex = re.sub(r"([-`'])(?=\1)", r"\1{}", latex)
    layout = re.compile(r"(?<=\S) (?=\S)")
    single = {found.start() for found in layout.finditer(latex)}
    return "".join(
        f"\\symbol{{{ord(c)}}}" if c.isspace() and at not in single else c
        for at, c in enumerate(latex)
    )


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("plain text, 50% of it & more_of it", "plain text, 50% of it & more_of it"),
        (r"L\"owe L{\"o}we L\"{o}we L{\"{o}}we", "Löwe Löwe Löwe Löwe"),
        (r"Jos\'e Jos{\'{e}} \'{\i}le \'\i le \^{\i}", "José José íle íle î"),
        (r"\c{c} {\c c} \v s \H{o} \k{a} \r a \u{g} \d{s} \=o \.z \~n", "ç ç š ő ą å ğ ṣ ō ż ñ"),
        (r"Stra{\ss}e Stra\ss e \AA se \O re {\L}odz \oe uvre", "Straße Straße Åse Øre Łodz œuvre"),
        (r"{GPU}s and {{Bread}}", "GPUs and Bread"),
        (r"Salt \& Soup: 5\% of \$1, \#2, a\_b, \{c\}", "Salt & Soup: 5% of $1, #2, a_b, {c}"),
        ("1--2, so---and ``quoted''", "1–2, so—and “quoted”"),
        ("don't ' ` alone - it's", "don't ' ` alone - it's"),
        (r"{\textquotedblleft}so{\textquotedblright} {\textendash} \ldots{} now", "“so” – … now"),
        ("Fig.~3 and J.~Soup, but ~5 loaves", "Fig. 3 and J. Soup, but ~5 loaves"),
        (r"{\~{}}5 \textasciitilde 5 {\^{}}", "~5 ~5 ^"),
        (r"\emph{so}, {\em so}, \textbf{so}, {\bf so}", "so, so, so, so"),
        (r"our \ours, \ours{} and \ours now", r"our \ours, \ours and \ours now"),
        (r"see \url{https://a.b/~c_d} or \href{https://a.b}{this}", "see https://a.b/~c_d or this"),
        (
            r"of $x^{2} \le \alpha_{i}$ and {$\mathbb{R}$}",
            r"of $x^{2} \le \alpha_{i}$ and $\mathbb{R}$",
        ),
        (r"\(x_{1}\) and \[y\] and $$z_{2}$$", r"\(x_{1}\) and \[y\] and $$z_{2}$$"),
        ("from $5 to {$6} and $7", "from $5 to $6 and $7"),
        (r"$\alpha$-rise at \alpha and 3 \times 4", r"$\alpha$-rise at α and 3 × 4"),
        ("on  one\n\tline", "on one line"),
        (
            r"two\symbol{10}lines\symbol{0}\symbol{55296}\symbol{9999999}",
            "two\nlines\ufffd\U0010ffff",
        ),
        (r"a\\b\ c\,d\-e\/f", "a b c def"),
        ("} lost { braces \\", " lost  braces \\"),
    ],
)
def test_text(latex: str, text: str) -> None:
    assert latex_text(latex) == text


@pytest.mark.parametrize(
    ("latex", "address"),
    [
        ("https://example.org/a_b--c?d=%20", "https://example.org/a_b--c?d=%20"),
        (r"https://example.org/a\_b\%20\&c", "https://example.org/a_b%20&c"),
        (r"\url{https://example.org/{\textasciitilde}ada}", "https://example.org/~ada"),
        (r"10.1000/ab{\_}c", "10.1000/ab_c"),
    ],
)
def test_address(latex: str, address: str) -> None:
    assert address_text(latex) == address


@given(st.text() | st.text(alphabet="\\{}$~-`'\"oeiabc \n\u00a0%&#_^<>|5,"))
def test_what_an_export_writes_comes_back(text: str) -> None:
    assert latex_text(written(clean_text(text))) == clean_text(text)


@given(st.text() | st.text(alphabet="\\{}$~-`'\"oi ()[]symburlhef0159"))
def test_any_text_is_read(latex: str) -> None:
    said = latex_text(latex)
    assert said == clean_text(said)
    assert isinstance(address_text(latex), str)


@pytest.mark.parametrize(
    "part", ["{", "$a", "\\(", "\\[", "\\url{", '\\"', "\\'{", "\\a", "~", "\\ "]
)
def test_a_long_text_takes_no_longer_than_its_length(part: str) -> None:
    started = time.perf_counter()
    latex_text(part * (1_000_000 // len(part)))
    assert time.perf_counter() - started < 10
