"""Where an output goes that is no new file: who may read one that is replaced, pipes, devices."""

from __future__ import annotations

import os
import socket
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ui.export.export_files import OutputFileError, check_writable, write_file, write_parts

WAIT_S = 20
# No node of the system's own: a test that fails may replace it.
NULL = os.makedev(1, 3)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o444], ids=oct)
def test_a_file_that_is_replaced_is_open_to_the_same(tmp_path: Path, mode: int) -> None:
    file, link = tmp_path / "a.bib", tmp_path / "link.bib"
    file.write_text("old")
    file.chmod(mode)
    link.symlink_to(file)
    write_file(link, "new")
    assert (stat.S_IMODE(file.stat().st_mode), file.read_text()) == (mode, "new")


@pytest.mark.parametrize(("mode", "left"), [(0o640, 0o600), (0o664, 0o644), (0o604, 0o604)])
def test_another_group_than_that_of_the_file_is_not_let_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, left: int
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    file = tmp_path / "a.bib"
    file.touch()
    file.chmod(mode)
    monkeypatch.setattr(os, "fchown", refuse)
    write_file(file, "new")
    assert oct(stat.S_IMODE(file.stat().st_mode)) == oct(left)


def test_what_is_written_of_it_is_open_to_no_more(tmp_path: Path) -> None:
    file = tmp_path / "a.bib"
    file.touch(mode=0o600)
    # As they are while the first part is made: those of the file, and of what takes its place.
    modes = (oct(stat.S_IMODE(each.stat().st_mode)) for each in tmp_path.iterdir())
    write_parts(file, modes)
    assert file.read_text() == "0o600" * 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_a_file_that_root_replaces_belongs_to_the_same(tmp_path: Path) -> None:
    file = tmp_path / "a.bib"
    file.touch()
    os.chown(file, 12, 34)
    write_file(file, "new")
    assert (file.stat().st_uid, file.stat().st_gid) == (12, 34)


def test_a_pipe_is_written_into_and_stays(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    text = "é" * 100_000  # more than a pipe takes at once
    check_writable(link)
    reader = os.open(pipe, os.O_RDWR)
    with ThreadPoolExecutor(1) as threads, os.fdopen(reader, "rb") as read:
        written = threads.submit(write_parts, link, [text, "\ud800"])
        assert read.read(200_001) == text.encode() + b"?"
        written.result(WAIT_S)
    assert (pipe.is_fifo(), link.is_symlink(), len(list(tmp_path.iterdir()))) == (True, True, 2)


def test_a_pipe_of_the_shell_is_written_into() -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as read:
        file = Path(f"/dev/fd/{writer}")  # as `>(command)` is named
        check_writable(file)
        write_file(file, "new")
        os.close(writer)
        assert read.read() == b"new"


def test_a_pipe_that_nothing_reads_from_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OutputFileError) as raised:
        write_file(pipe, "new")
    assert (raised.value.problem, raised.value.where, raised.value.hint) == (
        "The file cannot be written: nothing reads from it",
        str(pipe),
        "Start first what is to read it.",
    )
    assert pipe.is_fifo()


def test_a_device_is_written_to_and_stays(tmp_path: Path) -> None:
    device = tmp_path / "null"
    _make_node(device, stat.S_IFCHR)
    check_writable(device)
    write_file(device, "new")
    found = device.lstat()
    assert (stat.S_ISCHR(found.st_mode), found.st_rdev) == (True, NULL)


def test_no_disk_is_written_over(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    _make_node(disk, stat.S_IFBLK)
    _assert_refused(disk)
    assert disk.is_block_device()


def test_a_socket_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket may not be long
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        _assert_refused(Path("socket"))
        assert Path("socket").is_socket()


def _assert_refused(file: Path) -> None:
    for write in (check_writable, lambda file: write_file(file, "new")):
        with pytest.raises(OutputFileError, match="it is a disk or a socket"):
            write(file)


def _make_node(file: Path, kind: int) -> None:
    try:
        os.mknod(file, 0o600 | kind, NULL)
        if kind == stat.S_IFCHR:
            file.write_bytes(b"")
    except PermissionError:
        pytest.skip("only root may make a device, and not everywhere")
