"""A part of the program that is fuzzed: what is tried on it, and how it is told that it failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Check = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Target:
    """`make` imports what is fuzzed and returns what tries one input: it raises where it fails.

    `seeds` are inputs to begin with, `longest` is of an input, in bytes.
    """

    name: str
    make: Callable[[], Check]
    seeds: Callable[[], Iterable[bytes]]
    longest: int = 2_000
    memory_mb: int = 1_024
