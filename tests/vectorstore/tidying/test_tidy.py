from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.content import Content
from ingest.entries import Entry
from ingest.readers.listing_pages import ListingPages
from vectorstore.records import Span
from vectorstore.tidying.tidy import tidy

PAGES = Path(__file__).parents[3] / "data" / "daily-papers"

CLEAN = [
    "",
    "Levain: Bread, Rising",
    'A soup of 3-5 herbs (0.5%) -- "hot", isn\'t it?\nIt is ~10 x better; see [1].',
    "Bread costs $5 to $10, soup $3k.",
    "p < 0.05 and q > 3, with R&D & <kernel> + <model name> & {salt, water} < 4B",
    "Größe, naïveté, Åland, Ελλάδα, хлеб, 面包和汤, خبز, रोटी, 빵",
    "10² ½ ™ 30 °C – “quoted” ‘so’",
    "Er sagte „Spaß“ und « déjà »",
    "pre- and post-oven, well- known",
    "نمی‌خواهم and 👩‍👩‍👧 and क्‍ष",
    "Abstract-level bread",
    "Abstract bread: a study",
]

TABLE = [
    # Characters
    ("ﬁne ﬂour, eﬃcient", "fine flour, efficient"),
    ("Ｌｅｖａｉｎ　２", "Levain 2"),
    ("𝐁𝐫𝐞𝐚𝐝 in 𝒪(𝑛) over ℝ", "Bread in O(n) over R"),
    ("cafe\u0301 and Schro\u0308dinger", "café and Schrödinger"),
    ("bo\u200bil, ri\u00adsing, \u202ebaked\u202c\ufeff, o\u200dven", "boil, rising, baked, oven"),
    ("ri\u00ad\nsing", "rising"),
    ("bread\x00 and\x1b[0m\ud800 soup", "bread and[0m\ufffd soup"),
    ("bread\u00a0and\u2009soup \t hot", "bread and soup hot"),
    ("slow\u2010baked, non\u2011stick", "slow-baked, non-stick"),
    ("Z" + "\u0300\u0301\u0302" * 40 + "!", "Z" + "\u0300\u0301\u0302" * 5 + "!"),
    ("donâ€™t, cafÃ©, 30Â°C, â€œhotâ€\x9d", "don’t, café, 30°C, “hot”"),
    # Tags and entities
    ("<i>Levain</i> and CO<sub>2</sub>", "Levain and CO2"),
    ("10<sup>6</sup> loaves, 1<sup>st</sup>, Ca<SUP>2+</SUP>", "10^6 loaves, 1st, Ca^2+"),
    ("<jats:title>Abstract</jats:title><jats:p>We bake.</jats:p>", "We bake."),
    ("<jats:sec><jats:title>Aim</jats:title><jats:p>We bake.</jats:p></jats:sec>", "Aim: We bake."),
    ("one<br/>two<p class='x'>three</p>", "one two three"),
    ("<span style=\"color: red\">red</span> <mml:math><mml:mi>n</mml:mi></mml:math>", "red n"),
    ("a<!-- a comment - of -- sorts -->b", "ab"),
    ("bread &amp; soup, don&#x2019;t, &#233;, &lt;3", "bread & soup, don’t, é, <3"),
    ("&eacute;, &nope;, &Aacute;", "é, &nope;, Á"),
    ("a &amp;amp;amp; b, &amp;lt;i&amp;gt;c&amp;lt;/i&amp;gt;", "a & b, c"),
    # LaTeX
    (r"Schr\"odinger, Uzna\'{n}ski, {\'E}tude", "Schrödinger, Uznański, Étude"),
    (r"\v{S}koda, Gar\c con, na\"{\i}ve, \'q", "Škoda, Garçon, naïve, 'q"),
    (r"S{\o}ren \O re \ss\ \AA", "Søren Øre ß Å"),
    (r"\emph{old} \textbf{new \textit{dough}} {\it hot} {bf cold}", "old new dough hot cold"),
    (r"as shown~\cite{a,b} in \citep[see][p.~2]{c}, Figure~\ref{f}.", "as shown in, Figure."),
    (r"$\alpha$-bread in $O(n \log n)$ and $n\log n$", "α-bread in O(n log n) and n log n"),
    (r"$\mathcal{L}_{i,j} = \frac{a}{b} \le \sqrt{n}$", "L_(i,j) = a/b ≤ √(n)"),
    (r"$10^{-3}$ and n^{1+o(1)} and \(x^{2}\)", "10^-3 and n^(1+o(1)) and x^2"),
    (r"A$^2$B: {GPU}s", "A^2B: GPUs"),
    (r"46\% of \$5 \& \#1 \_x", "46% of $5 & #1 _x"),
    (r"10\,000 loaves\\of bread \- rye", "10 000 loaves of bread rye"),
    (r"\textcolor{red}{hot} \href{https://example.org}{page} \url{https://example.org}", "hot page https://example.org"),
    (r"\begin{itemize} \item Bread \end{itemize}", "Bread"),
    (r"Our \levain-7B, \sys{} and \tool{Oven} rise.", "Our levain-7B, sys and Oven rise."),
    (r"They say \"always\" and \"often\" here", 'They say "always" and "often" here'),
    (r"{\deg}C, {Deep, {\bf hot}} oven", "°C, {Deep, hot} oven"),
    (r"costs $5 \emph{each", "costs $5 each"),
    # Layout
    ("transfor-\nmation of bread", "transformation of bread"),
    ("a trans- formation of transfor- mation", "a transformation of transformation"),
    ("state-\nof-the-art, well-\nknown, Anti-\nOven", "state-of-the-art, well-known, Anti-Oven"),
    ("a soup-\nish soup-ish bread, levain-\nish", "a soup-ish soup-ish bread, levainish"),
    ("  two   spaces \n a line ", "two spaces\n a line"),
    ("Abstract: We bake.", "We bake."),
    ("ABSTRACT. We bake.", "We bake."),
]  # fmt: skip

