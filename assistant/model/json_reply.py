"""The JSON object in a model's reply, whatever the model wrote around it."""

from __future__ import annotations

import json
import re
from typing import Any

# Up to the last end of a thought, since some servers leave out where it began; or all of the reply,
# where a thought does not end.
_THOUGHTS = re.compile(r"\A(?:.*</think(?:ing)?>|\s*<think(?:ing)?>.*)", re.DOTALL)


def json_object(reply: str) -> dict[str, Any]:
    """Return the object that a reply consists of, without thoughts, code fences or words around it.

    Raises ValueError where there is none. What is in the object is for the caller to check.
    """
    text = _THOUGHTS.sub("", reply)
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise ValueError("no JSON object")
    try:
        value = json.loads(text[start : end + 1], parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    # What begins with a brace and can be read is an object.
    found: dict[str, Any] = value
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
