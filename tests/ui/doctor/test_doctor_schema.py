"""What the doctor says of libraries of other schemas."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from ui.doctor.doctor_check import Check, problem, warning
from ui.doctor.doctor_library import library_checks
from vectorstore.catalog import CATALOG_FILE, Catalog
from vectorstore.chroma_passages import CHROMA_FOLDER

SCHEMAS = Path(__file__).parents[2] / "vectorstore"


def checks(home: Path) -> dict[str, Check]:
    return {check.name: check for check in library_checks(home, "words")}


def test_an_earlier_one_is_brought_up_to_date(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / CATALOG_FILE)) as connection:
        connection.executescript((SCHEMAS / "schema_2.sql").read_text("utf-8"))
        connection.execute("INSERT INTO about VALUES ('schema_version', '2')")
        connection.commit()
    assert checks(tmp_path)["library's schema version"] == warning(
        "library's schema version",
        "written with 2, and this paperchat has 3",
        "The next command brings it up to date, and keeps a copy of the catalog.",
    )
    assert not (tmp_path / CHROMA_FOLDER).exists()


def test_a_later_one_is_not_looked_into(tmp_path: Path) -> None:
    with closing(Catalog(tmp_path / CATALOG_FILE)) as catalog:
        catalog.describe({"schema_version": "4"})
        catalog.file.run_script("DROP TABLE readings;")
    found = checks(tmp_path)
    assert found == {
        "library": problem(
            "library",
            "A later paperchat wrote this library, with schema version 4, and this one reads"
            f" versions up to 3 ({tmp_path})",
            "Update paperchat, or set PAPERCHAT_HOME to another folder. Nothing was changed.",
        )
    }