HOSTILE = (
    "\\", "{", "}", "<", "$", "&", "~", "\\\\", "$$", "\\emph{", "\\frac{", "\\cite[", "\\cite{a}[",
    "<!--", "<b ", "<b a=", "<jats:", "&amp;", "&#1", "{x", "$a ", "\\\"", "a-\n", "a- ", " ", "\n",
    "a\u0301\u0323", "\u0301\u0323", "Ã", "Ãƒ", "\u00ad", "\u200d", "[",
    "Abstract:", "ﬁ", "^{", "x y ",
)  # fmt: skip
PIECES = st.lists(
    st.sampled_from((*HOSTILE, *"ab .;}])>-", "lt;", "it ", "</b>", "\\{", "\\$", "\\alpha", "$1"))
).map("".join)
ANY_TEXT = st.text(st.characters()) | PIECES


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_stays(text: str) -> None:
    tidied = tidy(text)
    assert tidied.text == text
    assert tidied.span_of(Span(2, 5)) == Span(min(2, len(text)), min(5, len(text)))


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_tidied(text: str, expected: str) -> None:
    assert tidy(text).text == expected


def test_spans_of_sentences() -> None:
    text = r"We \emph{bake}~\cite{a}. <i>Bread</i> &amp; soup. $\alpha$ rises."
    tidied = tidy(text)
    assert tidied.text == "We bake. Bread & soup. α rises."
    sentences = [text.index(part) for part in ("We", "<i>", "$")] + [len(text) + 1]
    found = []
    for start, end in pairwise(sentences):
        span = tidied.span_of(Span(start, end - 1))
        found.append(tidied.text[span.start : span.end])
    assert found == ["We bake.", "Bread & soup.", "α rises."]


@given(ANY_TEXT)
@example("&amp;" * 20 + "lt;b>")
@example("\\{a\\}{{x}}")
@example("<" * 9 + "i>" * 9)
@example("e" + "\u0301\u0323" * 40)
def test_tidying_twice_changes_nothing(text: str) -> None:
    once = tidy(text).text
    assert tidy(once).text == once


@given(ANY_TEXT)
def test_spans_stay_in_order(text: str) -> None:
    tidied = tidy(text)
    spans = [tidied.span_of(Span(at, at + 1)) for at in range(len(text))]
    assert all(0 <= span.start <= span.end <= len(tidied.text) for span in spans)
    assert all(a.end == b.start for a, b in pairwise(spans))
    assert tidied.span_of(Span(0, len(text))) == Span(0, len(tidied.text))


@given(st.text(st.sampled_from("abc XYZ.,;:()[]\"'%^_=+-~0123456789\n")))
def test_ascii_without_marks_keeps_its_words(text: str) -> None:
    tidied = tidy(text).text
    assert [c for c in tidied if c not in " \n-"] == [c for c in text if c not in " \n-"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_is_linear(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    tidy(piece)  # loads what it takes
    started = time.process_time()
    tidy(text[: len(text) // 10])
    of_a_tenth = time.process_time() - started
    started = time.process_time()
    once = tidy(text).text
    # Ten times as much where it is linear, a hundred times where it is not; a blink is noise.
    assert time.process_time() - started < 50 * max(of_a_tenth, 0.03)
    assert tidy(once).text == once


def test_shipped_papers() -> None:
    texts = [
        text
        for page in sorted(PAGES.glob("*.txt"))
        for entry in ListingPages().read(Content(page.name, lambda page=page: page.open("rb")))
        if isinstance(entry, Entry)
        for text in (entry.title, entry.abstract)
    ]
    assert len(texts) >= 2 * 365
    for text in texts:
        tidied = tidy(text).text
        assert tidied == text or set("\\${}") & set(text)
        assert tidy(tidied).text == tidied
