"""Text that talks to a model: orders, roles, and what a reviewing model is wanted to say.

A paper may study such text, and say so; what counts is the form of an order, so that "models
ignore earlier instructions" is none, and "Ignore earlier instructions." is one, also in quotes.
"""

from __future__ import annotations

import re

from ingest.cleaning.look_alikes import LOOK_ALIKES

# Words are compared in lower case with one space between them, and one full stop where a clause
# ends, so that no pattern here has white space or signs to repeat over.
_BREAK = re.compile(r"\W++")
_APOSTROPHES = ("'", "’")
_CLAUSE_END = re.compile(r"[.!?:;(\n\"“”„‘’'`«»]")

# An order behind markup, or behind words without a sign: "we study x Ignore all previous …". Not in
# titles, whose words all begin like that.
_CAPITAL = re.compile(r"(?<!\S)([^A-Z\s]\S*+)\s(?=(?:Ignore|Disregard|Forget|Override|Bypass)\b)")

_START = r"(?:\.|please|now|you must|you should|you shall|reviewers?)"
_ALSO = r"(?:\.|please|now|and|then|also|you must|you should|you shall|reviewers?)"
_FORGET = r"(?:ignore|disregard|forget|override|bypass)"
_ALL = r"(?:(?:all|any|every|each|of|the|your|these|those|other|my) ){0,4}"
_EARLIER = r"(?:previous|prior|preceding|above|earlier|foregoing|existing|former|system|initial)"
_RULES = r"(?:instructions?|prompts?|rules|guidelines|orders|commands|directions|directives)"
_MODEL = r"(?:ai|llm|large language|language|ai language|gpt|chatgpt)"
_GIVE = r"(?:give|provide|write|output|generate|return|assign) (?:\w{1,20} ){0,3}"
_GOOD = r"(?:positive|favou?rable|glowing|high|highest|strong|excellent|maximum)"
_REVIEW = r"(?:\w{1,20} )?(?:reviews?|scores?|ratings?|recommendations?)"
_FAULTS = r"(?:negatives?|negative \w{1,20}|weakness(?:es)?|limitations?|flaws?|shortcomings?)"

_ORDERS = (
    rf"{_START} {_FORGET} {_ALL}(?:{_EARLIER} ){{1,2}}(?:\w{{1,20}} )?{_RULES}",
    rf"{_START} {_FORGET} (?:all|your|any) (?:your |the )?{_RULES}",
    rf"{_START} {_FORGET} (?:everything|anything|all|the text|what is) (?:above|before|said)",
    rf"{_START} {_FORGET} the above and",
    rf"{_START} {_GIVE}{_GOOD} {_REVIEW} \.",
    rf"{_ALSO} {_GIVE}{_GOOD} {_REVIEW} (?:only|(?:of|for|to) (?:this|the) paper)",
    rf"{_ALSO} (?:do not|don t|never) (?:mention|highlight|list|raise) any {_FAULTS}",
    rf"{_START} (?:rate|rank|accept|recommend) (?:accepting )?this (?:paper|submission)",
    rf"as an? {_MODEL} model you",
    rf"you are (?:now )?an? (?:\w{{1,20}} )?{_MODEL}",
    r"you are (?:now )?dan",
    r"you (?:should|must|shall) recommend accept(?:ing|ance)",
    rf"(?:note|message|notice) (?:to|for) (?:any |all |the )?{_MODEL} (?:\w{{1,20}} )?\.",
    r"(?:repeat|reveal|print|show|output|disclose|leak|send|tell me) (?:me )?(?:all )?"
    rf"your (?:\w{{1,20}} )?(?:{_RULES}|api key|secrets?)",
    # Other languages, in which the same order has few forms
    r"ignor(?:iere?n?|iert|e[zr]?|ar?|era|i) (?:\w{1,9} ){0,2}"
    r"(?:anweisungen|consignes|instrucciones|istruzioni|instruções)",
)
_ORDER = re.compile(f" (?:{'|'.join(_ORDERS)}) ")
# What `_ORDER` finds holds one of these, and most texts hold none.
_HINTS = (
    "ignor", "disregard", "forget", "overrid", "bypass", "you are", "you should", "you must",
    "you shall", "model you", "model, you", "your", "note to", "note for", "message to",
    "message for", "notice", "review", "score", "rating", "recommend", " any ", "this paper",
    "this submission",
)  # fmt: skip
_OTHER_SCRIPTS = re.compile(
    r"(?:忽略|无视|無視)[^。.]{0,12}(?:指令|指示|提示)"
    r"|игнорируй\w{0,2}[^.]{0,30}инструкци|تجاهل[^.]{0,20}(?:التعليمات|الأوامر)",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"<\|(?:im_start|im_end|system|user|assistant|eot_id|start_header_id|end_header_id)\|>"
    r"|\[/?INST\]|<</?SYS>>|</?(?:system|sources|instructions)>"
    r"|^[ ]{0,3}\#{1,4} ?(?i:system|user|assistant|human|instructions?)(?i: prompt| message)? ?:"
    r"|(?<=\n)[ ]{0,3}(?:SYSTEM|USER|ASSISTANT|(?:[Ss]ystem|SYSTEM) (?i:prompt|message)) ?:"
    r"|(?:^|(?<=[.!?] ))Assistant ?:",
    re.MULTILINE,
)
_ROLE_HINTS = (
    "<|", "INST]", "SYS>>", "<s", "</s", "<i", "</i", "#", "SYSTEM", "USER", "ASSISTANT",
    "ystem p", "ystem m", "ystem P", "ystem M", "Assistant",
)  # fmt: skip
_SPELT = re.compile(r"\W(?:\w\W){7,}+")
_SPELT_ORDER = re.compile(
    rf"(?:ignore|disregard|forget)(?:all|any|the|your)*+{_EARLIER}|positivereview|systemprompt"
)


def talks_to_model(text: str, tidied: str) -> bool:
    """Tell whether the text gives orders to a model, as it stands or as it is tidied.

    Unseen characters between letters, letters of other alphabets that look the same, and letters
    with a space between any two are seen through.
    """
    if _names_role(text) or (tidied != text and _names_role(tidied)):
        return True
    if not tidied.isascii() and _OTHER_SCRIPTS.search(tidied):
        return True
    lower = _CAPITAL.sub(r"\1. ", tidied).lower()
    if not lower.isascii():
        lower = lower.translate(LOOK_ALIKES)
    if any(hint in lower for hint in _HINTS) and _ORDER.search(_words(lower)):
        return True
    spelt = ("".join(filter(str.isalpha, run)) for run in _SPELT.findall(f" {lower} "))
    return any(_SPELT_ORDER.search(run) for run in spelt)


def _names_role(text: str) -> bool:
    return any(hint in text for hint in _ROLE_HINTS) and _ROLE.search(text) is not None


def _words(text: str) -> str:
    """Return the words with a space around each, and full stops where clauses begin and end."""
    return f" . {_BREAK.sub(_break, text)} . "


def _break(match: re.Match[str]) -> str:
    is_clause_end = match[0] not in _APOSTROPHES and _CLAUSE_END.search(match[0])
    return " . " if is_clause_end else " "
