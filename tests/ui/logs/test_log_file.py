"""The log's file: bounded, private, shared by processes, and never in the way."""

from __future__ import annotations

import logging
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ui.doctor.doctor_check import ok, warning
from ui.doctor.doctor_log import log_check
from ui.logs import log_file
from ui.logs.log_file import FILE_BYTES, LOG_FILE, OLDER_FILES, LogFile, log_bytes

WRITER = """
import logging, sys
from pathlib import Path
from ui.logs import log_file

log_file.FILE_BYTES, log_file.OLDER_FILES = 2_000, 90
handler = log_file.LogFile(Path(sys.argv[1]))
for number in range(200):
    message = f"{sys.argv[2]} {number} " + "x" * 50
    handler.emit(logging.LogRecord("ui", logging.INFO, "", 0, message, (), None))
"""


def write(handler: LogFile, message: str) -> None:
    handler.handle(logging.LogRecord("ui", logging.INFO, "", 0, message, (), None))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "FILE_BYTES", 100)


def test_nothing_is_made_before_there_is_something_to_write(tmp_path: Path) -> None:
    handler = LogFile(tmp_path / "home" / LOG_FILE)
    handler.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("small")
def test_it_is_bounded_and_the_users_alone(tmp_path: Path) -> None:
    handler = LogFile(tmp_path / LOG_FILE)
    for number in range(99):
        write(handler, f"line {number:02}")
    handler.close()
    folder = (tmp_path / LOG_FILE).parent
    files = sorted(each for each in folder.iterdir() if each.suffix != ".lock")
    assert [each.name for each in files] == [
        "paperchat.log",
        *(f"paperchat.log.{number}" for number in range(1, OLDER_FILES + 1)),
    ]
    assert files[0].read_text().splitlines()[-1] == "line 98"
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert log_bytes(tmp_path) == sum(each.stat().st_size for each in files) <= 500


def test_processes_share_it(tmp_path: Path) -> None:
    file = tmp_path / "paperchat.log"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(file), name]) for name in ("a", "b")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    files = [file, *tmp_path.glob("paperchat.log.*")]
    assert all(each.stat().st_size <= 2_000 for each in files)
    lines = [line for each in files for line in each.read_text().splitlines()]
    assert sorted(lines) == sorted(
        f"{name} {number} {'x' * 50}" for name in ("a", "b") for number in range(200)
    )


def test_it_goes_on_where_another_process_began_a_new_file(tmp_path: Path) -> None:
    file = tmp_path / "paperchat.log"
    handler = LogFile(file)
    write(handler, "one")
    file.rename(tmp_path / "paperchat.log.1")
    write(handler, "two")
    handler.close()
    assert file.read_text() == "two\n"


def test_what_cannot_be_written_is_said_once_and_fails_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").write_text("a file")
    failures: list[str] = []
    handler = LogFile(tmp_path / LOG_FILE, lambda: failures.append("told"))
    for _ in range(3):
        write(handler, "line")
    assert failures == ["told"]
    said = f"WARNING: The log cannot be written: File exists ({tmp_path / LOG_FILE})\n"
    assert capsys.readouterr().err == said


def test_a_full_disk_fails_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "paperchat.log"
    file.symlink_to("/dev/full")
    handler = LogFile(file)
    write(handler, "line")
    said = f"WARNING: The log cannot be written: No space left on device ({file})\n"
    assert capsys.readouterr().err == said


def test_the_doctor_tells_where_it_is(tmp_path: Path) -> None:
    file, most = tmp_path / LOG_FILE, f"{(1 + OLDER_FILES) * FILE_BYTES // 1_000_000} MB"
    assert log_check(tmp_path) == ok("log", f"{file} is not there yet; it takes {most} at most")
    file.parent.mkdir()
    file.write_text("x" * 260_000)
    assert log_check(tmp_path) == ok("log", f"{file}, 0.3 of {most} at most")
    file.unlink()
    file.parent.rmdir()
    file.parent.write_text("a file")
    assert log_check(tmp_path) == warning(
        "log", f"{file} cannot be written", "Make its folder writable."
    )
