"""Patterns written as lists of phrases, so that they can be read."""

from __future__ import annotations

import re


def one_of(*phrases: str) -> re.Pattern[str]:
    """Compile a pattern that finds any of the phrases, each of them a pattern of its own.

    A space stands for any white space, and case counts for nothing.
    """
    return re.compile("|".join(f"(?:{spaced(phrase)})" for phrase in phrases), re.IGNORECASE)


def spaced(phrase: str) -> str:
    """Return the pattern with any white space for a space."""
    return phrase.replace(" ?", r"\s*").replace(" ", r"\s+")
