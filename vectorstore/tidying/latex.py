r"""LaTeX made into readable words: "Schr\"odinger", "\emph{x}", "$O(n \log n)$", "$\alpha$".

Reads a text from left to right, once, and knows of what is around it only which braces are open
and where the formula ends. Braces, dollars and tildes of ordinary text stay.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

from vectorstore.tidying.alignment import Edit

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip

_OPTIONS = r"\*?(?:\[[^\[\]{}]{0,200}+\]){0,2}"
_ARGUMENT = r"\{[^{}]{0,500}+\}"
_POINTERS = (
    r"(?:no)?cite[a-zA-Z]*+|(?:eq|auto|page|name|c|C|v)?ref|label|footnote(?:mark)?|[vh]space"
)
_SETTINGS = r"(?:text|page)?color|colorbox|href|fontsize|[hv]?phantom"  # their text is what follows

_PIECE = re.compile(
    r"(?=[\\${}~]|[ ]\\)(?:"  # most characters begin none of these
    rf"(?P<pointer>[ ~]?\\(?:{_POINTERS}){_OPTIONS}{_ARGUMENT})"
    rf"|(?P<part>\\(?:begin|end){_OPTIONS}{_ARGUMENT})"
    rf"|(?P<setting>\\(?:{_SETTINGS}){_OPTIONS}{_ARGUMENT})"
    r"|(?P<accent>\\(?P<mark>[\"'`^~=.]|[cvHudbkr](?![a-zA-Z])[ ]?)"
    r"(?:(?P<group>\{)\s?(?:\\(?P<dotless>[ij])|(?P<grouped>[^\W\d_]))\s?\}"
    r"|\\(?P<bare_dotless>[ij])(?![a-zA-Z])|(?P<bare>[^\W\d_])))"
    r"|(?P<macro>\\(?P<name>[a-zA-Z]++)\*?(?P<gap>[ ]?))"
    r"|(?P<gap_sign>\\[,;:>\s]|\\\\|(?<=[\w.,)\]])~(?=[\w\\$]))"
    r"|(?P<escaped>\\(?P<literal>[%&\#_${}]))"
    r"|(?P<nothing>\\[-!/()\[\]]?)"
    r"|(?P<formula>\$(?=[^\s$])(?=(?P<inside>(?:[^$\\]|\\.){1,500}+)(?<=\S)\$(?!\d)))"
    r"|(?P<display>\$\$)"
    r"|(?P<dollar>\$)"
    r"|(?P<style>\{\\?(?:it|bf|em|rm|tt|sc|sl)[ ]+)"
    r"|(?P<word>\{(?P<only>-?[\w.]{0,40}+)\})"
    r"|(?P<open>\{)"
    r"|(?P<shut>\}))",
    re.DOTALL,
)

_LETTERS = frozenset("o O l L ss ae AE oe OE aa AA i j".split())  # the space after one is its end
_FRACTIONS = frozenset("frac dfrac tfrac nicefrac sfrac".split())
_SWITCHES = frozenset(
    "it bf em rm tt sc sl itshape bfseries scshape ttfamily sffamily normalfont tiny scriptsize"
    " footnotesize small normalsize large Large LARGE huge Huge displaystyle textstyle scriptstyle"
    " left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr limits nolimits"
    " centering noindent xspace protect item par newline linebreak relax"
    " hat tilde bar vec dot ddot overline underline widehat widetilde cal mathrm mathbf".split()
)

_CLOSING_QUOTE = re.compile(r"\\\"(?![\w{\\])")
_GAPS = ("gap_sign", "part")
_SCRIPTS = ("^", "_")


def latex_edits(text: str) -> Iterator[Edit]:
    """Yield what stands for each piece of LaTeX in plain text."""
    if not any(mark in text for mark in "\\${}"):
        return
    reading = _Reading(text)
    for match in _PIECE.finditer(text):
        yield Edit(*match.span(), reading.plain(match))


class _Reading:
    """What is open where the reading of a text has come to."""

    def __init__(self, text: str) -> None:
        self._text = text
        # What the brace that closes each open group becomes; None for one of ordinary text.
        self._closings: list[str | None] = []
        self._argument_at = -1  # where a brace would open the argument of what was just read
        self._closing = ""  # what the brace that closes it becomes
        self._formula_end = -1
        self._quotes_are_escaped = _CLOSING_QUOTE.search(text) is not None

        self._readers: dict[str, Callable[[re.Match[str]], str]] = {
            "accent": self._accented,
            "macro": self._named,
            "escaped": lambda match: match["literal"],
            "setting": self._set,
            "formula": self._formula,
            "dollar": self._dollar,
            "style": self._styled,
            "word": lambda match: match["only"] + self._closing_of(match),
            "open": self._opened,
            "shut": self._shut,
        }

    def plain(self, match: re.Match[str]) -> str:
        """Return what stands for the piece."""
        kind = str(match.lastgroup)
        if kind in _GAPS:
            return " "
        return self._readers[kind](match) if kind in self._readers else ""

    def _set(self, match: re.Match[str]) -> str:
        self._argument_at = match.end()
        return ""

    def _formula(self, match: re.Match[str]) -> str:
        self._formula_end = match.end("inside")
        return ""

    def _dollar(self, match: re.Match[str]) -> str:
        return "" if match.start() == self._formula_end else "$"

    def _styled(self, _match: re.Match[str]) -> str:
        self._closings.append("")
        return ""

    def _accented(self, match: re.Match[str]) -> str:
        mark = match["mark"].strip()
        letter = match["grouped"] or match["bare"]
        letter = letter or match["dotless"] or match["bare_dotless"]
        is_quote = mark == '"' and self._quotes_are_escaped and not match["group"]
        composed = unicodedata.normalize("NFC", letter + _ACCENTS[mark])
        return match[0].removeprefix("\\") if is_quote or len(composed) > 1 else composed

    def _named(self, match: re.Match[str]) -> str:
        name, gap = match["name"], match["gap"]
        has_argument = self._text.startswith("{", match.end())
        before = self._text[max(0, match.start() - 1) : match.start()]
        known = _symbols().get(name)
        if name in _LETTERS and known:
            return known
        if name == "sqrt" or name in _FRACTIONS:
            self._argument_at, self._closing = match.end(), "/"
            if name == "sqrt":
                self._closing = ")"
                return "√(" if has_argument else "√"
            return ""
        is_empty = self._text.startswith("{}", match.end())
        if known is None and (name in _SWITCHES or (has_argument and not is_empty)):
            self._argument_at = match.end()
            return gap if before.isalnum() else ""
        word = name if known is None else known
        return f" {word}{gap}" if word.isascii() and before.isalnum() else word + gap

    def _opened(self, match: re.Match[str]) -> str:
        start, end = match.span()
        if self._text[max(0, start - 1) : start] in _SCRIPTS:
            self._closings.append(")")
            return "("
        is_argument = start == self._argument_at or start < self._formula_end
        if is_argument or self._text.startswith("\\", end):
            self._closings.append(self._closing_of(match))
            return ""
        self._closings.append(None)
        return "{"

    def _closing_of(self, match: re.Match[str]) -> str:
        """Return what closes the argument that begins with `match`; another one may follow it."""
        closing = self._closing if match.start() == self._argument_at else ""
        self._argument_at, self._closing = match.end(), ""
        return closing

    def _shut(self, match: re.Match[str]) -> str:
        closing = self._closings.pop() if self._closings else None
        if closing is not None:
            self._argument_at = match.end()
        return "}" if closing is None else closing


@cache
def _symbols() -> dict[str, str]:
    """Return the signs that macros stand for, of those that take no argument."""
    from pylatexenc.latex2text import get_default_latex_context_db

    signs = {
        spec.macroname: spec.simplify_repl
        for spec in get_default_latex_context_db().iter_macro_specs()
        if isinstance(spec.simplify_repl, str) and not set("%<\\{}$\n") & set(spec.simplify_repl)
    }
    del signs["today"]
    return signs | {"deg": "°", "hspace": "", "colon": ":"}
