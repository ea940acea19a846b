"""However a question is asked and ends, the log has one line of it, and none of its words."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import anyio
import pytest
from desks import scripted_desk
from mcp.server.mcpserver.exceptions import ToolError
from scripted_assistant import ScriptedAssistant, answer, whole_answer

from assistant.answer import Answer, Outcome, Timings
from assistant.errors import QuestionError
from ui.batch import answer_batch
from ui.logs.question_log import By, QuestionLog
from ui.logs.unexpected import error_id, unexpected
from ui.page.ask_view import _answered
from ui.page.desk import Desk
from ui.programs import asking
from ui.programs.mcp_server import _told
from ui.server.lines import Lines
from ui.server.waiting_line import WaitingLine

WHOLE = replace(
    whole_answer("compare", "compare both"),
    mode="my model",
    dropped_citations=2,
    timings=Timings(0.0014, 0.25, 1.5, 0.0306),
)
SAID = re.compile(
    r"id=[0-9a-f]{6} (by=\w+ outcome=[\w-]+) total_ms=\d+(?: planning_ms=.* dropped=\d+)?(.*)"
)


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[str]]]:
    """Return what gives the lines of questions so far, without ids and times."""
    with caplog.at_level(logging.INFO, "ui.question"):
        yield lambda: [
            "".join(SAID.fullmatch(record.getMessage()).groups())  # type: ignore[union-attr]
            for record in caplog.records
            if record.name == "ui.question"
        ]


def test_it_has_figures_and_no_words(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), QuestionLog(By.PAGE, "compare both") as log:
        log.answer = WHOLE
    [record] = caplog.records
    said = re.sub(r"id=[0-9a-f]{6}|total_ms=\d+", "_", record.getMessage())
    assert said == (
        "_ by=page outcome=answered _ planning_ms=1 search_ms=250 writing_ms=1500 checking_ms=31"
        f' composer="my model" papers={len(WHOLE.ranking)} cited={len(WHOLE.citations)}'
        f" claims={len(WHOLE.stated_claims())} dropped=2"
    )


def no_answer(_log: QuestionLog) -> None:
    pass


def gives(found: Answer) -> Callable[[QuestionLog], None]:
    def give(log: QuestionLog) -> None:
        log.answer = found

    return give


def fails(error: BaseException) -> Callable[[QuestionLog], None]:
    def fail(_log: QuestionLog) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("happens", "outcome", "error"),
    [
        (gives(WHOLE), "answered", ""),
        (gives(replace(WHOLE, outcome=Outcome.NOT_FOUND)), "not-found", ""),
        (gives(replace(WHOLE, outcome=Outcome.NOT_STATED)), "not-stated", ""),
        (gives(replace(WHOLE, complete=False)), "stopped", ""),
        (no_answer, "stopped", ""),
        (fails(KeyboardInterrupt()), "stopped", ""),
        (fails(asyncio.CancelledError()), "stopped", ""),
        (fails(QuestionError("Empty")), "refused", " error=QuestionError"),
        (fails(ZeroDivisionError()), "failed", " error=[0-9a-f]{6}"),
    ],
    ids=["whole", "nothing", "unstated", "part", "none", "ctrl-c", "left", "refused", "failed"],
)
def test_every_end_gives_one_line(
    caplog: pytest.LogCaptureFixture,
    happens: Callable[[QuestionLog], None],
    outcome: str,
    error: str,
) -> None:
    log = QuestionLog(By.MCP)
    with caplog.at_level(logging.INFO, "ui.question"), suppress(BaseException), log:
        happens(log)
    [line] = [each.getMessage() for each in caplog.records if each.name == "ui.question"]
    figures = r".* dropped=\d+" if log.answer else ""
    assert re.fullmatch(rf"id=\w{{6}} by=mcp outcome={outcome} total_ms=\d+{figures}{error}", line)


def test_the_id_that_a_user_is_shown_is_in_both_lines(caplog: pytest.LogCaptureFixture) -> None:
    error = ZeroDivisionError("secret detail")
    with caplog.at_level(logging.INFO), suppress(ZeroDivisionError), QuestionLog(By.API):
        raise error
    told = unexpected(error, "said again")
    found = error_id(error)
    assert told == (
        f"Something went wrong inside paperchat (error {found}; see logs/paperchat.log)."
    )
    failure, question = caplog.records
    assert failure.getMessage() == f"error {found}: a question failed"
    assert failure.exc_info
    assert failure.exc_info[1] is error
    assert question.getMessage().endswith(f" error={found}")


@dataclass
class Asked:
    """A desk with one place in its line, and room for none to wait."""

    desk: Desk
    line: WaitingLine
    assistant: ScriptedAssistant

    def frames(self, most: int = 1_000, **sent: object) -> list[dict[str, object]]:
        """Return what the page is sent, `most` frames of it, after which the visitor leaves."""
        return asyncio.run(self._frames({"name": "first"} | sent, most))

    async def _frames(self, sent: dict[str, object], most: int) -> list[dict[str, object]]:
        stream, seen = _answered(self.desk, sent, "ann"), []
        async for frame in stream:
            seen.append(frame)
            if len(seen) == most:
                break
        await stream.aclose()
        return seen


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    assistant, line = ScriptedAssistant(), WaitingLine(1, 0, 10.0)
    with scripted_desk(assistant, tmp_path) as desk:
        lines = Lines(line, line, lambda: False)
        yield Asked(replace(desk, lines=lines), line, assistant)
        assistant.released.set()


@pytest.mark.parametrize(
    ("question", "most", "said"),
    [
        ("compare both", 99, "by=page outcome=answered"),
        ("nothing on this", 99, "by=page outcome=not-found"),
        ("fail now", 99, "by=page outcome=refused"),
        ("crash now", 99, "by=page outcome=failed"),
        ("stall now", 2, "by=page outcome=stopped"),
        ("x" * 30_000, 99, "by=page outcome=refused"),
    ],
    ids=["answered", "not found", "refused", "failed", "left", "too long"],
)
def test_the_page_logs_each_question_once(
    asked: Asked, logged: Callable[[], list[str]], question: str, most: int, said: str
) -> None:
    asked.frames(most, question=question)
    [line] = logged()
    assert line.startswith(said)


def test_the_page_logs_what_finds_no_room(asked: Asked, logged: Callable[[], list[str]]) -> None:
    with asked.line.join("bob"):
        asked.frames(question="compare both")
    assert logged() == ["by=page outcome=refused error=LineFullError"]


def test_the_page_shows_the_id_of_its_line(asked: Asked, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        last = asked.frames(question="crash now")[-1]
    found = re.search(r"\(error (\w{6}); see logs/paperchat\.log\)", str(last["html"]))
    assert found
    failure, question = caplog.records
    assert failure.getMessage() == f"error {found[1]}: answering failed"
    assert question.getMessage().endswith(f" error={found[1]}")


def test_a_program_that_follows_up_gives_one_line(logged: Callable[[], list[str]]) -> None:
    with QuestionLog(By.API) as log:
        asking.ask(ScriptedAssistant(), ["compare both", "nothing else?"], (), log)
    [line] = logged()
    assert line.startswith("by=api outcome=not-found")


@pytest.mark.parametrize(
    ("error", "said", "line"),
    [
        (QuestionError("Empty", hint="Type."), "Empty. Type.", "refused error=QuestionError"),
        (ZeroDivisionError("x"), "Something went wrong inside paperchat (error ", "failed error="),
    ],
    ids=["refused", "failed"],
)
def test_a_tool_tells_and_logs_what_went_wrong(
    logged: Callable[[], list[str]], error: Exception, said: str, line: str
) -> None:
    def work() -> None:
        raise error

    with pytest.raises(ToolError) as caught:
        anyio.run(_told, work, None, QuestionLog(By.MCP))
    assert str(caught.value).startswith(said)
    [found] = logged()
    assert found.startswith(f"by=mcp outcome={line}")


def test_a_batch_gives_a_line_for_each_turn(logged: Callable[[], list[str]]) -> None:
    class Answers:
        def ask(self, question: str, _history: object) -> Answer:
            if not question:
                raise QuestionError("Empty")
            return answer(question, ())

    lines = ['{"id": 1, "turns": ["bread", "", "soup"]}']
    assert len(list(answer_batch(Answers(), lines, "-"))) == 1  # type: ignore[arg-type]
    assert [line.split()[1].split("=")[1] for line in logged()] == [
        "answered",
        "refused",
        "answered",
    ]
