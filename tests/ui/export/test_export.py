"""Answers as files: the whole text of each format, and any text through parsers of others."""

from __future__ import annotations

import csv
import io
import os
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import bibtexparser
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latexwalker import (
    LatexCharsNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexSpecialsNode,
    LatexWalker,
)

from assistant.answer import (
    Answer,
    Block,
    BlockKind,
    Citation,
    Claim,
    Intent,
    Outcome,
    Plan,
    Quote,
)
from ui.export.answer_files import AnswerFiles
from ui.export.citation_keys import citation_keys
from ui.export.export import ExportError, ExportFormat, export_format, export_text
from ui.export.export_bibtex import answer_bibtex
from ui.export.export_csv import answer_csv
from ui.export.export_files import OutputFileError, check_writable, write_file
from ui.export.export_markdown import answer_markdown_document
from ui.export.export_ris import answer_ris
from vectorstore.records import DatePrecision, Paper, Span

SALT = Paper(
    id="1f2e3d4c5b6a7988",
    title="Salt & {Soup}: 100% of $k$-NN_kitchens",
    abstract="Soup needs salt. 12 grams are enough.",
    published=date(2024, 5, 6),
    author_count=4,
    authors=("Ada Löwe", "Bread and Sons"),
    organization="Kitchen",
    url="https://example.org/a_b?c=1",
)
BREAD = Paper(id="bread", title="=SUM(A1) of Bread", abstract="Bread rises.", author_count=3)


def quoted(paper: Paper, *texts: str) -> tuple[Quote, ...]:
    """Return these parts of the abstract as quotes."""
    starts = [paper.abstract.index(text) for text in texts]
    return tuple(
        Quote(Span(at, at + len(text)), text) for at, text in zip(starts, texts, strict=True)
    )


ANSWER = Answer(
    plan=Plan("How much *salt*?", Intent.FACT),
    outcome=Outcome.ANSWERED,
    blocks=(
        Block(BlockKind.PARAGRAPH, (Claim("12 grams.", (1,)), Claim("It rises.", (2,)))),
        Block(BlockKind.ITEM, (Claim("\u202e\x1bSee [3]"),), SALT.title),
    ),
    citations=(
        Citation(1, SALT, quoted(SALT, "Soup needs salt.", "12 grams are enough.")),
        Citation(2, BREAD, quoted(BREAD, "Bread rises.")),
    ),
    ranking=(),
    mode="extractive",
    complete=True,
)


def answer_citing(*papers: Paper) -> Answer:
    """Return an answer that quotes the whole abstract of each paper."""
    citations = tuple(
        Citation(number, paper, quoted(paper, paper.abstract))
        for number, paper in enumerate(papers, start=1)
    )
    return replace(ANSWER, citations=citations)


def test_bibtex() -> None:
    assert answer_bibtex(ANSWER) == (
        "@misc{lowe2024salt,\n"
        r"  title = {{Salt \& \textbraceleft{}Soup\textbraceright{}: 100\% of \$k\$-NN\_kitchens}},"
        "\n"
        "  author = {Ada Löwe and {Bread and Sons} and others},\n"
        "  year = {2024},\n"
        "  month = {5},\n"
        "  day = {6},\n"
        "  organization = {Kitchen},\n"
        "  url = {https://example.org/a_b?c=1},\n"
        "  annote = {“Soup needs salt.” “12 grams are enough.”},\n"
        "}\n"
        "\n"
        "@misc{suma1bread,\n"
        "  title = {{=SUM(A1) of Bread}},\n"
        "  annote = {“Bread rises.”},\n"
        "}\n"
    )


