"""The command line: reads options, calls the packages, prints.

Nothing heavy is imported before a command needs it, so that `paperchat --help` answers at once.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from ui import backup_cli, fetch_cli, library_cli
from ui.command_options import EXIT_ERROR, AsJson, Verbose
from ui.filter_options import (
    Author,
    Category,
    FromDate,
    MaxAuthors,
    MinAuthors,
    NamesAsked,
    Organization,
    ResultOrder,
    SourceFile,
    ToDate,
    Venue,
    make_filters,
)
from ui.server.page_server import DEFAULT_HOST, DEFAULT_PORT
from vectorstore.errors import PaperchatError
from vectorstore.filters import Order

EXIT_CHANGED = 3  # 2 is wrong usage
EXIT_TERMINATED = 143  # what a shell reports for a program ended by SIGTERM
_NO_MEMORY = (
    "Error: There is not enough memory.\nClose other programs and run the command again:"
    " what was stored before is kept.\n"
)
_NO_THREAD = "can't start new thread"  # for whose stack there is no memory
_CLOSED = "Error: The output cannot be written: it is closed\nSend it to a file or to /dev/null."

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _command in (
    *(library_cli.ingest, library_cli.sync, library_cli.remove, library_cli.export),
    *(backup_cli.backup, backup_cli.restore),
):
    app.command()(_command)
app.add_typer(fetch_cli.fetch)


@app.callback()
def _options(
    verbose: Verbose = False,
    log_questions: Annotated[
        bool, typer.Option("--log-questions", help="Log the words of questions too.")
    ] = False,
) -> None:
    """Ask questions of research-paper abstracts; every claim cites a paper and a sentence."""
    from ui.logs.log_setup import set_up

    set_up(os.environ, verbose=verbose, texts=log_questions)


@app.command()
def search(  # noqa: PLR0913, PLR0917 - options, each on its own
    query: Annotated[str, typer.Argument(help="What the papers should be about.")],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Papers to show.")] = 10,
    published_from: FromDate = None,
    published_to: ToDate = None,
    organization: Organization = "",
    author: Author = "",
    category: Category = "",
    venue: Venue = "",
    min_authors: MinAuthors = None,
    max_authors: MaxAuthors = None,
    source: SourceFile = "",
    order: ResultOrder = Order.RELEVANCE,
    as_json: AsJson = False,
) -> None:
    """Rank papers by how well they match a query."""
    from ui import commands

    published, authors = (published_from, published_to), (min_authors, max_authors)
    names = NamesAsked(organization, author, category, venue)
    filters = make_filters(published, names, authors, source, order)
    commands.search(query, limit, filters, as_json=as_json)


@app.command()
def why(  # noqa: PLR0913, PLR0917 - options, each on its own
    question: Annotated[str, typer.Argument(help="A question, taken as one for a list of papers.")],
    paper: Annotated[str, typer.Option(metavar="TITLE", help="A title, a part of one, or an id.")],
    published_from: FromDate = None,
    published_to: ToDate = None,
    organization: Organization = "",
    author: Author = "",
    category: Category = "",
    venue: Venue = "",
    min_authors: MinAuthors = None,
    max_authors: MaxAuthors = None,
    source: SourceFile = "",
    as_json: AsJson = False,
) -> None:
    """Tell why a paper is, or is not, on the list for a question."""
    from ui import commands

    published, authors = (published_from, published_to), (min_authors, max_authors)
    names = NamesAsked(organization, author, category, venue)
    filters = make_filters(published, names, authors, source)
    commands.why(question, paper, filters, as_json=as_json)


@app.command()
def ask(  # noqa: PLR0913, PLR0917 - options, each on its own
    questions: Annotated[
        list[str] | None, typer.Argument(help="A question; further ones follow up on it.")
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            help='Read lines of {"id", "turns": [..]} from a file, - for stdin, and print JSON.'
        ),
    ] = None,
    export: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Write the last answer to a file ending in .md, .bib, .ris or .csv; repeatable.",
        ),
    ] = None,
    receipt: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write how the last answer was made, for `paperchat replay`."
        ),
    ] = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Answer questions, citing papers and the sentences that say so."""
    from ui import commands
    from ui.export.answer_files import AnswerFiles
    from ui.logs.log_setup import tell_more

    if verbose:
        tell_more()

    if (batch is None) == (not questions):
        raise typer.BadParameter("name either questions or --batch FILE")
    if batch is not None and (export or receipt):
        raise typer.BadParameter("--export and --receipt do not go with --batch")
    if batch is not None:
        if not commands.ask_batch(batch):
            raise typer.Exit(EXIT_ERROR)
    else:
        files = AnswerFiles(tuple(export or ()), receipt)
        commands.ask(tuple(questions or ()), files, as_json=as_json)


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="What `paperchat ask --receipt` wrote.")],
    as_json: AsJson = False,
) -> None:
    """Ask a receipt's questions again and tell what changed; exit code 3 if anything did."""
    from ui import commands

    if not commands.replay(file, as_json=as_json):
        raise typer.Exit(EXIT_CHANGED)


