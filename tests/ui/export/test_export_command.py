"""`ask --export`, `ask --receipt` and `replay` as a user runs them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes import FakeModelServer, says
from processes import PAGE, paperchat

from ui.console.replay_output import NOT_ASKED

QUESTION = "papers on merging models"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a library with one shipped page in it."""
    folder = tmp_path_factory.mktemp("library")
    assert paperchat("ingest", PAGE, home=folder).returncode == 0
    return folder


def test_a_conversation_leaves_its_last_answer_and_replays_the_same(
    home: Path, tmp_path: Path
) -> None:
    names = ("a.md", "a.bib", "a.ris", "a.csv")
    exports = [argument for name in names for argument in ("--export", tmp_path / name)]
    receipt = tmp_path / "receipt.json"
    questions = (QUESTION, "which of those use permutations?")
    asked = paperchat("ask", *questions, *exports, "--receipt", receipt, "--json", home=home)
    assert (asked.returncode, asked.stderr) == (0, "")
    citations = json.loads(asked.stdout.splitlines()[-1])["citations"]
    texts = {name: (tmp_path / name).read_bytes().decode() for name in names}
    assert texts["a.md"].startswith("# which of those use permutations?\n\n")
    assert [
        texts[name].count(mark) for name, mark in (("a.bib", "@misc"), ("a.ris", "TY  - "))
    ] == [len(citations)] * 2
    assert texts["a.csv"].count("\r\n") == 1 + sum(len(each["quotes"]) for each in citations)
    assert json.loads(receipt.read_text("utf-8"))["questions"] == list(questions)

    replayed = paperchat("replay", receipt, home=home)
    assert (replayed.returncode, replayed.stderr) == (0, "")
    assert replayed.stdout.endswith(", by paperchat 0.1.0\nNothing changed.\n")


def test_a_replay_elsewhere_tells_what_changed(home: Path, tmp_path: Path) -> None:
    receipt, other = tmp_path / "receipt.json", tmp_path / "other"
    assert paperchat("ask", QUESTION, "--receipt", receipt, home=home).returncode == 0
    page, text = tmp_path / "page.txt", PAGE.read_text("utf-8")
    assert text.count("near-perfect compute") == 1
    page.write_text(text.replace("near-perfect compute", "perfect compute"), "utf-8")
    assert paperchat("ingest", page, home=other).returncode == 0

    shown = paperchat("replay", receipt, home=other)
    assert (shown.returncode, shown.stderr) == (3, "")
    assert "Changed: papers\n" in shown.stdout
    assert " reads otherwise\n" in shown.stdout
    told = paperchat("replay", receipt, "--json", home=other)
    found = json.loads(told.stdout)
    assert (told.returncode, found["same"], found["asked_again"]) == (3, False, True)
    assert {change["part"] for change in found["changes"]} >= {"papers"}


def test_a_receipt_of_a_model_has_no_key_and_replays_without_the_model(
    home: Path, tmp_path: Path
) -> None:
    receipt = tmp_path / "receipt.json"
    with FakeModelServer(says("They merge ", "models.")) as server:
        configured = {"PAPERCHAT_MODEL": "tiny", "OPENAI_BASE_URL": server.base_url}
        result = paperchat(
            *("ask", QUESTION, "--receipt", receipt), home=home, OPENAI_API_KEY="hush", **configured
        )
        sent = server.requests[-1].body["messages"]
    assert (result.returncode, result.stderr) == (0, "")
    text = receipt.read_text("utf-8")
    recorded = json.loads(text)
    assert "hush" not in text
    assert recorded["settings"]["chat.base_url"] == server.base_url
    assert recorded["turn"]["reply"] == "They merge models."
    assert [(each["role"], each["text"]) for each in recorded["turn"]["prompt"]] == [
        (each["role"], each["content"]) for each in sent
    ]

    replayed = paperchat("replay", receipt, home=home)
    assert (replayed.returncode, replayed.stderr) == (0, "")
    assert replayed.stdout.endswith(f"{NOT_ASKED}\nNothing changed.\n")


CASES: list[tuple[Sequence[str], int, str]] = [
    (["ask", "x", "--export", "a.pdf"], 1, "There is no export to .pdf (a.pdf)"),
    (["ask", "x", "--export", "none/a.md"], 1, "its folder does not exist (none/a.md)"),
    (["ask", "x", "--export", "a.md", "--receipt", "./a.md"], 1, "The file is named twice, and o"),
    (["ask", "x", "--receipt", "/"], 1, "The file cannot be written: it is a folder (/)"),
    (["ask", "--batch", "-", "--export", "a.md"], 2, "--export and --receipt do not go with"),
    (["replay"], 2, "Missing argument"),
    (["replay", "/no/such/file"], 1, "The receipt cannot be read: No such file or directory"),
    (["replay", __file__], 1, "The file is not JSON"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), CASES)
def test_what_is_wrong_is_said_before_anything_is_asked(
    home: Path, arguments: Sequence[str], code: int, message: str
) -> None:
    result = paperchat(*arguments, home=home)
    assert (result.returncode, result.stdout) == (code, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr
