"""How a claim that no quote bears out is marked, and papers below the line of a list, the same
wherever they are shown.
"""

from __future__ import annotations

from assistant.answer import Claim, Verdict

NOT_BORNE_OUT = "not borne out by the cited sentence"
NO_SOURCE = "no source cited"
BORDERLINE = "Borderline, perhaps of interest"


def verdict(claim: Claim) -> str:
    """Return what to say beside the claim; nothing where it is supported."""
    if claim.verdict is Verdict.SUPPORTED:
        return ""
    return NOT_BORNE_OUT if claim.citations else NO_SOURCE
