"""What a sentence does in an abstract, and what a question asks of one, as far as words tell.

Where the words leave a sentence's role open, its place decides: an abstract goes from what is known
to what is wrong with it, what was done about that, and what came of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from assistant.checking.figures import figures_in


class Role(StrEnum):
    """What a sentence of an abstract does."""

    BACKGROUND = "background"
    PROBLEM = "problem"
    CONTRIBUTION = "contribution"
    METHOD = "method"
    RESULT = "result"
    AVAILABILITY = "availability"


OPENING = 0.35  # up to here of the abstract, what is told is mostly others' work
CLOSING = 0.55  # from here on, figures are results, and nothing more is wrong

_OWN_TEXT = (
    r"(?:this|our|the present) (?:[\w-]+ )?"
    r"(?:paper|work|study|article|survey|review|thesis|dissertation|chapter|report|research)"
)
_AVAILABILITY = re.compile(
    r"https?://"
    r"|\b(?:is|are|be|been|made|become) (?:\w+ly )?(?:available\b(?! (?:for|from|to)\b)"
    r"|open-?sourced\b|released\b)"
    r"|\b(?:have|has|will) (?:\w+ly )?(?:release|open-?source)d?\b"
    r"|\bwe (?:\w+ly )?(?:release|open-?source) (?:all|the|our|both|code|models)\b",
    re.IGNORECASE,
)
_PROPOSES = (
    r"(?:propos|present|identif|introduc|develop|describ|design|devis|investigat|explor|stud(?:y|ied)|"
    r"survey|review|examin|address|aim|seek|build|built|creat|formulat|establish|tackl|"
    r"provid|offer|analy[sz]|revisit|argu|advocat|discuss|focus|delv|contribut|curat|construct|"
    r"pioneer)"
)
_CONTRIBUTION = re.compile(
    rf"\b(?:we|the authors)[ ~](?:(?!the\b|an?\b|our\b)\w+,? ){{0,2}}?{_PROPOSES}\w*"
    rf"|\bin {_OWN_TEXT}\b|\b{_OWN_TEXT} (?:\w+ ){{0,2}}?{_PROPOSES}"
    r"|^here,",
    re.IGNORECASE,
)
_OWN_RESULT = (
    r"\b(?:we|our (?:[\w-]+ )?(?:analys[ie]s|evaluations?|study|experiments?|method|approach"
    r"|results|findings)) (?:\w+ ){0,2}?"
    r"(?:show|find|found|observ|demonstrat|prov(?:e|ed)\b|discover|report|evaluat|validat|verif"
    r"|reveal|achiev|confirm|suggest|outperform|obtain)\w*"
)
_RESULT = re.compile(
    rf"{_OWN_RESULT}"
    r"|\b(?:outperform|surpass|exceed)(?:s|ed|ing)?\b|(?<!\bto )\bachieve[sd]?\b|\bspeed-?ups?\b"
    r"|\bresults (?:show|demonstrate|indicate|suggest|reveal|highlight|confirm|underscore|on)\b"
    r"|\bthis (?:\w+ )?(?:demonstrates|shows|confirms|indicates|proves)\b"
    r"|\bexperiment(?:s|al|ally)?\b|\bevaluations? (?:show|on|across|demonstrate)"
    r"|\bcompared (?:to|with)\b|\bfindings\b|\bcompetitive with\b",
    re.IGNORECASE,
)
_PROBLEM = re.compile(
    r"\b(?:however|despite|unfortunately|although|though|yet|nevertheless|whereas|challeng\w+"
    r"|limit(?:s|ed|ing|ations?)?|suffer\w*|lack(?:s|ing)?|remains?|difficult\w*|bottlenecks?"
    r"|hinder\w*|imped\w*|costly|expensive|prohibitive\w*|fails?|fall short|inefficien\w*"
    r"|struggles?|impractical|infeasible|constrain(?:s|ed|ts?)|overlook\w*|cannot|too|scarce|hard"
    r"|obstacles?|gaps?|unclear|poor\w*|issues?|unusable|overheads?|still|degrad\w+"
    r"|negative\w*|exacerbat\w*|complicat\w*)\b",
    re.IGNORECASE,
)
_GAIN = re.compile(
    r"\b(?:faster|better|higher|lower|greater|fewer|cheaper|reduces|improves|improvements?|superior)\b",
    re.IGNORECASE,
)
_OWN_DOING = re.compile(r"\b(?:we|our|ours)\b", re.IGNORECASE)

_MEASURED_GAIN = re.compile(
    r"\d\s?(?:\\?%|[x×](?![^\W_])|\$?\\times|-?\s?times\b|-?\s?fold\b|-?\s?(?:percent|points?)\b)"
    r"|\b(?:half|halv(?:es|ing)|twice|doubl(?:es|ing)|(?:two|three|four|five|ten|many)-?fold"
    r"|orders? of magnitude)\b",
    re.IGNORECASE,
)
_ADDS = re.compile(
    r"^(?:moreover|furthermore|further|additionally|in addition|besides|finally|lastly|also|second"
    r"(?:ly)?|third(?:ly)?|then)\b|\bwe (?:also|further|additionally|then|finally)\b",
    re.IGNORECASE,
)
_WHERE_TO_GET = re.compile(
    r"\b(?:code|data(?:sets?)?|models?|weights|implementation|checkpoints?|benchmark|it)\b.{0,30}"
    r"\b(?:available|released|public|open-?sourced?|online|downloaded)\b"
    r"|\bwhere\b.{0,40}\b(?:code|repo|repository|implementation|weights|checkpoints?|download)\b"
    r"|\b(?:release|publish|open-?source (?:its|their|the|any|all))\b.{0,20}"
    r"\b(?:code|data(?:sets?)?|models?|weights)\b"
    r"|\b(?:link to|url|github (?:repo|repository|page|link)|project page|source code)\b",
    re.IGNORECASE,
)
_LIST_MARK = re.compile(r"\(?\b\d{1,2}\)")

# "How" opens what is asked; in "what decides how many blocks are skipped" it does not.
_ASKS = (
    r"(?:^|[,;:?(] ?|\b(?:and|or|by|in|to|at|of|with|over|for|on|than|from|after|before|around"
    r"|about|exactly|roughly|within|me) )"
)
_QUANTITY = re.compile(
    rf"{_ASKS}how (?:much|many|little|few|fast|quick\w*|slow\w*|large|big|small|long|often"
    r"|frequent\w*|close\w*|accurate\w*|far|high|low|deep|tall|wide|heavy|costly|expensive|cheap\w*"
    r"|tight|likely)\b"
    r"|\b(?:what|which) (?:[\w-]+ ){0,3}?(?:speed-?ups?|speed|accuracy|share|fraction"
    r"|percent(?:age)?|proportion|portion|factor|numbers?|rate|gain|savings?|reduction|scores?|error"
    r"|size|cost|improvement|throughput|latency|delay|range|amount|ratio|length|margin)\b",
    re.IGNORECASE,
)

WORD = re.compile(r"[^\W_]+")
_NEXT_QUESTION = re.compile(
    r"(?:\?(?: and)?|,? and)\s+(?=(?:(?:over|after|at|by|in|on|with|for|to|of|from)\s+)?"
    r"(?:how|what|which|who|whom|whose|where|when|why|is|are|was|were|does|do|did|can)\b)",
    re.IGNORECASE,
)


def role_of(text: str, position: float) -> Role:
    """Return what a sentence does; `position` is 0 for an abstract's first, 1 for its last."""
    own = _OWN_DOING.search(text) is not None
    if tells_where_to_get(text):
        return Role.AVAILABILITY
    if _CONTRIBUTION.search(text):
        return Role.CONTRIBUTION
    if _RESULT.search(text) and (own or position >= OPENING):
        return Role.RESULT
    if position >= CLOSING and (has_figure(text) or _GAIN.search(text)):
        return Role.RESULT
    if position < CLOSING and not own and _PROBLEM.search(text):
        return Role.PROBLEM
    return Role.METHOD if own or position >= OPENING else Role.BACKGROUND


