"""Titles and abstracts on their way into a library: tidied, cut in sentences, searched for tricks.

And the names of uploaded files, which are texts of strangers too.
"""

from __future__ import annotations

from functools import partial

from benchmarks.fuzz_checks import check_one_line, check_spans, insist
from benchmarks.fuzz_input import Draw
from benchmarks.fuzz_seeds import PAGE, TIDYING, texts
from benchmarks.fuzz_target import Check, Target


def targets() -> tuple[Target, ...]:
    """Return the targets."""
    return (
        Target("abstracts", _abstracts, partial(texts, TIDYING)),
        Target("upload-names", _upload_names, partial(texts, PAGE), longest=500),
    )


def _abstracts() -> Check:
    from ingest.cleaning.suspicious import suspicious_marks
    from ingest.sentences import split_sentences
    from vectorstore.records import Span
    from vectorstore.tidying.tidy import tidy

    def check(data: bytes) -> None:
        draw = Draw(data)
        text = draw.text()
        tidied = tidy(text)
        insist(tidy(tidied.text).text == tidied.text, "tidied twice is another", text)
        start = draw.number(256)
        check_spans([tidied.span_of(Span(start, start + draw.number(256)))], tidied.text)
        sentences = split_sentences(text)
        check_spans(sentences, text)
        said = "".join(text[span.start : span.end] for span in sentences)
        insist("".join(said.split()) == "".join(text.split()), "a sentence is lost", text)
        suspicious_marks(draw.text(), text)

    return check


def _upload_names() -> Check:
    from assistant.conversations.search_words import conversation_title
    from ingest.entries import Skipped
    from ingest.files import read_data
    from ingest.uploads import LONGEST_NAME, name_problem
    from ui.console.terminal_text import terminal_text
    from ui.export.conversation_markdown import conversation_file_name

    def check(data: bytes) -> None:
        name = Draw(data).text()
        if not name_problem(name):
            insist(0 < len(name.strip()) <= LONGEST_NAME, "no name", name)
            insist(not {"/", "\\", "\0", "\n"} & set(name), "a path", name)
            for reading in read_data(b"?", f"uploaded/{name}"):
                insist(isinstance(reading, Skipped), "an entry of nothing", reading)
        shown, title = terminal_text(name), conversation_title(name)
        insist(shown.isprintable(), "it steers a terminal", shown)
        check_one_line(shown, title)
        file = conversation_file_name(title)
        kept = set(file) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
        insist(kept and not file.startswith(".") and len(file) <= 255, "no file name", file)

    return check
