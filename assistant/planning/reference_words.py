"""The words by which a question refers to the turns before it.

Owns the patterns and what is left of a question without them. Which papers are meant is
`assistant.planning.follow_up`'s to say.
"""

from __future__ import annotations

import re

from assistant.planning.intent import asks_of_record
from assistant.planning.phrases import one_of
from assistant.planning.topic_words import topic_words

OWN_WORDS = 3  # that search can use: a question with so many says by itself what it is about
PAPERS = r"(?:papers|articles|studies|publications|works|results|ones)"

SET = one_of(
    r"\b(?:of|among|amongst|from|in|within|between) (?:those|these|them|the above"
    rf"|that list|the list)\b(?: {PAPERS})?",
    r"\bwhich (?:of the )?ones?\b",
    r"\b(?:just|only|and|about|not) (?:the )?(?:[\w/-]+ ){0,3}?ones\b",
    r"^\W*(?:[\w/-]+ ){1,4}ones(?: only| alone| please)*\W*$|\b(?:any|all|some) of (?:it|that)\b",
    rf"\b(?:these|those|this) {PAPERS}\b|\bthe (?:papers|results)\b|\bthe above\b",
    r"^\W*(?:and )?(?:only|just|those|these)\b",
    r"\bfilter (?:them|these|those|it)?\b",
)
# "The rye one", "the one on ovens": one of a list by what it is about.
SUCH_ONE = one_of(
    r"^\W*(?:(?:and|what about|how about|tell me(?: more)? about|show me|explain|open|what is"
    r"|is)? )*the (?!(?:other|same|first|second|third|last)\b)(?:[\w/-]+ ){1,3}one\W*$",
    r"\bthe one (?=(?:on|about|that|which|with|from|using|for|by)\b)",
)
# A question for one of them that has no noun: "which is the fastest", "which use pruning".
WHICH = one_of(
    r"^\W*(?:and |but |so )?which (?:is|are|was|were|has|have|had|would|should|could|can|do|does"
    r"|did|came|come|used|(?:use|run|work|need|perform|support|report|give|achieve|mention|beat)s?)\b"
)
# Too short to have a topic: "how many scans?", "on which hardware?".
SHORT = one_of(
    r"^\W*(?:and |but |so )?(?:(?:on|with|in|for) )?(?:how (?:many|much|fast|big|large|small|long"
    r"|often|well|good|accurate|expensive|cheap)|which (?!papers?\b|ones?\b)|when|where"
    r"|what (?!is\b|are\b|was\b|were\b|about\b))"
)
AUXILIARY = one_of(r"\b(?:are|can|could|did|do|does|has|have|is|should|was|were|will|would)\b")
# "Any on scheduling?": of the list that was there before it was narrowed down.
ANY = one_of(
    r"^\W*(?:and )?(?:(?:is|are) there )?(?:any|some|one|none)"
    r" (?=(?:on|about|that|which|who|with|without|using|for|from|by|in)\b)"
)
THEY = one_of(
    r"\b(?:do|does|did|are|were|is|can|could|have|has|compare|summari[sz]e|contrast|about|for|list"
    r"|explain|describe|show|sort|with|to|what|how|why|where)"
    r" (?:any of |all of |all )?(?:they|them|these|those|all of them)\b",
    r"\btheir\b|^\W*they\b",
)
WHAT_FOLLOWS_SUCH = re.compile(
    r"\b(?:just|only|and|about|not)\s+(?:the\s+)?(?P<such>(?:(?!the\b)[\w/-]+\s+){1,3}?)ones?\b"
    r"|^\W*(?P<these>(?:(?!the\b)[\w/-]+\s+){1,4})ones\b"
    r"|^.*\bthe\s+(?P<one>(?:[\w/-]+\s+){1,3}?)one\W*$"
    r"|^.*\bthe\s+one\s+(?=(?:on|about|that|which|with|from|using|for|by)\b)(?P<which>.*)"
    r"|\b(?:just|only|and|about|not)\s+(?:the\s+)?ones?\s+(?:that\b|which\b|who\b)?(?P<that>.*)",
    re.IGNORECASE,
)
IT = one_of(
    r"\b(?:this|that|the(?: same)?) (?:paper|work|method|study|article|approach|one)\b"
    r"(?! (?:on|about)\b)",
    r"\b(?:its|it|itself|he|she|this one|that one)\b|\bthe authors\b",
    r"\b(?:about|on|of|with|to|like|than|for|was|is|said|says) (?:this|that)\W*$",
)
# "It" that is a topic: "which papers are about it?".
ABOUT_IT = one_of(
    r"\b(?:papers|articles|studies|publications|works) (?:(?:that|which|are|there|here|you have) )*"
    r"(?:about|on|cover|covering|discuss|discussing|deal with|dealing with|address|mention)"
    r" (?:it|this|that|(?:this|that|the same) (?:topic|subject))\W*$"
)
# "It" that stands for nothing: "is it possible to", "how long does it take to".
NOTHING = one_of(
    r"\b(?:is|was|will|can|could|would) it (?:be )?(?:possible|true|worth|better to|easy|hard"
    r"|feasible"
    r"|known|safe|common|likely|enough|necessary)\b|\bit (?:takes?|makes? sense|matters?)\b",
    r"\bdoes it (?:take|make sense|matter|help|pay)\b|\bit (?:is|was) (?:possible|true|known)\b",
)
# "It" that stands for what the same question spoke of: "what is NAS and how does it work".
WITHIN = one_of(
    r"(?:[.?!;:,]| and| but) (?:and |so |but )?(?:how|what|why|when|where|who|which|does|do|is|are"
    r"|can|will|should)\b.*$"
)
OWN_TOPIC = one_of(
    r"\b(?:papers?|articles|studies|publications|works?|research|anything|something)"
    r" (?:on|about|covering|dealing with) (?!(?:it|this|that|these|those|them)\b)\w",
    r"\b(?:which|what|find|list|show me) (?:[\w-]+ ){0,2}?(?:papers|articles|studies|works)"
    r" (?!of\b|\d)\w",
)
ADDS = one_of(r"^\W*(?:please )?(?:add|include|plus)\b")
INSTEAD = one_of(r"\b(?:what|how) about\b|\bwhat of\b|\binstead\b|\brather\b")
GOES_ON = one_of(
    r"^\W*(?:and|but|or|also|so|then|now|no|nope|sorry|actually|i mean|i meant)\b",
    r"^\W*(?:same|the same|likewise)\b",
)
# "On CPU", "with code": a condition, and no question of its own.
CONDITION = one_of(r"^\W*(?:on|for|in|with|without|using|under|via|during|at|against|from|by)\b")
ABOUT = one_of(r"^\W*about\b")
LEAD_IN = one_of(
    r"^\W*(?:(?:and|but|or|also|so|then|what about|how about|what of"
    r"|(?:the )?same (?:for|with|but|question|thing|query|search)|(?:the )?same|likewise|now"
    r"|ok(?:ay)?|hi|hello|hey|there|thanks|thank you|please|well|great"
    r"|nice|cool|yes|no|nope|sorry|hmm+|actually|rather|i mean(?:t)?|forget (?:that"
    r"|it))\b[\s,.!:–-]*)+"
)
# Words that ask for a part of any paper: "what are the limitations", "which dataset was used".
PARTS = frozenset(
    "abstract accuracy approach architecture argument assumption author baseline benchmark"
    " claim code conclusion contribution cost data dataset date detail drawback evaluation"
    " evidence experiment finding gain github hardware idea implementation implication"
    " improvement intuition key limitation link main method methodology metric model motivation"
    " name novelty number outcome performance problem proposed repo repository result setup"
    " solution speedup strength summary technique title url venue weakness".split()
)
IN_PLACE_OF = one_of(r"\b(?:instead of|rather than) \w")
INSTEAD_ALONE = one_of(r"\b(?:instead of|rather than) .*$", r"\b(?:instead|rather)\b")
THEY_ALONE = one_of(r"\b(?:all of |any of |all )?(?:they|them|these|those)\b|\btheir\b")


def without_lead_in(question: str) -> str:
    """Return the question without the "and", "thanks" and so on in front; never nothing."""
    return LEAD_IN.sub("", question).strip() or question


def goes_on(question: str) -> bool:
    """Tell whether a question begins as one that goes on: "and Levain?", "what about Crumb"."""
    return any(pattern.search(question) for pattern in (GOES_ON, INSTEAD, ADDS))


def refers_to_a_set(question: str) -> bool:
    """Tell whether a question speaks of papers that were shown: "which of those"."""
    return any(pattern.search(question) for pattern in (SET, ANY, THEY))


def asks_for_any(question: str) -> bool:
    """Tell whether a question asks for any paper of a list: "any from 2025?"."""
    return bool(ANY.search(question))


def is_condition(question: str) -> bool:
    """Tell whether a question is a condition on an earlier one: "and on CPU?"."""
    return bool(CONDITION.search(without_lead_in(question)) or IN_PLACE_OF.search(question))


def has_own_topic(question: str) -> bool:
    """Tell whether a question asks for papers on a topic that it names."""
    return bool(OWN_TOPIC.search(question))


def word_for_it(question: str) -> str:
    """Return the word by which a question speaks of one paper, "it" or "this paper".

    Empty where it does not, because "it" stands for nothing or for something in the question.
    """
    before = WITHIN.sub("", question)
    within = before != question and any(not _is_part(word) for word in topic_words(before))
    if within and not IT.search(before):
        return ""
    match = IT.search(NOTHING.sub(" ", question))
    return match.group().strip() if match else ""


def asks_for_a_part(question: str) -> bool:
    """Tell whether a question is for what any paper has: "what are the limitations"."""
    words = topic_words(without_lead_in(question))
    if not words:
        return asks_of_record(question)
    return all(map(_is_part, words))


def _is_part(word: str) -> bool:
    return word in PARTS or word.rstrip("s") in PARTS


def is_short(question: str) -> bool:
    """Tell whether a question is too short to have a topic of its own: "how many scans?"."""
    most = 1 if AUXILIARY.search(question) else OWN_WORDS
    return bool(SHORT.search(question)) and len(topic_words(question)) <= most


def without_set(question: str) -> str:
    """Return the question without the words that refer, but with those of "only the fast ones"."""

    def kept(match: re.Match[str]) -> str:
        return next((words for words in match.groupdict().values() if words), " ")

    return tidy(ANY.sub(" ", SET.sub(" ", WHAT_FOLLOWS_SUCH.sub(kept, question))))


def without_them(question: str) -> str:
    """Return the question without the words for several papers."""
    return tidy(THEY_ALONE.sub(" ", question))


def without_instead(question: str) -> str:
    """Return the question without the words for what it takes the place of."""
    return tidy(INSTEAD_ALONE.sub(" ", without_lead_in(question)))


def tidy(text: str) -> str:
    """Return what is left of a question, without what stood in front of the words cut out."""
    return without_lead_in(" ".join(text.split()).lstrip(" ,;:"))
