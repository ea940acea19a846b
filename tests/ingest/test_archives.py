"""Files in archives: read like others, whatever the archive does to prevent it."""

from __future__ import annotations

import gzip
import io
import stat
import struct
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import archives, unpacking
from ingest.entries import Entry, Reading, Skipped
from ingest.files import read_data, read_entries
from ingest.readers.listing_pages import ListingPages
from vectorstore.records import Source

SOURCES = (ListingPages(),)
TAIL = "\n\n  • 4 authors\n·\nJul 2, 2024\n\n"
BREAD = f"On Bread\n\nDough rises overnight.{TAIL}".encode()
SOUP = f"On Soup\n\nBroth simmers slowly.{TAIL}".encode()
CUT = "the archive is cut off: its end is missing"
DAMAGED = "the archive is damaged; what follows is lost"


def bread(file: str, line: int = 1) -> Entry:
    return Entry(
        "On Bread",
        "Dough rises overnight.",
        Source(file, line),
        published=date(2024, 7, 2),
        author_count=4,
    )


def ended(file: str, line: int, reason: str) -> Skipped:
    return Skipped(file, line, reason, ends_file=True)


def gzipped(data: bytes) -> bytes:
    """Return an archive that is the same whenever it is made, as the ids of tests are to be."""
    return gzip.compress(data, mtime=0)


def zipped(files: Mapping[str | ZipInfo, bytes], compression: int = ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with ZipFile(data, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def named(name: str) -> ZipInfo:
    """Return a member that really has this name: ZipInfo would tidy it."""
    member = ZipInfo("x")
    member.filename = name
    return member


def read(data: bytes) -> list[Reading]:
    return list(read_data(data, "a", SOURCES))


@pytest.mark.parametrize(
    ("data", "file"),
    [
        (gzipped(BREAD), "a"),
        (zipped({"bread.txt": BREAD}), "a/bread.txt"),
        (zipped({"bread.txt": BREAD}, ZIP_STORED), "a/bread.txt"),
        (b"a program before it" + zipped({"b.txt": BREAD}), None),
        (zipped({"deep/er/b.TXT": BREAD, "deep/er/": b"", "b.png": b"\0"}), "a/deep/er/b.TXT"),
        (zipped({"b.txt.gz": gzipped(BREAD)}), "a/b.txt.gz"),
        (gzipped(zipped({"b.txt": BREAD})), "a/b.txt"),
        (zipped({"in.zip": zipped({"b.txt": BREAD})}), "a/in.zip/b.txt"),
        (zipped({"in.txt": zipped({"b.txt": BREAD})}), "a/in.txt/b.txt"),
        (zipped({"i.zip": zipped({"b.txt.gz": gzipped(BREAD)})}), "a/i.zip/b.txt.gz"),
        (
            zipped({"__MACOSX/b.txt": BREAD, ".b.txt": BREAD, ".d/b.txt": BREAD, "c.txt": BREAD}),
            "a/c.txt",
        ),
        (zipped({"Brötchen & <b>.txt": BREAD}), "a/Brötchen & <b>.txt"),
    ],
)
def test_archives_are_told_by_their_first_bytes(data: bytes, file: str | None) -> None:
    unknown = ended("a", 1, "a binary file, not text")
    assert read(data) == ([bread(file)] if file else [unknown])


def test_gzip_streams_one_after_another() -> None:
    (first, second) = read(gzip.compress(BREAD) + gzip.compress(SOUP) + b"\0" * 100)
    assert isinstance(second, Entry)
    assert (first, second.title, second.source) == (bread("a"), "On Soup", Source("a", 9))


def test_archives_in_folders(tmp_path: Path) -> None:
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(BREAD))
    (tmp_path / "a.ZIP").write_bytes(zipped({"b.txt": BREAD}))
    assert list(read_entries([tmp_path], sources=SOURCES)) == [
        bread(f"{tmp_path}/a.ZIP/b.txt"),
        bread(f"{tmp_path}/b.txt.gz"),
    ]


@pytest.mark.parametrize("files", [{}, {"b.png": b"\0"}, {"folder/": b""}, {".b.txt": BREAD}])
def test_archive_without_papers(files: dict[str | ZipInfo, bytes]) -> None:
    reason = "an archive in which no file ending in .txt or .gz or .zip can be read"
    assert read(zipped(files)) == [Skipped("a", 1, reason)]


def test_archives_in_archives_in_archives() -> None:
    data = BREAD
    for _ in range(archives.DEEPEST + 1):
        data = zipped({"i.zip": data})
    reason = "an archive inside 3 others; unpack it first"
    assert read(data) == [ended("a/i.zip/i.zip/i.zip", 1, reason)]
    for _ in range(archives.DEEPEST + 1):
        data = gzip.compress(data)
    assert read(data) == [ended("a", 1, reason)]


LINK = named("link.txt")
LINK.external_attr = (stat.S_IFLNK | 0o777) << 16
BZIP2 = named("bzip2.txt")
BZIP2.compress_type = ZIP_BZIP2


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (named("../b.txt"), '"../b.txt" was left out: its name is a path out of the archive'),
        (
            named("x/../../b.txt"),
            '"x/../../b.txt" was left out: its name is a path out of the archive',
        ),
        (named("/etc/b.txt"), '"/etc/b.txt" was left out: its name is a path out of the archive'),
        (named("C:b.txt"), '"C:b.txt" was left out: its name is a path out of the archive'),
        (named("x\\b.txt"), '"x\\b.txt" was left out: its name has backslashes'),
        (named("x\n\x1b[31mb.txt"), '"x [31mb.txt" was left out: its name has control characters'),
        (named("\u202eb.txt"), '"b.txt" was left out: its name has control characters'),
        (named("x" * 1_000 + ".txt"), f'"{"x" * 60}…" was left out: its name has 1,004 characters'),
        (LINK, '"link.txt" was left out: a link to another file'),
        (
            BZIP2,
            '"bzip2.txt" was left out: it is packed in a way that is not read; unpack it first',
        ),
    ],
)
def test_members_that_are_left_out(member: ZipInfo, reason: str) -> None:
    data = zipped({member: BREAD, "good.txt": BREAD})
    assert read(data) == [Skipped("a", 1, reason), bread("a/good.txt")]


