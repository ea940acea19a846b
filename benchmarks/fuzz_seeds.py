"""What the search for inputs begins with: the samples and the texts that the tests have.

Texts are taken from the tests' source, so that every question and every reply that somebody once
thought of is there without being listed again.
"""

from __future__ import annotations

import ast
import gzip
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.fuzz_input import END

SAMPLES = Path("tests/ingest/samples")
READ = ("tests/ingest/readers",)
QUESTIONS = ("tests/assistant/planning", "tests/assistant")
CLAIMS = ("tests/assistant/checking", "tests/hostile_papers.py")
REPLIES = ("tests/assistant/model", *CLAIMS)
PAGE = ("tests/ui/page", "tests/ui/programs", "tests/hostile_papers.py")
RECORDS = ("tests/ui/export", "tests/ui/html", "tests/hostile_papers.py")
TIDYING = ("tests/vectorstore/tidying", "tests/ingest", "tests/hostile_papers.py")

_WORD = re.compile(rb"[A-Za-z']{2,20}|[^\w\s]{1,3}|[0-9]{1,4}")
_MOST_WORDS = 400
_LONGEST_SEED = 1_500  # bytes
_ALIKE = str.maketrans("sik ", "ſı\N{KELVIN SIGN}\N{NO-BREAK SPACE}")


def samples(*, packed: bool = False) -> Iterator[bytes]:
    """Yield samples of all formats, with `packed` also in archives."""
    for sample in sorted(SAMPLES.iterdir()):
        data = sample.read_bytes()
        yield data
        if packed:
            yield gzip.compress(data, mtime=0)
            zipped = io.BytesIO()
            with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(zipfile.ZipInfo(sample.name), data)
            yield zipped.getvalue()


def texts(paths: Iterable[str]) -> list[bytes]:
    """Return the texts in the source of tests below these paths, each once."""
    found: dict[bytes, None] = {}
    for path in map(Path, paths):
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
                    found[_as_bytes(node.value)[:_LONGEST_SEED]] = None
    return list(found)


def numbered(paths: Iterable[str], numbers: int = 8) -> list[bytes]:
    """Return such texts with a few numbers ahead of each, as those draw that begin with numbers."""
    return [
        bytes((at % 7 * 37 + n * 5) % 256 for n in range(numbers)) + text + END
        for at, text in enumerate(texts(paths))
    ]


def disguised(paths: Iterable[str]) -> list[bytes]:
    """Return such texts, and of every third one its like in letters that pass for others."""
    found = texts(paths)
    alike = (text.decode("utf-8", "replace").translate(_ALIKE).encode() for text in found[::3])
    return [*found, *alike]


def words(seeds: Iterable[bytes]) -> list[bytes]:
    """Return the words and signs that most of the seeds have, for inputs to be made of."""
    counted = Counter(word for seed in seeds for word in set(_WORD.findall(seed)))
    return [word for word, _ in counted.most_common(_MOST_WORDS)]


def _as_bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
