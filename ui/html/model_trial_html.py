"""What the test of a chat model found: whether it works, and else what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.doctor.doctor_check import Check, Status
from ui.html.plain_text import escaped, text_html

if TYPE_CHECKING:
    from ui.model_trial import Listing

# A hosted service lists some hundreds.
_MOST_NAMES = 500
_LONGEST_TEXT = 500  # characters of a server's own words
_CHAT = "chat"


def failure_html(problem: str, hint: str) -> str:
    """Return why the server cannot be asked."""
    return f'<div class="settings-failed"><p>{_said(problem)}</p>{_hint(hint)}</div>'


def listing_html(listing: Listing) -> str:
    """Return the models that can be chosen; their buttons carry the name."""
    server = text_html(listing.server)
    if listing.names is None:
        return (
            f"<p>{server} answers, and lists no models. Look at the address, which usually ends in"
            " /v1, or enter the model's name.</p>"
        )
    if not listing.names:
        return f"<p>{server} answers, and has no model. Load one there, then test again.</p>"
    missing = f"It has no {text_html(listing.wanted)}: choose" if listing.wanted else "Choose"
    shown = sorted(listing.names, key=str.casefold)[:_MOST_NAMES]
    more = len(listing.names) - len(shown)
    buttons = "".join(
        f'<li><button type="button" class="button quiet" data-model="{escaped(name)}">'
        f"{_said(name)}</button></li>"
        for name in shown
    )
    rest = f"<p>And {more:,} more: type the name.</p>" if more else ""
    return (
        f'<p id="settings-listed">{missing} one of the models that {server} has.</p>'
        f'<ul class="settings-names" aria-labelledby="settings-listed">{buttons}</ul>{rest}'
    )


def trial_html(checks: Sequence[Check]) -> str:
    """Return whether the model answers, and what is to be known beside."""
    outcome = next((check for check in checks if check.name == _CHAT), checks[0])
    works = outcome.status is Status.OK
    # Where it does not answer, what comes after that fails too, and says no more.
    telling = checks if works else checks[:1]
    amiss = [check for check in telling if check.status is not Status.OK and check is not outcome]
    head = (
        f'<p class="settings-works">It works: {_said(outcome.detail)}.</p>'
        if works
        else failure_html(outcome.detail, outcome.hint)
    )
    return f"{head}{''.join(map(_remark, amiss))}"


def checks_html(checks: Sequence[Check]) -> str:
    """Return all checks, folded away."""
    items = "".join(map(_item, checks))
    return (
        f'<details><summary>All checks</summary><dl class="settings-checks">{items}</dl></details>'
    )


def _remark(check: Check) -> str:
    return (
        f'<p class="settings-remark">{check.name.capitalize()}: {_said(check.detail)}.'
        f" {_said(check.hint)}</p>"
    )


def _item(check: Check) -> str:
    status = f'<span class="settings-{check.status}">{check.status}</span>'
    return f"<dt>{check.name}</dt><dd>{status} {_said(check.detail)}</dd>"


def _hint(hint: str) -> str:
    return f"<p>{_said(hint)}</p>" if hint else ""


def _said(text: str) -> str:
    cut = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
    return text_html(cut)
