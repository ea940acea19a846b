"""Mends a misspelt word of a question with the words that the papers use.

Owns when a word is taken for a slip of the fingers and what was meant by it; British and American
forms belong to `spelling_variants`. Invariant: a word that the papers use, in any inflection, is
left alone, and so is one that merely looks like a word they might have used.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import ascii_lowercase

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from vectorstore.stemming import stem

MIN_LETTERS = 4  # shorter words have too many neighbours
TWO_SLIPS_LETTERS = 8  # from here on two slips are mended
FIRST_LETTER_LETTERS = 6  # from here on a slip may be in the first letter

# In a large collection a form of very few papers is as likely a slip of theirs: 1 more for each.
PAPERS_PER_MIN_PAPER = 10_000
TWO_SLIPS_MIN_PAPERS = 2  # two slips lead to too many words to trust one that a single paper uses

# What looks like English is judged by the most common forms: enough of them to know its letters,
# few enough to be counted in microseconds.
USUAL_FORMS = 20_000
# A slip leaves three letters in a row that few words have. The largest shares of the usual forms
# that may have the rarest three, found with slips on one side and, on the other, words of one half
# of the papers that are unknown to the other half. One slip in a long word needs no such proof.
MAX_TRIPLE_SHARE = 0.003
MAX_TRIPLE_SHARE_FIRST_LETTER = 0.001
MAX_TRIPLE_SHARE_TWO_SLIPS = 0.0005

ENDINGS = frozenset(
    ("", *"e s es d ed r er ers or ors st est n ing ings nt t ly al ic ion ions ive y".split())
)
LONGEST_ENDING = max(map(len, ENDINGS))
MIN_STEM = 3


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A form that may have been meant; `order` is small for the likeliest."""

    form: str
    slips: int
    other_first_letter: bool
    papers: int

    @property
    def order(self) -> tuple[int, bool, int, str]:
        return self.slips, self.other_first_letter, -self.papers, self.form


class Speller:
    """Mends words towards the forms of one collection. Holds `forms`, which must not change."""

    def __init__(self, forms: Mapping[str, int]) -> None:
        """Sort `forms`, lower-case words with the number of papers that have each, for look-ups."""
        self._forms = forms
        min_papers = 1 + max(forms.values(), default=0) // PAPERS_PER_MIN_PAPER
        trusted = [form for form in forms if forms[form] >= min_papers and form.isalpha()]
        self._shelves: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for form in trusted:
            self._shelves[form[0], len(form)].append(form)
        usual = sorted(trusted, key=forms.__getitem__, reverse=True)[:USUAL_FORMS]
        self._usual_count = len(usual)
        self._usual_text = f" {'  '.join(usual)} "
        self._min_papers = min_papers

    def corrected(self, word: str) -> str | None:
        """Return the form that was probably meant by the lower-case `word`, or None.

        None for a word that the collection knows, also by another inflection, for one with
        anything but letters, and where nothing is near enough.
        """
        if word in self._forms or len(word) < MIN_LETTERS or not word.isalpha():
            return None
        candidates = sorted(self._candidates(word), key=lambda candidate: candidate.order)
        if not candidates or self._is_inflection(word, candidates):
            return None
        return candidates[0].form if self._is_slip(word, candidates[0]) else None

    def _candidates(self, word: str) -> Iterator[_Candidate]:
        most = 1 if len(word) < TWO_SLIPS_LETTERS else 2
        for length in range(len(word) - most, len(word) + most + 1):
            for form, slips in _near(word, self._shelves.get((word[0], length), []), most):
                yield _Candidate(form, slips, False, self._forms[form])
        swapped = word[1] + word[0] + word[2:]
        if self._forms.get(swapped, 0) >= self._min_papers:
            yield _Candidate(swapped, 1, False, self._forms[swapped])
        if len(word) >= FIRST_LETTER_LETTERS:
            for form in _with_other_first_letter(word):
                if self._forms.get(form, 0) >= self._min_papers:
                    yield _Candidate(form, 1, True, self._forms[form])

    def _is_inflection(self, word: str, candidates: list[_Candidate]) -> bool:
        stemmed = stem(word)
        related = {stemmed + ending for ending in ENDINGS} & self._forms.keys()
        related.update(candidate.form for candidate in candidates)
        return any(stem(form) == stemmed for form in related)

    def _is_slip(self, word: str, meant: _Candidate) -> bool:
        """Tell a slip from a word of its own, such as "wine" beside "wide"."""
        if sorted(word) == sorted(meant.form):
            return True
        if _differ_in_ending(word, meant.form):
            return False
        if len(word) == MIN_LETTERS and len(meant.form) == MIN_LETTERS:
            return False
        if meant.slips > 1 and meant.papers < TWO_SLIPS_MIN_PAPERS:
            return False
        return self._rarest_triple_share(word) <= _max_triple_share(word, meant)

    def _rarest_triple_share(self, word: str) -> float:
        padded = f" {word} "
        triples = {padded[at : at + 3] for at in range(len(word))}
        return min(self._usual_text.count(triple) for triple in triples) / self._usual_count


def _near(word: str, forms: list[str], most: int) -> Iterator[tuple[str, int]]:
    """Yield the forms within `most` slips: letters left out, added, replaced or swapped."""
    found = extract(word, forms, scorer=OSA.distance, score_cutoff=most, limit=None)
    for form, slips, _ in found:
        yield form, int(slips)


def _with_other_first_letter(word: str) -> Iterator[str]:
    # Never with the first letter taken away: "iphone" and "ktransformers" are names.
    for letter in ascii_lowercase:
        yield letter + word
        yield letter + word[1:]


def _differ_in_ending(word: str, form: str) -> bool:
    """Tell whether the two are one stem with different endings, such as "joins" and "joint"."""
    return any(
        word[:cut] == form[:cut] and word[cut:] in ENDINGS and form[cut:] in ENDINGS
        for cut in range(max(MIN_STEM, len(word) - LONGEST_ENDING), len(word))
    )


def _max_triple_share(word: str, meant: _Candidate) -> float:
    if meant.slips > 1:
        return MAX_TRIPLE_SHARE_TWO_SLIPS
    if meant.other_first_letter:
        return MAX_TRIPLE_SHARE_FIRST_LETTER
    return MAX_TRIPLE_SHARE if len(word) < TWO_SLIPS_LETTERS else 1.0
