"""Has the C library give back what was freed, in a process that runs for weeks.

glibc keeps a pool of memory for nearly every thread, and by and by no longer gives large blocks
back to the system: after some hundred questions and uploads `serve` held 980 MB, a third of them
free. With two pools, and blocks of a megabyte or more returned at once, it stays at 640 MB.
"""

from __future__ import annotations

import ctypes
import sys

# Numbers of glibc's malloc.h.
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
_RETURNED_AT_ONCE = 2**20  # bytes
_POOLS = 2


def give_memory_back() -> bool:
    """Set it for the whole process, before it has threads; tell whether its C library is glibc."""
    set_option = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if set_option is None:
        return False
    pools = set_option(_M_ARENA_MAX, _POOLS)
    blocks = set_option(_M_MMAP_THRESHOLD, _RETURNED_AT_ONCE)
    return bool(pools and blocks)
