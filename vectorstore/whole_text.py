"""Texts as they are typed and sent, made such that everything behind can take them."""

from __future__ import annotations


def whole_characters(text: str) -> str:
    """Return the text with "?" for half a character.

    JSON and a terminal of another encoding can send one, and no file and no tokenizer takes it.
    """
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
