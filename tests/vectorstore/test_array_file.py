"""Arrays in a file: what was written is read, and what is damaged is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from vectorstore.array_file import ArrayFile, read_arrays, write_arrays

FACTS = {"dimension": 3, "token": "Müsli"}
ARRAYS = {
    "numbers": np.arange(7),
    "rows": np.arange(12, dtype=np.int8).reshape(4, 3),
    "none": np.zeros((0, 3), np.float32),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_arrays(tmp_path / "arrays", FACTS, ARRAYS)
    return tmp_path / "arrays"


def as_lists(found: ArrayFile | None) -> object:
    return found and {name: (a.dtype, a.tolist()) for name, a in found.arrays.items()}


def test_what_was_written(file: Path) -> None:
    found = read_arrays(file)
    assert found is not None
    assert found.facts == FACTS
    assert as_lists(found) == as_lists(ArrayFile(FACTS, ARRAYS))
    assert not found.arrays["numbers"].flags.writeable
    assert [path.name for path in file.parent.iterdir()] == ["arrays"]


@given(
    array=arrays_of.arrays(
        st.sampled_from([np.int8, np.int32, np.uint64, np.float32]),
        arrays_of.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=5),
    )
)
def test_any_array(tmp_path_factory: pytest.TempPathFactory, array: np.ndarray) -> None:
    path = tmp_path_factory.mktemp("any") / "arrays"
    write_arrays(path, {}, {"before": np.ones(1, np.int8), "array": array})
    found = read_arrays(path)
    assert found is not None
    np.testing.assert_array_equal(found.arrays["array"], array)


def test_one_in_the_place_of_another(file: Path) -> None:
    before = read_arrays(file)
    write_arrays(file, {"dimension": 1}, {"numbers": np.array([9])})
    after = read_arrays(file)
    assert as_lists(after) == {"numbers": (np.dtype(np.int64), [9])}
    assert as_lists(before) == as_lists(ArrayFile(FACTS, ARRAYS))  # who reads it goes on


@pytest.mark.parametrize("content", [b"", b"bread", bytes(200), b"x" * 5_000])
def test_no_such_file(tmp_path: Path, content: bytes) -> None:
    assert read_arrays(tmp_path / "arrays") is None
    (tmp_path / "arrays").write_bytes(content)
    assert read_arrays(tmp_path / "arrays") is None


def test_cut_off(file: Path) -> None:
    content = file.read_bytes()
    for size in range(len(content)):
        file.write_bytes(content[:size])
        assert read_arrays(file) is None


def test_a_flipped_bit(file: Path) -> None:
    content = file.read_bytes()
    whole = as_lists(read_arrays(file))
    for at in range(len(content)):
        file.write_bytes(content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :])
        assert as_lists(read_arrays(file)) in (None, whole)  # or it is between two arrays


def test_unchecked(file: Path) -> None:
    content = file.read_bytes()
    at = content.index(ARRAYS["rows"].tobytes())
    file.write_bytes(content[:at] + b"\x63" + content[at + 1 :])
    assert read_arrays(file) is None
    found = read_arrays(file, ["rows"])
    assert found is not None
    assert found.arrays["rows"][0].tolist() == [99, 1, 2]


def test_a_disk_that_refuses(file: Path) -> None:
    whole = as_lists(read_arrays(file))
    (file.parent / "arrays.new").mkdir()
    with pytest.raises(OSError, match=r"arrays\.new"):
        write_arrays(file, {}, {})
    assert as_lists(read_arrays(file)) == whole
