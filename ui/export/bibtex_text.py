r"""Text, names and addresses as BibTeX has them.

Owns the escaping. Invariants: braces are always balanced, since those of papers become commands,
which a parser that counts braces does not see; what is read back by the same rules is the text,
character for character. Letters stay as they are, in UTF-8, which biber and today's LaTeX read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from ui.export.export_sources import CONTROLS

_SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",  # LaTeX's first font has other signs in the place of these three
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}
# Signs; those that LaTeX would draw together with the same one behind them; white space but for
# single spaces between words, which is the layout of the file; controls.
_NOT_PLAIN = re.compile(
    r"[\\{}~^<>|#$%&_]|-(?=-)|`(?=`)|'(?=')|^\s|\s$|(?<=\s)\s|[^\S ]" f"|[{CONTROLS}]"
)
# Of a web address, which is read as it stands: what would end it early, and what no address has.
_NOT_IN_ADDRESS = re.compile(rf"[ {{}}\\{CONTROLS}]|%(?![0-9A-Fa-f]{{2}})")
_NOT_ONE_NAME = re.compile(r"\b(?:and|others)\b|,", re.IGNORECASE)


def latex(text: str) -> str:
    """Return `text` escaped for LaTeX."""
    return _NOT_PLAIN.sub(lambda found: _escaped(found[0]), text)


def latex_title(title: str) -> str:
    """Return the title in braces of its own, so that no style changes its case; one that began with
    a command would be taken for one letter with an accent.
    """
    text = latex(title)
    return f"{{{{}}{text}}}" if text.startswith("\\") else f"{{{text}}}"


def latex_names(names: Iterable[str], more: bool) -> str:
    """Return the names as a list of authors; `more` says that others are not named."""
    shown = list(map(_latex_name, names))
    return " and ".join([*shown, "others"] if shown and more else shown)


def latex_labels(labels: Iterable[str]) -> str:
    """Return the labels between commas."""
    return ", ".join(
        re.sub("[,;]", lambda found: _symbol(found[0]), latex(each)) for each in labels
    )


def address(url: str) -> str:
    """Return the address as BibTeX has it, word for word but for what would end it early."""
    return _NOT_IN_ADDRESS.sub(lambda found: quote(found[0]), url)


def _latex_name(name: str) -> str:
    """Return the name, in braces where a program could take it for more than one."""
    text = latex(name)
    return f"{{{text}}}" if text != name or _NOT_ONE_NAME.search(name) else text


def _escaped(sign: str) -> str:
    return f"{sign}{{}}" if sign in "-`'" else _SIGNS.get(sign) or _symbol(sign)


def _symbol(sign: str) -> str:
    return f"\\symbol{{{ord(sign)}}}"
