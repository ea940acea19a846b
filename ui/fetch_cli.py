"""The options of `paperchat fetch`: the only commands that ask a service for papers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

import typer

from ui.command_options import EXIT_ERROR, AsJson
from ui.filter_options import first_day, last_day

fetch = typer.Typer(
    name="fetch",
    help="Fetch papers from arXiv or from Hugging Face's daily papers, and take them in.",
    no_args_is_help=True,
)


@fetch.command()
def arxiv(
    query: Annotated[
        str,
        typer.Option(
            help='Words that all must be found, or arXiv\'s syntax: "cat:cs.CL AND ti:bread".'
        ),
    ],
    since: Annotated[
        date | None,
        typer.Option(
            parser=first_day,
            metavar="DATE",
            help="Submitted in that year (YYYY), month (YYYY-MM), day (YYYY-MM-DD) or later.",
        ),
    ] = None,
    until: Annotated[
        date | None, typer.Option(parser=last_day, metavar="DATE", help="The same, or before.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=30_000, help="Papers at most.")] = 1_000,
    as_json: AsJson = False,
) -> None:
    """Fetch what arXiv's search finds, newest first, a hundred papers every three seconds."""
    from ingest.feeds.arxiv_query import ArxivQuery, terms
    from ui import fetch_command

    if not terms(query):
        raise typer.BadParameter(f"--query {query!r} has no word to look for")
    if since and until and since > until:
        raise typer.BadParameter(f"--since {since} is after --until {until}")
    asked = ArxivQuery(query, since, until, limit)
    if not fetch_command.fetch_from_arxiv(asked, as_json=as_json):
        raise typer.Exit(EXIT_ERROR)


@fetch.command()
def daily(
    day: Annotated[
        str,
        typer.Option(
            "--date",
            metavar="DATE",
            help="A day (YYYY-MM-DD), a month (YYYY-MM), or the first and the last: FIRST..LAST.",
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Fetch Hugging Face's daily papers of some days, a day a second."""
    from ingest.feeds.daily import Days
    from ui import fetch_command

    first, dots, last = day.partition("..")
    days = Days(first_day(first), last_day(last if dots else first))
    if problem := days.problem(datetime.now(UTC).date()):
        raise typer.BadParameter(problem)
    if not fetch_command.fetch_from_daily(days, as_json=as_json):
        raise typer.Exit(EXIT_ERROR)
