"""The header Retry-After: how long a service wants to be left alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SECONDS = re.compile("[0-9]{1,9}")


def wanted_wait_s(value: str, now: datetime) -> float:
    """Return the seconds from `now` that `value` asks for, 0 where it asks for none.

    It is a number of seconds or a date of HTTP (RFC 9110, 10.2.3); anything else is left alone.
    """
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        until = parsedate_to_datetime(value)
        return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())
    except (ValueError, OverflowError):
        return 0.0
