"""What `paperchat doctor` says of the conversations, and that `--repair` leaves them alone."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from assistant.conversations.conversation_file import CONVERSATIONS_FILE
from assistant.conversations.exchange_record import StoredExchange
from assistant.conversations.store import ConversationStore
from ui.doctor.doctor import examine
from ui.doctor.doctor_check import Status, ok
from ui.doctor.doctor_conversations import conversation_checks
from ui.doctor.doctor_repair import repair
from vectorstore.library import open_library
from vectorstore.onnx_embedding import OnnxEmbedder


@pytest.fixture
def home(tmp_path: Path, embedder: OnnxEmbedder) -> Path:
    """Return the folder of a library without papers that nobody has open."""
    folder = tmp_path / "library"
    with open_library(folder, embedder):
        return folder


def be_none(file: Path) -> None:
    file.write_bytes(b"soup" * 1_250)


def lack_a_table(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE feedback")


def be_of_a_later_one(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 9")


def lose_a_page(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.seek(2 * 4096)
        stream.write(b"soup" * 1024)


def be_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def lead_nowhere(file: Path) -> None:
    file.unlink()
    file.symlink_to("nowhere")


@pytest.fixture
def talks(home: Path) -> Path:
    """Return the file of the library's conversations, of which there is one."""
    store = ConversationStore(home / CONVERSATIONS_FILE)
    store.save("ann", StoredExchange("How much salt?"))
    store.close()
    return home / CONVERSATIONS_FILE


def test_conversations_that_can_be_read(home: Path, talks: Path) -> None:
    before = talks.read_bytes()
    told = [ok("conversations", "1 conversation, which can be read")]
    assert list(conversation_checks(home)) == told
    assert talks.read_bytes() == before
    talks.write_bytes(b"")  # whoever made it died before its tables were there
    assert list(conversation_checks(home)) == []


@pytest.mark.parametrize(
    ("spoil", "problem_found"),
    [
        (be_none, "cannot be used: file is not a database"),
        (lack_a_table, "cannot be used: no such table: feedback"),
        (lose_a_page, "cannot be used: "),
        (be_a_folder, "cannot be used: it is a folder, a device or a link that leads nowhere"),
        (lead_nowhere, "cannot be used: it is a folder, a device or a link that leads nowhere"),
        (be_of_a_later_one, "have version 9, and this paperchat reads version 2"),
    ],
    ids=["no database", "no table", "a page", "a folder", "a link", "a later one"],
)
def test_conversations_that_cannot_be_read(
    home: Path, talks: Path, spoil: Callable[[Path], None], problem_found: str
) -> None:
    spoil(talks)
    [check] = conversation_checks(home)
    assert check.status is Status.PROBLEM
    assert check.detail.startswith(f"The saved conversations {problem_found}")
    assert check.detail.endswith(f"({talks})")
    assert re.search(r"[Nn]o papers are in", check.hint)
    assert "move" in check.hint
    variables = {"PAPERCHAT_HOME": str(home)}
    for found in (list(examine(variables)), list(repair(variables))):
        # And nothing else is wrong for that.
        assert [each for each in found if each.status is Status.PROBLEM] == [check]
