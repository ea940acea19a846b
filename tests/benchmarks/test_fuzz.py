"""What fuzzers make of bytes, and what they take for a finding."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import fuzz_one
from benchmarks.fuzz import Fuzzed, read_log
from benchmarks.fuzz_checks import UnfitError, check_one_line, check_spans, check_storable, insist
from benchmarks.fuzz_input import Draw
from benchmarks.fuzz_one import HungError, limited
from benchmarks.fuzz_seeds import words
from benchmarks.fuzz_targets import TARGETS
from vectorstore.records import Span


@pytest.fixture
def _own_handlers() -> Iterator[None]:
    handlers = list(logging.getLogger().handlers)
    yield
    logging.getLogger().handlers[:] = handlers


DOCUMENT = json.dumps({"a": [1, {"b": "c"}], "d": {}, "e": None})


def test_values_are_taken_off_one_after_the_other() -> None:
    draw = Draw(b"\x07soup\xff\x02\xc3\xa4\xed\xff")
    drawn = (draw.number(5), draw.text(), draw.pick("abc"), draw.text(), draw.text())
    assert drawn == (2, "soup", "c", "ä\udced", "")
    assert (draw.number(9), draw.value()) == (0, "")


@given(st.binary(max_size=60))
def test_changed_documents_are_documents(data: bytes) -> None:
    changed = Draw(data).edited(DOCUMENT)
    assert isinstance(changed, dict)
    assert json.loads(json.dumps(changed)) == changed


@pytest.mark.parametrize("document", ["{}", "[]"])
def test_nothing_is_changed_where_there_is_nothing(document: str) -> None:
    assert json.dumps(Draw(bytes(range(9))).edited(document)) == document


@pytest.mark.parametrize(
    "broken",
    [
        lambda: insist([], "a promise"),
        lambda: check_storable("fine", "\x00"),
        lambda: check_storable("\ud800"),
        lambda: check_one_line("a\u2028b"),
        lambda: check_spans([Span(0, 3)], "ab"),
        lambda: check_spans([Span(1, 2), Span(0, 1)], "ab"),
        lambda: check_spans([Span(1, 0)], "ab"),
    ],
    ids=["promise", "control", "half character", "lines", "outside", "order", "upside down"],
)
def test_a_broken_promise_is_told(broken: object) -> None:
    with pytest.raises(UnfitError):
        broken()  # type: ignore[operator]


@pytest.mark.usefixtures("_own_handlers")
def test_processor_time_is_what_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz_one, "CPU_S", 0.1)

    def spin(_data: bytes) -> None:
        try:
            while True:
                pass
        except Exception:  # noqa: BLE001 - as what is fuzzed may do
            raise AssertionError from None

    with pytest.raises(HungError):
        limited(spin)(b"")
    limited(lambda _data: time.sleep(0.2))(b"")


@pytest.mark.usefixtures("_own_handlers")
def test_a_logged_exception_is_a_finding() -> None:
    def log(_data: bytes) -> None:
        try:
            int("soup")
        except ValueError:
            logging.getLogger("kitchen").exception("it boiled over")

    with pytest.raises(ValueError, match="soup"):
        limited(log)(b"")


def test_words_of_seeds() -> None:
    assert words([b"rye bread", b"{bread}", b"bread: rye"])[:2] == [b"bread", b"rye"]


LOG = """\
#2\tINITED cov: 40 ft: 41 corp: 1/1b exec/s: 0 rss: 50Mb
#900\tNEW    cov: 52 ft: 60 corp: 2/9b lim: 4 exec/s: 10 rss: 50Mb
#1000\tDONE   cov: 52 ft: 60 corp: 2/9b lim: 4 exec/s: 10 rss: 50Mb
stat::number_of_executed_units: 1000
"""


def test_what_a_run_tells() -> None:
    assert read_log("soup", 10, LOG, ()) == Fuzzed("soup", 10, 1000, 12, 52, (), LOG)
    cut, found = LOG.splitlines()[:2], (Path("soup-crash-1"),)
    ended = "\n".join(cut)
    assert read_log("soup", 10, ended, found) == Fuzzed("soup", 10, 900, 12, 52, found, ended)


@pytest.mark.parametrize(
    "name", ["Bibtex", "abstracts", "phrases", "replies", "model-plans", "verifier", "exports"]
)
def test_a_target_takes_its_first_seeds(name: str) -> None:
    target = TARGETS[name]
    check = target.make()
    for seed in list(target.seeds())[:20]:
        check(seed[: target.longest])
