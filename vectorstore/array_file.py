"""Arrays in one file, mapped into memory when it is opened: what is not looked at is not read.

The file is replaced whole. At its end it says what it holds and where, with checksums. Invariant:
a file that is cut off, damaged or of another kind is none.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_MAGIC = b"paperchat arrays 1\n"
_TAIL = struct.Struct("<QI")  # length of the description and its checksum
_ALIGNED = 64
_AT_ONCE = 1 << 24  # bytes


@dataclass(frozen=True, slots=True)
class ArrayFile:
    """What a file holds: facts, and arrays by name, which cannot be written to."""

    facts: Mapping[str, Any]
    arrays: Mapping[str, Array]


def write_arrays(path: Path, facts: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Put a file with these facts (of JSON) and arrays in the place of what is at `path`.

    Raises OSError where the disk refuses; what was there is there then.
    """
    made = path.with_name(f"{path.name}.new")
    try:
        with made.open("wb") as file:
            file.write(_MAGIC)
            described = [_write(file, name, array) for name, array in arrays.items()]
            description = json.dumps({"facts": facts, "arrays": described}).encode()
            file.write(description)
            file.write(_TAIL.pack(len(description), zlib.crc32(description)))
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
    except OSError:
        with suppress(OSError):
            made.unlink()
        raise


def read_arrays(path: Path, unchecked: Collection[str] = ()) -> ArrayFile | None:
    """Return what is in the file; None where there is none that is whole.

    Checking an array reads it; those in `unchecked` are taken as they are.
    """
    try:
        with path.open("rb") as file:
            mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        length, checksum = _TAIL.unpack(mapped[-_TAIL.size :])
        description = bytes(mapped[-_TAIL.size - length : -_TAIL.size])
        if mapped[: len(_MAGIC)] != _MAGIC or zlib.crc32(description) != checksum:
            return None
        said = json.loads(description)
        arrays = {each["name"]: _array(mapped, each, unchecked) for each in said["arrays"]}
        return ArrayFile(said["facts"], arrays)
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return None


def _write(file: BinaryIO, name: str, array: Array) -> dict[str, Any]:
    array = np.ascontiguousarray(array)
    start = -(-file.tell() // _ALIGNED) * _ALIGNED
    file.write(bytes(start - file.tell()))
    checksum = 0
    stored = array.reshape(-1).view(np.uint8)
    for at in range(0, len(stored), _AT_ONCE):
        part = stored[at : at + _AT_ONCE].data
        checksum = zlib.crc32(part, checksum)
        file.write(part)
    shape = list(array.shape)
    return {
        "name": name, "type": array.dtype.str, "shape": shape, "start": start, "crc": checksum
    }  # fmt: skip


def _array(mapped: memoryview, said: Mapping[str, Any], unchecked: Collection[str]) -> Array:
    """Return an array of a file; raises ValueError where it is damaged."""
    kind, shape = np.dtype(said["type"]), tuple(said["shape"])
    size = kind.itemsize * int(np.prod(shape, dtype=np.int64))
    stored = mapped[said["start"] : said["start"] + size]
    if len(stored) != size:
        raise ValueError(said["name"])
    if said["name"] not in unchecked and zlib.crc32(stored) != said["crc"]:
        raise ValueError(said["name"])
    found: Array = np.frombuffer(stored, kind).reshape(shape)
    return found
