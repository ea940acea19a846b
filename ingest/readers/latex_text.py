r"""LaTeX as it stands in bibliographies, as text: accents, signs, quotes and protective braces.

Owns what is markup there; what signs and accents mean is pylatexenc's. Its parser is not used: it
takes "%" for a comment and a lone "$" for mathematics, and recurses. Invariants: the time is linear
in the text, mathematics stays as it stands, and so do commands that nobody knows.
"""

from __future__ import annotations

import re
import sys
from functools import lru_cache

from ingest.readers.fields import clean_text, folded

_MARKUP = re.compile("[\\\\{}$~]|--|``|''")
_TOKEN = re.compile(
    r"""
    (?P<math>   \$\$(?:[^$\\]|\\.)++\$\$
              | \$(?![\s$])(?:[^$\\]|\\.)++(?<!\s)\$(?!\d)  # "$5 and $6" are prices
              | \\\((?:[^\\]|\\[^()])*+\\\) | \\\[(?:[^\\]|\\[^\[\]])*+\\\] )
  | (?P<accent> \\(?:["'`^~=.]\ *|[cHkbdruv](?:\ +|(?=[{\\])))
                (?:\{\ *(?:\\?[ij]|[^\W\d_])?\ *\}|\\[ij](?![A-Za-z])\ *|[^\W\d_]) )
  | \\symbol\{(?P<code>\d{1,7})\}
  | \\url\ *\{(?P<address>[^{}]*)\}
  | (?P<target> \\href\ *\{[^{}]*\} )
  | \\(?P<word> [A-Za-z]++)\*?(?P<after>\{\}|\ *+)
  | (?P<sign>   \\[^A-Za-z])
  | (?P<brace>  [{}])
  | (?P<quote>  ---?|``|'')
  | (?P<tie>    (?<=[\w.,;:)}\]])~(?=\S))
    """,
    re.VERBOSE,
)
_QUOTES = {"--": "–", "---": "—", "``": "“", "''": "”"}
_SIGNS = {
    **{f"\\{sign}": sign for sign in "&%$#_{}"},
    **{f"\\{space}": " " for space in "\\ ,;:>"},
    **{f"\\{hint}": "" for hint in "-/@!"},  # where a word may be cut, and the like
}
_EMPTY_ACCENTS = {r"\~{}": "~", r"\^{}": "^"}
# Those that pylatexenc lacks, and the old switches of fonts, which have no argument.
_MORE_WORDS = {
    **{"textless": "<", "textgreater": ">", "textbar": "|", "textunderscore": "_"},
    **{"textbraceleft": "{", "textbraceright": "}", "textquotedbl": '"', "slash": "/"},
    **{"LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "SS": "SS", "copyright": "©"},
    # pylatexenc has accents for these.
    **{"textasciicircum": "^", "textasciigrave": "`", "textperiodcentered": "·"},
    **{"pounds": "£", "euro": "€", "newline": " ", "par": " "},
    **dict.fromkeys("em bf it rm sc sf sl tt itshape bfseries scshape upshape".split(), ""),
}
_NOT_SIGNS = {"today"}
_LETTERS = set("oe OE ae AE aa AA o O ss SS l L i j dh DH th TH dj DJ ng NG".split())
_IN_ADDRESS = re.compile(r"\\textasciitilde ?(?:\{\})?|\\~\{\}|\\url|\\([_%&#$~])|[{}]")


def latex_text(latex: str) -> str:
    r"""Return the text that a field says; the white space of its layout is folded beforehand.

    So `\symbol{10}` is a line break of the text itself, and a line break of the file is a space.
    """
    line = folded(latex)
    return clean_text(_TOKEN.sub(_said, line)) if _MARKUP.search(line) else line


def address_text(latex: str) -> str:
    """Return an address or an identifier, of which only some signs are escaped."""
    return _IN_ADDRESS.sub(_in_address, folded(latex)).strip()


def _in_address(found: re.Match[str]) -> str:
    return "~" if "~" in found[0] or "tilde" in found[0] else found[1] or ""


def _said(found: re.Match[str]) -> str:
    said = ""  # a brace, or the target of a link
    match found.lastgroup:
        case "math":
            said = found[0]
        case "accent":
            said = _EMPTY_ACCENTS.get(found[0]) or _accented(found[0])
        case "code":
            said = chr(min(int(found["code"]), sys.maxunicode))
        case "address":
            said = found["address"]
        case "after":
            said = _word(found)
        case "sign":
            said = _SIGNS.get(found[0], found[0])
        case "quote":
            said = _QUOTES[found[0]]
        case "tie":
            said = " "
    return said


def _word(found: re.Match[str]) -> str:
    word = found["word"]
    if word in _words():
        # In LaTeX the space only ends the command; after \alpha, authors mean it.
        said, is_letter = _words()[word], word in _LETTERS or word.startswith("text")
        return said if is_letter or not said else said + found["after"].strip("{}")
    # What has an argument is about its looks, \emph{so}; the braces of the argument go too.
    has_argument = found.string.startswith("{", found.end())
    return "" if has_argument else f"\\{word}{found['after'].strip('{}')}"


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    from pylatexenc.latex2text import get_default_latex_context_db

    specs = get_default_latex_context_db().iter_macro_specs()
    signs = {spec.macroname: spec.simplify_repl for spec in specs}
    plain = {name: sign for name, sign in signs.items() if isinstance(sign, str)}
    return {n: s for n, s in plain.items() if "%" not in s and n not in _NOT_SIGNS} | _MORE_WORDS


@lru_cache(maxsize=10_000)
def _accented(command: str) -> str:
    from pylatexenc.latex2text import LatexNodes2Text

    return str(LatexNodes2Text().latex_to_text(command))
