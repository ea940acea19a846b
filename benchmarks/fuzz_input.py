"""What a fuzzer's bytes are taken for: numbers, texts, values of JSON, and changes to a document.

Owns the grammar, by which every input means something. Once the bytes are used up, all numbers are
0 and all texts empty. Texts end at a byte that UTF-8 never has; what is no UTF-8 becomes half
characters, as JSON can send them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeVar

END = b"\xff"
_MOST_EDITS = 3
_DEEPEST = 8
_LONGEST = 8  # items of a list or an object
_NUMBERS = (0, 1, -1, 2, 0.5, -0.0, 2**31, -(2**63), 2**64, 10**30, 1e308, 1_000_000)

Item = TypeVar("Item")


class Draw:
    """Takes values off the bytes of one input."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, below: int) -> int:
        """Return a number from 0 to `below`, at most 256, less one."""
        if self._at >= len(self._data):
            return 0
        self._at += 1
        return self._data[self._at - 1] % below

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one of the items, the first of which comes where the bytes are used up."""
        return items[self.number(len(items))]

    def content(self) -> bytes:
        """Return the bytes up to the next end of a text."""
        end = self._data.find(END, self._at)
        end = len(self._data) if end < 0 else end
        found = self._data[self._at : end]
        self._at = end + 1
        return found

    def text(self) -> str:
        """Return the bytes up to the next end of a text, as text."""
        return self.content().decode("utf-8", "surrogateescape")

    def value(self, depth: int = 2) -> Any:
        """Return what JSON can say."""
        kind = self.number(8)
        if kind < 3 or (kind > 5 and not depth):
            return self.text()
        if kind < 6:
            return self.pick(((*_NUMBERS, self.number(256)), (None, True, False))[kind == 5])
        if kind == 6:
            return [self.value(depth - 1) for _ in range(self.number(_LONGEST))]
        return {self.text(): self.value(depth - 1) for _ in range(self.number(_LONGEST))}

    def edited(self, document: str) -> Any:
        """Return the JSON document with a few of its values gone, doubled, swapped or others."""
        changed = json.loads(document)
        for _ in range(1 + self.number(_MOST_EDITS)):
            self._edit(changed)
        return changed

    def _edit(self, document: Any) -> None:
        holder, key = self._place(document)
        if key is None:
            return
        match self.number(6):
            case 0 | 1:
                holder[key] = self.text()
            case 2:
                holder[key] = self.value()
            case 3:
                del holder[key]
            case 4:
                other, name = self._place(document)
                holder[key] = json.loads(json.dumps(other[name] if name is not None else other))
            case _ if isinstance(holder, list):
                holder.append(holder[key])
            case _:
                holder[self.text()] = holder[key]

    def _place(self, document: Any) -> tuple[Any, Any]:
        """Return a list or an object and one of its keys; None where it has none."""
        holder = document
        for _ in range(_DEEPEST):
            keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            if not keys:
                return holder, None
            key = self.pick(keys)
            if not (isinstance(holder[key], dict | list) and holder[key]) or not self.number(4):
                return holder, key
            holder = holder[key]
        return holder, next(iter(holder)) if isinstance(holder, dict) else 0
