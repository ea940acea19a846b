"""Finds the names in a claim, and tells whether a text has them.

Owns what is shaped like a name: "vLLM", "GPT-4", "NVMe" anywhere, and a capitalised word within a
sentence. Spelling is lenient and identity is not: "GPT-4" is "GPT 4", but not "GPT-4o".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_PART = re.compile(r"[^\W_]+")
_JOINTS = frozenset("-.")  # what may stand between the parts of one name
_STARTS_SENTENCE = re.compile(r"(?:^|[.!?:;…])[\s\"'“”‘’(\[{*–—-]*$")
_LEADING_LETTERS = re.compile(r"[^\W\d_]+(?=\d)")
_BETWEEN_SENTENCES = re.compile(r"[.!?…][\"'”’)\]]*\s")
_LONGEST_RUN = 5  # parts: "DeepSeek-R1-Distill-Qwen-7B"
_BEFORE = 12  # characters that tell whether a sentence starts
# Whether a claim's units are those of its sentence is not looked at.
_MEASURES = frozenset(
    "KB MB GB TB PB KiB MiB GiB TiB Kbps Mbps Gbps Tbps Hz kHz MHz GHz kW MW kWh mJ dB pJ "
    "FLOPS FLOPs GFLOPS TFLOPS PFLOPS TOPS".split()
)
_SHORTEST = 2
_SHORTEST_INITIALS = 3  # letters; any two stand at the head of two words somewhere
_SHORTEST_PLURAL = 4  # letters; "GPUs" is one, "bus" none


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is written at `start`; `shaped` where more than a capital makes it one."""

    text: str
    start: int
    shaped: bool


def names_in(text: str) -> Iterator[Name]:
    """Yield what is shaped like a name in `text`, in order."""
    for parts in _runs(text):
        start, end = parts[0].start(), parts[-1].end()
        if end - start < _SHORTEST or text[start:end] in _MEASURES:
            continue
        shaped = len(parts) > 1 or _is_shaped(parts[0][0])
        if shaped or not _STARTS_SENTENCE.search(text[max(0, start - _BEFORE) : start]):
            yield Name(text[start:end], start, shaped)


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Yield the parts of what may be names: joined ones that have a capital or a digit each.

    So "Transformer-based" is "Transformer", and a run does not begin with a figure.
    """
    run: list[re.Match[str]] = []
    for part in _PART.finditer(text):
        joined = bool(run) and text[run[-1].end() : part.start()] in _JOINTS
        if run and not (joined and _has_mark(part[0])):
            yield run
            run = []
        if run or (_has_mark(part[0]) and not part[0][0].isdigit()):
            run.append(part)
    if run:
        yield run


def _has_mark(part: str) -> bool:
    return any(sign.isupper() or sign.isdigit() for sign in part)


def _is_shaped(part: str) -> bool:
    return any(sign.isupper() or sign.isdigit() for sign in part[1:])


class NamesOf:
    """The names that a text may be said to have."""

    def __init__(self, text: str) -> None:
        """Read `text` once."""
        parts = _PART.findall(text)
        self._runs = {
            _bare("".join(parts[start:end]))
            for start in range(len(parts))
            for end in range(start + 1, min(start + _LONGEST_RUN, len(parts)) + 1)
        }
        # The family of a numbered name: "LLaMA" for "LLaMA2-7B".
        self._runs |= {_bare(found[0]) for part in parts if (found := _LEADING_LETTERS.match(part))}
        sentences = map(_PART.findall, _BETWEEN_SENTENCES.split(text))
        heads = ("".join(part[0] for part in sentence) for sentence in sentences)
        self._initials = "\n".join(heads).casefold()

    def has(self, name: str) -> bool:
        """Tell whether the text has the name, or words of one sentence that it abbreviates."""
        letters = name.rstrip("s")
        capitals = letters.isupper() and letters.isalpha()
        abbreviates = capitals and len(letters) >= _SHORTEST_INITIALS
        return self._has_parts(_PART.findall(name)) or (
            abbreviates and letters.casefold() in self._initials
        )

    def _has_parts(self, parts: Sequence[str]) -> bool:
        """Tell whether these stand in a row; of a longer name, each run of it that is kept."""
        starts = range(max(1, len(parts) - _LONGEST_RUN + 1))
        runs = (parts[start : start + _LONGEST_RUN] for start in starts)
        return all(_bare("".join(run)) in self._runs for run in runs)


def _bare(name: str) -> str:
    """Return the name in one case and in the singular."""
    folded = name.casefold()
    plural = len(folded) >= _SHORTEST_PLURAL and folded.endswith("s") and not folded.endswith("ss")
    return folded[:-1] if plural else folded
