"""Reading of large files: records a second and peak memory, against a plain loop.

    python -m benchmarks.reading [--records 10000 100000 1000000]

The files are lines of JSON as in arXiv's snapshot, made of the sentences of data/daily-papers in
new combinations (2.4 GB a million). *read_file* is everything up to the entries: decoding, parsing,
checks, dates, names. *json.loads* is that alone, on every line of the file, in the same run. Each
reads each file in a process of its own, and keeps nothing. So is the file written: the peak memory
of a process begins with that of the one that started it.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from ingest.entries import Entry
from ingest.files import read_entries, read_file
from ingest.sentences import split_sentences

PAGES = Path("data/daily-papers")
RECORDS = (10_000, 100_000, 1_000_000)
FIRST_DAY, DAYS = date(2010, 1, 1), 5_000
CATEGORIES = ("cs.CL", "cs.LG cs.AI", "math.CO", "cond-mat.soft physics.bio-ph")
WRITING = "write"
LINE_WIDTH = 12  # words: the snapshot keeps the lines that its authors broke


def write_snapshot(path: Path, records: int) -> None:
    """Write so many records, the same ones every time."""
    papers = [reading for reading in read_entries([PAGES]) if isinstance(reading, Entry)]
    titles = [paper.title.split() for paper in papers]
    abstracts = [
        [paper.abstract[span.start : span.end] for span in split_sentences(paper.abstract)]
        for paper in papers
    ]
    chance = random.Random(0)  # noqa: S311
    with path.open("w", encoding="utf-8") as file:
        for number in range(records):
            first, second = chance.sample(titles, 2)
            title = " ".join([*first[: len(first) // 2 + 1], *second[len(second) // 2 :]])
            length = len(chance.choice(abstracts))
            sentences = [chance.choice(of) for of in chance.choices(abstracts, k=length)]
            record = _record(number, title, _wrapped(" ".join(sentences)), chance)
            file.write(json.dumps(record) + "\n")


def _wrapped(text: str) -> str:
    words = text.split(" ")
    lines = (words[at : at + LINE_WIDTH] for at in range(0, len(words), LINE_WIDTH))
    return "  " + "\n".join(map(" ".join, lines)) + "\n"


def _record(number: int, title: str, abstract: str, chance: random.Random) -> dict[str, object]:
    day = FIRST_DAY + timedelta(chance.randrange(DAYS))
    created = format_datetime(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), usegmt=True)
    names = [[f"Baker{chance.randrange(9_999)}", "Ada B.", ""] for _ in range(chance.randint(1, 8))]
    return {
        "id": f"{1000 + number // 100_000:04}.{number % 100_000:05}",
        "submitter": " ".join(names[0][1::-1]),
        "authors": ", ".join(f"{first} {last}" for last, first, _ in names),
        "title": title,
        "comments": "12 pages, 3 figures",
        "journal-ref": None,
        "doi": f"10.1234/bread.{number}" if number % 3 == 0 else None,
        "report-no": None,
        "categories": chance.choice(CATEGORIES),
        "license": None,
        "abstract": abstract,
        "versions": [{"version": "v1", "created": created}],
        "update_date": day.isoformat(),
        "authors_parsed": names,
    }


def _entries(path: Path) -> Iterator[object]:
    return (reading for reading in read_file(path) if isinstance(reading, Entry))


def _loaded(path: Path) -> Iterator[object]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


WAYS: dict[str, Callable[[Path], Iterator[object]]] = {
    "read_file": _entries,
    "json.loads": _loaded,
}


def measure(way: str, path: Path) -> dict[str, float]:
    """Read the file to its end and return what that took."""
    started = time.perf_counter()
    records = sum(1 for _ in WAYS[way](path))
    seconds = time.perf_counter() - started
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"records": records, "seconds": seconds, "peak_mb": peak_mb}


def _in_own_process(way: str, path: Path, records: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.reading", "--way", way, "--file", str(path)]
    command += ["--records", str(records)]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    figures: dict[str, float] = json.loads(output)
    return figures


def _rows(records: int) -> Iterator[list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "snapshot.json"
        _in_own_process(WRITING, path, records)
        size = path.stat().st_size / 1e6
        for way in WAYS:
            of = _in_own_process(way, path, records)
            if of["records"] != records:
                raise SystemExit(f"{way} found {of['records']:,} of {records:,} records")
            rate, mb_rate = records / of["seconds"], size / of["seconds"]
            figures = [f"{of['seconds']:.1f}", f"{rate:,.0f}", f"{mb_rate:.0f}"]
            yield [way, f"{records:,}", f"{size:,.0f}", *figures, f"{of['peak_mb']:.0f}"]


def main() -> None:
    """Measure every way at every size and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, nargs="+", default=RECORDS)
    parser.add_argument("--way", choices=(WRITING, *WAYS), help="do this alone with --file")
    parser.add_argument("--file", type=Path)
    arguments = parser.parse_args()
    if arguments.way == WRITING:
        write_snapshot(arguments.file, *arguments.records)
        print("{}")
    elif arguments.way:
        print(json.dumps(measure(arguments.way, arguments.file)))
    else:
        print(table([row for records in arguments.records for row in _rows(records)]))


def table(rows: list[list[str]]) -> str:
    """Return the figures in Markdown."""
    from benchmarks.retrieval_results import markdown  # with all that benchmarks of search need

    header = ["way", "records", "MB", "seconds", "records a second", "MB a second", "peak MB"]
    return markdown(header, rows)


if __name__ == "__main__":
    main()
