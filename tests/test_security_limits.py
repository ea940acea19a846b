"""SECURITY.md tells the limits that the code has."""

from __future__ import annotations

from pathlib import Path

from assistant.settings import AssistantSettings
from ui.page.upload_state import MEGABYTE, UploadLimits
from ui.server import guesses, lines, patient_protocol, request_bodies, session_owners

TEXT = (Path(__file__).parents[1] / "SECURITY.md").read_text(encoding="utf-8")
UPLOADS, BODIES = UploadLimits(), request_bodies.BodyLimits()


def _mb(size: int) -> str:
    return f"{size // MEGABYTE} MB"


LIMITS = {
    "a file, an upload, files of one, uploads of one visitor, of all": (
        f"{_mb(UPLOADS.file_bytes)}, {_mb(UPLOADS.upload_bytes)}, {UPLOADS.files},"
        f" {UPLOADS.uploads}, {_mb(UPLOADS.held_bytes)} and {UPLOADS.held_uploads:,}"
    ),
    "what a request brings: a file, anything else, all at once": (
        f"{_mb(BODIES.upload_bytes)}, {_mb(BODIES.other_bytes)}, {_mb(BODIES.held_bytes)}"
    ),
    "time for it": f"{BODIES.seconds:g} s and 1 s for each {BODIES.bytes_per_s // 1000} kB",
    "nesting, parts, names of pages and calls": (
        f"{BODIES.depth} levels, {BODIES.items:,}, {session_owners.LONGEST_NAME} characters"
    ),
    "a request's head": (
        f"{patient_protocol.MOST_HEAD_BYTES // 1024} kB, {patient_protocol.HEAD_S:g} s"
    ),
    "connections, of one address; streams of one visitor": (
        f"{patient_protocol.MOST_CONNECTIONS}, {patient_protocol.MOST_OF_ONE_ADDRESS};"
        f" {session_owners.MOST_STREAMS}"
    ),
    "a question, from the page or a program": (
        f"{AssistantSettings().question_characters:,} characters"
    ),
    "questions that wait, of one visitor": (
        f"{lines.MOST_WAITING} (`PAPERCHAT_MAX_WAITING`), half of them"
    ),
    "guesses of the password from one address": (
        f"one, then {guesses.FIRST_DELAY_S:g} s, doubling to {guesses.LONGEST_DELAY_S:g} s;"
        f" {guesses.LONGEST_LINE} wait, each until its client leaves"
    ),
    "wrong ones from all addresses": (
        f"{guesses.MOST_FAILURES} in {guesses.FORGOTTEN_AFTER_S / 60:g} minutes; then only"
        " addresses from which the right one came are heard"
    ),
}


def test_the_limits_are_those_of_the_code() -> None:
    table = TEXT.partition("## Limits in numbers")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("|")]
    assert {what.strip(): most.strip() for what, most in rows[2:]} == LIMITS
