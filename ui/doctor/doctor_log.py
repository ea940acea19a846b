"""Checks of the log: where it is, and that it can be written."""

from __future__ import annotations

import os
from pathlib import Path

from ui.doctor.doctor_check import Check, ok, warning
from ui.logs.log_file import FILE_BYTES, LOG_FILE, OLDER_FILES, log_bytes


def log_check(home: Path) -> Check:
    """Return where the log is and how large; nothing is made or written."""
    file, folder = home / LOG_FILE, (home / LOG_FILE).parent
    most = f"{(1 + OLDER_FILES) * FILE_BYTES / 1e6:g} MB"
    try:
        if not folder.exists():
            return ok("log", f"{file} is not there yet; it takes {most} at most")
        written = file if file.exists() else folder
        if not os.access(folder, os.W_OK | os.X_OK) or not os.access(written, os.W_OK):
            return warning("log", f"{file} cannot be written", "Make its folder writable.")
        return ok("log", f"{file}, {log_bytes(home) / 1e6:.1f} of {most} at most")
    except OSError as error:
        detail = f"{file} cannot be looked into: {error.strerror or error}"
        return warning("log", detail, "Make its folder readable and writable.")
