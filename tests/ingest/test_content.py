"""Texts in any encoding and with any line ends, however long, in bounded memory."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator

import pytest
from contents import content
from hypothesis import given
from hypothesis import strategies as st

from ingest.content import LONGEST_LINE, Content, ContentError, Line
from ingest.decoding import PIECE

BREAD = "@article{bread,\n author = {Jos\xe9 Mu\xf1oz},\n abstract = {P\xe2te \xe0 pain.}\n}\n"
LINES_GUESSED = "lines that are not UTF-8, this one first, read as"
BYTES_GUESSED = "bytes that are not UTF-8, the first here, read as Windows-1252"


class Trickle(io.BytesIO):
    """Gives a few bytes at a time, as what is unpacked does."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 0, 7))


class Endless(io.RawIOBase):
    """A file of many gigabytes that is nowhere: the same piece over and over."""

    def __init__(self, piece: bytes, times: int) -> None:
        self.piece, self.times = piece, times

    def read(self, size: int = -1) -> bytes:
        assert size >= len(self.piece)
        self.times -= 1
        return self.piece if self.times >= 0 else b""


def endless(piece: bytes, times: int) -> Content:
    return Content("file", lambda: Endless(piece, times))  # type: ignore[arg-type, return-value]


def texts(of: Content) -> list[str]:
    return [line.text for line in of.lines()]


@pytest.mark.parametrize(
    ("text", "encoding", "line", "name"),
    [
        (BREAD, "latin-1", 2, "Windows-1252"),
        (
            BREAD.replace("-", "\u2013").replace("P\xe2te", "\u201cP\xe2te\u201d"),
            "cp1252",
            2,
            "Windows-1252",
        ),
        ("title\nPříliš žluťoučký kůň\nTěsto kyne přes noc.\n", "cp1250", 2, "Windows-1250"),
        ("О хлебе и закваске\nТесто поднимается ночью.\n", "cp1251", 1, "Windows-1251"),
        ("О хлебе и закваске\nТесто поднимается ночью.\n", "koi8_r", 1, "KOI8-R"),
        ("Περί ψωμιού\nΤο ζυμάρι φουσκώνει όλη τη νύχτα.\n", "cp1253", 1, "Windows-1253"),
        ("面包的发酵研究\n面团在夜间室温下发酵。\n", "gb18030", 1, "GB 18030"),
        ("麵包的發酵研究\n麵團在夜間室溫下發酵。\n", "big5", 1, "Big5"),
        ("パンの発酵に関する研究\n生地は一晩で膨らむ。\n", "shift_jis", 1, "Shift JIS"),
        ("パンの発酵に関する研究\n生地は一晩で膨らむ。\n", "euc_jp", 1, "EUC-JP"),
        ("빵의 발효에 관한 연구\n반죽은 밤새 부풀어 오른다.\n", "euc_kr", 1, "EUC-KR"),
    ],
)
def test_other_encodings_are_guessed_and_told(
    text: str, encoding: str, line: int, name: str
) -> None:
    found = content(text.encode(encoding))
    assert found.text() == text
    assert found.findings.notes == {f"{LINES_GUESSED} {name}": line}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_that_need_no_guess(encoding: str) -> None:
    found = content(BREAD.encode(encoding))
    assert (found.text(), found.head, found.findings.notes) == (BREAD, BREAD, {})


def test_stray_byte_harms_nothing_else() -> None:
    found = content("Crème\nCrème et p\udce2te\nŁevain — crème\n".encode(errors="surrogateescape"))
    assert texts(found) == ["Crème", "Crème et pâte", "Łevain — crème"]
    assert found.findings.notes == {BYTES_GUESSED: 2}


def test_stray_byte_far_into_a_file_harms_nothing_else() -> None:
    line, stray = "Crème brûlée\n".encode(), b"Cr\xe8me\n"
    found = content(line * 100_000 + stray + line * 100_000)
    expected = ["Crème brûlée"] * 100_000
    assert texts(found) == [*expected, "Crème", *expected]
    assert found.findings.notes == {f"{LINES_GUESSED} Windows-1252": 100_001}


def test_files_of_two_encodings_joined() -> None:
    found = content(BREAD.encode("utf-8-sig") + BREAD.encode("cp1252") + BREAD.encode("utf-8-sig"))
    assert found.text() == BREAD * 3


@pytest.mark.parametrize("marks", ["utf-16", "utf-32"])
def test_broken_characters_are_told(marks: str) -> None:
    data = "bread\nsoup".encode(marks) + b"\xd8"
    found = content(data)
    assert texts(found) == ["bread", "soup\ufffd"]
    assert found.findings.notes == {
        "characters that cannot be read, the first here, became \ufffd": 2
    }