def test_ris() -> None:
    assert answer_ris(ANSWER) == (
        "TY  - GEN\r\n"
        "ID  - 1f2e3d4c5b6a7988\r\n"
        "TI  - Salt & {Soup}: 100% of $k$-NN_kitchens\r\n"
        "AU  - Ada Löwe\r\n"
        "AU  - Bread and Sons\r\n"
        "PY  - 2024\r\n"
        "DA  - 2024/05/06/\r\n"
        "PB  - Kitchen\r\n"
        "UR  - https://example.org/a_b?c=1\r\n"
        "N1  - Soup needs salt.\r\n"
        "N1  - 12 grams are enough.\r\n"
        "ER  - \r\n"
        "\r\n"
        "TY  - GEN\r\n"
        "ID  - bread\r\n"
        "TI  - =SUM(A1) of Bread\r\n"
        "N1  - Bread rises.\r\n"
        "ER  - \r\n"
    )


def test_csv() -> None:
    salt = (
        '"1","1f2e3d4c5b6a7988","Salt & {Soup}: 100% of $k$-NN_kitchens","Ada Löwe; Bread and Sons"'
        ',"2024-05-06","Kitchen","https://example.org/a_b?c=1","","","","",'
    )
    assert answer_csv(ANSWER) == (
        '"number","paper_id","title","authors","published","organization","url",'
        '"arxiv_id","doi","venue","categories","quote","quote_start","quote_end"\r\n'
        f'{salt}"Soup needs salt.","0","16"\r\n'
        f'{salt}"12 grams are enough.","17","37"\r\n'
        '"2","bread","\'=SUM(A1) of Bread","","","","","","","","","Bread rises.","0","12"\r\n'
    )


def test_markdown() -> None:
    assert answer_markdown_document(ANSWER) == (
        "# How much \\*salt\\*?\n"
        "\n"
        "12 grams. [1] It rises. [2]\n"
        "\n"
        "- **Salt \\& \\{Soup\\}: 100% of \\$k\\$-NN\\_kitchens**: See \\[3\\]\n"
        "\n"
        "## Sources\n"
        "\n"
        "[1] **Salt \\& \\{Soup\\}: 100% of \\$k\\$-NN\\_kitchens**: Ada Löwe, Bread and Sons,"
        " Kitchen, 2024-05-06, https://example.org/a\\_b?c=1\n"
        "\n"
        "> Soup needs salt.\n"
        ">\n"
        "> 12 grams are enough.\n"
        "\n"
        "[2] **=SUM(A1) of Bread**\n"
        "\n"
        "> Bread rises.\n"
    )


RYE = Paper(
    id="rye",
    title="Rye",
    abstract="Rye -- is ``dense''.",
    published=date(2023, 4, 1),
    date_precision=DatePrecision.MONTH,
    authors=("Bread, Inc.",),
    organization="Kitchen",
    venue="Crumb & Crust",
    categories=("food.BR", "a, b; c"),
    arxiv_id="2304.00001",
    doi="10.1234/rye_{1}a",
)


def test_a_source_of_which_all_is_known() -> None:
    answer = replace(ANSWER, blocks=(), citations=(Citation(7, RYE, quoted(RYE, RYE.abstract)),))
    assert [export_text(answer, wanted) for wanted in ExportFormat] == [
        "# How much \\*salt\\*?\n\n## Sources\n\n"
        "[7] **Rye**: Bread, Inc., Crumb \\& Crust, Kitchen, 2023-04, arXiv:2304.00001,"
        " doi:10.1234/rye\\_\\{1\\}a\n\n> Rye -- is \\`\\`dense''.\n",
        "@article{bread2023rye,\n"
        "  title = {{Rye}},\n"
        "  author = {{Bread, Inc.}},\n"
        "  year = {2023},\n"
        "  month = {4},\n"
        "  journal = {Crumb \\& Crust},\n"
        "  organization = {Kitchen},\n"
        "  doi = {10.1234/rye_%7B1%7Da},\n"
        "  eprint = {2304.00001},\n"
        "  archiveprefix = {arXiv},\n"
        "  keywords = {food.BR, a\\symbol{44} b\\symbol{59} c},\n"
        "  annote = {“Rye -{}- is `{}`dense'{}'.”},\n"
        "}\n",
        "TY  - JOUR\r\nID  - rye\r\nTI  - Rye\r\nAU  - Bread, Inc.\r\nPY  - 2023\r\n"
        "DA  - 2023/04//\r\nT2  - Crumb & Crust\r\nPB  - Kitchen\r\nDO  - 10.1234/rye_{1}a\r\n"
        "AN  - arXiv:2304.00001\r\nKW  - food.BR\r\nKW  - a, b; c\r\n"
        "N1  - Rye -- is ``dense''.\r\nER  - \r\n",
        '"number","paper_id","title","authors","published","organization","url",'
        '"arxiv_id","doi","venue","categories","quote","quote_start","quote_end"\r\n'
        '"7","rye","Rye","Bread, Inc.","2023-04","Kitchen","","2304.00001","10.1234/rye_{1}a",'
        '"Crumb & Crust","food.BR; a, b; c","Rye -- is ``dense\'\'.","0","20"\r\n',
    ]


