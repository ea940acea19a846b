"""How many files this process may still open: what libraries tell as many other things."""

from __future__ import annotations

import errno
import os
from contextlib import ExitStack

AT_ONCE = 16  # that Chroma opens in a moment
FEW_HINT = (
    "This process may have too few files open at once: raise that limit, such as by"
    " `ulimit -n 1024`, and run the command again. Nothing is damaged."
)


def few_are_left() -> bool:
    """Tell whether hardly any more files can be opened."""
    with ExitStack() as opened:
        try:
            for _ in range(AT_ONCE):
                opened.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        except OSError as error:
            return error.errno in (errno.EMFILE, errno.ENFILE)
    return False
