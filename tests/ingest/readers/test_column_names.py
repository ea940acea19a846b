from __future__ import annotations

import pytest

from ingest.errors import IngestError
from ingest.readers.column_names import Field, column_map, columns_found, columns_of


def test_column_map() -> None:
    assignments = ["title=Name", " Abstract = Full text ", "url=a=b", "title=Heading"]
    assert column_map(assignments) == {"title": "Heading", "abstract": "Full text", "url": "a=b"}


@pytest.mark.parametrize(
    ("assignment", "problem", "hint"),
    [
        (
            "titel=Name",
            'There is no field "titel" to read a column into',
            "Known fields: title, abstract, authors, author_count, organization, comment_count, "
            "url, arxiv_id, doi, venue, categories, published, updated.",
        ),
        *(
            (
                text,
                f'"{text}" doesn\'t say which column holds a field',
                "Write FIELD=COLUMN, such as title=Name.",
            )
            for text in ("", "title", "title=")
        ),
    ],
)
def test_column_map_of_something_else(assignment: str, problem: str, hint: str) -> None:
    with pytest.raises(IngestError) as caught:
        column_map([assignment])
    assert (caught.value.problem, caught.value.hint) == (problem, hint)


@pytest.mark.parametrize(
    ("columns", "field", "found"),
    [
        (["Publication_Year", "publicationDate"], "published", ["publicationDate"]),
        (["Title", "TITLE "], "title", ["Title"]),
        (["Abstract Note"], "abstract", ["Abstract Note"]),
        (["summary", "abstract"], "abstract", ["abstract", "summary"]),
        (["Name"], "title", []),
    ],
)
def test_guesses(columns: list[str], field: str, found: list[str]) -> None:
    assert columns_of(columns, {})[Field(field)][: len(found) or 1] == found


@pytest.mark.parametrize(
    ("column", "found"), [("Name", ["Name"]), ("full text", ["Full_Text"]), ("Missing", ["title"])]
)
def test_a_mapping_goes_before_guesses(column: str, found: list[str]) -> None:
    columns = ["title", "Name", "Full_Text"]
    assert columns_of(columns, {"title": column})[Field.TITLE] == found


def test_columns_found_names_some() -> None:
    assert columns_found(["a", "b\x1b"]) == '"a", "b"'
    assert columns_found(map(str, range(13))).endswith('"10", "11", …')