def test_of_a_year_the_year_is_exported() -> None:
    answer = answer_citing(replace(RYE, date_precision=DatePrecision.YEAR))
    assert "  year = {2023},\n  journal" in answer_bibtex(answer)
    assert "PY  - 2023\r\nT2  - " in answer_ris(answer)
    assert ',"2023","Kitchen"' in answer_csv(answer)
    assert ", Kitchen, 2023, " in answer_markdown_document(answer)


def test_an_answer_without_sources() -> None:
    bare = replace(ANSWER, blocks=(), citations=())
    assert [export_text(bare, wanted) for wanted in ExportFormat] == [
        "# How much \\*salt\\*?\n",
        "",
        "",
        '"number","paper_id","title","authors","published","organization","url",'
        '"arxiv_id","doi","venue","categories","quote","quote_start","quote_end"\r\n',
    ]


@pytest.mark.parametrize(
    "forged",
    [
        Quote(Span(0, 12), "Bread sinks."),
        Quote(Span(1, 12), "Bread rises."),
        Quote(Span(12, 12), ""),
        Quote(Span(5, 6), " "),
    ],
)
def test_a_quote_that_is_not_in_the_abstract_is_left_out(forged: Quote) -> None:
    salt, bread = ANSWER.citations
    answer = replace(ANSWER, citations=(salt, replace(bread, quotes=(forged,))))
    without = replace(ANSWER, citations=(salt,))
    for wanted in set(ExportFormat) - {ExportFormat.MARKDOWN}:
        assert export_text(answer, wanted) == export_text(without, wanted)
    assert answer_markdown_document(answer) == (
        answer_markdown_document(without)
        + "\nLeft out: 1 quote that cannot be found in the stored abstract.\n"
    )


KEYS: list[tuple[list[Paper], tuple[str, ...]]] = [
    ([Paper("1", "On the Art of Bread Making", "")], ("artbread",)),
    ([Paper("1", "Bread", "", published=date(2024, 1, 1))], ("bread2024",)),
    ([Paper("1", "Crème brûlée, hot", "")], ("cremebrulee",)),
    ([Paper("1", "漢字", "", published=date(2024, 1, 1))], ("paper2024",)),
    ([Paper("1", "Hot Soup", "", authors=("Łoś, Jan",))], ("oshot",)),
    ([Paper("1", "Hot Soup", "", authors=("Jan van Dam",))], ("damhot",)),
    ([Paper("a1", "Hot Soup", ""), Paper("b2", "Hot soup!", "")], ("hotsoup-a1", "hotsoup-b2")),
    ([Paper("漢", "Hot Soup", ""), Paper("字", "Hot soup!", "")], ("hotsoup-", "hotsoup--2")),
    ([Paper("1", "a" * 500, "")], ("a" * 24,)),
]


@pytest.mark.parametrize(("papers", "keys"), KEYS)
def test_citation_keys(papers: list[Paper], keys: tuple[str, ...]) -> None:
    assert citation_keys(papers) == keys


