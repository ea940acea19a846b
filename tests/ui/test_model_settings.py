"""The file that a chosen model is kept in: what it holds, and what is said of a damaged one."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.export.export_files import OutputFileError
from ui.model_form import ChosenModel
from ui.model_settings import SETTINGS_FILE, read_chosen, write_chosen

CHOSEN = ChosenModel("http://127.0.0.1:8000/v1", "Bäcker/oven-7b", 16384, 0.0, 1.6, True)
ANEW = "It was left alone, and no model is set; saving one here writes it anew."


def test_what_is_kept(tmp_path: Path) -> None:
    write_chosen(tmp_path, CHOSEN)
    assert json.loads((tmp_path / SETTINGS_FILE).read_text("utf-8")) == {
        "version": 1,
        "chat_model": {
            "base_url": "http://127.0.0.1:8000/v1",
            "model": "Bäcker/oven-7b",
            "context_tokens": 16384,
            "price_input": 0.0,
            "price_output": 1.6,
            "keep_out_suspicious": True,
        },
    }
    assert read_chosen(tmp_path) == (CHOSEN, "")
    write_chosen(tmp_path, ChosenModel())
    assert read_chosen(tmp_path) == (ChosenModel(), "")
    assert [path.name for path in tmp_path.iterdir()] == [SETTINGS_FILE]


def test_nothing_was_kept(tmp_path: Path) -> None:
    assert read_chosen(tmp_path) == (ChosenModel(), "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"version": 1}',
        '{"version": 2, "chat_model": {"model": "oven-7b"}}',
        '{"version": 1, "chat_model": ["oven-7b"]}',
        '{"version": 1, "chat_model": {"base_url": "file:///etc/passwd"}}',
        '{"version": 1, "chat_model": {"model": "two\\nlines"}}',
        '{"version": 1, "chat_model": {"context_tokens": true}}',
        '{"version": 1, "chat_model": {"context_tokens": null}}',
        '{"version": 1, "chat_model": {"price_input": 1}}',
        '{"version": 1, "chat_model": {"keep_out_suspicious": 1}}',
        "[" * 50_000,
        "\udcff",
    ],
)
def test_a_damaged_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / SETTINGS_FILE
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    before = file.read_bytes()
    notice = f"{file} is damaged, or of another paperchat. {ANEW}"
    assert read_chosen(tmp_path) == (ChosenModel(), notice)
    assert file.read_bytes() == before
    write_chosen(tmp_path, CHOSEN)
    assert read_chosen(tmp_path) == (CHOSEN, "")


def test_a_file_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / SETTINGS_FILE
    file.mkdir()
    assert read_chosen(tmp_path) == (
        ChosenModel(),
        f"{file} cannot be read: Is a directory. {ANEW}",
    )
    with pytest.raises(OutputFileError):
        write_chosen(tmp_path, CHOSEN)
    assert [path.name for path in tmp_path.iterdir()] == [SETTINGS_FILE]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from(ChosenModel.__slots__),
        _JSON,
    )
)
def test_any_values(values: dict[str, object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / SETTINGS_FILE).write_text(json.dumps({"version": 1, "chat_model": values}))
        chosen, notice = read_chosen(home)
        assert (chosen == ChosenModel()) or not notice
