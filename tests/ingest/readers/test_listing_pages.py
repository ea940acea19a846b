from __future__ import annotations

from datetime import date

import pytest
from contents import content
from hypothesis import given
from hypothesis import strategies as st

from ingest.entries import LONGEST_ABSTRACT, Entry, Skipped
from ingest.readers.fields import clean_text
from ingest.readers.listing_pages import ListingPages
from vectorstore.records import Source, title_key

HEADER = """\
new

Get trending papers in your email inbox!

Subscribe

Daily Papers

byAK and the research community

Dec 9

"""
FILE = "page.txt"
LONG = "This sentence fills an abstract with words until nobody takes it for a title. " * 5


def read(text: str) -> list[Entry | Skipped]:
    return list(ListingPages().read(content(text, FILE)))


def entry(title: str, abstract: str, line: int, **details: object) -> Entry:
    return Entry(title, abstract, Source(FILE, line), **details)  # type: ignore[arg-type]


def skipped(line: int, reason: str) -> Skipped:
    return Skipped(FILE, line, reason)


@pytest.mark.parametrize(
    ("tail", "details"),
    [
        ("  • 4 authors\n·\nJul 2, 2024", {"author_count": 4, "published": date(2024, 7, 2)}),
        ("• 1 author\n·\nJul 2, 2024", {"author_count": 1, "published": date(2024, 7, 2)}),
        (
            "  • 7 authors\n·\nNov 25, 2025 3",
            {"author_count": 7, "published": date(2025, 11, 25), "comment_count": 3},
        ),
        ("apple Apple\n·\nJul 2, 2024", {"organization": "Apple", "published": date(2024, 7, 2)}),
        (
            "facebook AI at Meta\n·\nJul 2, 2024",
            {"organization": "AI at Meta", "published": date(2024, 7, 2)},
        ),
        (
            "Fortytwo-Network Fortytwo\n·\nJul 2, 2024",
            {"organization": "Fortytwo", "published": date(2024, 7, 2)},
        ),
        ("Apple\n·\nJul 2, 2024", {"organization": "Apple", "published": date(2024, 7, 2)}),
        (
            "  • 9 authors\n·\nOct 20",
            {"author_count": 9, "published": date(2024, 10, 20), "year_is_inferred": True},
        ),
        (
            "  • 9 authors\n·\nOct 20 5",
            {
                "author_count": 9,
                "published": date(2024, 10, 20),
                "year_is_inferred": True,
                "comment_count": 5,
            },
        ),
        (
            "  • 9 authors\n·\nFeb 29",
            {"author_count": 9, "published": date(2024, 2, 29), "year_is_inferred": True},
        ),
        (
            "  • 9 authors\n·\nSeptember 5, 2024",
            {"author_count": 9, "published": date(2024, 9, 5)},
        ),
        ("  • 9 authors\n·\nFeb 30, 2024", {"author_count": 9}),
        ("  • 9 authors\n·\nFeb 30 2", {"author_count": 9, "comment_count": 2}),
        ("  • 9 authors\n·\nOct 20, 0000", {"author_count": 9}),
        ("  • 9 authors\n·\n2 days ago", {"author_count": 9}),
        ("  • 9 authors\n·", {"author_count": 9}),
        ("  • 9 authors", {"author_count": 9}),
        ("·\nJul 2, 2024", {"published": date(2024, 7, 2)}),
        ("Jul 2, 2024", {"published": date(2024, 7, 2)}),
        ("  • 4 authors\n\n·\n\nJul 2, 2024", {"author_count": 4, "published": date(2024, 7, 2)}),
    ],
)
def test_tail(tail: str, details: dict[str, object]) -> None:
    earlier = "An Earlier Paper\n\nIts abstract.\n\n  • 2 authors\n·\nMay 1, 2023\n\n"
    later = "\n\nA Later Paper\n\nIts abstract.\n\n  • 3 authors\n·\nMay 2, 2023"
    text = HEADER + earlier + "A Paper\n\nIts abstract.\n\n" + tail + later
    assert read(text) == [
        entry("An Earlier Paper", "Its abstract.", 13, published=date(2023, 5, 1), author_count=2),
        entry("A Paper", "Its abstract.", 21, **details),
        entry(
            "A Later Paper",
            "Its abstract.",
            27 + tail.count("\n"),
            published=date(2023, 5, 2),
            author_count=3,
        ),
    ]