# Any text, and more often than by chance what some format takes for more than text.
HOSTILE = st.text(
    "\\{}#$%&_~^<>|\"'@=+-,; \t\r\n\x00\x1b\u2028\u202e\ufeff\ud800\U000e0041é漢ER", max_size=30
)
TEXTS = (st.text(max_size=40) | HOSTILE).filter(lambda text: cleaned(text) != "")
PAPERS = st.builds(
    Paper,
    id=st.uuids().map(str),
    title=TEXTS,
    abstract=TEXTS,
    published=st.none() | st.dates(),
    organization=st.none() | TEXTS,
    url=st.none() | TEXTS,
    venue=st.none() | TEXTS,
    doi=st.none() | TEXTS,
    categories=st.lists(TEXTS, max_size=2).map(tuple),
    date_precision=st.sampled_from(DatePrecision),
)


def cleaned(text: str) -> str:
    """Return what an export keeps of a text, by another way than the exports go."""
    kept = "".join(
        " " if sign.isspace() else "\ufffd" if unicodedata.category(sign) == "Cs" else sign
        for sign in text
        if sign.isspace() or not (unicodedata.category(sign) == "Cc" or sign in BIDI + TAGS)
    )
    return " ".join(kept.split())


BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
TAGS = "".join(map(chr, range(0xE0000, 0xE0080)))  # invisible letters, which readers drop


@given(st.lists(PAPERS, max_size=4))
def test_any_paper_reads_back_from_bibtex(papers: list[Paper]) -> None:
    library = bibtexparser.parse_string(answer_bibtex(answer_citing(*papers)))
    assert library.failed_blocks == []
    entries = [{field.key: field.value for field in entry.fields} for entry in library.entries]
    assert [latex_text(entry["title"]) for entry in entries] == [cleaned(p.title) for p in papers]
    assert [latex_text(entry["annote"]) for entry in entries] == [
        f"“{cleaned(paper.abstract)}”" for paper in papers
    ]
    publishers = [cleaned(paper.organization or "") for paper in papers]
    assert [latex_text(entry.get("organization", "")) for entry in entries] == publishers
    addresses = [entry.get("url", "") for entry in entries]
    assert [read_address(address) for address in addresses] == [
        read_address(cleaned(paper.url or "")) for paper in papers
    ]
    assert not {*" {}\\"} & {*"".join(addresses)}
    keys = [entry.key for entry in library.entries]
    assert len({*keys}) == len(papers)
    assert all(re.fullmatch("[a-z0-9-]+", key) for key in keys)


def read_address(address: str) -> str:
    """Return the address with all of its escapes read, those of the export and its own."""
    return unquote(address, errors="surrogateescape")


ADDRESSES = [
    ("https://a.org/a_b~c?d=1&e#f$^", "https://a.org/a_b~c?d=1&e#f$^"),
    ("https://a.org/{a b}\\c", "https://a.org/%7Ba%20b%7D%5Cc"),
    ("https://a.org/100%/%20/%e9/%zz", "https://a.org/100%25/%20/%e9/%25zz"),
    ("https://a.org/\x00\x1ba\u202e\r\nb", "https://a.org/a%20b"),
]


@pytest.mark.parametrize(("url", "written"), ADDRESSES)
def test_an_address_in_bibtex_stands_as_it_is(url: str, written: str) -> None:
    [line] = [
        line
        for line in answer_bibtex(answer_citing(replace(BREAD, url=url))).splitlines()
        if line.startswith("  url")
    ]
    assert line == f"  url = {{{written}}},"


def latex_text(source: str) -> str:
    """Return what LaTeX would set; fails on a command that no export should write."""
    nodes, _, _ = LatexWalker(source, tolerant_parsing=False).get_latex_nodes()
    return "".join(map(_node_text, nodes))


COMMANDS = {
    **{"textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}"},
    **{"textasciitilde": "~", "textasciicircum": "^"},
    **{"textless": "<", "textgreater": ">", "textbar": "|"},
    **{sign: sign for sign in "#$%&_"},
}


