"""What kind of answer a question asks for, by the words it is put in.

Owns the patterns, in the order in which they are tried. What they cannot know, whether a name is
that of a paper say, `assistant.planning.plan` adds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answer import Intent
from assistant.planning.phrases import one_of

TOPIC_WORDS = 25  # a phrase as short as this that asks and states nothing is a topic: a list

PAPERS = (
    r"(?:papers?|articles?|(?<!case\s)stud(?:y|ies)|publications?|preprints?|abstracts?"
    r"|literature|surveys?|thes[ei]s|reviews?)"
)
_MANY = (
    r"(?:papers|articles|(?<!case\s)studies|publications|preprints|abstracts|literature|surveys"
    r"|reviews)"
)
_WORK = r"works? (?:on|about|that|for|in|with|using|where|here|there)"
# What papers are of, so that a question which of them do something is one for papers.
_KINDS = (
    r"(?:algorithms|approaches|architectures|authors|benchmarks|datasets|frameworks|groups"
    r"|introductions|libraries|methods|models|optimi[sz]ers|people|researchers|surveys|systems"
    r"|teams|techniques|tools|works)"
)
_AUXILIARY = r"(?:are|did|do|does|is|was|were)\b"
_POLITE = r"^\W*(?:(?:can|could|will|would) (?:you|u) )?(?:please )?(?:kindly )?"
_UP_TO_3_WORDS = r"(?:[\w'-]+ ){0,3}?"

_SMALL_TALK = re.compile(
    r"(?:hi|hey|hello|hallo|good\s+(?:morning|afternoon|evening|day)"
    r"|(?:many\s+)?thanks(?:\s+a\s+lot)?"
    r"|thank\s+(?:you|u)(?:\s+(?:very|so)\s+much)?|you|thx|cheers|bye|goodbye|see\s+you|ok(?:ay)?"
    r"|great|nice|cool|perfect|well\s+done|good(?:\s+(?:job|answer))?|no|nope|yes|yeah|wow|got\s+it"
    r"|i\s+see|who\s+are\s+you|what\s+are\s+you|what\s+is\s+this|what\s+can\s+(?:you|i)\s+(?:do"
    r"|ask)"
    r"|how\s+are\s+you(?:\s+doing)?|how\s+does\s+this\s+work|help(?:\s+me)?|here|there|test|today"
    r"|for\s+me|very\s+much|that'?s\s+(?:great|good|fine|all|helpful|wrong))(?:[\s,.!?]+|$)",
    re.IGNORECASE,
)
_OUT_OF_SCOPE = one_of(
    r"\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:instructions?|rules|prompts?|above)\b",
    r"\byour (?:system |own )?(?:prompts?|instructions|api key|rules)\b",
    rf"{_POLITE}(?:show|print|reveal|repeat|output) (?:me )?(?:the |a )?system prompt\b",
    rf"{_POLITE}(?:write|compose|draw|tell(?= me)|sing|make up|play|book|order"
    rf"|buy) (?:me )?(?:an?|the|some|this)?"
    r" ?(?:\w+ )?(?:poem|song|story|joke|haiku|limerick|e-?mail|letter|essay|game|flight|table"
    r"|picture of|pizza|alarm|recipe)\b",
    rf"{_POLITE}translate (?:this|that|the following|[\"'“])",
    r"\bwhat(?:['’]s| is) the (?:weather|time|date)\b(?: in| today| tomorrow| now|\W*$)",
    r"\bweather (?:in|today|tomorrow)\b|\bwhat day is it\b",
)
_COMPARE = one_of(
    rf"{_POLITE}(?:compare|contrast)\b",
    r"\b(?:comparison (?:of|between)|side by side|tell apart)\b",
    r"^\W*(?:(?:what|which|the|is|are|main|key|any|there|tell|me|show|explain|so|and) |what['’]s )*"
    r"differences?(?: between| of| in|\W*$| \w+ \w+\W*$)",
    r"\bhow (?:do|does|did|is|are)\b.{1,80}\b(?:differ|compare|different)\b",
    r"\bwhat (?:distinguishes|sets)\b|\b\S+ (?:versus|vs\.?|v\.?s\.?) \S+",
    r"\bwhich (?:one |of (?:the|these|those) two )(?:is|was|are|does|has|do|came|performs?)\b",
    r"^\W*(?:do|are|is|does) .{1,60}\bdiffer(?:ent)?\b(?: from\b|(?: things| papers| ones)?\W*$)",
)
_COUNT = one_of(
    rf"\bhow many (?:{_UP_TO_3_WORDS}{PAPERS}\b|are there\b|ones\b)",
    rf"\bhow many of (?:those|these|them|(?:the )?(?:ones|{_MANY})\b)",
    rf"\b(?:number|count) of (?:the )?(?:[\w-]+ )?{PAPERS}\b",
    rf"^\W*count (?:the |all )?(?:[\w-]+ )?{PAPERS}\b",
    r"^\W*(?:(?:so|and|ok) )?how many(?:(?: (?:are|were))? (?:there|they|in|from|about|by|on"
    r"|published|since|before|after)\b|\W*$)",
)
_SUMMARY = one_of(
    r"\b(?:summari[sz]e|summari[sz]ing|summary|survey of|synthesi[sz]e|recap|tl;?dr)\b",
    r"\b(?:overview|state of the art|main (?:findings|ideas|themes|points|results)|trends?)\b",
    r"\b(?:key takeaways?|big picture|pros and cons)\b",
    r"\bwhat (?:is|do we|does (?:the )?(?:science|literature)) knows?n?\b",
    r"\bwhat (?:do|does|did|have) (?:these|those|the|they|this|people|researchers)\b.{0,30}"
    r"\b(?:say|said|find|found|report(?:ed)?|conclude[d]?|learn(?:ed)?)\b",
)
_LIST = one_of(
    rf"\b(?:which|what|any|list|find|show|name|give|there)\b "
    rf"(?:(?!(?:the|this|that|your|earlier)\b)[\w'-]+ ){{0,4}}?(?:{PAPERS}|{_WORK})\b",
    r"\b(?:list|find|show|provide|suggest|recommend|give|need|want)\b (?:[\w-]+ ){0,5}?"
    rf"(?:{_MANY})\b(?!['’])",
    rf"(?<!the\s)(?<!this\s)(?<!that\s)\b{_MANY} (?:on|about|that|for|using|with|covering|from|by"
    rf"|in|of"
    r"|where|like)\b",
    rf"^\W*which {_UP_TO_3_WORDS}{_KINDS} (?!{_AUXILIARY})",
    r"^\W*(?:which|what) else\b|\b(?:which|any|some|none) of (?:these|those|them)\b",
    r"^\W*(?:which|any|some|none) of the\b",
    r"\bwhich ones?\b|\b(?:any|the|only) ones\b|\b(?:all|every) (?:the )?(?:papers?|ones)\b",
    # "Who has shown", but not "who wrote it".
    r"^\W*who (?!are you|wrote|authored|published|made|is|are|was|were)\w+",
    r"^\W*who (?:is|are|was|were) \w+ing\b",
    r"^\W*(?:has|have|did|does|is) (?:any|some)(?:one|body)\b|\bwhat (?:have|do) you (?:got"
    r"|have)\b",
    r"^\W*(?:are|is) there (?:any|some|one|anything)\b",
    r"\b(?:anything|something)\b.{0,20}\b(?:on|about|that|here|for|in|with|like|comparing)\b",
    r"^\W*anything \w+ing\b",
    r"^\W*what(?:['’]s| is| has| was| have)? (?:came out|come out|published|been published|new"
    r"|appeared|(?:\w+ )?(?:published|released|written))\b",
    r"\b(?:everything|anything) (?:published|from|by)\b|^\W*(?:list|show) (?:me )?everything\b",
    rf"\blooking for\b|\b(?:should|could|can) I (?:look at|read)\b|\b{_WORK} ?$",
    rf"{_POLITE}(?:show me|find|list) (?!.{{0,20}}\b(?:abstract|details)\b)",
    r"^\W*(?:any|only|just)\b",
)
_TITLE = one_of(
    r"^\W*(?:(?:find|show|give|get|open|explain|summari[sz]e|tell me(?: more)? about|which|what"
    r"|where|is|was|me|do you have) )*(?:the|that) (?:one )?"
    r"(?:paper|article|preprint|one) (?:on|about|that|where|which|who|with|by|called|titled)\b",
)
_RECORD = one_of(
    r"\bwho (?:wrote|authored|published|made|(?:is|are|was|were) the authors?)\b",
    r"\b(?:when (?:was|were|did).{0,60}\b(?:published|come out|released|written|appear)"
    r"|how many authors|publication date|the authors? of|date of publication)\b",
    r"\b(?:which|what|whose) (?:organi[sz]ation|company|institution|university|lab|year|date)\b",
    r"^\W*(?:and )?(?:the |its )?(?:authors?|date|year|link|url|abstract|title)\W*$",
    r"\b(?:the|its|a|full) (?:abstract|link|url|title)\b",
    r"^\W*(?:and )?(?:which|what) paper (?:is|was|says?|said) (?:it|that|this|so)\b",
)
_STATES = one_of(r"\. ?$", r"\bI (?:wonder|want to know|need to know|believe|think)\b")
_ASKS = one_of(
    r"\?",
    r"^ ?(?:what|which|who|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|will"
    r"|would|should|has|have|had|tell|explain|describe|elaborate)\b",
)
_IN_ORDER = (
    (_OUT_OF_SCOPE, Intent.OUT_OF_SCOPE),
    (_COMPARE, Intent.COMPARE),
    (_COUNT, Intent.COUNT),
    (_SUMMARY, Intent.SUMMARY),
    (_TITLE, Intent.TITLE),
    (_LIST, Intent.LIST),
)


def intents_of(question: str) -> Iterator[Intent]:
    """Yield what the words of a question may ask for, likeliest first, each once.

    The last one always can be meant: a list or a fact.
    """
    if _is_small_talk(question):
        yield Intent.SMALL_TALK
    for pattern, intent in _IN_ORDER:
        if pattern.search(question):
            yield intent
    asks_or_states = _ASKS.search(question) or _STATES.search(question)
    is_topic = not asks_or_states and len(question.split()) <= TOPIC_WORDS
    if not _LIST.search(question):
        yield Intent.LIST if is_topic else Intent.FACT


def asks_of_record(question: str) -> bool:
    """Tell whether a question is for what is known of a paper beside its findings."""
    return bool(_RECORD.search(question))


def _is_small_talk(question: str) -> bool:
    rest = question.strip(" \t\n.,!?")
    while match := _SMALL_TALK.match(rest):
        rest = rest[match.end() :]
    return not rest
