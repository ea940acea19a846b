"""The names that papers give their own work: "we propose Levain, a starter".

A title often lacks the name by which a work is known. Owns what reads like the naming of one's own
work; a name looks like one, with a capital or a figure past its first letter.
"""

from __future__ import annotations

import re

MAX_NAME = 40  # characters
SAME_SENTENCE = 100  # characters before the verb: "In this paper, we propose"

# What kind of thing has the name, in front of it or behind it: "a system, FooBar,", "the FooBar
# system". Spaces are single in all patterns, and in what they read.
_KIND = (
    r"(?:agent|algorithm|approach|architecture|attack|benchmark|compiler|corpus|dataset|engine"
    r"|framework|library|mechanism|method|model|module|network|optimizer|pipeline|platform|protocol"
    r"|scheduler|scheme|simulator|strategy|suite|system|technique|tool|toolkit)"
)
_PROPOSE = (
    r"\b(?:(?:propos|introduc|describ|releas)(?:e|es|ed|ing)|(?:present|develop|design)(?:s|ed|ing)?"
    r"|buil(?:d|ds|t|ding)) (?:the )?"
    rf"(?:(?:an?|our|the) [^.,;:()]{{0,80}}?\b{_KIND},? (?:namely )?)?"
)
_CALL = (
    r"(?P<call>\b(?:called|named|dubbed|termed|coined) (?:as )?"
    r"|\b[Ww]e (?:call|name|dub|term|coin) (?:[^.,;:()]{0,60}? )??)"
)
_OPENING = r"(?:[“\"'‘(*`$]|\\[a-z]{4,6}\{){0,4}+"  # quotation marks and markup
_NAME = rf"(?P<name>(?=[\w+.-]{{0,{MAX_NAME}}}[A-Z0-9])[^\W\d_][\w+]*(?:[-.][\w+]+)*)"
_NAMING = re.compile(rf"(?:{_PROPOSE}|{_CALL}){_OPENING}{_NAME}")
# What follows the name of one's work, but not that of its subject: "we present GPT-4 results".
_ENDS = re.compile(
    r" ?(?:$|(?!['’]s )[^\w\s/-])"
    rf"| - | (?:an?|and|as|at|by|for|from|in|is|on|that|the|to|uses|using|via|which|with|{_KIND})\b"
)
_BEHIND = re.compile(rf" \((?P<short>[A-Z][\w-]{{1,{MAX_NAME}}})\)")
_OWN = re.compile(r"\b(?:we|our|this (?:paper|work|study|article|report)|here)\b", re.IGNORECASE)
_OF_OTHERS = re.compile(
    r"\b(?:us(?:es?|ed|ing)|(?:adopt|employ|extend)(?:s|ed|ing)?|(?:compar|evaluat)(?:es?|ed|ing)"
    r"|recent|recently|existing|popular|prior|previous|previously|original|originally|commonly|often"
    r"|usually|widely|sometimes|so|who)\b",
    re.IGNORECASE,
)


def coined_names(abstract: str) -> tuple[str, ...]:
    """Return the names that an abstract introduces for its own work, in order."""
    text = " ".join(abstract.split())
    found = dict.fromkeys(
        name
        for match in _NAMING.finditer(text)
        if _looks_coined(match["name"]) and _is_own(text, match)
        for name in (match["name"], *_short_name(text, match.end()))
    )
    return tuple(found)


def _short_name(text: str, end: int) -> tuple[str, ...]:
    """Return the short name that stands behind a name: "Quick-Rise-Levain (QR-Levain)"."""
    behind = _BEHIND.match(text, end)
    return (behind["short"],) if behind and _looks_coined(behind["short"]) else ()


def _looks_coined(name: str) -> bool:
    """Tell "X-Mesh" and "pFedGate" from "Dual-Smoothed", "GPU-based" and "A100"."""
    parts = re.split(r"[-.]", name)
    has_inner = any(not (part[1:].islower() or part.islower()) for part in parts)
    is_adjective = len(parts) > 1 and parts[-1].isalpha() and parts[-1].islower()
    has_letters = sum(map(str.isalpha, name)) > 1
    return len(name) <= MAX_NAME and has_inner and has_letters and not is_adjective


def _is_own(text: str, match: re.Match[str]) -> bool:
    """Tell whether the authors say it of their own work, and not of what they build on."""
    before = text[max(0, match.start() - SAME_SENTENCE) : match.start()]
    sentence = re.split(r"[.;:?!] ", before)[-1]
    *_, said = _OWN.split(sentence)  # what "we" are said to do
    if _OF_OTHERS.search(said):
        return False
    return bool(match["call"] or (said != sentence and _ENDS.match(text, match.end())))
