from __future__ import annotations

import io
import json
from contextlib import suppress
from datetime import date
from itertools import islice

import pytest
from contents import content
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.content import Content, ContentError
from ingest.entries import Entry, Skipped
from ingest.readers import json_stream
from ingest.readers.json_records import JsonRecords
from vectorstore.records import DatePrecision, Source

FILE = "list.json"
GOOD = {"title": "On Soup", "abstract": "Soup is hot."}


def read(text: str | bytes, columns: dict[str, str] | None = None) -> list[Entry | Skipped]:
    return list(JsonRecords(columns or {}).read(content(text, FILE)))


def entry(line: int = 1, **details: object) -> Entry:
    texts = {"title": "On Soup", "abstract": "Soup is hot.", "source": Source(FILE, line)}
    return Entry(**(texts | details))  # type: ignore[arg-type]


ZOTERO_CSL = {
    "id": "baker2024",
    "type": "article-journal",
    "title": "On Soup",
    "abstract": "Soup is hot.",
    "author": [{"family": "Baker", "given": "Anna"}, {"literal": "Levain Group"}],
    "issued": {"date-parts": [[2024, 3, 5]]},
    "container-title": "Journal of Bread",
    "DOI": "10.1234/Soup",
    "URL": "https://soup.example/a",
}
ZOTERO_API = {
    "key": "ABCD2345",
    "data": {
        "title": "On Soup",
        "abstractNote": "Soup is hot.",
        "creators": [{"creatorType": "author", "firstName": "Anna", "lastName": "Baker"}],
        "tags": [{"tag": "soup"}],
        "date": "March 2024",
        "publicationTitle": "Journal of Bread",
    },
}
OPENALEX = {
    "id": "https://openalex.org/W1",
    "doi": "https://doi.org/10.1234/soup",
    "title": "On Soup",
    "publication_year": 2024,
    "publication_date": "2024-03-05",
    "authorships": [
        {"author_position": "first", "author": {"display_name": "Anna Baker"}, "institutions": []}
    ],
    "primary_location": {
        "landing_page_url": "https://soup.example/a",
        "source": {"display_name": "Journal of Bread"},
    },
    "abstract_inverted_index": {"Soup": [0], "is": [1], "hot.": [2]},
    "topics": [{"display_name": "Soups"}],
}
SEMANTIC_SCHOLAR = {
    "paperId": "0123456789abcdef",
    "externalIds": {"ArXiv": "2401.01234", "DOI": "10.1234/SOUP"},
    "title": "On Soup",
    "abstract": "Soup is hot.",
    "venue": "",
    "journal": {"name": "Journal of Bread", "pages": "1"},
    "year": 2024,
    "authors": [{"authorId": "1", "name": "Anna Baker"}],
    "s2FieldsOfStudy": [{"category": "Cooking", "source": "guess"}],
}
CROSSREF = {
    "DOI": "10.1234/soup",
    "title": ["On Soup"],
    "abstract": "Soup is hot.",
    "container-title": ["Journal of Bread"],
    "author": [{"given": "Anna", "family": "Baker", "sequence": "first"}],
    "published": {"date-parts": [[2024, 3]]},
    "URL": "https://doi.org/10.1234/soup",
}
ARXIV_ROW = {
    "entry_id": "http://arxiv.org/abs/2401.01234v2",
    "title": "On Soup",
    "summary": "Soup is hot.",
    "authors": ["Anna Baker", "Bo Miller"],
    "categories": ["cs.CL", "cs.AI"],
    "published": 1709596800000,
    "updated": "2024-04-01",
    "journal_ref": None,
}
OURS = {
    "paper_id": "0123456789abcdef",
    "title": "On Soup",
    "abstract": "Soup is hot.",
    "authors": ["Baker, Anna"],
    "author_count": 3,
    "published": "2024-03-01",
    "date_precision": "month",
    "comment_count": 0,
    "organization": "Levain",
    "arxiv_id": "2401.01234",
    "categories": ["slow, hot soup"],
    "updated": "2024-04-01",
}
KNOWN: list[tuple[dict[str, object], dict[str, object]]] = [
    (
        ZOTERO_CSL,
        {
            "authors": ("Anna Baker", "Levain Group"),
            "published": date(2024, 3, 5),
            "venue": "Journal of Bread",
            "doi": "10.1234/soup",
            "url": "https://soup.example/a",
        },
    ),
    (
        ZOTERO_API,
        {
            "authors": ("Anna Baker",),
            "categories": ("soup",),
            "published": date(2024, 3, 1),
            "date_precision": DatePrecision.MONTH,
            "venue": "Journal of Bread",
        },
    ),
    (
        OPENALEX,
        {
            "authors": ("Anna Baker",),
            "published": date(2024, 3, 5),
            "venue": "Journal of Bread",
            "doi": "10.1234/soup",
            "url": "https://soup.example/a",
            "categories": ("Soups",),
        },
    ),
    (
        SEMANTIC_SCHOLAR,
        {
            "authors": ("Anna Baker",),
            "published": date(2024, 1, 1),
            "date_precision": DatePrecision.YEAR,
            "venue": "Journal of Bread",
            "arxiv_id": "2401.01234",
            "doi": "10.1234/soup",
            "categories": ("Cooking",),
        },
    ),
    (
        CROSSREF,
        {
            "authors": ("Anna Baker",),
            "published": date(2024, 3, 1),
            "date_precision": DatePrecision.MONTH,
            "venue": "Journal of Bread",
            "doi": "10.1234/soup",
            "url": "https://doi.org/10.1234/soup",
        },
    ),
    (
        ARXIV_ROW,
        {
            "authors": ("Anna Baker", "Bo Miller"),
            "published": date(2024, 3, 5),
            "updated": date(2024, 4, 1),
            "url": "http://arxiv.org/abs/2401.01234v2",
            "arxiv_id": "2401.01234",
            "categories": ("cs.CL", "cs.AI"),
        },
    ),
    (
        OURS,
        {
            "paper_id": "0123456789abcdef",
            "authors": ("Baker, Anna",),
            "author_count": 3,
            "published": date(2024, 3, 1),
            "date_precision": DatePrecision.MONTH,
            "comment_count": 0,
            "organization": "Levain",
            "arxiv_id": "2401.01234",
            "categories": ("slow, hot soup",),
            "updated": date(2024, 4, 1),
        },
    ),
    (GOOD | {"url": "javascript:alert(1)", "id": "0123456789abcdef"}, {}),
    (GOOD | {"title": " On Soup\n", "abstract": "Soup\x00 is hot.\x1b "}, {}),
    (GOOD | {"abstract": "Half \ud800."}, {"abstract": "Half \ufffd."}),
    (GOOD | {"abstract": "Two\nlines."}, {"abstract": "Two\nlines."}),
    (GOOD | {"authors": {}, "doi": [], "year": {}, "categories": 5, "url": None}, {}),
    (GOOD | {"abstract": "nan", "summary": "Soup is hot."}, {}),
]


