from __future__ import annotations

import io
import tracemalloc
from contextlib import suppress

import pytest
from contents import content
from hypothesis import given
from hypothesis import strategies as st

from ingest.content import Content, ContentError
from ingest.entries import Skipped
from ingest.readers.xml_stream import DEEPEST, LONGEST_RECORD, root_name, text_of, xml_records

FILE = "papers.xml"
STOPPED = "XML that is not read any further"


def read(data: str | bytes) -> list[tuple[int, str] | Skipped]:
    """Return each record's line and text."""
    found = xml_records(content(data, FILE), ["record"])
    return [item if isinstance(item, Skipped) else (item[0], text_of(item[1])) for item in found]


def ends(line: int, reason: str) -> Skipped:
    return Skipped(FILE, line, reason, ends_file=True)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("<a><record>x</record>\n<b><record>y <i>z</i>\n</record></b></a>", [(1, "x"), (2, "y z")]),
        ("<a><record>x<record>y</record></record></a>", [(1, "xy")]),
        ("<p:a><p:record>x</p:record></p:a>", [(1, "x")]),
        ("<record>&lt;&#228;&amp;<![CDATA[<b>]]></record>", [(1, "<ä&<b>")]),
        ('\ufeff<?xml version="1.0" encoding="utf-8"?>\n<record>ä</record>', [(2, "ä")]),
        ('<?xml version="1.0" encoding="UTF-16"?><record>ä</record>'.encode("utf-16"), [(1, "ä")]),
        (
            '<?xml version="1.0" encoding="iso-8859-1"?><record>ä</record>'.encode("latin-1"),
            [(1, "ä")],
        ),
        (
            '<?xml version="1.0" encoding="koi8-r"?><record>хлеб</record>'.encode("koi8-r"),
            [(1, "хлеб")],
        ),
        ('<!DOCTYPE a PUBLIC "-//B//C" "http://example.org/a.dtd"><record>x</record>', [(1, "x")]),
        (
            '<!DOCTYPE a SYSTEM "a.dtd"><record>x&nbsp;&eacute;&none;</record>',
            [(1, "x é&none;")],
        ),
        ("<a>\n</a>", []),
    ],
)
def test_records(data: str | bytes, expected: list[tuple[int, str]]) -> None:
    assert read(data) == expected


@pytest.mark.parametrize(
    ("rest", "ending"),
    [
        ("<b></c>", ends(2, "broken XML, not read any further: mismatched tag")),
        ("\n<record>", ends(3, "XML that breaks off before its end")),
        ("&bread;", ends(2, "broken XML, not read any further: undefined entity")),
        ("\x01", ends(2, "broken XML, not read any further: not well-formed (invalid token)")),
        ("<b>" * 100_000, ends(2, f"{STOPPED}: elements nested over {DEEPEST} deep")),
        (
            "<b c='" + "x" * (LONGEST_RECORD + 1_000_000),
            ends(2, f"{STOPPED}: a tag of over 20,000,000 characters"),
        ),
    ],
)
def test_what_stands_before_a_fault_is_kept(rest: str, ending: Skipped) -> None:
    assert read(f"<a><record>x</record>\n{rest}") == [(1, "x"), ending]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY b "bread"><!ENTITY c "&b;&b;&b;&b;">]>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE a [<!ENTITY % b SYSTEM "http://example.org/x"> %b;]>',
        '<!DOCTYPE a [<!ATTLIST record b CDATA "bread">]>',
    ],
)
def test_declarations_are_refused(doctype: str) -> None:
    assert read(f'<?xml version="1.0"?>\n{doctype}<a><record>&b;&c;</record></a>') == [
        ends(2, f"{STOPPED}: it declares entities or elements of its own")
    ]


@pytest.mark.parametrize("encoding", ["bread", "big5", "rot13", "zlib_codec", "idna"])
def test_encodings_that_are_not_known(encoding: str) -> None:
    assert read(f'<?xml version="1.0" encoding="{encoding}"?>\n<record>x</record>') == [
        ends(1, "XML in an encoding that is not known; save it as UTF-8")
    ]


@pytest.mark.parametrize(
    "inside", ["x" * LONGEST_RECORD, "<b/>" * 400_000, f"<b c='{'x' * LONGEST_RECORD}'/>"]
)
def test_an_overlong_record_is_left_out(inside: str) -> None:
    assert read(f"<a>\n<record>{inside}</record>\n<record>x</record></a>") == [
        Skipped(FILE, 2, "a record of over 20,000,000 characters"),
        (3, "x"),
    ]


def test_damage_of_the_content_is_told_once() -> None:
    class Damaged(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if part := super().read(size):
                return part
            raise ContentError(2, "the archive is damaged")

    broken = Content(FILE, lambda: Damaged(b"<a><record>x</record>\n<record>"))
    found = xml_records(broken, ["record"])
    assert text_of(next(found)[1]) == "x"  # type: ignore[arg-type]
    with pytest.raises(ContentError, match="the archive is damaged"):
        next(found)


def test_memory_does_not_grow_with_the_file() -> None:
    class Endless(io.RawIOBase):
        """A file of as many records as are asked for, made as it is read."""

        def __init__(self, records: int) -> None:
            record = b"<record>" + b"<b>bread</b>" * 100 + b"</record>"
            self._parts = [b"<a>", *[record] * records, b"</a>"][::-1]

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            part = self._parts.pop() if self._parts else b""
            buffer[: len(part)] = part
            return len(part)

    def peak(records: int) -> int:
        tracemalloc.start()
        file = Content(FILE, lambda: Endless(records))  # type: ignore[arg-type,return-value]
        assert sum(1 for _ in xml_records(file, ["record"])) == records
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1)
    assert peak(2_000) < peak(200) + 500_000


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<a>", "a"),
        ("<p:feed xmlns:p='x'>", "feed"),
        ('<?xml version="1.0"?>\n<!-- <b> -->\n<!DOCTYPE a [<!ENTITY x "]">]><a ', "a"),
        ("words <a>", ""),
        ("<!--" * 50_000, ""),
        ("<?x?>" * 40_000, ""),
        ("", ""),
    ],
)
def test_root_name(head: str, name: str) -> None:
    assert root_name(head) == name


@given(st.text() | st.binary() | st.text(alphabet="<>/recod! [&;'=-?\n").map("<a>{}</a>".format))
def test_any_content_is_read(data: str | bytes) -> None:
    file = content(data if isinstance(data, bytes) else data.encode(errors="replace"), FILE)
    with suppress(ContentError):
        root_name(file.head)
        found = list(xml_records(file, ["record"]))
        assert sum(isinstance(item, Skipped) and item.ends_file for item in found) <= 1