def _node_text(node: object) -> str:
    if isinstance(node, LatexCharsNode):
        return str(node.chars)
    if isinstance(node, LatexGroupNode):
        assert node.delimiters == ("{", "}")
        return "".join(map(_node_text, node.nodelist))
    if isinstance(node, LatexSpecialsNode):  # two hyphens, say, which LaTeX sets as a dash
        assert node.specials_chars not in {"~", "&", "#"}
        return str(node.specials_chars)
    assert isinstance(node, LatexMacroNode)
    return COMMANDS[node.macroname] + str(node.macro_post_space)


@given(st.lists(PAPERS, max_size=4))
def test_any_paper_reads_back_from_ris(papers: list[Paper]) -> None:
    records = rispy.loads(answer_ris(answer_citing(*papers)))
    assert [
        (record["type_of_reference"], record["title"], record["notes"]) for record in records
    ] == [
        ("JOUR" if paper.venue else "GEN", cleaned(paper.title), [cleaned(paper.abstract)])
        for paper in papers
    ]
    assert [record.get("keywords", []) for record in records] == [
        [cleaned(category) for category in paper.categories] for paper in papers
    ]


@given(st.lists(PAPERS, max_size=4))
def test_any_paper_reads_back_from_csv(papers: list[Paper]) -> None:
    text = answer_csv(answer_citing(*papers))
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    for name, column in (
        ("title", "title"),
        ("abstract", "quote"),
        ("organization", "organization"),
    ):
        known = [cleaned(getattr(paper, name) or "") for paper in papers]
        cells = [row[column] for row in rows]
        assert [cell[1:] if begins_quoted_formula(cell) else cell for cell in cells] == known
        assert not any(begins_formula(cell) for cell in cells)


def begins_formula(cell: str) -> bool:
    """Tell whether a spreadsheet might calculate, blanks and quotation marks left aside."""
    return not cell.startswith("'") and cell.lstrip(" \"'")[:1] in {*"=+-@|%＝＋－＠"}


def begins_quoted_formula(cell: str) -> bool:
    """Tell whether the first apostrophe is one that the export set."""
    return cell.startswith("'") and cell.lstrip(" \"'")[:1] in {*"=+-@|%＝＋－＠"}


FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", " =1", '"=1', "'=1", "|x", "%x", "＝1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    [row] = csv.DictReader(io.StringIO(answer_csv(answer_citing(Paper("1", text, "Salt.")))))
    assert row["title"] == f"'{text.strip()}"


@pytest.mark.parametrize(
    "exported", [answer_bibtex, answer_ris, answer_csv, answer_markdown_document]
)
@given(paper=PAPERS, said=TEXTS)
def test_no_export_has_controls(exported: Callable[[Answer], str], paper: Paper, said: str) -> None:
    claims = Block(BlockKind.PARAGRAPH, (Claim(said),))
    text = exported(replace(answer_citing(paper), blocks=(claims,)))
    steering = {s for s in text if unicodedata.category(s) in {"Cc", "Cs"} or s in BIDI + TAGS}
    assert steering <= {"\r", "\n"}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("a.md", ExportFormat.MARKDOWN), ("b.BIB", ExportFormat.BIBTEX), (".x.ris", ExportFormat.RIS)],
)
def test_the_suffix_tells_the_format(name: str, wanted: ExportFormat) -> None:
    assert export_format(Path(name)) is wanted


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("a.pdf", "There is no export to .pdf"),
        ("a", "There is no export to a file without a suffix"),
        (".md", "There is no export to a file without a suffix"),
    ],
)
def test_an_unknown_suffix(name: str, problem: str) -> None:
    with pytest.raises(ExportError) as raised:
        export_format(Path(name))
    assert (raised.value.problem, raised.value.where, raised.value.hint) == (
        problem,
        name,
        "Name a file that ends in .md, .bib, .ris or .csv.",
    )


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    real, link = tmp_path / "real.bib", tmp_path / "link.bib"
    real.write_text("old")
    link.symlink_to(real)
    check_writable(link)
    write_file(link, "é\r\n\ud800")
    assert real.read_bytes() == b"\xc3\xa9\r\n?"
    assert sorted(tmp_path.iterdir()) == [link, real]


