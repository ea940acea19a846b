"""What the fields of records are called, in tables and in JSON of anybody's making.

Owns the guesses and the user's own mapping, which goes before them. A name is compared by its
letters and digits alone, so "Publication Date", "publicationDate" and "publication_date" are one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from functools import lru_cache

from ingest.entries import excerpt
from ingest.errors import IngestError

_LONGEST_NAME = 100
_NAMED_COLUMNS = 12  # in a message: as many as anybody reads


class Field(StrEnum):
    """What a column can hold, by the name that `--map` and our own export give it."""

    TITLE = "title"
    ABSTRACT = "abstract"
    AUTHORS = "authors"
    AUTHOR_COUNT = "author_count"
    ORGANIZATION = "organization"
    COMMENT_COUNT = "comment_count"
    URL = "url"
    ARXIV_ID = "arxiv_id"
    DOI = "doi"
    VENUE = "venue"
    CATEGORIES = "categories"
    PUBLISHED = "published"
    UPDATED = "updated"


# The likelier name first; of those that a record has, the first with a value of use is taken.
# The capitals in the comments are whose names they are.
_NAMES: Mapping[Field, tuple[str, ...]] = {
    Field.TITLE: ("title", "papertitle", "articletitle", "documenttitle", "ti"),
    Field.ABSTRACT: (
        *("abstract", "abstracttext", "abstractnote", "paperabstract", "summary", "ab"),
        *("abstractinvertedindex", "description"),  # OpenAlex
    ),
    Field.AUTHORS: (
        *("authors", "author", "authorships", "creators", "creator", "authornames", "authorlist"),
        *("authorfullnames", "au"),
    ),
    Field.AUTHOR_COUNT: ("authorcount",),
    Field.ORGANIZATION: ("organization",),
    Field.COMMENT_COUNT: ("commentcount", "numcomments"),
    Field.URL: (
        *("url", "link", "paperurl", "urlabs", "absurl", "articleurl", "entryid", "pdfurl"),
        *("urlpdf", "pdflink", "sourceurl", "primarylocation"),
    ),
    Field.ARXIV_ID: (
        *("arxivid", "arxiv", "externalids", "eprint", "id", "entryid", "url", "urlabs", "absurl"),
        *("link", "pdfurl", "doi"),
    ),
    Field.DOI: ("doi", "di", "externalids", "id", "url", "link"),
    Field.VENUE: (
        *("venue", "journal", "journaltitle", "journalname", "journalref", "containertitle"),
        *("booktitle", "publicationtitle", "sourcetitle", "proceeding", "proceedings"),
        *("conference", "primarylocation", "so"),
    ),
    Field.CATEGORIES: (
        *("categories", "category", "keywords", "authorkeywords", "tags", "manualtags", "subjects"),
        *("subject", "keyword", "fieldsofstudy", "s2fieldsofstudy", "topics"),
    ),
    Field.PUBLISHED: (
        *("published", "publicationdate", "publishedat", "publisheddate", "datepublished"),
        *("issued", "date", "year", "publicationyear", "py"),
    ),
    Field.UPDATED: ("updated", "updatedate", "updatedat", "updateddate", "lastupdated"),
}


def column_map(assignments: Iterable[str]) -> Mapping[str, str]:
    """Return which column holds which field, from texts such as "title=Name".

    Raises IngestError where one is no such text, or names no field.
    """
    mapping: dict[str, str] = {}
    for assignment in assignments:
        name, equals, column = (part.strip() for part in assignment.partition("="))
        if not equals or not column:
            problem = f"{excerpt(assignment)} doesn't say which column holds a field"
            raise IngestError(problem, hint="Write FIELD=COLUMN, such as title=Name.")
        if name.lower() not in list(Field):
            problem = f"There is no field {excerpt(name)} to read a column into"
            raise IngestError(problem, hint=f"Known fields: {', '.join(Field)}.")
        mapping[Field(name.lower())] = column
    return mapping


def columns_of(columns: Collection[str], mapping: Mapping[str, str]) -> dict[Field, list[str]]:
    """Return the columns that may hold each field, the likeliest first.

    A field that `mapping` names is looked for in that column, and where it is not there, under the
    usual names: a folder holds files of several kinds.
    """
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(_plain(column), column)
    found = {field: [by_name[n] for n in names if n in by_name] for field, names in _NAMES.items()}
    for field, named in mapping.items():
        exact = [column for column in columns if column == named][:1]
        alike = [by_name[n] for n in [_plain(named)] if n in by_name]
        found[Field(field)] = exact or alike or found[Field(field)]
    return found


def columns_found(columns: Iterable[str]) -> str:
    """Return the names of columns as a message shows them."""
    named = [excerpt(column) for column in columns]
    return ", ".join(named[:_NAMED_COLUMNS]) + (", …" if len(named) > _NAMED_COLUMNS else "")


def _plain(column: str) -> str:
    return _letters_and_digits(column[:_LONGEST_NAME])


@lru_cache(maxsize=1_000)  # JSON repeats its names with every record
def _letters_and_digits(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()
