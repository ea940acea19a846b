"""Text that the readers of a page do not see, and search and a model do."""

from __future__ import annotations

import re

_LATIN = "A-Za-z\u00c0-\u024f"
_NO_WIDTH = "\u180e\u200b-\u200d\u2060-\u2064\ufeff"

_ZERO_WIDTH = re.compile(f"(?<=[{_LATIN}])[{_NO_WIDTH}]++(?=[{_LATIN}])")
# Right-to-left text needs none of these; the marks U+200E and U+200F, which it does, change nothing
# around them.
_BIDIRECTIONAL = re.compile("[\u202a-\u202e\u2066-\u2069]")

_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,7}\U000e007f")  # of Wales, for one
_UNSEEN = re.compile(
    "[\U000e0000-\U000e007f]"
    "|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2}"  # a sign has one variant
    "|[\ue000-\uf8ff\U000f0000-\U0010fffd]{4}"  # fewer are signs of a font of its own
)
_UNSEEN_MARKUP = re.compile(
    r"<!--"
    r"|<[a-z][^<>]{0,300}(?:display\s?:\s?none|visibility\s?:\s?hidden"
    r"|font-size\s?:\s?(?:0|1)(?:\.\d+)?\s?(?:px|pt|em|;|[\"'])"
    r"|color\s?[:=]\s?[\"']?(?:white|\#fff(?:fff)?)\b)"
    r"|\\[hv]?phantom\b|\\(?:text)?color\s?(?:\[[^\[\]{}]{0,20}\])?\{(?:white|1,\s?1,\s?1)\}",
    re.IGNORECASE,
)


def splits_words(text: str) -> bool:
    """Tell whether characters of no width stand between Latin letters.

    In scripts whose letters join, and in emoji, they are part of the spelling.
    """
    return not text.isascii() and _ZERO_WIDTH.search(text) is not None


def reorders(text: str) -> bool:
    """Tell whether what is shown is in another order than what is stored."""
    return not text.isascii() and _BIDIRECTIONAL.search(text) is not None


def hides(text: str) -> bool:
    """Tell whether the text has parts that no page shows."""
    if not text.isascii() and _UNSEEN.search(_FLAG.sub("", text)):
        return True
    return ("<" in text or "\\" in text) and _UNSEEN_MARKUP.search(text) is not None
