"""What the C library gives back of the memory that was freed."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

# Large blocks that are freed have glibc keep later ones; a small block behind each holds its pool.
SCRIPT = """
import resource, sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from pathlib import Path
if sys.argv[1] == "set":
    from ui.server.allocator import give_memory_back
    assert give_memory_back()

together = Barrier(8)
kept = []

def work(number):
    together.wait()
    for size in (24, 1):
        for _ in range(3):
            block = bytearray(size << 20)
            kept.append(bytes(1_000))
            del block
            kept.append(bytes(1_000))

with ThreadPoolExecutor(8) as pool:
    list(pool.map(work, range(8)))
    held = Path("/proc/self/statm").read_text().split()
    print(int(held[1]) * resource.getpagesize() >> 20)
"""


def held(how: str) -> int:
    """Return the megabytes that a process holds after it has freed many large blocks."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, how], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "mallopt"), reason="not glibc"
)
def test_what_threads_freed_is_given_back() -> None:
    assert held("set") * 2 < held("left")
