"""Names of people as catalogues write them, in the order in which they are spoken."""

from __future__ import annotations


def natural_name(name: str) -> str:
    """Return "Ada Löwe" for "Löwe, Ada", and "Ada Löwe Jr." for "Löwe, Ada, Jr."."""
    last, comma, rest = name.partition(",")
    first, _comma, suffix = rest.partition(",")
    return f"{first} {last} {suffix}" if comma else name