def test_no_year_on_the_page() -> None:
    text = HEADER + "A Paper\n\nIts abstract.\n\n  • 9 authors\n·\nOct 20 5"
    assert read(text) == [entry("A Paper", "Its abstract.", 13, author_count=9, comment_count=5)]


@pytest.mark.parametrize("year", ["2023", "9999"])
def test_day_that_the_inferred_year_lacks(year: str) -> None:
    text = f"A\n\nB.\n\n• 1 author\n·\nFeb 29\n\nC\n\nD.\n\n• 1 author\n·\nMay 1, {year}"
    assert read(text) == [
        entry("A", "B.", 1, author_count=1, published=date(2024, 2, 29), year_is_inferred=True)
        if year == "2023"
        else entry("A", "B.", 1, author_count=1),
        entry("C", "D.", 9, author_count=1, published=date(int(year), 5, 1)),
    ]


def test_each_page_of_a_file_infers_its_own_year() -> None:
    page = "{}\n\nAn abstract.\n\n  • 2 authors\n·\nMay 1\n\n{}\n\nAn abstract.\n\n·\nMay 1, {}\n\n"
    text = HEADER + page.format("A", "B", 2020) + HEADER + page.format("C", "D", 2024)
    details = {"author_count": 2, "year_is_inferred": True}
    assert read(text) == [
        entry("A", "An abstract.", 13, published=date(2021, 5, 1), **details),
        entry("B", "An abstract.", 21, published=date(2020, 5, 1)),
        entry("C", "An abstract.", 40, published=date(2025, 5, 1), **details),
        entry("D", "An abstract.", 48, published=date(2024, 5, 1)),
    ]


BODY = "A Paper\n\nIts abstract.\n\n  • 4 authors\n·\nJul 2, 2024\n\nAnother\n\nIts own.\n"


