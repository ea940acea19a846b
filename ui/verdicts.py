"""How a claim is marked that no quote bears out, or not wholly; the same wherever it is shown."""

from __future__ import annotations

from assistant.answer import Claim, Verdict

NOT_ALL = "not all of it is in the cited sentence"
NOT_BORNE_OUT = "not borne out by the cited sentence"
NO_SOURCE = "no source says this"


def verdict(claim: Claim) -> str:
    """Return what to say beside the claim; nothing where it is supported."""
    if claim.verdict is Verdict.SUPPORTED:
        return ""
    if not claim.citations:
        return NO_SOURCE
    if claim.verdict is Verdict.UNSUPPORTED:
        return NOT_BORNE_OUT
    return f"{NOT_ALL}: {', '.join(claim.missing)}" if claim.missing else NOT_ALL
