"""Tells sentences that state nothing of any paper from claims that need a source.

Owns the patterns, English ones: that the sources do not tell something, and what fills a cell of a
table that is left open.
"""

from __future__ import annotations

import re

from assistant.checking.figures import figures_in

_SOURCE = (
    r"(?:(?:the|these|those|this|any|provided|given|available|cited|of|shown|retrieved|two|"
    r"selected|listed|paper|both)\s+){0,5}"
    r"(?:sources?|abstracts?|papers?|excerpts?|documents?|sentences?|text|context|collection)"
)
_TELL = (
    r"(?:say|state|mention|report|specify|provide|give|cover|address|discuss|contain|include|"
    r"answer|tell|describe|explain|compare|indicate|name|clarify|disclose|detail)"
)
_TOLD = (
    r"(?:said|stated|mentioned|reported|specified|provided|given|covered|addressed|discussed|"
    r"answered|described|explained|compared|indicated|named|disclosed|available|clear)"
)
_NOT = r"(?:not|n['’]t)"
_PLAINLY = r"(?:(?:explicitly|directly|clearly|themselves|itself|actually)\s+)?"
_SAYS_NOTHING = re.compile(
    rf"(?:(?:in\s+)?{_SOURCE}\s+(?:do|does|did)\s?{_NOT}\s+{_PLAINLY}{_TELL}\b.*"
    rf"|(?:none|neither)\s+of\s+{_SOURCE}\s+{_PLAINLY}{_TELL}s?\b.*"
    rf"|(?:no|neither)\s+{_SOURCE}\s+{_PLAINLY}{_TELL}s?\b.*"
    rf"|(?:this|that|it|the\s+answer)\s+(?:is|was)\s?{_NOT}\s+{_PLAINLY}{_TOLD}"
    rf"(?:\s+(?:in|by)\s+{_SOURCE})?"
    rf"|(?:.*\s)?(?:is|are|was|were)\s?{_NOT}\s+{_PLAINLY}{_TOLD}\s+(?:in|by)\s+{_SOURCE}"
    rf"|(?:.*\s)?(?:cannot|could\s+not|can['’]t)\s+be\s+(?:answered|told|determined|inferred|found)"
    rf"\s+(?:from|in)\s+{_SOURCE}"
    rf"|there\s+is\s+no\s+(?:information|mention|evidence|statement)\b.*\s(?:in|by)\s+{_SOURCE}"
    rf"|(?:not|never)\s+{_TOLD}(?:\s+(?:in|by)\s+{_SOURCE})?|unknown|n/?a)\s*[.!]?",
    re.IGNORECASE,
)
# What follows these may be a claim after all.
_GOES_ON = re.compile(
    r"[;:—]|[.!?]\s|,\s*which\b|,.*\b(?:is|are|was|were|has|have|had|can|will)\b|"
    r"\band\s+(?:it|this|that|they)\b|\b(?:but|however|although|though|yet|while|whereas|instead|because|since|"
    r"except|only|rather|so|as)\b",
    re.IGNORECASE,
)
_LONGEST = 300  # characters; longer ones say more than that


def states_nothing(text: str) -> bool:
    """Tell whether a sentence plainly says that the sources do not tell, or says nothing."""
    if not any(sign.isalnum() for sign in text):
        return True
    if len(text) > _LONGEST or any(True for _ in figures_in(text)) or _GOES_ON.search(text):
        return False
    return _SAYS_NOTHING.fullmatch(text.strip()) is not None