@pytest.mark.parametrize(
    ("header", "first_line"),
    [
        pytest.param(HEADER, 13, id="whole"),
        pytest.param("", 1, id="none"),
        pytest.param("\n\n\n", 4, id="blank lines"),
        pytest.param("Subscribe\n\nDec 9\n\n", 5, id="part"),
        pytest.param("SUBSCRIBE\n\nDaily   Papers\n\n", 5, id="no date"),
        pytest.param("Dec 9\n\n", 3, id="date alone"),
        pytest.param("Models\n\nDatasets\n\nPapers of the day\n\nDec 9\n\n", 9, id="other words"),
        pytest.param("new\nSubscribe\nDaily Papers\nDec 9\n\n", 6, id="no blank lines"),
    ],
)
def test_header(header: str, first_line: int) -> None:
    assert read(header + BODY) == [
        entry("A Paper", "Its abstract.", first_line, author_count=4, published=date(2024, 7, 2)),
        entry("Another", "Its own.", first_line + 8),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="empty"),
        pytest.param(HEADER, [], id="header alone"),
        pytest.param(
            f"A\n\n{LONG}\n\nCut Off Here",
            [
                entry("A", LONG.strip(), 1),
                skipped(5, 'a title without an abstract: "Cut Off Here"'),
            ],
            id="cut off after a title",
        ),
        pytest.param(
            "A Title Alone\n\n  • 4 authors\n·\nJul 2, 2024\n\nB\n\nIts abstract.",
            [
                skipped(1, 'a title without an abstract: "A Title Alone"'),
                entry("B", "Its abstract.", 7),
            ],
            id="entry without an abstract",
        ),
        pytest.param(
            f"{LONG}\n\n  • 4 authors\n·\nJul 2, 2024\n\nB\n\nIts abstract.",
            [
                skipped(1, f'an abstract without a title: "{LONG[:60].rstrip()}…"'),
                entry("B", "Its abstract.", 7),
            ],
            id="entry without a title",
        ),
        pytest.param(
            f"No Abstract\n\nA\n\n{LONG}\n\n  • 4 authors\n·\nJul 2, 2024",
            [
                skipped(1, 'a title without an abstract: "No Abstract"'),
                entry("A", LONG.strip(), 3, author_count=4, published=date(2024, 7, 2)),
            ],
            id="gap before a good entry",
        ),
        pytest.param(
            f"A\n\n{LONG}\n\nNo Abstract\n\n  • 4 authors\n·\nJul 2, 2024",
            [
                entry("A", LONG.strip(), 1),
                skipped(5, 'a title without an abstract: "No Abstract"'),
            ],
            id="tail of a skipped entry stays with it",
        ),
        pytest.param(
            f"A\n\n{LONG}\n\n{LONG}\n\n{LONG}\n\n  • 4 authors\n·\nJul 2, 2024",
            [
                entry("A", LONG.strip(), 1),
                skipped(5, f'an abstract without a title: "{LONG[:60].rstrip()}…"'),
                skipped(7, f'an abstract without a title: "{LONG[:60].rstrip()}…"'),
            ],
            id="an even number of texts out of step",
        ),
        pytest.param(
            "  • 4 authors\n·\nJul 2, 2024\n\nB\n\nIts abstract.",
            [
                skipped(1, "authors or a date without a title and an abstract"),
                entry("B", "Its abstract.", 5),
            ],
            id="tail alone",
        ),
        pytest.param(
            "!?\n\nIts abstract.\n\nB\n\nIts abstract.",
            [
                skipped(1, 'a title without letters or digits: "!?"'),
                entry("B", "Its abstract.", 5),
            ],
            id="title without letters",
        ),
        pytest.param(
            "A\n\n" + "a" * (LONGEST_ABSTRACT + 1) + "\n\nB\n\nIts abstract.",
            [skipped(1, 'an abstract of 100,001 characters: "A"'), entry("B", "Its abstract.", 5)],
            id="abstract too long",
        ),
        pytest.param(
            "T" * 2_000_000,
            [skipped(1, f'an abstract without a title: "{"T" * 60}…"')],
            id="one long line",
        ),
        pytest.param(
            "A Title\n\nFirst line,  kept.\n  Second line.\n\nB\n\nC.",
            [entry("A Title", "First line,  kept.\n  Second line.", 1), entry("B", "C.", 6)],
            id="abstract of several lines keeps them",
        ),
        pytest.param(
            "A Title\n\nThe summary ends here\nnew\n\nB\n\nC.",
            [entry("A Title", "The summary ends here\nnew", 1), entry("B", "C.", 6)],
            id="a header's word inside an abstract",
        ),
        pytest.param(
            "A\u2028B\x0cC\x85D\n\nText\u2029with\x1fseparators.",
            [entry("A\u2028BC\x85D", "Text\u2029withseparators.", 1)],
            id="only line ends divide lines",
        ),
        pytest.param(
            " \t A Title \n \n\u00a0An abstract. \n\t\n  • 4 authors \n · \n Jul\u00a02, 2024 ",
            [entry("A Title", "An abstract.", 1, author_count=4, published=date(2024, 7, 2))],
            id="white space around",
        ),
        pytest.param(
            "A\n\nIts abstract.\n  • 4 authors\n·\nJul 2, 2024\nB\n\nIts abstract.\napple Apple\n·",
            [
                entry("A", "Its abstract.", 1, author_count=4, published=date(2024, 7, 2)),
                entry("B", "Its abstract.", 7, organization="Apple"),
            ],
            id="tails without blank lines around",
        ),
        pytest.param(
            (HEADER + "A\n\nIts abstract.\n\n• 4 authors\n·\nJul 2, 2024\n\nB\n\nC.").replace(
                "\n\n", "\n"
            ),
            [
                entry("A", "Its abstract.", 7, author_count=4, published=date(2024, 7, 2)),
                entry("B", "C.", 12),
            ],
            id="no blank lines at all",
        ),
        pytest.param(
            "A\1B\n\nText\x02 with \x1b[31mcontrols.\n\n\x1b[31m\u202e!",
            [
                entry("AB", "Text with [31mcontrols.", 1),
                skipped(5, 'a title without an abstract: "[31m !"'),
            ],
            id="control characters",
        ),
    ],
)
def test_page(text: str, expected: list[Entry | Skipped]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "is_listing"),
    [
        pytest.param(HEADER + BODY, True, id="page"),
        pytest.param(BODY, True, id="tail"),
        pytest.param("Subscribe\n\nA\n\nB", True, id="header line"),
        pytest.param(f"A Title\n\n{LONG}\n\nAnother\n\n{LONG}", True, id="texts in turn"),
        pytest.param(f"A Title\n\n{LONG}\n\nCut Off", True, id="texts in turn, cut off"),
        pytest.param(f"{LONG}\n\n{LONG}\n\n{LONG}", False, id="prose"),
        pytest.param(f"A Heading\n\n{LONG}\n\n{LONG}\n\n{LONG}", False, id="prose, a heading"),
        pytest.param("milk\n\nbread\n\neggs", False, id="short lines"),
        pytest.param("milk\n\nMay 4, 2024", False, id="date"),
        pytest.param("# Shopping\n\nmilk and eggs.\n", False, id="note"),
        pytest.param("x" * 2_000_000, False, id="one long line"),
        pytest.param("", False, id="empty"),
    ],
)
def test_accepts(text: str, is_listing: bool) -> None:
    assert ListingPages().accepts(content(text)) is is_listing


