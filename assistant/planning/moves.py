"""Questions that have no topic of their own and do something with an earlier answer instead.

Owns their words: "show more", "in one sentence", "go back to the first question", "drop the date
filter". What each comes to is `assistant.planning.moved_plan`'s to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.planning.phrases import one_of


class Move(StrEnum):
    """What to do with an earlier answer."""

    BACK = "take up an earlier question again"
    MORE = "show papers that were not shown"
    SIMILAR = "show papers like the one in focus"
    OTHERS = "show the rest of a list"
    LISTED = "list what an answer rests on"
    SHORTER = "say the same in fewer words"
    AGAIN = "say the same again, or more of it"
    SIDE_BY_SIDE = "compare what was shown"
    COUNT = "tell how many there are"
    LIFT = "take filters off"
    EVERYWHERE = "ask all papers, not those shown"
    REJECT = "say that this was not wanted"


@dataclass(frozen=True, slots=True)
class MoveFound:
    """A move, and the word that says which question or which kind of filter it is about."""

    move: Move
    which: str = ""


_PLEASE = (
    r"^\W*(?:(?:and|but|so|ok(?:ay)?|now|no|yes|well|thanks|thank you|great|nice|hmm+|sorry"
    r"|please|then"
    r"|can (?:you|u|we|i)|could (?:you|we)|would you|will you|just|also|let us|let['’]?s)[ ,.!]+)*"
)
_END = r"(?:[ ,]+(?:please|pls|then|now|again|instead|too|here|there|thanks|for me))*\W*$"
_SHOW = (
    r"(?:(?:show|list|give|get|find|see|tell|do you have|have you got|are there|is there)"
    r" (?:me |us )?)?"
)
_THAT = r"(?:it|this|that|them|these|those|all|everything|all of (?:them|these|those)|this paper)"
_PAPERS = r"(?:papers?|ones?|results?|works?|articles?|studies|examples?|hits?)"
_FILTER = r"(?:filters?|limits?|limitations?|restrictions?|constraints?|ranges?)"
_KIND = (
    r"(?:dates?|years?|time|periods?|organi[sz]ations?|compan(?:y|ies)|authors?|sources?|files?"
    r"|order|sort(?:ing)?|categor(?:y|ies)|venues?|journals?|conferences?)"
)

_MOVES = (
    (
        Move.BACK,
        one_of(
            rf"{_PLEASE}(?:(?:go|going|get|come|take me) )?(?:back|return|repeat|redo)(?: to)?"
            r"(?: (?:the|my|our) (?:very )?(?P<which>first|second|third|fourth|fifth|original"
            r"|initial"
            rf"|previous|last|earlier) (?:question|topic|list|query|search|answer|{_PAPERS}"
            rf"|one))?{_END}",
        ),
    ),
    (
        Move.SIMILAR,
        one_of(
            rf"{_PLEASE}{_SHOW}(?:any |some |other |more |anything |something |please |another )*"
            rf"(?:{_PAPERS} )?(?:(?:which|that) (?:is|are) )?(?:like|similar to"
            rf"|related to) {_THAT}(?: one| paper)?{_END}",
            rf"{_PLEASE}{_SHOW}(?:any |some |other |more |the most |anything "
            rf"|something )*(?:similar|related)"
            rf"(?: {_PAPERS})?(?: to {_THAT}(?: one| paper)?)?{_END}",
        ),
    ),
    (
        Move.OTHERS,
        one_of(
            rf"{_PLEASE}(?:(?:what|how) about )?{_SHOW}(?:all )?(?:of )?the (?:others|rest"
            rf"|(?:other|remaining) {_PAPERS})(?: (?:of (?:them|these|those)|as well))?{_END}"
        ),
    ),
    (
        Move.MORE,
        one_of(
            rf"{_PLEASE}{_SHOW}(?:me |the |any |some |a few )?(?:more|others?|next|further"
            rf"|additional) (?:{_PAPERS})?(?: on (?:this|that|it))?{_END}",
            rf"{_PLEASE}{_SHOW}(?:any ?more|any others?|the next(?: \w+)?|what else|anything else"
            rf"|next page|load more)(?: (?:{_PAPERS}|is there|are there|do you have))?{_END}",
            rf"{_PLEASE}(?:show|list|give) (?:me )?more{_END}|{_PLEASE}next{_END}",
            rf"{_PLEASE}(?P<plain>more){_END}",
            rf"{_PLEASE}{_SHOW}(?:the )?(?:{_PAPERS}|those) (?:(?:that|which) )?(?:you "
            rf"|i )?(?:have |has )?"
            rf"(?:not|n['’]t)(?: been| yet)? (?:shown?|seen|listed)(?: me)?(?: yet| so far)?{_END}",
            rf"{_PLEASE}(?:who|what|which {_PAPERS}) else (?:(?:has |have )?(?:works?|worked"
            rf"|working|deals?|studied|studies) (?:on|with) (?:this|that|it))?{_END}",
        ),
    ),
    (
        Move.LISTED,
        one_of(
            rf"{_PLEASE}(?:which|what) (?:papers|sources|ones)"
            rf"(?: (?:are|were) (?:they|these|those|that)| says? (?:so|that|this))?{_END}",
            rf"{_PLEASE}(?:list|show)(?: me)? (?:them|these|those|(?:these|those"
            rf"|the) papers){_END}",
        ),
    ),
    (
        Move.SHORTER,
        one_of(
            rf"{_PLEASE}(?:(?:say|tell me|answer|explain|put"
            rf"|give (?:me )?)(?: {_THAT})? )?(?:in (?:one|a"
            r" single|two|three|a few|\d) (?:short )?(?:sentences?|words|lines?|bullet points"
            r"|bullets)"
            rf"|short(?:er)?|brief(?:ly|er)?|in (?:short|brief)|(?:a )?tl;?dr){_END}",
            rf"{_PLEASE}(?:give (?:me )?|make )?(?:a |the )?(?:brief |short "
            rf"|quick )?(?:summari[sz]e|summary|recap|sum up|overview)(?: of)?(?: {_THAT})?(?: up)?"
            rf"(?: (?:briefly|shortly|in (?:one|two|three|a few|\d) \w+))?{_END}",
        ),
    ),
    (
        Move.SIDE_BY_SIDE,
        one_of(
            rf"{_PLEASE}(?:compare|contrast)(?: {_THAT})?(?: (?:side by side|in a table))?{_END}",
            rf"{_PLEASE}(?:(?:show|give|put|make|list|display)(?: me)?(?: {_THAT})? )?(?:in |as )?"
            rf"(?:a )?(?:comparison )?table(?: of (?:{_THAT}|the \w+))?{_END}",
        ),
    ),
    (
        Move.AGAIN,
        one_of(
            rf"{_PLEASE}(?:tell me more|more details?|elaborate|expand|go on|continue|say more"
            r"|go deeper|why|how so|how come|really|explain|repeat|rephrase"
            r"|are you (?:really )?sure"
            r"|(?:is )?(?:this|that) (?:right|true|correct|so)|is (?:this|that|it) (?:right|true"
            r"|correct)"
            r"|what do you mean|sources?|what(?:['’]s| is) (?:your|the) (?:source|evidence)"
            r"|how do you know|say (?:it|that) again|come again|in (?:more|greater) detail"
            r"|in (?:simpler?|plain|other|easier) (?:words|terms|english|language)|as bullet points"
            rf")(?: (?:about|on) (?:this|that|it|them|these))?(?: {_THAT})?{_END}",
        ),
    ),
    (
        Move.COUNT,
        one_of(
            rf"{_PLEASE}how many(?: ones)?(?: (?:(?:are|were|is|was) (?:there|they|these"
            r"|those|that|this|it)|of (?:them|these|those)(?: are there)?|in (?:total|all)"
            rf"|altogether|did you find))*{_END}",
        ),
    ),
    (
        Move.LIFT,
        one_of(
            rf"{_PLEASE}(?:drop|remove|ignore|forget(?: about)?|clear|lift|delete|skip|cancel|reset"
            rf"|undo|without|no|take off) (?:(?:all|of|the|my|any|that|this) )*"
            rf"(?:(?P<kind>{_KIND})(?: (?:count|range|number))?(?:[ -]{_FILTER})?|{_FILTER}){_END}",
            rf"{_PLEASE}(?:(?:for|from|in|of) )?(?:any|all) (?:number of )?(?P<any>{_KIND}){_END}",
            rf"{_PLEASE}(?:regardless|irrespective) of (?:the |their )?(?P<of>{_KIND}){_END}",
        ),
    ),
    (
        Move.EVERYWHERE,
        one_of(
            rf"{_PLEASE}(?:search |look )?(?:in|from|among|across|through) (?:all|the whole"
            rf"|the entire)(?: of)?(?: the)? (?:papers|collection|library|archive|database){_END}",
            rf"{_PLEASE}(?:not|and not) (?:only|just) (?:in |from |among )?(?:those|these"
            rf"|them){_END}",
        ),
    ),
    (
        Move.REJECT,
        one_of(
            rf"{_PLEASE}(?:(?:that|this|it)(?:['’]?s| is| was)? )?not (?:really |quite |exactly "
            rf"|at all )?"
            r"(?:what i (?:wanted|meant|asked(?: for)?|was looking for|need(?:ed)?)|it|that|right"
            rf"|helpful|useful|correct|relevant|good){_END}",
            rf"{_PLEASE}not (?:that|this|those|these)(?: one| ones| paper| papers)?{_END}",
            rf"{_PLEASE}(?:(?:that|this|it|you)(?:['’]?s| is| was|['’]?re| are)? )?(?:wrong|useless"
            rf"|incorrect|nonsense|a bad answer|mistaken){_END}",
        ),
    ),
)


def read_move(question: str) -> MoveFound | None:
    """Return what the question does with an earlier answer; None where it asks for something."""
    for move, pattern in _MOVES:
        if match := pattern.search(question):
            which = next((word for word in match.groupdict().values() if word), "")
            return MoveFound(move, which.lower())
    return None