@pytest.mark.parametrize(("record", "details"), KNOWN)
def test_records(record: dict[str, object], details: dict[str, object]) -> None:
    assert read(json.dumps([record])) == [entry(**details)]


SOUP = json.dumps(GOOD)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (SOUP, [1]),
        (json.dumps(GOOD, indent=2), [1]),
        (f"[{SOUP}]", [1]),
        (f"[{SOUP},{SOUP}]", [1, 1]),
        (f"[\n{SOUP},\n{SOUP}\n]\n", [2, 3]),
        (json.dumps([GOOD, GOOD], indent=1), [2, 6]),
        (f"\ufeff{SOUP}\r\n\r\n{SOUP}\r\n", [1, 3]),
        (f"{SOUP}\n{SOUP}", [1, 2]),
        (json.dumps(GOOD, indent=1) + "\n" + json.dumps(GOOD, indent=1), [1, 5]),
        (f'{{"total": 1,\n"results": [\n{SOUP}]}}', [3]),
        (f'{{"message": {{"authors": [{{"name": "B"}}], "items": [\n{SOUP}]}}}}', [2]),
        (f'{{"title": "My shelf", "items": [{SOUP}, {SOUP}]}}', [1, 1]),
        (f'[{{"page": 1, "data": [{SOUP}]}},\n {{"page": 2, "data": [{SOUP}]}}]', [1, 2]),
        (f'{{"data": [{SOUP}]}}\n{{"data": [{SOUP}]}}', [1, 2]),
        (f"[[{SOUP}], [{SOUP}]]", [1, 1]),
        (f'{{"facets": [{{"a": 1}}], "data": [{SOUP}]}}\n' * 400, list(range(1, 401))),
        ("[" + SOUP[:-1] + ', "references": [{"title": "A", "abstract": "B"}]}]', [1]),
    ],
)
def test_layouts(text: str, lines: list[int]) -> None:
    assert JsonRecords().accepts(content(text))
    assert read(text) == [entry(line) for line in lines]


