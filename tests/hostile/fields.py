"""Texts that a field of a paper may hold, each with a harmless one of the same kind beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from vectorstore.records import Paper, Source

HARMLESS = "Plain words"
# What a page, a Markdown reader, a terminal, a spreadsheet and a reference manager would act on.
TEXTS = {
    "markup": "\"><img src=x onerror=alert(1)></bdi><script>alert(2)</script>' onclick='alert(3)",
    "Markdown": "![x](https://evil.example/p.png) [1] **b** `c` | d | <https://evil.example> # e",
    "script link": "javascript:alert(1)//https://evil.example",
    "terminal": (
        "\x1b]8;;https://evil.example\x07\x1b[2J\x9b31m\u202eevil\u2066 \U000e0041 [red]x[/]"
    ),
    "formula": '=HYPERLINK("https://evil.example","x")',
    "at sign": "\t@SUM(1+1)|cmd",
    "lines": "One\r\nER  - \nTY  - JOUR\nTI  - Forged\u2028\n- item\n# heading\n\n---\n",
    "LaTeX": r"}, note = {x}} @article{y, \input{/etc/passwd} \write18{ls} $^_~%&#",
}
PAPER = Paper(
    id="paper-1",
    title="Bread in a Hurry",
    abstract="Bread rises slowly. Levain helps.",
    author_count=2,
    authors=("Ada Rye", "Ben Oat"),
    organization="Bakery Lab",
    url="https://example.org/bread",
    sources=(Source("/home/eva/page.txt", 3),),
    arxiv_id="2407.00001",
    doi="10.1234/rye.7",
    venue="Journal of Bread",
    categories=("cs.BR",),
    suspicious=("instruction",),
)
FIELDS: dict[str, Callable[[str], Paper]] = {
    "id": lambda text: replace(PAPER, id=text),
    "title": lambda text: replace(PAPER, title=text),
    "abstract": lambda text: replace(PAPER, abstract=text),
    "authors": lambda text: replace(PAPER, authors=(text, text)),
    "organization": lambda text: replace(PAPER, organization=text),
    "venue": lambda text: replace(PAPER, venue=text),
    "categories": lambda text: replace(PAPER, categories=(text,)),
    "url": lambda text: replace(PAPER, url=text),
    "DOI": lambda text: replace(PAPER, doi=text),
    "arXiv id": lambda text: replace(PAPER, arxiv_id=text),
    "source": lambda text: replace(PAPER, sources=(Source(text, 3),)),
    "language": lambda text: replace(PAPER, language=text),
    "mark": lambda text: replace(PAPER, suspicious=(text,)),
    # Such as look like what they should be
    "address": lambda text: replace(PAPER, url=f"https://a.example/{text}"),
    "valid DOI": lambda text: replace(PAPER, doi=f"10.1234/{''.join(text.split())}"),
}
