"""What search keeps of a large library, in a file beside the catalog, so that opening reads little.

The file follows the catalog: papers that changed since it was written are read again, and where
they are many it is written anew. Owns when that is. Invariants: the truth is the catalog; a file
that is not surely of its papers is made again; without room for one, all is kept in memory.

The counts of words are those of the last count of all, to which the words of later papers are
added. A paper that was rewritten counts twice, and one that left still counts, until those are one
in a hundred: then all are counted again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from vectorstore.array_file import Array, read_arrays, write_arrays
from vectorstore.catalog import Catalog
from vectorstore.errors import LibraryError
from vectorstore.paper_changes import changed_since, last_generation, start_log
from vectorstore.paper_columns import (
    PaperColumns,
    as_arrays,
    brought_up_to_date,
    from_arrays,
    read_columns,
)
from vectorstore.spelling import PAPERS_PER_MIN_PAPER
from vectorstore.term_counts import TermCounts, pack
from vectorstore.word_counts import Tokenizer, count_words

SEARCH_FILE = "search.index"
_FORMAT = 1
_UNCHECKED = ("whole", "signs")  # most of the file; what is wrong there only costs a candidate
FEWEST_CHANGES = 1_000  # papers that are read again, rather than the file written anew
CHANGED_SHARE = 500  # likewise, one in so many
ANEW_SHARE = 4  # from one in so many that changed, all are read
RECOUNTED_SHARE = 100  # from one in so many that were rewritten or left, words are counted again


@dataclass(frozen=True, slots=True)
class Kept:
    """Columns of all indexed papers, and how many papers have each stem, and each common form."""

    columns: PaperColumns
    stems: TermCounts
    forms: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Words:
    stems: Mapping[str, int]
    forms: Mapping[str, int]
    outdated: int = 0  # papers whose words are counted as they were


def kept(catalog: Catalog, dimension: int) -> Kept:
    """Return what search keeps of all indexed papers; no paper may change meanwhile."""
    found = read_arrays(catalog.file.path.with_name(SEARCH_FILE), _UNCHECKED)
    facts = found.facts if found else {}
    if found is None or (facts.get("format"), facts.get("dimension")) != (_FORMAT, dimension):
        return _anew(catalog, dimension)
    changed = changed_since(catalog.file, facts["token"], facts["generation"])
    papers = len(found.arrays["numbers"])
    if changed is None or len(changed) > papers // ANEW_SHARE:
        return _anew(catalog, dimension)
    before = _of_arrays(found.arrays)
    if not changed:
        return before
    return _followed(catalog, dimension, before, changed, facts)


def _followed(
    catalog: Catalog, dimension: int, before: Kept, changed: list[int], facts: Mapping[str, Any]
) -> Kept:
    """Return what is kept, with the changed papers as they are now."""
    fresh = read_columns([catalog.overview(changed)], dimension, signs=False)
    columns = brought_up_to_date(before.columns, changed, fresh)
    texts = catalog.plain_texts(fresh.numbers.tolist())
    stems = before.stems.with_more(count_words(texts, Tokenizer.STEMS))
    forms = dict(before.forms)
    for form, papers in count_words(texts, Tokenizer.FORMS).items():
        forms[form] = forms.get(form, 0) + papers
    after = Kept(columns, stems, forms)
    papers = len(before.columns.numbers)
    if len(changed) <= max(FEWEST_CHANGES, papers // CHANGED_SHARE):
        return after
    known = papers + len(fresh.numbers) - len(columns.numbers)
    outdated = facts["outdated"] + known
    if outdated > papers // RECOUNTED_SHARE:
        return _written(catalog, columns, _counted(catalog))
    return _written(catalog, columns, _Words(stems.as_dict(), forms, outdated))


def _anew(catalog: Catalog, dimension: int) -> Kept:
    columns = read_columns(catalog.overviews(), dimension, signs=True)
    return _written(catalog, columns, _counted(catalog))


def _counted(catalog: Catalog) -> _Words:
    return _Words(catalog.stem_counts(), catalog.form_counts())


def _written(catalog: Catalog, columns: PaperColumns, words: _Words) -> Kept:
    """Write the file and return what is in it."""
    path = catalog.file.path.with_name(SEARCH_FILE)
    arrays = as_arrays(columns)
    for name, counts in (("stem", words.stems), ("form", _common(words.forms))):
        arrays |= {f"{name} {part}": array for part, array in pack(counts).items()}
    facts = {
        "format": _FORMAT,
        "dimension": columns.vectors.stored.shape[1],
        "token": uuid4().hex,
        "generation": last_generation(catalog.file),
        "outdated": words.outdated,
    }
    try:
        write_arrays(path, facts, arrays)
        # Killed before this, or without room for it, the file has a token that the catalog does
        # not know, and is made again.
        start_log(catalog.file, facts["token"], facts["generation"])
    except (OSError, LibraryError):
        return _of_arrays(arrays)
    written = read_arrays(path, _UNCHECKED)
    return _of_arrays(written.arrays if written else arrays)


def _of_arrays(arrays: Mapping[str, Array]) -> Kept:
    return Kept(
        from_arrays(arrays),
        TermCounts(_parts(arrays, "stem")),
        TermCounts(_parts(arrays, "form")).as_dict(),
    )


def _parts(arrays: Mapping[str, Array], name: str) -> dict[str, Array]:
    return {part: arrays[f"{name} {part}"] for part in ("words", "ends", "counts")}


def _common(forms: Mapping[str, int]) -> Mapping[str, int]:
    """Return the forms that misspelt words are mended towards."""
    least = 1 + max(forms.values(), default=0) // PAPERS_PER_MIN_PAPER
    return {form: papers for form, papers in forms.items() if papers >= least}
