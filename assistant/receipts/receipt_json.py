"""Receipts as JSON: writes them, and reads them back as if a stranger had written them.

Owns what is wrong with a file that is none. Nothing of a file's content is repeated in a message,
but the names of its fields.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from assistant.errors import AssistantError, place_in
from assistant.receipts.receipt import FORMAT, VERSION, Receipt

LONGEST_FILE = 64 * 1024 * 1024  # bytes; one of 10,000 papers has about a hundredth of it

_HINT = "Name a file that `paperchat ask --receipt FILE` wrote, as it was written."


class ReceiptError(AssistantError):
    """A file is no receipt that can be read."""


def receipt_json(receipt: Receipt) -> str:
    """Return the receipt as one JSON document."""
    return json.dumps(asdict(receipt), ensure_ascii=False, indent=1, default=_as_text) + "\n"


def read_receipt(file: Path) -> Receipt:
    """Return the receipt in a file; raises ReceiptError where there is none."""
    data = _read(file)
    _check_version(data, file)
    try:
        receipt = TypeAdapter(Receipt).validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = place_in(first["loc"])
        raise _error(f"The receipt is damaged: {where}: {first['msg']}", file) from error
    if not receipt.questions:
        raise _error("The receipt is damaged: questions: there is none", file)
    return receipt


def _as_text(value: object) -> str:
    if isinstance(value, date):  # a time is a date as well
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            data = opened.read(LONGEST_FILE + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise _error(f"The receipt cannot be read: {reason}", file) from error
    if len(data) > LONGEST_FILE:
        raise _error("The file is too long for a receipt", file)
    return data


def _check_version(data: bytes, file: Path) -> None:
    try:
        content = from_json(data)
    except ValueError as error:
        raise _error(f"The file is not JSON: {error}", file) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _error("The file is not a receipt", file)
    version = content.get("version")
    if type(version) is not int or version < 1:
        raise _error("The receipt is damaged: version: not a whole number from 1", file)
    if version > VERSION:
        raise ReceiptError(
            f"The receipt has version {version}, and this paperchat reads up to version {VERSION}",
            where=str(file),
            hint="Use the paperchat that wrote it, or a newer one.",
        )


def _error(problem: str, file: Path) -> ReceiptError:
    return ReceiptError(problem, where=str(file), hint=_HINT)