def test_zero_bytes_at_the_beginning_are_no_text() -> None:
    with pytest.raises(ContentError, match="a binary file, not text") as caught:
        content(b"bread\0").head  # noqa: B018
    assert caught.value.line == 1


def test_zero_bytes_further_on_are_told() -> None:
    line = b"x" * 99 + b"\n"
    found = content(line * 5_000 + b"\0\0\n" + line)
    assert texts(found)[5_000:] == ["\0\0", "x" * 99]
    reason = "zero bytes, which no text has, the first of them here: a damaged file"
    assert found.findings.notes == {reason: 5_001}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_line_ends(end: str, encoding: str) -> None:
    found = content(end.join(["a", "", "b", ""]).encode(encoding))
    assert list(found.lines()) == [Line(1, "a"), Line(2, ""), Line(3, "b")]


def test_mixed_line_ends() -> None:
    found = content("a\rb\r\nc\nd\n\re\r\r\nf")
    assert texts(found) == ["a", "b", "c", "d", "", "e", "", "f"]


@pytest.mark.parametrize("length", [PIECE - 2, PIECE - 1, PIECE, PIECE + 1])
def test_line_end_between_two_pieces(length: int) -> None:
    found = content(b"x" * length + b"\r\n\xe9\r\n")
    assert texts(found) == ["x" * length, "é"]
    assert list(found.findings.notes.values()) == [2]


@given(text=st.text(st.sampled_from("aé€😀\n\r")), size=st.integers(1, 3))
def test_any_text_comes_out_however_it_comes_in(text: str, size: int) -> None:
    encoding = ("utf-8", "utf-16", "utf-32")[size - 1]
    encoded = text.encode(encoding)
    expected = io.TextIOWrapper(io.BytesIO(encoded), encoding=encoding).read()
    assert Content("file", lambda: Trickle(encoded)).text() == expected


@given(data=st.binary())
def test_any_bytes_are_text_or_binary(data: bytes) -> None:
    whole, trickling = content(data), Content("file", lambda: Trickle(data))
    assert outcome(whole) == outcome(trickling)


def outcome(of: Content) -> tuple[str, list[str], dict[str, int]] | tuple[int, str]:
    try:
        text, lines = of.text(), texts(of)
    except ContentError as error:
        return error.line, error.reason
    assert (lines, of.head) == (text.removesuffix("\n").split("\n") if text else [], text)
    return text, lines, of.findings.notes


@pytest.mark.parametrize(
    ("length", "is_cut"),
    [(LONGEST_LINE - 1, False), (LONGEST_LINE, False), (LONGEST_LINE + 1, True)],
)
def test_longest_line(length: int, is_cut: bool) -> None:
    found = content("x" * length + "\nlast")
    text = "x" * min(length, LONGEST_LINE)
    assert list(found.lines()) == [Line(1, text, is_cut), Line(2, "last")]


@pytest.mark.parametrize(
    "piece",
    [pytest.param(b"x" * PIECE, id="UTF-8"), pytest.param(b"x" * 99 + b"\xe9", id="Latin-1")],
)
def test_memory_is_bounded_for_one_line_without_an_end(piece: bytes) -> None:
    found = endless(piece, 200_000_000 // PIECE)
    tracemalloc.start()
    (line,) = found.lines()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert line.cut == (len(piece) == PIECE)
    assert peak < 60_000_000


def test_memory_is_bounded_for_many_lines() -> None:
    tracemalloc.start()
    lines = sum(1 for _ in endless((b"x" * 127 + b"\n") * 2_000, 200).lines())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert lines == 400_000
    assert peak < 5_000_000


def test_text_that_is_too_long() -> None:
    with pytest.raises(ContentError, match="a text of over 64,000,000 characters that is no list"):
        endless(b"x" * PIECE, 300).text()


class Cut(io.BytesIO):
    """Raises where its end would be."""

    def read(self, size: int | None = -1, /) -> bytes:
        if data := super().read(size):
            return data
        raise ContentError(1, "cut off")


def test_what_comes_before_damage_is_read() -> None:
    found = Content("file", lambda: Cut(b"bread\nsoup\nhalf a l"))
    lines: Iterator[Line] = found.lines()
    assert found.head == found.text() == "bread\nsoup\nhalf a l"
    assert [next(lines), next(lines)] == [Line(1, "bread"), Line(2, "soup")]
    with pytest.raises(ContentError, match="cut off") as caught:
        next(lines)
    assert caught.value.line == 3
