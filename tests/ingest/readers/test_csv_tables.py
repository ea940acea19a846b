from __future__ import annotations

import csv
import io
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from contents import content
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.content import ContentError
from ingest.entries import Entry, Skipped
from ingest.readers.csv_tables import CsvTables
from vectorstore.records import DatePrecision, Source

FILE = "table.csv"
PAGES = Path(__file__).parents[3] / "data" / "daily-papers"


def read(text: str | bytes, columns: dict[str, str] | None = None) -> list[Entry | Skipped]:
    return list(CsvTables(columns or {}).read(content(text, FILE)))


def entry(line: int = 2, **details: object) -> Entry:
    texts = {"title": "On Soup", "abstract": "Soup is hot, good.", "source": Source(FILE, line)}
    return Entry(**(texts | details))  # type: ignore[arg-type]


ROW = 'On Soup,"Soup is hot, good."'
OURS = (
    "paper_id,title,abstract,authors,published,date_precision,author_count,organization,"
    "comment_count,url,arxiv_id,doi,venue,categories\r\n"
    '0123456789abcdef,"\'=On Soup","\'-Soup, hot.","Baker, Anna; Bo Miller",2024-03-01,month,4,'
    "'@levain,2,https://soup.example/a,2401.01234,10.1234/soup,J. Bread,cs.AI; cs.CL\r\n"
)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        (f"title,abstract\n{ROW}\n", [entry()]),
        (f"\ufeffTitle,ABSTRACT\r\n\r\n{ROW}\r\n,\r\n{ROW}", [entry(3), entry(5)]),
        ("title;abstract\nOn Soup;Soup is hot, good.", [entry()]),
        ('sep=;\n"title";"abstract"\n"On Soup";"Soup is hot, good."', [entry(3)]),
        ("title|abstract\nOn Soup|Soup is hot, good.", [entry()]),
        ("title\tabstract\nOn Soup\tSoup is hot, good.", [entry()]),
        (
            'title\tabstract\n"Soup"\t5" pan\n"Hot" soup\t"Good\n"A\nB"\tC',
            [
                entry(2, title="Soup", abstract='5" pan'),
                entry(3, title='"Hot" soup', abstract='"Good'),
                entry(4, title="A\nB", abstract="C"),
            ],
        ),
        (
            f'title,abstract,\n"On\r\n""Soup""","Soup is hot, good.",\n{ROW},,\n',
            [entry(2, title='On\n"Soup"'), entry(4)],
        ),
        (  # pandas
            ",title,abstract,authors,year\n"
            "0,On Soup,\"Soup is hot, good.\",\"['Anna Baker', 'Bo Miller']\",2024.0\n",
            [
                entry(
                    authors=("Anna Baker", "Bo Miller"),
                    published=date(2024, 1, 1),
                    date_precision=DatePrecision.YEAR,
                )
            ],
        ),
        (  # Scopus
            'Authors,Title,Year,"Source title",DOI,Link,Abstract,"Author Keywords",EID\n'
            '"Baker A.; Miller B.",On Soup,2024,J. Bread,10.1234/Soup,https://soup.example/a,'
            '"Soup is hot, good.","soup; hot bread",2-s2.0-1\n',
            [
                entry(
                    authors=("Baker A.", "Miller B."),
                    published=date(2024, 1, 1),
                    date_precision=DatePrecision.YEAR,
                    venue="J. Bread",
                    doi="10.1234/soup",
                    url="https://soup.example/a",
                    categories=("soup", "hot bread"),
                )
            ],
        ),
        (  # Zotero
            '"Key","Publication Year","Author","Title","Publication Title","DOI","Url",'
            '"Abstract Note","Date","Manual Tags"\n'
            '"AB","2024","Baker, Anna; Miller, Bo","On Soup","J. Bread","","",'
            '"Soup is hot, good.","2024-03-05","soup; bread"\n',
            [
                entry(
                    authors=("Anna Baker", "Bo Miller"),
                    published=date(2024, 3, 5),
                    venue="J. Bread",
                    categories=("soup", "bread"),
                )
            ],
        ),
        (
            OURS,
            [
                entry(
                    title="=On Soup",
                    abstract="-Soup, hot.",
                    paper_id="0123456789abcdef",
                    authors=("Baker, Anna", "Bo Miller"),
                    published=date(2024, 3, 1),
                    date_precision=DatePrecision.MONTH,
                    author_count=4,
                    organization="@levain",
                    comment_count=2,
                    url="https://soup.example/a",
                    arxiv_id="2401.01234",
                    doi="10.1234/soup",
                    venue="J. Bread",
                    categories=("cs.AI", "cs.CL"),
                )
            ],
        ),
        (
            'paper_id,title,abstract\n5,\'=On Soup,"Soup is hot, good."',
            [entry(title="'=On Soup")],
        ),
        ('title,title,abstract\nOn Soup,Other,"Soup is hot, good."', [entry()]),
        ("title,abstract\n", []),
    ],
)
def test_tables(text: str, readings: list[Entry | Skipped]) -> None:
    assert CsvTables().accepts(content(text))
    assert read(text) == readings