LINE_OF_A_PAGE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "·", "  • 3 authors", "Oct 20 5", "Feb 30, 2024", "apple Apple", "new", "Dec 9", LONG]
    ),
)


@given(st.one_of(st.text(), st.lists(LINE_OF_A_PAGE, max_size=30).map("\n".join)))
def test_any_text_is_read(text: str) -> None:
    text = clean_text(text)  # what is no text is left out, or makes a binary file
    readings = read(text)
    lines = text.split("\n")
    for found in readings:
        if isinstance(found, Entry):
            assert found.title in text
            assert found.abstract in text
            assert title_key(found.title)
            assert found.title.split("\n")[0] in lines[found.source.line - 1]
        else:
            assert 1 <= found.line <= len(lines)


PRINTABLE = st.characters(exclude_categories=("C", "Z"))
WORDS = st.lists(st.text(PRINTABLE, min_size=1, max_size=8), max_size=12).map(" ".join)
DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31))


@st.composite
def listed(draw: st.DrawFn) -> tuple[str, str, date | None, int | None, str | None, int | None]:
    """A title, an abstract, and a tail: date, authors or organisation, comments; or none."""
    title, abstract = "Paper " + draw(WORDS), "We study " + draw(WORDS)
    published = draw(st.none() | DAYS)
    is_by_authors = draw(st.booleans())
    author_count = draw(st.integers(1, 5000)) if published and is_by_authors else None
    organization = draw(WORDS.filter(bool)) if published and not is_by_authors else None
    comments = draw(st.none() | st.integers(1, 999)) if published else None
    return title.strip(), abstract.strip(), published, author_count, organization, comments


@given(st.lists(listed(), max_size=12), st.sampled_from([HEADER, "", "Daily Papers\n\n"]))
def test_well_formed_entries_are_read_back(
    papers: list[tuple[str, str, date | None, int | None, str | None, int | None]], header: str
) -> None:
    text, expected = header, []
    for title, abstract, published, author_count, organization, comments in papers:
        line = text.count("\n") + 1
        text += f"{title}\n\n{abstract}\n\n"
        if published:
            head = f"  • {author_count} authors" if author_count else f"org {organization}"
            day = f"{published:%b} {published.day}, {published.year}"
            text += f"{head}\n·\n{day}{f' {comments}' if comments else ''}\n\n"
        expected.append(
            entry(
                title,
                abstract,
                line,
                published=published,
                author_count=author_count,
                organization=organization,
                comment_count=comments,
            )
        )
    assert read(text) == expected
