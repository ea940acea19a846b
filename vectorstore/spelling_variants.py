"""The British and American spellings of a word, so that a question finds papers of either.

Owns the rules that tell the two apart, and not which words exist: a rule may make a word that
nobody writes, and whoever asks keeps those that the papers use. Misspelt words belong to
`spelling`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_LETTERS = 40  # longer "words" are no words, and no rule has to be quick on them
VOWEL = "[aeiouy]"

# What comes before, the British and the American letters, what comes after; a row works both ways.
# Where only some roots change, they are named: "estrogen" has an "oe" in Britain, "learning" has
# none.
_ROWS = (
    (rf"^.*{VOWEL}.*", "our", "or", r"(?:s|ed|ings?|ers?|less|ful|fully|abl[ey]|al|ally|ation)?$"),
    (rf"^.*{VOWEL}.*", "our", "or", r"(?:is|iz|it|hood).*$"),
    (rf"^.*{VOWEL}.*", "is", "iz", r"(?:e|ed|es|ers?|ing|able|ability)$"),
    (rf"^.*{VOWEL}.*", "is", "iz", r"ation(?:s|al|ally)?$"),
    (r"^.*l", "ys", "yz", r"(?:e|ed|es|ers?|ing|able)$"),
    (r"^.+[bgt]", "re", "er", r"s?$"),
    (r"^.+[bgt]", "r", "er", r"(?:ed|ing)$"),
    (r"^.*log", "ue", "", r"s?$"),
    (r"^.*log", "u", "", r"(?:ed|ers?|ing)$"),
    (rf"^.*{VOWEL}.*[aeio]l", "l", "", r"(?:ed|ers?|ors?|ings?|ous|ously|able|en)$"),
    (r"^jewel", "le", "", r"ry$"),
    (r"^(?:fulfi|enro|disti|insti)l", "", "l", r"(?:s|ments?)?$"),
    (r"^(?:ski|wi)l", "", "l", r"ful(?:ly)?$"),
    (r"^insta", "l", "ll", r"ments?$"),
    (r"^.+en", "c", "s", r"e(?:s|d|less)?$"),
    (r"^practi", "s", "c", r"(?:e|es|ed|ing)$"),
    (r"^.*p", "aed", "ed", r"[io].*$"),
    (r"^.*", "aemi", "emi", r"(?:a|as|c)$"),
    (r"^(?:.*an)?", "ae", "e", r"sth.*$"),
    (r"^(?:arch|pal)", "ae", "e", r"o.*$"),
    (r"^(?:medi|prim)", "ae", "e", r"val.*$"),
    (r"^gyn", "ae", "e", r"co.*$"),
    (r"^h", "ae", "e", r"m.*$"),
    (r"^f", "ae", "e", r"c(?:al|es)$"),
    (r"^c", "ae", "e", r"(?:cum|cal|s[ai].*)$"),
    (r"^n", "ae", "e", r"v(?:us|i)$"),
    (r"^", "ae", "e", r"tiolog.*$"),
    (r"^", "oe", "e", r"(?:str|soph|dem).*$"),
    (r"^f", "oe", "e", r"t(?:us|al).*$"),
    (r"^c", "oe", "e", r"liac$"),
    (r"^am", "oe", "e", r"b.*$"),
    (r"^hom", "oe", "e", r"o.*$"),
    (r"^.*(?:rrh|pn)", "oe", "e", r".+$"),
    (r"^man", "oeuvre", "euver", r"[sd]?$"),
    (r"^man", "oeuvr", "euver", r"(?:ed|ing|able|ability)$"),
    (r"^.*", "sulph", "sulf", r".*$"),
    (r"^gr", "e", "a", r"y.*$"),
    (r"^alumin", "i", "", r"um$"),
    (r"^.*program", "me", "", r"s?$"),
    (r"^s?mo", "u", "", r"l[dt].*$"),
    (r"^.*pl", "ough", "ow", r"(?:s|ed|ing)?$"),
    (r"^t", "y", "i", r"res?$"),
    (r"^s", "c", "k", r"eptic.*$"),
    (r"^art", "e", "i", r"fact.*$"),
    (r"^.*dg", "e", "", r"ments?$"),
    (r"^ag", "e", "", r"ing$"),
    (r"^.*(?:lik|siz|us|mov|nam)", "e", "", r"able$"),
    (r"^dis", "c", "k", r"s?$"),
    (r"^", "e", "i", r"nquir.*$"),
    (r"^(?:focus|bias|bus)", "s", "", r"(?:es|ed|ing)$"),
    (r"^math", "s", "", r"$"),
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """Where the letters to exchange stand, and what takes their place."""

    pattern: re.Pattern[str]
    replacement: str


def _rules() -> Iterator[_Rule]:
    for before, british, american, after in _ROWS:
        for old, new in ((british, american), (american, british)):
            yield _Rule(re.compile(f"({before}){old}({after})"), rf"\g<1>{new}\g<2>")


_RULES = tuple(_rules())


def variants(word: str) -> tuple[str, ...]:
    """Return how the lower-case `word` may be spelt across the Atlantic, always in the same order.

    One change comes before two, as between "anaesthetise" and "anesthetize". Some of the forms may
    not exist; `word` is none of them.
    """
    if len(word) > MAX_LETTERS:
        return ()
    once = _changed(word)
    twice = [form for changed in once for form in _changed(changed)]
    return tuple(form for form in dict.fromkeys([*once, *twice]) if form != word)


def _changed(word: str) -> list[str]:
    return [rule.pattern.sub(rule.replacement, word) for rule in _RULES if rule.pattern.match(word)]