@pytest.mark.parametrize(
    ("broken", "reason", "key"),
    [
        ("a5,On Bread", '2 columns where 3 are named: "a5,On Bread"', ""),
        ("a5,On Bread,B,C", '4 columns where 3 are named: "a5,On Bread,B,C"', ""),
        (
            'a5,"On Bread,B',
            'quotes that don\'t pair: "a5,"On Bread,B"',
            "",
        ),
        (
            'a5,"On" Bread,B',
            'quotes that don\'t pair: "a5,"On" Bread,B"',
            "",
        ),
        ("a5,?!,B", 'a title without letters or digits: "?!"', "a5"),
        ("a5,On Bread,nan", 'no abstract: "On Bread"', "a5"),
        ("a5," + "x" * 4_000_000 + ",B", "a line of over 4,000,000 characters: " + '"a5,', ""),
    ],
)
def test_a_broken_row_costs_itself(broken: str, reason: str, key: str) -> None:
    row = f'7,"On Soup","{entry().abstract}"'
    first, skipped, last = read(f"id,title,abstract\n{row}\n{broken}\n{row}\n")
    assert (first, last) == (entry(2), entry(4))
    assert isinstance(skipped, Skipped)
    assert skipped == Skipped(FILE, 3, skipped.reason, key)
    assert skipped.reason.startswith(reason)


def test_a_quote_that_is_never_closed() -> None:
    rows = "".join(f"On Soup {number},Soup is hot.\n" for number in range(1000))
    readings = read('title,abstract\n"On Bread,Good.\n' + rows)
    reason = 'quotes that don\'t pair: ""On Bread,Good."'
    assert readings[0] == Skipped(FILE, 2, reason)
    assert [r.source.line for r in readings[1:] if isinstance(r, Entry)] == list(range(3, 1003))


def test_a_table_that_was_cut_off() -> None:
    reason = 'quotes that don\'t pair: "On Bread,"Br"'
    skipped = Skipped(FILE, 3, reason, ends_file=True)
    assert read(f'title,abstract\n{ROW}\nOn Bread,"Br') == [entry(), skipped]


def test_quotes_that_open_and_open_again_end() -> None:
    readings = read("title,abstract\n" + 'a","\n' * 30_000)
    assert len(readings) > 1
    assert not any(isinstance(reading, Entry) for reading in readings)


def test_long_fields_are_read_and_the_limit_is_put_back() -> None:
    before = csv.field_size_limit()
    full_text = "x" * (before + 1)
    assert read(f"full_text,title,abstract\n{full_text},{ROW}\n") == [entry()]
    assert csv.field_size_limit() == before


def test_named_columns() -> None:
    text = 'Name,Text,title\nOn Soup,"Soup is hot, good.",Other\n'
    columns = {"title": "Name", "abstract": "Text"}
    assert CsvTables(columns).accepts(content(text))
    assert read(text, columns) == [entry()]


def test_columns_are_named_where_none_is_known() -> None:
    text = "Name,Text\nOn Soup,Hot.\nOn Bread,Good.\n"
    reason = (
        'no title and no abstract in the fields "Name", "Text" '
        "(name it with --map title=COLUMN --map abstract=COLUMN)"
    )
    assert CsvTables().accepts(content(text))
    assert read(text) == [Skipped(FILE, 1, reason)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "title\nOn Soup\n",
        "Soup, bread and butter\nare good, they say\nif hot, mostly\n",
        "Soup, which is hot.\n\nBread; more soup; and, again, bread.\n\nA, b.\n",
        '{"title": "On Soup", "abstract": "Hot."}\n{"title": "On Bread", "abstract": "Good."}',
        '[{"title": "On Soup"},\n{"title": "On Bread"}]',
        "@article{a,\n title = {On Soup},\n abstract = {Hot},\n}",
        "@article{a, title,abstract\n",
        "TY  - JOUR\nTI  - On Soup, hot\nAB  - Soup; soup\nER  - \n",
        '<?xml version="1.0"?>\n<feed, title, abstract>\n</feed>',
        "PMID- 1\nTI  - On, Soup\n",
    ],
)
def test_what_is_no_table(text: str) -> None:
    assert not CsvTables().accepts(content(text))


def test_listing_pages_are_no_tables() -> None:
    pages = [content(page.read_bytes()) for page in sorted(PAGES.glob("*.txt"))]
    assert pages
    assert not any(CsvTables().accepts(page) for page in pages)


cells = st.text(st.characters(exclude_categories=("Cs", "Cc"))) | st.sampled_from(
    ["a\nb", '"', ","]
)


@given(st.lists(st.tuples(cells, cells), max_size=4), st.sampled_from(",;\t|"))
def test_every_row_that_csv_writes_is_read(rows: list[tuple[str, str]], delimiter: str) -> None:
    table = io.StringIO()
    lines = csv.writer(table, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    lines.writerows([("title", "abstract"), *((f"x{title}", f"y{text}") for title, text in rows)])
    readings = read(table.getvalue())
    assert [(r.title, r.abstract) for r in readings if isinstance(r, Entry)] == [
        (f"x{title}".strip(), f"y{text}".strip()) for title, text in rows
    ]


@given(st.text(alphabet="title,abs\n\"\t;|'"))
@example('title,abstract\n"')
def test_any_text_is_read(text: str) -> None:
    with suppress(ContentError):
        CsvTables().accepts(content(text))
        assert all(isinstance(reading, Entry | Skipped) for reading in read(text))
        assert all(isinstance(r, Entry | Skipped) for r in read(f"title,abstract\n{text}"))
