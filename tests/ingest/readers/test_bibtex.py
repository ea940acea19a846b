from __future__ import annotations

import logging
import time
from contextlib import suppress
from datetime import date

import pytest
from contents import content
from hypothesis import given
from hypothesis import strategies as st

from ingest.content import ContentError
from ingest.entries import Entry, Skipped
from ingest.readers.bibtex import Bibtex
from ingest.readers.bibtex_blocks import LONGEST_BLOCK
from vectorstore.records import DatePrecision, Source

FILE = "papers.bib"


def read(text: str | bytes) -> list[Entry | Skipped]:
    return list(Bibtex().read(content(text, FILE)))


def entry(title: str, abstract: str, line: int = 1, **details: object) -> Entry:
    return Entry(title, abstract, Source(FILE, line), **details)  # type: ignore[arg-type]


def broken(line: int, key: str, reason: str = "a brace, a quote or a comma is missing") -> Skipped:
    return Skipped(FILE, line, f"broken BibTeX, left out up to the next entry: {reason}", key)


ZOTERO = r"""
@article{lowe_salt_2024,
	title = {Salt \& {GPU} {Kitchens}},
	volume = {12},
	copyright = {All rights reserved},
	issn = {1234-5678},
	url = {https://example.org/salt\_a},
	doi = {10.1000/Salt.12},
	abstract = {Soup needs {\textasciitilde}5\% salt.
12 grams are “enough” for {Löwe}.},
	language = {en},
	urldate = {2024-06-01},
	journal = {Journal of {Bread}},
	author = {Löwe, Ada and {Bread and Sons} and van der Soup, Jan},
	month = mar,
	year = {2024},
	note = {arXiv:2403.00001 [cs]},
	keywords = {Salt, Soup},
	file = {PDF:/home/ada/Zotero/storage/ABCD/salt.pdf:application/pdf},
}
"""
MENDELEY = r"""@article{Lowe2024,
abstract = {Br{\"{o}}d needs salt {\&} 50{\%} water, {\~{}}5 grams of it; $x^{2}$ of it.},
author = {L{\"{o}}we, Ada and Soup, Jos{\'{e}}},
doi = {10.1000/ab{\_}c},
file = {:C$\backslash$:/Users/Ada/salt.pdf:pdf},
journal = {Journal of Bread},
keywords = {bread,salt},
month = {mar},
title = {{Salt in br{\"{o}}d}},
url = {http://example.org/ab{\_}c},
year = {2024}
}
"""
ENDNOTE = """@article{RN12,
   author = {Löwe, A. and Soup, J.},
   title = {Salt in bread},
   journal = {Journal of Bread},
   volume = {12},
   abstract = {Soup needs salt.},
   keywords = {Bread
Salt, table},
   year = {2024},
   type = {Journal Article}
}
"""
SCHOLAR = """@article{lowe2024salt,
  title={Salt in bread},
  author={L{\\"o}we, Ada and Soup, J and others},
  journal={arXiv preprint arXiv:2403.00001},
  year={2024}
}
"""
ARXIV = """@misc{lowe2024salt,
      title={Salt in $\\mathcal{O}(n)$ bread},
      author={Ada Löwe and José Soup},
      year={2024},
      eprint={2403.00001},
      archivePrefix={arXiv},
      primaryClass={cs.CL},
      url={https://arxiv.org/abs/2403.00001},
      abstract={Soup needs salt.},
}
"""
ACL = """@inproceedings{lowe-soup-2024-salt,
    title = "Salt for {B}read",
    author = {L{\\"o}we, Ada  and
      Soup, Jan},
    editor = "Oven, Max",
    booktitle = "Proceedings of the Workshop on Bread",
    month = aug,
    year = "2024",
    address = "Vienna, Austria",
    publisher = "Association of Bakers",
    url = "https://example.org/2024.bread-1.1/",
    doi = "10.18653/v1/2024.bread-1.1",
    pages = "1--9",
    abstract = "Soup needs {``}salt{''}, and {\\textquotedblleft}bread{\\textquotedblright} -- too."
}
"""
BIBLATEX = """@online{lowe,
  title = {Salt in Bread},
  author = {Löwe, Jr., Ada},
  date = {2024-03-05/2024-03-07},
  journaltitle = {Bread},
  eprint = {2403.00001},
  eprinttype = {arXiv},
  institution = {Kitchen \\& Co.},
  abstract = {Soup needs salt.},
}
"""
OURS = r"""@misc{lowe2024salt,
  title = {{Salt \& \textbraceleft{}Soup\textbraceright{}: \$x\textasciicircum{}2\$ -{}- a\_b}},
  abstract = {Soup\symbol{10}needs\symbol{32} salt.},
  author = {Ada Löwe and {Bread, Inc.} and others},
  authorcount = {12},
  commentcount = {3},
  organization = {Kitchen},
  year = {2024},
  month = {5},
  day = {6},
  url = {https://example.org/a_b?c=1},
  doi = {10.1000/a_b},
  eprint = {2405.00001},
  archiveprefix = {arXiv},
  journal = {Journal of Bread},
  keywords = {cs.CL, Bread\symbol{44} white},
  paperchat = {0123456789abcdef},
}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            ZOTERO,
            entry(
                "Salt & GPU Kitchens",
                "Soup needs ~5% salt. 12 grams are “enough” for Löwe.",
                2,
                published=date(2024, 3, 1),
                date_precision=DatePrecision.MONTH,
                authors=("Ada Löwe", "Bread and Sons", "Jan van der Soup"),
                url="https://example.org/salt_a",
                arxiv_id="2403.00001",
                doi="10.1000/salt.12",
                venue="Journal of Bread",
                categories=("Salt", "Soup"),
            ),
            id="Zotero",
        ),
        pytest.param(
            MENDELEY,
            entry(
                "Salt in bröd",
                "Bröd needs salt & 50% water, ~5 grams of it; $x^{2}$ of it.",
                published=date(2024, 3, 1),
                date_precision=DatePrecision.MONTH,
                authors=("Ada Löwe", "José Soup"),
                url="http://example.org/ab_c",
                doi="10.1000/ab_c",
                venue="Journal of Bread",
                categories=("bread", "salt"),
            ),
            id="Mendeley",
        ),
        pytest.param(
            ENDNOTE,
            entry(
                "Salt in bread",
                "Soup needs salt.",
                published=date(2024, 1, 1),
                date_precision=DatePrecision.YEAR,
                authors=("A. Löwe", "J. Soup"),
                venue="Journal of Bread",
                categories=("Bread", "Salt", "table"),
            ),
            id="EndNote",
        ),
        pytest.param(
            SCHOLAR,
            Skipped(FILE, 1, 'a title without an abstract: "Salt in bread"', "lowe2024salt"),
            id="Google Scholar",
        ),
        pytest.param(
            ARXIV,
            entry(
                "Salt in $\\mathcal{O}(n)$ bread",
                "Soup needs salt.",
                published=date(2024, 1, 1),
                date_precision=DatePrecision.YEAR,
                authors=("Ada Löwe", "José Soup"),
                url="https://arxiv.org/abs/2403.00001",
                arxiv_id="2403.00001",
                categories=("cs.CL",),
            ),
            id="arXiv",
        ),
        pytest.param(
            ACL,
            entry(
                "Salt for Bread",
                "Soup needs “salt”, and “bread” – too.",
                published=date(2024, 8, 1),
                date_precision=DatePrecision.MONTH,
                authors=("Ada Löwe", "Jan Soup"),
                url="https://example.org/2024.bread-1.1/",
                doi="10.18653/v1/2024.bread-1.1",
                venue="Proceedings of the Workshop on Bread",
            ),
            id="ACL Anthology",
        ),
        pytest.param(
            BIBLATEX,
            entry(
                "Salt in Bread",
                "Soup needs salt.",
                published=date(2024, 3, 5),
                authors=("Ada Löwe Jr.",),
                arxiv_id="2403.00001",
                organization="Kitchen & Co.",
                venue="Bread",
            ),
            id="BibLaTeX",
        ),
        pytest.param(
            OURS,
            entry(
                "Salt & {Soup}: $x^2$ -- a_b",
                "Soup\nneeds  salt.",
                published=date(2024, 5, 6),
                author_count=12,
                comment_count=3,
                organization="Kitchen",
                authors=("Ada Löwe", "Bread, Inc."),
                url="https://example.org/a_b?c=1",
                doi="10.1000/a_b",
                arxiv_id="2405.00001",
                venue="Journal of Bread",
                categories=("cs.CL", "Bread, white"),
                paper_id="0123456789abcdef",
            ),
            id="paperchat",
        ),
    ],
)
def test_export(text: str, expected: Entry | Skipped) -> None:
    assert Bibtex().accepts(content(text))
    assert read(text) == [expected]


@pytest.mark.parametrize(
    ("fields", "details"),
    [
        ("year = 2024", {"published": date(2024, 1, 1), "date_precision": DatePrecision.YEAR}),
        (
            "year = {2024}, month = 3",
            {"published": date(2024, 3, 1), "date_precision": DatePrecision.MONTH},
        ),
        ("year = 2024, month = 3, day = 5", {"published": date(2024, 3, 5)}),
        ('year = 2024, month = mar # "~5"', {"published": date(2024, 3, 5)}),
        ("year = 2024, month = {March}, day = {5}", {"published": date(2024, 3, 5)}),
        (
            "year = 2024, month = 13",
            {"published": date(2024, 1, 1), "date_precision": DatePrecision.YEAR},
        ),
        ("year = {in press}", {}),
        (
            "date = {2024-03}, year = 2020",
            {"published": date(2024, 3, 1), "date_precision": DatePrecision.MONTH},
        ),
        ("journal = jb", {"venue": "Journal of Bread & Salt"}),
        ('journal = {The } # jb # " " # {2}', {"venue": "The Journal of Bread & Salt 2"}),
        ("journal = nowhere", {"venue": "nowhere"}),
        ("journal = {}, booktitle = {Bread}", {"venue": "Bread"}),
        ("eprint = {12345}, eprinttype = {pubmed}", {}),
        ("eprint = {cs/0403001v2}", {"arxiv_id": "cs/0403001"}),
        ("doi = {https://doi.org/10.48550/arXiv.2403.00001}", {"arxiv_id": "2403.00001"}),
        ("url = {file:///home/ada/salt.pdf}", {}),
        ("author = {others}", {}),
        ('author = {Ada~L{\\"o}we and Ada L\\"owe and ,}', {"authors": ("Ada Löwe",)}),
        ("author = {Löwe, A, B, C}", {"authors": ("B C Löwe A",)}),
        ("authorcount = {many}, paperchat = {none}", {}),
        ("TITLE = {Another}, Abstract = {}", {}),
        ('crossref = {other}, note = {\\{ "}', {}),
    ],
)
def test_field(fields: str, details: dict[str, object]) -> None:
    text = (
        '@STRING( JB = "Journal of {Bread} " # {\\& } # salt )\n@string{salt = {Salt}}\n'
        f'@string{{JB = "Journal of {{Bread}} " # {{\\& }} # SALT}}\n'
        f"@misc ( key, title = {{Salt}}, abstract = {{Soup.}}, {fields} )"
    )
    assert read(text) == [entry("Salt", "Soup.", 4, **details)]


def one(key: str) -> str:
    return f"@misc{{{key},\n title = {{Salt {key}}},\n abstract = {{Soup.}}\n}}\n"


@pytest.mark.parametrize(
    ("text", "skipped"),
    [
        ("@misc{b, title = {Salt, abstract = {x}}", [broken(5, "b")]),
        ("@misc{b, title = {Salt}, abstract = {cut of", [broken(5, "b")]),
        ("@misc{b, title = {Salt}, abstract = ", [broken(5, "b")]),
        ('@misc{b, title = "Salt, abstract = {x}}', [broken(5, "b")]),
        ("@misc{b", [broken(5, "b")]),
        ("@misc{", [broken(5, "")]),
        ("@misc{title = {Salt}}", [broken(5, "")]),
        (
            "@misc{b, title = {Salt} abstract = {x}}",
            [broken(5, "b", "is a comma missing after a value?")],
        ),
        (
            "@misc{b, title = {Salt} \n year = 2024, abstract = {x}}",
            [broken(5, "b", "is a comma missing after a value?")],
        ),
        (
            "@misc{b, title = {Salt}}",
            [Skipped(FILE, 5, 'a title without an abstract: "Salt"', "b")],
        ),
        (
            "@misc{b, abstract = {Salt}}",
            [Skipped(FILE, 5, 'a title without letters or digits: ""', "b")],
        ),
        ("@string{b = {cut}", []),
        ("@string{b = {cut", []),
        ("@comment{@misc{no, title = {Salt}, abstract = {x}}", []),
        ('@preamble{"\\newcommand{\\x}{y}"}', []),
        ("some words", []),
    ],
)
def test_a_broken_entry_is_lost_alone(text: str, skipped: list[Skipped]) -> None:
    last = 5 + text.count("\n") + 1
    assert read(f"{one('a')}{text}\n{one('a')}") == [
        entry("Salt a", "Soup."),
        *skipped,
        entry("Salt a", "Soup.", last),
    ]


def test_entries_on_one_line() -> None:
    text = one("a").replace("\n", "") + one("b").replace("\n", " ") + one("c")
    assert read(text) == [
        entry("Salt a", "Soup."),
        entry("Salt b", "Soup."),
        entry("Salt c", "Soup."),
    ]


def test_an_overlong_entry() -> None:
    text = "@misc{b,\n title = {x},\n abstract = {" + "word\n" * (LONGEST_BLOCK // 5) + "}\n}\n"
    reason = "it is longer than 1,000,000 characters"
    assert read(text + one("a")) == [
        broken(1, "b", reason),
        entry("Salt a", "Soup.", text.count("\n") + 1),
    ]


def test_macros_that_double_each_other_stay_small() -> None:
    doubling = "".join(f"@string{{m{n + 1} = m{n} # m{n}}}\n" for n in range(60))
    many = " # ".join(["m60"] * 10_000)
    text = (
        f'@string{{m0 = "{"x" * 1_000}"}}\n{doubling}@misc{{a, title = {{T}}, abstract = {many}}}\n'
    )
    started = time.perf_counter()
    assert read(text) == [
        Skipped(FILE, 62, 'an abstract of 1,002,000 characters: "T"', "a"),
    ]
    assert time.perf_counter() - started < 10


def test_nothing_is_logged_about_broken_entries(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert read("@misc{b, title = {x\n") == [broken(1, "b")]
    assert caplog.records == []


@pytest.mark.parametrize(
    ("text", "is_bibtex"),
    [
        ("% Encoding: UTF-8\n\n@Article{a,\n title = {x}}", True),
        ("\n\n @article { a ,\n", True),
        ('@string{jb = "x"}\n', True),
        ("@comment{jabref-meta: x}\n@book(a, title=1)", True),
        ("@ada wrote {this}", False),
        ("mail ada@example{a,", False),
        ("words " * 1_000 + "\n@article{a,\n", False),
        ("", False),
    ],
)
def test_recognition(text: str, is_bibtex: bool) -> None:
    assert Bibtex().accepts(content(text)) is is_bibtex


@given(st.text() | st.text(alphabet='@{}(),="#\\\n amisctleb') | st.binary())
def test_any_content_is_read(data: str | bytes) -> None:
    file = content(data if isinstance(data, bytes) else data.encode(errors="replace"), FILE)
    with suppress(ContentError):
        Bibtex().accepts(file)
        assert all(isinstance(reading, Entry | Skipped) for reading in Bibtex().read(file))


@given(st.text(alphabet='@{}(),="#\\\n\tamisc $%'))
def test_the_entries_around_anything_are_read(between: str) -> None:
    readings = read(f"{one('first')}{between}\n{one('last')}")
    assert readings[0] == entry("Salt first", "Soup.")
    assert readings[-1] == entry("Salt last", "Soup.", 6 + between.count("\n"))