@app.command()
def stats(as_json: AsJson = False) -> None:
    """Tell what the library holds."""
    from ui import commands

    commands.stats(as_json=as_json)


@app.command()
def feedback(
    file: Annotated[Path, typer.Argument(help="Where to write them, one JSON object a line.")],
) -> None:
    """Write the answers that were rated on the page as questions to judge."""
    from ui import commands

    commands.feedback(file)


@app.command()
def doctor(
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend the library; its papers are never lost.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the installation, the settings, the library and the configured models."""
    from ui import commands

    if not commands.doctor(mend=repair, as_json=as_json):
        raise typer.Exit(EXIT_ERROR)


@app.command()
def serve(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="0 takes any free one.")
    ] = DEFAULT_PORT,
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="The address to listen at; any but this machine's own needs PAPERCHAT_PASSWORD.",
        ),
    ] = DEFAULT_HOST,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    verbose: Verbose = False,
) -> None:
    """Open the chat page, on this machine only unless another address is named."""
    from ui import commands
    from ui.logs.log_setup import tell_more

    if verbose:
        tell_more()
    commands.serve(host, port, open_browser=browser)


@app.command()
def mcp() -> None:
    """Give a model tools to ask and to search the papers, by the Model Context Protocol."""
    from ui import commands

    commands.mcp()


def main() -> None:
    """Run the command line; what a user can act on ends as a message and exit code 1."""
    _end_when_told()
    if sys.stdout is None:  # closed by whoever ran the command
        sys.exit(_CLOSED)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without all letters shows "?"
    from ui.logs.log_setup import log_to_stderr

    log_to_stderr(os.environ)
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except PaperchatError as error:
        from ui.console.terminal import show_error

        show_error(error)
        sys.exit(EXIT_ERROR)
    except OSError as error:
        _end_output(error)
        sys.exit(EXIT_ERROR)
    except Exception as error:  # noqa: BLE001 - logged
        from ui.logs.unexpected import unexpected

        no_memory = isinstance(error, MemoryError) or _NO_THREAD in str(error)
        told = _NO_MEMORY if no_memory else f"Error: {unexpected(error, 'a command failed')}\n"
        sys.stderr.write(told)
        sys.exit(EXIT_ERROR)


def _end_when_told() -> None:
    """Have what is open closed when paperchat is told to end, or its terminal is closed."""
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(EXIT_TERMINATED))
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # else `nohup` is to keep it going
        signal.signal(signal.SIGHUP, _hang_up)


def _hang_up(_signal: int, _frame: object) -> None:
    """End as by SIGTERM. A shell and the system both say so, and once is enough to close by."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.raise_signal(signal.SIGTERM)


def _end_output(error: OSError) -> None:
    """Say why nothing more can be written to stdout, and leave Python nothing to write there.

    The packages wrap their errors, so this one is of our own output: a full disk, or a reader that
    left (`paperchat ask … | head`), to whom there is nothing more to say.
    """
    if not isinstance(error, BrokenPipeError):
        sys.stderr.write(f"Error: The output cannot be written: {error.strerror or error}\n")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
