"""What is to be known of a service before it can be asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Service:
    """A service on the web; `said` finds its own words in the reply to a request it refused.

    `spacing_s` is what must pass between two requests.
    """

    name: str
    url: str
    spacing_s: float
    said: Callable[[bytes], str]
