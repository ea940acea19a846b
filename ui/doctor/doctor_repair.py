"""`paperchat doctor --repair`: the library mended, indexed and checked again.

Conversations are checked as `doctor` does: nothing mends them.

Invariant: no library is made where there is none, and nothing is mended while settings are wrong:
they say where the library is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from ui.answer_facts import counted
from ui.doctor.doctor_check import Check, Status, failed, ok, warning
from ui.doctor.doctor_conversations import conversation_checks
from ui.doctor.doctor_library import disk_check, folder_check, library_checks
from ui.doctor.doctor_models import embedding_name
from ui.environment import Environment, read_environment
from ui.wiring import make_embedder, opened_library
from vectorstore.errors import PaperchatError


def repair(variables: Mapping[str, str]) -> Iterator[Check]:
    """Mend the library and yield what was found and done, then the checks of the library.

    `variables` are such as `os.environ`. Raises SettingsError where they are wrong.
    """
    environment = read_environment(variables)
    yield from _library(environment)
    yield from conversation_checks(environment.home)


def _library(environment: Environment) -> Iterator[Check]:
    home = environment.home
    if not _has_library(home):
        yield folder_check(home)
        return
    if (disk := disk_check(home)).status is Status.PROBLEM:
        yield disk  # or a store that has no room would be taken for a damaged one
        return
    try:
        yield from _mended(environment)
        if environment.chroma is None or environment.chroma.role is None:
            yield _texts(environment)  # else they are as another home sent them
        yield _indexed(environment)
    except PaperchatError as error:
        yield failed("repair", error)
        return
    yield from library_checks(home, embedding_name(environment), environment.chroma)


def _has_library(home: Path) -> bool:
    """Tell whether there is anything to mend, or to tell that it cannot be."""
    from vectorstore.catalog import CATALOG_FILE
    from vectorstore.chroma_passages import CHROMA_FOLDER

    names = (CATALOG_FILE, CHROMA_FOLDER)
    return home.is_dir() and any(os.path.lexists(home / name) for name in names)


def _mended(environment: Environment) -> Iterator[Check]:
    from vectorstore.repair import mend

    for finding in mend(environment.home, environment.chroma):
        name = f"repair: {finding.part}"
        if finding.done:
            yield warning(name, finding.found, f"Mended: {finding.done}.")
        else:
            yield ok(name, finding.found)


def _texts(environment: Environment) -> Check:
    from ingest.record_check import mend_papers
    from vectorstore.library import open_library

    with open_library(environment.home, make_embedder(environment), environment.chroma) as library:
        mended = mend_papers(library)
    if mended:
        done = "Mended: they are made of their readings again; a sync reads damaged ones anew."
        return warning("repair: texts", f"papers that were not as they were read: {mended:,}", done)
    return ok("repair: texts", "all as they were read")


def _indexed(environment: Environment) -> Check:
    with opened_library(environment) as library:
        papers = library.catalog.paper_count()
    return ok("repair: index", f"{counted(papers, 'paper')}, all of them indexed")