def tells_where_to_get(text: str) -> bool:
    """Tell whether a sentence says where code or data are to be had."""
    return _AVAILABILITY.search(text) is not None


def has_figure(text: str) -> bool:
    """Tell whether the text gives a figure, and not just numbers what it lists."""
    return any(figure.certain for figure in figures_in(_LIST_MARK.sub("", text)))


def has_measured_gain(text: str) -> bool:
    """Tell whether the text says by how much something is more or less: 40 %, 3x, half."""
    return _MEASURED_GAIN.search(text) is not None


def adds_to_another(text: str) -> bool:
    """Tell whether a sentence goes on from one that said the main thing."""
    return _ADDS.search(text) is not None


def asks_quantity(question: str) -> bool:
    """Tell whether a question asks for a figure: how much, how many, what speedup."""
    return _QUANTITY.search(question) is not None


def asks_where_to_get(question: str) -> bool:
    """Tell whether a question asks for code or data, or whether they are to be had."""
    return _WHERE_TO_GET.search(question) is not None


def questions_in(question: str, words: Sequence[str]) -> list[tuple[str, list[int] | None]]:
    """Return the questions that are put in one, each with the places of its words in `words`.

    A word that stands in none, as it was corrected, goes with the one before it.
    """
    texts = _NEXT_QUESTION.split(question)
    unread = [WORD.findall(text.casefold()) for text in texts]
    places: list[list[int]] = [[] for _ in texts]
    now = 0
    for place, word in enumerate(words):
        sought = word.casefold()
        now = next((at for at in range(now, len(texts)) if sought in unread[at]), now)
        if sought in unread[now]:
            unread[now].remove(sought)
        places[now].append(place)
    found = [(text, own) for text, own in zip(texts, places, strict=True) if own]
    return [*found] if len(found) > 1 else [(question, None)]