@pytest.mark.parametrize(
    ("broken", "reason", "key"),
    [
        ("5", 'no record: "5"', ""),
        ("null", 'no record: "null"', ""),
        ('{"id": "a5", "title": "A "B"}', "not valid JSON (Expecting ',' delimiter): ", "a5"),
        ('{"title": }', "not valid JSON (Expecting value): ", ""),
        ('{"a":' * 5000 + "1" + "}" * 5000, "a record of values nested too deeply", ""),
        ('{"id": "a5", "title": 5, "abstract": null}', "no title and no abstract", "a5"),
        (
            '{"DOI": "10.1234/X", "title": "A"}',
            'no abstract in the fields "DOI", "title" (name it with --map abstract=COLUMN): "A"',
            "10.1234/x",
        ),
        (
            '{"id": 7, "title": "?!", "abstract": "B"}',
            'a title without letters or digits: "?!"',
            "7",
        ),
    ],
)
@pytest.mark.parametrize("layout", ["[{},\n{},\n{}]", "{}\n{}\n{}"])
def test_a_broken_record_costs_itself(broken: str, reason: str, key: str, layout: str) -> None:
    first, skipped, last = read(layout.replace("{}", "%s") % (SOUP, broken, SOUP))
    assert (first, last) == (entry(1), entry(3))
    assert isinstance(skipped, Skipped)
    assert skipped == Skipped(FILE, 2, skipped.reason, key)
    # An excerpt of what follows ends some reasons, which depends on the layout.
    assert skipped.reason.startswith(reason) if reason.endswith(": ") else skipped.reason == reason


@pytest.mark.parametrize("indent", [None, 1])
def test_the_rest_behind_an_unclosed_text(indent: int | None) -> None:
    records = [GOOD | {"authors": [{"name": "A"}, {"name": "B"}]} for _ in range(3)]
    sound = json.dumps(records, indent=indent)
    second = sound.index('"On Soup"', sound.index('"On Soup"') + 1)
    readings = read(sound[:second] + sound[second + 1 :])
    assert [isinstance(reading, Entry) for reading in readings] == [True, False, True]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (f"[{SOUP},\n" + SOUP[:30], 2, "not valid JSON (Unterminated string starting at)"),
        (f"[{SOUP},\n" + SOUP[:9], 2, "the text ends in a record"),
        (f"[{SOUP},\n", 2, "the list of records is cut off"),
        (f"[{SOUP}", 1, "the list of records is cut off"),
        (f"{SOUP}\n{SOUP}\n{SOUP[:9]}", 3, "the text ends in a record"),
    ],
)
def test_a_text_that_was_cut_off(text: str, line: int, reason: str) -> None:
    *before, last = read(text)
    assert before == [entry(n + 1) for n in range(len(before))]
    assert before
    assert isinstance(last, Skipped)
    assert (last.line, last.ends_file) == (line, True)
    assert last.reason.startswith(reason)


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "9" * 5000, "1e999"])
def test_numbers_that_are_none(number: str) -> None:
    record = SOUP[:-1] + f', "year": {number}, "authors": {number}, "author_count": {number}}}'
    assert read(f"[{record}, {record}]") == [entry(), entry()]
    assert read(f"{record}\n{record}") == [entry(1), entry(2)]


def test_the_last_of_equal_names_counts() -> None:
    assert read('{"title": "A", "abstract": "B", "title": "On Soup"}') == [entry(abstract="B")]


def test_named_columns() -> None:
    text = '[{"Name": "On Soup", "Text": "Soup is hot.", "title": "Other"}]'
    assert read(text, {"title": "Name", "abstract": "Text"}) == [entry()]


