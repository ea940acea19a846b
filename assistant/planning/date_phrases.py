"""When papers were published, as a question says it: "since March 2024", "2025 only", "last month".

Owns which words mean a time of publication and which range of days they mean; `date_periods` reads
the times themselves. What may as well be a figure, or a part of a name or of the topic, is none
("after 2000 steps", "ICML 2023", "data from 2019"): a filter that nobody asked for hides papers, a
year that stays in the topic does not. Years in a list, "2021 or 2023", are one range, and those
between them are in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.planning.date_periods import DAY, POINT, Kind, Period, pattern, read_periods
from vectorstore.records import Span

NEAR = 40  # characters before a date in which the word it goes with is looked for


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """What a question says about dates: `first` and `last` are days within, None where open.

    `spans` are the words that say so, in the order of the text and apart from each other.
    """

    first: date | None
    last: date | None
    spans: tuple[Span, ...]


# For `pattern`: a space stands for any white space.
_PUBLISHED = (
    r"(?:(?:that|which) )?(?:(?:have|has|had|was|were|are|is) )?(?:been )?(?:published|released"
    r"|written|posted|submitted|uploaded|dated|appeared|appearing|(?:came|come|coming) out)"
)
_LIMIT = (
    r"(?P<until>(?:(?:until|till|up until|up to(?: and including)?|through|not after"
    r"|(?:no|not) (?:later|newer) than)(?: the end of)?|(?:by|before) the end of) )"
    r"|(?P<before>(?:before|prior to|(?:older|earlier) than) |pre(?:-| ))"
    r"|(?P<after>(?:after|(?:newer|later|more recent) than) |post(?:-| ))"
    r"|(?P<since>(?:since(?: the (?:start|beginning) of)?|starting(?: in| from| with)?"
    r"|(?:no|not) (?:older|earlier) than|not before) )"
)
_AT = (
    r"(?P<at>(?:(?:only|just) )?(?:in|during|from|within|throughout|between|on) |only |just "
    r"|(?:what|how) about )|(?P<of>(?:of|for|over|across) )"
)
_AND = (
    r"(?: ?(?:[-–—&/]|\.\.) ?|, "
    r"|,? (?:to|until|till|through|thru|up to|and|or|versus|vs\.?) (?:(?:in|from|the end of) )?)"
)
_OPEN_END = (
    r"(?:(?P<later> (?:and )?onwards?| (?:and|or) (?:later|newer|after|more recent|beyond)"
    r"| on(?= ?(?:$|[?!.,;:)]))| (?:to|until|till|up to) (?:now|date|(?:the )?present)(?!\w)|\+)"
    r"|(?P<earlier> (?:and|or) (?:earlier|older|before)| at the latest)"
    r"|(?P<only> only| alone))(?! ['’0-9])"
)
_PAPERS = r"(?:papers?|articles?|preprints?|publications?|stud(?:y|ies)|surveys?)"
# What may follow a year that is none of a figure's nouns: "in 2023 that", not "in 2000 steps".
_FUNCTION_WORDS = (
    "a about all also an and any are as at been but by can could did do does for from had has have"
    " how i if in is it may might no not on only or please should some than that the then there"
    " these they this those to use using was we were what when where which who whose why will with"
    " without would you"
)
_VERBS = (
    "address|apply|compare|cover|describe|discuss|evaluate|exist|explore|find|focus|give|improve"
    "|introduce|investigate|look|make|measure|present|propose|reduce|report|show|study|support"
    "|tackle|test|train|treat|try|use|work"
)

_PHRASE = pattern(
    rf"(?<![\w$€£#/.:+*^~<>=@'’-])(?P<published>{_PUBLISHED} )?"
    rf"(?:(?:{_LIMIT})(?P<limited>{POINT})|(?:{_AT})?(?P<points>{POINT}(?:{_AND}{POINT}){{0,4}})"
    rf"(?:{_OPEN_END})?)(?:['’]s(?= {_PAPERS}\b))?"
    r"(?![\w%°×*/+-]|[.,:][0-9]| ?[%°×$€])"
)
_RANGE = pattern(r"[-–—]|\.\.|\b(?:to|until|till|through|thru)\b")
_GOES_ON = pattern(
    r" ?(?:$|[?!;:)\]\"”…—–-]|[.,](?![0-9])|(?!(?:and|or|to) (?:[0-9]|more\b|less\b|fewer\b))"
    rf"(?:{_FUNCTION_WORDS.replace(' ', '|')}|(?:{_VERBS})(?:s|es)?)\b)"
)
_MEASURED = pattern(
    r" (?:\w+ )?(?:authors|citations|characters|examples|experts|gpus|hours|images|labels|lines"
    r"|nodes|pages|parameters|samples|seconds|sentences|steps|tokens|words)\b"
)
_PAPERS_BEFORE = pattern(rf"\b(?:{_PAPERS}|works?|research|those|ones)[\s,(]*$")
_PAPERS_AFTER = pattern(rf" (?:{_PAPERS}|works?|research|literature)\b")
# "which 2024 diffusion papers", but not "the 2024 model in papers"
_ON_A_TOPIC = pattern(
    rf" (?:(?!(?:{_FUNCTION_WORDS.replace(' ', '|')})\b)[\w-]+ ){{1,3}}{_PAPERS}\b"
)
_ASKED_FOR = pattern(
    r"(?:^|\b(?:any|all|best|find|give me|latest|list|me|more|new|newest|of|other|show|some|the"
    r"|these|those|top|what|which)) ?$"
)
_ROUND = pattern(r"[0-9]00\b")
_DOUBTFUL_MONTH = pattern(r"\b(?:mar|march|may)\b")
# Before a date: what rules it out, a name that a year belongs to, or what else it may be a time of.
_NOT_OF_PAPERS = pattern(
    r"(?:\b(?:as|not|except|excluding|without|than|tweets|prices|events|facts|cut-?off|elections?"
    r"|pandemic|crisis|collected|recorded|invented|founded|held|born"
    r"|(?:on|using|uses?|with|the|of|historical|market|sales|weather) data"
    r"|aaai|acl|coco|colm|cvpr|eccv|emnlp|iccv|iclr|icml|ijcai|imagenet|interspeech|kdd|mlsys|naacl"
    r"|neurips|nips|osdi|sigir|sosp)|n['’]t|\bal\.?,?)[\s(]*$"
)
# Groups of `_PHRASE` that say that a time is meant, where the words after it do not deny it.
_SIGNS = ("published", "until", "before", "after", "since", "at", "later", "earlier", "only")


def find_dates(text: str, today: date) -> DatePhrase | None:
    """Return the range of days that `text` asks for, None where it says nothing of dates.

    Limits ("after 2020", "before 2024") hold together; times ("2021 papers") are one range from the
    first to the last of them. None is returned where they contradict each other, too.
    """
    found = list(_phrases(text, today))
    times = [phrase for phrase in found if phrase.first and phrase.last]
    limits = [phrase for phrase in found if not (phrase.first and phrase.last)]
    firsts = [min(phrase.first for phrase in times if phrase.first)] if times else []
    lasts = [max(phrase.last for phrase in times if phrase.last)] if times else []
    first = max((*firsts, *(limit.first for limit in limits if limit.first)), default=None)
    last = min((*lasts, *(limit.last for limit in limits if limit.last)), default=None)
    if not found or (first and last and first > last):
        return None
    return DatePhrase(first, last, tuple(span for phrase in found for span in phrase.spans))


def _phrases(text: str, today: date) -> Iterator[DatePhrase]:
    for match in _PHRASE.finditer(text):
        try:
            periods = read_periods(match["limited"] or match["points"], today)
        except (ValueError, OverflowError):  # no such day in the calendar
            continue
        too_late = any(period.first.year > today.year + 1 for period in periods)
        if not too_late and _means_time(text, match, periods):
            first, last = _bounds(match, periods)
            yield DatePhrase(first, last, (_span(text, match),))


def _bounds(match: re.Match[str], periods: Sequence[Period]) -> tuple[date | None, date | None]:
    first = min(period.first for period in periods)
    last = max(periods, key=lambda period: period.first).last
    if match["before"]:
        return None, first - DAY
    if match["after"]:
        return last + DAY, None
    if match["until"] or match["earlier"]:
        return None, last
    if match["since"] or match["later"]:
        return first, None
    return first, last


def _span(text: str, match: re.Match[str]) -> Span:
    """Return where the phrase stands, with the comma that sets a year apart at the end."""
    head = text[: match.start()].rstrip()
    with_comma = head.endswith(",") and not _tail(text, match)
    return Span(len(head) - 1 if with_comma else match.start(), match.end())


def _means_time(text: str, match: re.Match[str], periods: Sequence[Period]) -> bool:
    """Tell whether the words around a date speak for a time of publication."""
    before = text[max(0, match.start() - NEAR) : match.start()]
    if not match["published"] and _NOT_OF_PAPERS.search(before):
        return False
    kinds = {period.kind for period in periods}
    of_papers = bool(_PAPERS_BEFORE.search(before))
    signed = any(match[sign] for sign in _SIGNS) or (of_papers and bool(match["of"]))
    if Kind.RECENT in kinds:
        at_an_end = not (before.strip() and _tail(text, match))
        return signed or of_papers or at_an_end or bool(match["of"])
    is_range = len(periods) > 1 and _RANGE.search(match["points"])
    if Kind.SURE in kinds or ((signed or is_range) and _GOES_ON.match(text, match.end())):
        return True
    if Kind.WORD in kinds:
        papers_follow = _PAPERS_AFTER.match(text, match.end())
        return bool(papers_follow) and not _DOUBTFUL_MONTH.search(match.group())
    return _year_is_meant(text, match, before)


def _year_is_meant(text: str, match: re.Match[str], before: str) -> bool:
    """Tell whether a number is a year though no preposition says so, or a noun follows it."""
    if match["published"] or _PAPERS_BEFORE.search(before):
        return not _MEASURED.match(text, match.end())
    on_a_topic = _ASKED_FOR.search(before) and _ON_A_TOPIC.match(text, match.end())
    if on_a_topic or _PAPERS_AFTER.match(text, match.end()):
        return not _ROUND.search(match.group())
    alone = not before.strip() and not _tail(text, match)
    apart = before.rstrip().endswith(",") and "(" not in before and not _tail(text, match)
    return alone or apart or match.group().lower().startswith(("pre-", "post-"))


def _tail(text: str, match: re.Match[str]) -> str:
    """Return what follows the phrase, but for the end of the sentence."""
    return text[match.end() :].strip(" \t\n?!.")