def test_a_part_that_is_left_or_planted_is_not_written_to(tmp_path: Path) -> None:
    victim, file = tmp_path / "victim", tmp_path / "a.bib"
    victim.write_text("mine")
    planted = tmp_path / f".a.bib.{os.getpid()}.part"
    planted.symlink_to(victim)
    write_file(file, "new")
    assert (file.read_text(), file.is_symlink(), victim.read_text()) == ("new", False, "mine")
    assert sorted(tmp_path.iterdir()) == [planted, file, victim]


def test_a_file_may_have_as_long_a_name_as_there_is(tmp_path: Path) -> None:
    file = tmp_path / f"{'漢' * 83}.bib"  # 253 bytes
    write_file(file, "new")
    assert [(each, each.read_text()) for each in tmp_path.iterdir()] == [(file, "new")]


def test_a_file_is_open_to_those_that_any_new_file_is_open_to(tmp_path: Path) -> None:
    file, other = tmp_path / "a.bib", tmp_path / "other"
    other.touch()
    write_file(file, "new")
    assert file.stat().st_mode == other.stat().st_mode


def test_links_in_a_ring_are_no_file(tmp_path: Path) -> None:
    ring = tmp_path / "a.bib"
    ring.symlink_to(ring)
    with pytest.raises(OutputFileError, match="The file cannot be written: its links lead nowh"):
        check_writable(ring)


@pytest.mark.parametrize(
    ("exports", "receipt"),
    [
        (("a.md", "b.md", "a.md"), None),
        (("a.md",), "a.md"),
        (("a.md",), "sub/../a.md"),
        (("a.md", "link.md"), None),
    ],
)
def test_one_file_cannot_be_named_twice(
    tmp_path: Path, exports: tuple[str, ...], receipt: str | None
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "link.md").symlink_to("a.md")
    files = AnswerFiles(
        tuple(tmp_path / name for name in exports), tmp_path / receipt if receipt else None
    )
    with pytest.raises(OutputFileError) as raised:
        files.check()
    assert (raised.value.problem, raised.value.where) == (
        "The file is named twice, and one would take the other's place",
        str(tmp_path / (receipt or exports[-1])),
    )


def test_files_of_their_own_pass(tmp_path: Path) -> None:
    AnswerFiles((tmp_path / "a.md", tmp_path / "a.bib"), tmp_path / "a.json").check()


def test_an_export_that_fails_keeps_no_other_from_being_written(tmp_path: Path) -> None:
    bad, good = tmp_path / "none" / "a.ris", tmp_path / "a.bib"
    with pytest.raises(OutputFileError) as raised:
        AnswerFiles((bad, good)).export(ANSWER)
    assert raised.value.where == str(bad)
    assert good.read_text("utf-8") == answer_bibtex(ANSWER)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("a.md",), ""),
        (("a.bib",), "The answer has no sources to export to a.bib.\n"),
        (("a.md", "a.ris", "a.csv"), "The answer has no sources to export to a.ris, a.csv.\n"),
    ],
)
def test_an_export_without_sources_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    names: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    AnswerFiles(tuple(map(Path, names))).export(replace(ANSWER, citations=()))
    assert capsys.readouterr().err == said
    assert {each.name for each in tmp_path.iterdir()} == {*names}


@pytest.mark.parametrize(
    ("name", "reason"),
    [("", "it is a folder"), ("none/a.bib", "its folder does not exist")],
)
def test_a_file_that_cannot_be_written_is_said_before(
    tmp_path: Path, name: str, reason: str
) -> None:
    with pytest.raises(OutputFileError, match=f"The file cannot be written: {reason}"):
        check_writable(tmp_path / name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputFileError, match="its folder is not writable"):
        check_writable(tmp_path / "a.bib")


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a.bib"
    file.mkdir()
    with pytest.raises(OutputFileError, match="The file cannot be written"):
        write_file(file, "new")
    assert list(tmp_path.iterdir()) == [file]
