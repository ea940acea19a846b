"""Texts that browsers and programs send, made such that everything behind can take them."""

from __future__ import annotations


def whole_characters(text: str) -> str:
    """Return the text with "?" for half a character, which JSON can send and nothing can store."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