def test_encrypted_member() -> None:
    data = bytearray(zipped({"b.txt": BREAD, "good.txt": BREAD}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    reason = '"b.txt" was left out: it is encrypted; unpack it first'
    assert read(bytes(data)) == [Skipped("a", 1, reason), bread("a/good.txt")]


def overlapping() -> bytes:
    """Return an archive in which two names stand for the same data."""
    data = zipped({"b.txt": BREAD, "c.txt": BREAD}, ZIP_STORED)
    at = data.rindex(b"PK\x01\x02")
    return data[: at + 42] + struct.pack("<L", 0) + data[at + 46 :]


def test_members_that_share_their_data() -> None:
    reason = "was left out: it shares its data with another file, as in a zip bomb"
    assert [r for r in read(overlapping()) if isinstance(r, Skipped)] == [
        Skipped("a", 1, f'"b.txt" {reason}'),
        Skipped("a", 1, f'"c.txt" {reason}'),
    ]


def test_damaged_member_leaves_the_others_alone() -> None:
    data = zipped({"b.txt": BREAD, "good.txt": BREAD})
    at = data.index(b"b.txt") + 10
    damaged = data[:at] + b"\xff\xff\xff\xff" + data[at + 4 :]
    assert read(damaged) == [ended("a/b.txt", 1, DAMAGED), bread("a/good.txt")]


@pytest.mark.parametrize("keep", [30, 60, -1])
def test_incomplete_zip(keep: int) -> None:
    reason = "a damaged or incomplete .zip: its list of files cannot be read"
    assert read(zipped({"b.txt": BREAD})[:keep]) == [ended("a", 1, reason)]


def pages(count: int) -> bytes:
    return b"".join(
        f"On Bread {n}\n\nDough number {n} rises overnight in {n * n} ways.{TAIL}".encode()
        for n in range(count)
    )


def test_entries_before_a_cut_are_kept() -> None:
    packed = gzip.compress(pages(50_000))
    *entries, last = read(packed[: len(packed) // 2])
    assert isinstance(last, Skipped)
    assert all(isinstance(entry, Entry) for entry in entries[:-1])
    assert len(entries) > 20_000
    # The cut is within eight lines of the last entry, told by its true line.
    assert (last.reason, last.ends_file) == (CUT, True)
    assert 0 <= last.line - line_of(entries[-1]) < 8


def line_of(reading: Reading) -> int:
    return reading.source.line if isinstance(reading, Entry) else reading.line


@pytest.mark.parametrize(
    ("data", "readings"),
    [
        (gzipped(BREAD)[:-1], [bread("a"), ended("a", 9, CUT)]),
        (gzipped(BREAD)[:-8] + b"\0" * 8, [bread("a"), ended("a", 9, DAMAGED)]),
        (gzipped(BREAD) + b"rubbish", [bread("a"), ended("a", 9, DAMAGED)]),
        (b"\x1f\x8b", [ended("a", 1, CUT)]),
        (b"\x1f\x8b\x01rubbish", [ended("a", 1, DAMAGED)]),
        (gzipped(b""), [Skipped("a", 1, "an empty file")]),
        (gzipped(b"\0"), [ended("a", 1, "a binary file, not text")]),
    ],
)
def test_damaged_gzip(data: bytes, readings: list[Reading]) -> None:
    assert read(data) == readings


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped({"b.txt": data})])
def test_zip_bombs_stop_early(pack: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "RATIO_FLOOR", 5_000_000)
    data = pack(BREAD + b"\n" * 100_000_000)  # type: ignore[operator]
    (entry, last) = read(data)
    assert isinstance(last, Skipped)
    assert entry == bread(last.file)
    reason = "looks like a zip bomb: over 200 times its packed size; stopped here"
    assert (last.reason, last.ends_file) == (reason, True)
    assert 4_500_000 <= last.line < 25_000_000


def test_limits_hold_for_all_that_is_in_an_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "Allowance", lambda: unpacking.Allowance(size=1_000))
    inner = zipped({"b.txt": BREAD, "c.txt": BREAD * 20, "d.txt": BREAD}, ZIP_STORED)
    *_, last = read(zipped({"a.txt": BREAD, "i.zip": inner}, ZIP_STORED))
    assert last == ended("a/i.zip", 1, "an archive of over 64 GiB; stopped here")


def test_second_pass_over_the_same_bytes_is_not_counted_again() -> None:
    allowance = unpacking.Allowance(size=len(BREAD))
    opened = unpacking.gunzipped(lambda: io.BytesIO(gzip.compress(BREAD)), allowance)
    assert [opened().read(), opened().read()] == [BREAD, BREAD]
    assert allowance.size == 0


def test_number_of_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "Allowance", lambda: unpacking.Allowance(members=2))
    inner = zipped({"b.txt": BREAD, "c.txt": BREAD})
    assert read(zipped({"i.zip": inner})) == [
        bread("a/i.zip/b.txt"),
        ended("a/i.zip", 1, "an archive of over 10,000 files; stopped here"),
    ]


def test_long_list_of_files_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_LIST", 500)
    data = zipped({f"{number}.txt": BREAD for number in range(20)})
    assert read(data) == [ended("a", 1, "a .zip with far more than 10,000 files")]


def test_large_archive_in_an_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_INNER", 100)
    reason = "a .zip of over 0 GiB in an archive; unpack it first"
    assert read(zipped({"i.zip": zipped({"b.txt": BREAD})})) == [ended("a/i.zip", 1, reason)]


SAMPLES = (
    gzipped(BREAD),
    zipped({"b.txt": BREAD, "i.zip": zipped({"c.txt": SOUP}), "d.gz": gzipped(SOUP)}),
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    data = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 6))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data[: draw(st.integers(0, len(data)))])


@given(data=damaged())
def test_any_damage_is_told_or_harmless(data: bytes) -> None:
    readings = read(data)
    assert readings
    assert all(reading.file.startswith("a") for reading in skipped(readings))


def skipped(readings: list[Reading]) -> Iterator[Skipped]:
    return (reading for reading in readings if isinstance(reading, Skipped))
