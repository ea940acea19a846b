"""What each command does, once its options are read."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ui import answer_json
from ui.answer_facts import counted
from ui.console import terminal
from ui.console.json_lines import print_json
from ui.environment import Environment, read_environment
from ui.export.answer_files import AnswerFiles
from ui.export.export_files import write_file
from ui.wiring import make_assistant, make_embedder, opened_library
from vectorstore.filters import Filters


def search(query: str, limit: int, filters: Filters, *, as_json: bool) -> None:
    """Print the papers that match best; what is to be known of the whole search, on stderr."""
    from assistant.answering import Assistant

    with opened_library(_environment()) as library:
        result = Assistant(library).search(query, limit, filters)
    if as_json:
        if notes := answer_json.search_notes_object(result):
            print_json(notes, terminal.errors.file)
        for hit in result.hits:
            print_json(answer_json.hit_object(hit))
    else:
        terminal.show_search_notes(result)
        terminal.show_hits(terminal.console(), result)


def why(question: str, title: str, filters: Filters, *, as_json: bool) -> None:
    """Print why a paper is, or is not, on the list for a question."""
    from assistant.answering import Assistant
    from ui.console.why_terminal import show_explanation

    with opened_library(_environment()) as library:
        explanation = Assistant(library).explain(question, title, filters)
    if as_json:
        print_json(answer_json.explanation_object(explanation))
    else:
        show_explanation(terminal.console(), explanation)


def ask(questions: Sequence[str], files: AnswerFiles, *, as_json: bool) -> None:
    """Answer questions as the turns of one conversation, print each answer, and write the last to
    `files`.
    """
    from assistant.answer import Turn
    from assistant.receipts.receipt import make_receipt
    from assistant.receipts.receipt_json import receipt_json
    from assistant.receipts.trace import Trace
    from ui.logs.question_log import By, QuestionLog
    from ui.receipts import circumstances

    files.check()
    environment = _environment()
    with opened_library(environment) as library:
        assistant = make_assistant(environment, library)
        history: list[Turn] = []
        for question in questions:
            trace = Trace()
            waiting = terminal.waiting(f"Answering ({assistant.mode})")
            with QuestionLog(By.COMMAND, question) as log, waiting:
                answer = log.answer = assistant.ask(question, history, trace=trace)
            history.append(Turn(question, answer))
            if as_json:
                print_json(answer_json.answer_object(answer))
            else:
                if len(questions) > 1:
                    terminal.show_question(terminal.console(), question)
                terminal.show_answer(terminal.console(), answer)
        if files.receipt:
            made_with = circumstances(environment, assistant)
            receipt = make_receipt(questions, history[-1].answer, trace, library, made_with)
            write_file(files.receipt, receipt_json(receipt))
        files.export(history[-1].answer)  # last: what fails here is told once all files are tried


def replay(file: Path, *, as_json: bool) -> bool:
    """Ask the questions of a receipt again and print what changed; tell whether nothing did."""
    from assistant.receipts.receipt_json import read_receipt
    from ui.console.replay_output import replay_object, show_replay
    from ui.receipts import replayed

    receipt = read_receipt(file)
    environment = _environment()
    with opened_library(environment) as library, terminal.waiting("Asking again"):
        found = replayed(receipt, library, environment)
    if as_json:
        print_json(replay_object(receipt, found))
    else:
        show_replay(terminal.console(), receipt, found)
    return found.same


def ask_batch(file: Path) -> bool:
    """Answer the conversations in `file`; tell whether every line was one."""
    from ui.batch import BatchError, answer_batch, read_batch
    from ui.console.progress import progress_bar

    lines = read_batch(file)
    environment = _environment()
    faultless = True
    with opened_library(environment) as library, progress_bar("Answering") as on_progress:
        assistant = make_assistant(environment, library)
        for done, result in enumerate(answer_batch(assistant, lines, str(file)), start=1):
            if isinstance(result, BatchError):
                faultless = False
                terminal.show_error(result)
            else:
                print_json(result)
            on_progress(done, len(lines))
    return faultless


def stats(*, as_json: bool) -> None:
    """Print what the library holds; works while another process has it open."""
    from vectorstore.library import read_counts

    environment = _environment()
    home = environment.home
    counts, recorded_model = read_counts(home, environment.chroma)
    model = recorded_model or make_embedder(environment).name
    if as_json:
        print_json(answer_json.stats_object(counts, model, str(home)))
    else:
        terminal.show_stats(terminal.console(), counts, model, str(home))


def feedback(file: Path) -> None:
    """Write all rated answers of the library as judged questions, one JSON object a line."""
    from assistant.conversations.conversation_file import CONVERSATIONS_FILE
    from assistant.conversations.feedback import FeedbackStore
    from assistant.conversations.store import ConversationStore

    conversations = ConversationStore(_environment().home / CONVERSATIONS_FILE)
    try:
        questions = list(FeedbackStore(conversations).judged_questions())
    finally:
        conversations.close()
    write_file(file, "".join(f"{json.dumps(question)}\n" for question in questions))
    terminal.say(f"{counted(len(questions), 'rated answer')} written to {file}")


def doctor(*, mend: bool, as_json: bool) -> bool:
    """Print each check, or with `mend` each repair, as soon as it is done; tell whether none found
    a problem, or none is left.
    """
    from ui.console.doctor_terminal import check_object, show_check
    from ui.doctor.doctor import examine
    from ui.doctor.doctor_check import Status
    from ui.doctor.doctor_repair import repair

    healthy = True
    for check in repair(os.environ) if mend else examine(os.environ):
        healthy = healthy and check.status is not Status.PROBLEM
        if as_json:
            print_json(check_object(check))
        else:
            show_check(terminal.console(), check)
    return healthy


def serve(host: str, port: int, *, open_browser: bool) -> None:
    """Serve the page until Ctrl-C."""
    from ui.page.opened_page import opened_page
    from ui.server.allocator import give_memory_back
    from ui.server.page_server import Door, serve_page

    give_memory_back()
    environment = _environment()
    door = Door(host, port, environment.password)
    with terminal.waiting("Starting") as status:

        def tell(stage: str) -> None:
            status.update(stage) if stage else status.stop()

        open_page = partial(opened_page, environment, shared=door.shared)
        serve_page(open_page, door, open_browser=open_browser, announce=_announce, tell=tell)


def mcp() -> None:
    """Serve tools for models on standard input and output until the client leaves."""
    from ui.programs.mcp_command import serve_mcp

    serve_mcp(_environment())


def _environment() -> Environment:
    return read_environment(os.environ)


def _announce(address: str) -> None:
    terminal.say(f"paperchat is at {address} (Ctrl-C ends it)")