def test_fields_are_named_where_none_is_known() -> None:
    reason = (
        'no title and no abstract in the fields "Name", "Text" '
        "(name it with --map title=COLUMN --map abstract=COLUMN)"
    )
    assert read('[{"Name": "On Soup",\n"Text": "B"}]') == [Skipped(FILE, 1, reason)]


def test_a_long_line() -> None:
    long = '{"id": "a5", "title": "' + "x" * 4_000_000 + '"}'
    reason = "a line of over 4,000,000 characters"
    readings = read(f"{SOUP}\n{SOUP}\n{long}\n{SOUP}")
    assert readings == [entry(1), entry(2), Skipped(FILE, 3, reason, "a5"), entry(4)]
    reason = "no valid JSON within 4,000,000 characters"
    readings = read(f"[{SOUP},\n{long.replace('x', 'xxx')},\n{SOUP}]")
    assert readings == [entry(1), Skipped(FILE, 2, reason, "a5"), entry(3)]


@pytest.mark.parametrize("text", ["[" * 100_000, '[{"a":' * 100_000, '{"a":' * 100_000])
def test_deep_nests_end(text: str) -> None:
    reason = "a record of values nested too deeply"
    assert read(text) == [Skipped(FILE, 1, reason, ends_file=True)]


def test_faults_that_cost_much_end() -> None:
    *_, last = read(f"[{SOUP}," + '{"title":1,"b":[0,' * 20_000)
    reason = "too many faults to read on"
    assert last == Skipped(FILE, 1, reason, ends_file=True)


def test_a_list_is_read_as_it_is_taken() -> None:
    text = f"[{SOUP}" + f",\n{SOUP}" * 100_000
    opened: list[io.BytesIO] = []

    def open_bytes() -> io.BytesIO:
        opened.append(io.BytesIO(text.encode()))
        return opened[-1]

    readings = JsonRecords().read(Content(FILE, open_bytes))
    assert list(islice(readings, 3)) == [entry(1), entry(2), entry(3)]
    assert opened[-1].tell() < len(text) / 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Soup, bread",
        "[1, 2]",
        '"title"',
        "@article{a, title={B}}",
        "TY  - JOUR",
        "<a>{</a>",
        "{}",
    ],
)
def test_what_is_no_list_of_objects(text: str) -> None:
    assert not JsonRecords().accepts(content(text))


@given(st.text() | st.binary().map(lambda data: data.decode(errors="replace")))
@example('[{"title"')
@example('{"title": [[[{}]]], "abstract": {"a": [1]}}')
def test_any_text_is_read(text: str) -> None:
    with suppress(ContentError):  # what is no text
        JsonRecords().accepts(content(text))
        assert all(isinstance(reading, Entry | Skipped) for reading in read(text))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
records = st.dictionaries(
    st.sampled_from([name for record, _ in KNOWN for name in record]) | st.text(), values
)


@settings(max_examples=50)
@given(st.lists(records, max_size=4), st.sampled_from([None, 1]))
def test_every_object_of_a_list_of_papers_is_told(
    others: list[dict[str, object]], indent: int | None
) -> None:
    readings = read(json.dumps([GOOD, *others, GOOD], indent=indent))
    assert len(readings) == len(others) + 2
    assert [r.title for r in (readings[0], readings[-1]) if isinstance(r, Entry)] == ["On Soup"] * 2


@given(st.integers(1, 40))
def test_windows_do_not_matter(chunk: int) -> None:
    text = json.dumps([GOOD, GOOD | {"n": [{"x": 1}]}, GOOD], indent=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_CHUNK", chunk)
        assert read(text) == [entry(2), entry(6), entry(15)]


def test_damage_goes_through() -> None:
    class Damaged(Content):
        def lines(self):  # type: ignore[no-untyped-def]
            yield from islice(Content.lines(self), 2)
            raise ContentError(3, "damaged")

    damaged = Damaged(FILE, content(f"{SOUP}\n5\n{SOUP}").open_bytes)
    readings = JsonRecords().read(damaged)
    assert [next(readings), next(readings)] == [entry(1), Skipped(FILE, 2, 'no record: "5"')]
    with pytest.raises(ContentError):
        next(readings)
