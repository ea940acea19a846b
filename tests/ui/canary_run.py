"""One run of all that paperchat does, with secrets planted everywhere, and all that came of it.

Each secret is a word that is nowhere else. The servers behind it repeat whatever they are sent, as
the worst ones do.
"""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import anyio
import httpx
import pytest
from embedding_server import embeds
from fakes import FakeModelServer, Request, Script, fails, says
from mcp import Client
from page_visitor import PageVisitor, visiting
from running import running

from assistant.checking.sentence_ids import SENTENCE_ID
from assistant.conversations.conversation_file import CONVERSATIONS_FILE
from assistant.conversations.store import ConversationStore
from ui import cli
from ui.environment import read_environment
from ui.export.conversation_markdown import conversation_markdown
from ui.page.opened_page import opened_page
from ui.programs.mcp_server import mcp_server
from ui.programs.open_library import OpenLibrary
from ui.server.lines import make_lines
from ui.server.page_app import page_server
from ui.server.web_server import WebServer

ANN, BEN = "a" * 43, "b" * 43
PAPERS = """\
@article{levain, title = {Levain Without Waiting}, year = {2024},
  abstract = {Sourdough bread takes a day to rise. We keep the starter warm and feed it twice.}}
@article{broth, title = {Clear Broth}, year = {2025},
  abstract = {Soup turns cloudy when it boils. We simmer the broth below the boiling point.}}
"""
QUESTION = "How long does sourdough bread take to rise?"

SECRETS = (
    *("chat key", "embeddings key", "page key", "tried key"),
    *("chat name", "chat password", "chat parameter"),
    *("embeddings name", "embeddings password", "embeddings parameter"),
    *("Chroma token", "Chroma name", "Chroma password"),
    *("feed name", "feed password"),
    *("password", "wrong password", "session", "visitor"),
    *("question", "title", "note", "upload", "home"),
)


def canary(name: str) -> str:
    """Return the word that is planted as this secret."""
    return f"canary{SECRETS.index(name):02}x{name.replace(' ', 'x')}x7f3a9b2c"


@dataclass
class Run:
    """What came of the run.

    `places` has all that can be seen, by where; `servers` what each server was sent, by which;
    `tokens` the secrets that paperchat makes itself.
    """

    home: Path
    places: dict[str, str] = field(default_factory=dict)
    servers: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def word(self, name: str) -> str:
        """Return the word to look for."""
        return self.tokens.get(name) or canary(name)

    def add(self, place: str, text: str) -> None:
        """Keep what is seen in a place."""
        self.places[place] = self.places.get(place, "") + text


def repeats(request: Request) -> Script:
    """Refuse, and repeat what a request came with."""
    authorization = request.headers.get("authorization", "")
    return fails(400, f"{request.path} {authorization} {decoded(authorization)} is refused")


def repeats_as_chroma(request: Request) -> Script:
    """Fail as Chroma does, and repeat what a request came with."""
    authorization = request.headers.get("authorization", "")
    sent = f"{request.headers.get('x-chroma-token')} {authorization} {decoded(authorization)}"
    return Script(status=500, body=json.dumps({"error": "InternalError", "message": sent}))


def decoded(authorization: str) -> str:
    """Return the name and password of a header, "" where it has none."""
    kind, _, value = authorization.partition(" ")
    return base64.b64decode(value).decode() if kind == "Basic" else ""


def answers(request: Request) -> Script:
    """Reply with a claim that cites the first sentence of the prompt."""
    shown = SENTENCE_ID.search(request.body["messages"][-1]["content"])
    return says(f"A day [{shown.group()}].") if shown else repeats(request)


def at(base_url: str, name: str, password: str, parameter: str = "") -> str:
    """Return the address with an account and a parameter in it."""
    parts = urlsplit(base_url)
    query = f"?key={parameter}" if parameter else ""
    return f"{parts.scheme}://{name}:{password}@{parts.netloc}{parts.path}{query}"


@contextmanager
def environment(home: Path, **variables: str) -> Iterator[None]:
    """Have nothing configured but this."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("PAPERCHAT_", "OPENAI_")):
                patch.delenv(name)
        patch.setenv("PAPERCHAT_HOME", str(home))
        patch.setenv("COLUMNS", "1000")
        patch.setenv("GRADIO_TEMP_DIR", str(home))  # so that it is set back
        for name, value in variables.items():
            patch.setenv(name, value)
        yield


@contextmanager
def heard(run: Run, name: str) -> Iterator[None]:
    """Keep what is said on stdout and stderr in the block; leave the log as it was."""
    terminated, handlers = signal.getsignal(signal.SIGTERM), logging.getLogger().handlers[:]
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    try:
        with redirect_stdout(out), redirect_stderr(err):
            yield
    finally:
        signal.signal(signal.SIGTERM, terminated)
        for handler in logging.getLogger().handlers:
            if handler not in handlers:
                handler.close()
        logging.getLogger().handlers[:] = handlers
    for stream, said in (("stdout", out), ("stderr", err)):
        run.add(f"{stream} of {name}", said.buffer.getvalue().decode("utf-8"))


def command(run: Run, name: str, *arguments: str) -> int:
    """Run a command as the shell does, and keep what it says; return its exit code."""
    with pytest.MonkeyPatch.context() as patch, heard(run, name):
        patch.setattr(sys, "argv", ["paperchat", *arguments])
        try:
            cli.main()
        except SystemExit as end:
            return int(end.code or 0)
    return 0


def keep_sent(run: Run, name: str, server: FakeModelServer) -> None:
    """Keep what a server was sent."""
    sent = [(request.path, request.headers, request.body) for request in server.requests]
    accounts = [decoded(headers.get("authorization", "")) for _, headers, _ in sent]
    run.servers[name] = f"{sent} {accounts}"


def run_commands(run: Run, folder: Path) -> None:
    """Take papers in, ask, export, fetch and examine, of servers that answer and that fail."""
    papers, receipt = folder / "papers.bib", folder / "receipt.json"
    papers.write_text(PAPERS, "utf-8")
    model = {"PAPERCHAT_MODEL": "tiny", "OPENAI_API_KEY": canary("chat key")}
    with FakeModelServer(answers) as chat, FakeModelServer(repeats) as refusing:
        with environment(run.home):
            assert command(run, "ingest", "--verbose", "ingest", str(papers)) == 0
        files = [folder / f"answer.{ending}" for ending in ("md", "bib", "ris", "csv")]
        exports = [part for file in files for part in ("--export", str(file))]
        account = (canary("chat name"), canary("chat password"), canary("chat parameter"))
        with environment(run.home, **model, OPENAI_BASE_URL=at(chat.base_url, *account)):
            asked = ("--verbose", "ask", QUESTION, "--receipt", str(receipt), *exports)
            assert command(run, "ask", *asked) == 0
        with environment(run.home, **model, OPENAI_BASE_URL=chat.base_url):
            assert command(run, "ask by key", "--verbose", "ask", QUESTION) == 0
        with environment(run.home, **model, OPENAI_BASE_URL=at(refusing.base_url, *account)):
            assert command(run, "ask refused", "--verbose", "ask", QUESTION) == 0
            asked = ("replay", str(receipt), "--json")
            command(run, "replay refused", *asked)
            by_mcp(run)
        with environment(run.home, **model, OPENAI_BASE_URL=refusing.base_url):
            assert command(run, "doctor refused", "--verbose", "doctor") == 1
        keep_sent(run, "chat", chat)
        keep_sent(run, "refusing chat", refusing)
    for file in (receipt, *files):
        run.add(f"file {file.name}", file.read_text("utf-8"))


def run_other_servers(run: Run, folder: Path) -> None:
    """Have an embedding server, a Chroma server and a feed answer, or refuse."""
    other = folder / "other" / "library"
    model = {"PAPERCHAT_EMBEDDING_MODEL": "openai:tiny"}
    model["OPENAI_API_KEY"] = canary("embeddings key")
    with FakeModelServer(embeds) as embedding, FakeModelServer(repeats) as refusing:
        with environment(other, **model, PAPERCHAT_EMBEDDING_URL=embedding.base_url):
            taken = ("--verbose", "ingest", str(folder / "papers.bib"))
            assert command(run, "ingest by server", *taken) == 0
        account = [canary(f"embeddings {part}") for part in ("name", "password", "parameter")]
        with environment(other, **model, PAPERCHAT_EMBEDDING_URL=at(refusing.base_url, *account)):
            asked = ("--verbose", "search", "bread", "--json")
            assert command(run, "search refused", *asked) == 1
            assert command(run, "doctor embeddings", "--verbose", "doctor", "--json") == 1
        with environment(other, **model, PAPERCHAT_EMBEDDING_URL=refusing.base_url):
            assert command(run, "search by key", *asked) == 1
        keep_sent(run, "embeddings", embedding)
        keep_sent(run, "refusing embeddings", refusing)
    with FakeModelServer(repeats_as_chroma) as chroma:
        address = chroma.base_url.removesuffix("/v1")
        account = [canary("Chroma name"), canary("Chroma password")]
        variables = {"PAPERCHAT_CHROMA_URL": at(address, *account)}
        variables["PAPERCHAT_CHROMA_TOKEN"] = canary("Chroma token")
        with environment(run.home, **variables):
            asked = ("--verbose", "search", "bread")
            assert command(run, "search of Chroma", *asked) == 1
            assert command(run, "doctor of Chroma", "--verbose", "doctor") == 1
        keep_sent(run, "Chroma", chroma)
    with FakeModelServer(repeats) as feed:
        account = [canary("feed name"), canary("feed password")]
        with environment(run.home, PAPERCHAT_ARXIV_URL=at(feed.base_url, *account)):
            fetched = ("--verbose", "fetch", "arxiv", "--query", "bread", "--limit", "1")
            assert command(run, "fetch", *fetched) == 1
        keep_sent(run, "feed", feed)
    for file in other.rglob("*"):
        if file.is_file():
            run.add("other home", file.read_bytes().decode("latin-1"))


def by_mcp(run: Run) -> None:
    """Ask as a model's program does, in the environment as it is."""

    async def called() -> str:
        settings = read_environment(os.environ)
        with OpenLibrary(settings) as library:
            async with Client(mcp_server(library, make_lines())) as client:
                told = await client.call_tool("ask_papers", {"question": QUESTION})
                return str(told.model_dump_json())

    run.add("mcp", anyio.run(called))


@contextmanager
def page(run: Run, name: str, *, shared: bool) -> Iterator[str]:
    """Serve the page as the environment has it, and give its address."""
    settings = read_environment(os.environ)
    with heard(run, name):
        cli.app(["--verbose", "stats"], standalone_mode=False)  # which sets the log up
        with opened_page(settings, lambda _: None, shared=shared) as made:

            def server(host: str, port: int) -> WebServer:
                return page_server(made.blocks, host, port, settings.password, made.lines)

            with running(server) as address:
                yield address


def run_own_page(run: Run) -> None:
    """Have Ann enter a key, ask, name and judge, and Ben look around, on a page of this machine."""
    with (
        FakeModelServer(repeats) as refusing,
        environment(run.home),
        page(run, "page", shared=False) as address,
        visiting(address, ANN) as ann,
        visiting(address, BEN) as ben,
    ):
        ann.open()
        form = {"base_url": refusing.base_url, "model": "tiny"}
        tried = ann.call("settings-view", "try_model", **form, key=canary("tried key"))
        assert not tried["works"]
        ann.call("settings-view", "list_models", **form, key=canary("tried key"))
        assert "said" in ann.call("settings-view", "save_model", **form, key=canary("page key"))
        ann.call("settings-view", "settings")
        assert "The model server at" in ann.ask(question=QUESTION)["html"]
        asked = ann.ask(question=f"{QUESTION} {canary('question')}")
        place = {part: asked[part] for part in ("conversation", "position", "number")}
        there = {"conversation": asked["conversation"]}
        ann.call("conversations-view", "renamed", **there, title=canary("title"))
        ann.call("feedback-view", "rated", **place, rating="down", note=canary("note"))
        add_a_file(ann, f"{canary('upload')}.bib")
        for part, function in (("ask-view", "opened"), ("feedback-view", "thumbs")):
            ann.call(part, function, **there)
        ann.call("conversations-view", "exported", **there)
        look_around(ben, there)
        by_program(run, "API", address)
        run.tokens["visitor"] = ANN
        run.add("Ann", "".join(ann.received))
        run.add("Ben", "".join(ben.received))
        keep_sent(run, "page's chat", refusing)


def add_a_file(ann: PageVisitor, name: str) -> None:
    """Add a file that nothing can be read from, and wait for its report."""
    upload = ann.call("library-view", "begun", files=1)["upload"]
    assert ann.call("library-view", "received", upload=upload, name=name, data="QA==") == {}
    ann.call("library-view", "started", upload=upload)
    give_up = time.monotonic() + 60
    while not ann.call("library-view", "uploads", known=[])["uploads"][0]["ended"]:
        assert time.monotonic() < give_up
        time.sleep(0.02)


def look_around(ben: PageVisitor, there: dict[str, str]) -> None:
    """See all that the page shows, and try what is another's."""
    ben.open()
    for part, function in (
        *(("page-head", "status"), ("ask-view", "welcome"), ("library-view", "uploads")),
        *(("conversations-view", "ratings"), ("settings-view", "settings"), ("map-view", "drawn")),
    ):
        ben.call(part, function)
    ben.call("conversations-view", "listed", words="", before=0)
    ben.call("library-view", "listed", sort="title ascending")
    for part, function in (("ask-view", "opened"), ("conversations-view", "exported")):
        ben.call(part, function, **there)
    ben.call("feedback-view", "thumbs", **there)
    ben.ask(question=QUESTION)


def by_program(run: Run, place: str, address: str, **headers: str) -> None:
    """Ask by the API."""
    with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        for name, data in (("ask", [QUESTION, [], []]), ("stats", []), ("search", ["bread"])):
            event = client.post(f"/gradio_api/call/{name}", json={"data": data}).json()["event_id"]
            run.add(place, client.get(f"/gradio_api/call/{name}/{event}").text)


def run_shared_page(run: Run) -> None:
    """Have people log in, or fail to, on a page that is served to others."""
    with (
        FakeModelServer(repeats) as refusing,
        environment(
            run.home,
            PAPERCHAT_PASSWORD=canary("password"),
            PAPERCHAT_MODEL="tiny",
            OPENAI_API_KEY=canary("chat key"),
            OPENAI_BASE_URL=refusing.base_url,
        ),
        page(run, "shared page", shared=True) as address,
        visiting(address, BEN) as ben,
    ):
        person = {"accept": "text/html"}
        wrong = ben.client.post(
            "/login", data={"password": canary("wrong password")}, headers=person
        )
        assert wrong.status_code == 401
        right = ben.client.post("/login", data={"password": canary("password")}, headers=person)
        run.tokens["session"] = right.headers["set-cookie"].partition(";")[0].partition("=")[2]
        forms = [response.request.content.decode() for response in (wrong, right)]
        run.servers["login"] = f"{forms} {ben.client.cookies!r}"
        ben.received.clear()  # who logs in is given the session
        look_around(ben, {"conversation": "none"})
        ben.client.get("/config/")
        ben.client.get("/nowhere")
        run.add("shared page", "".join(ben.received))
        by_program(run, "shared API", address, authorization=f"Bearer {canary('password')}")
        processes = Path("/proc").glob("[0-9]*/cmdline")
        run.add("processes", "\n".join(map(_read, processes)))
        keep_sent(run, "shared chat", refusing)


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("latin-1")
    except OSError:  # it has ended
        return ""


def keep_home(run: Run) -> None:
    """Keep what is in the library's folder, the conversations also as they read."""
    for file in run.home.rglob("*"):
        if file.is_file():
            place = "conversations" if file.name.startswith(CONVERSATIONS_FILE) else "home"
            place = "log" if file.parent.name == "logs" else place
            run.add(place, file.read_bytes().decode("latin-1"))
    store = ConversationStore(run.home / CONVERSATIONS_FILE)
    for visitor in (ANN, BEN):
        for summary in store.summaries(visitor):
            saved = store.read(visitor, summary.id)
            run.add("conversations", conversation_markdown(saved))
            run.add("conversations", repr(saved))
    store.close()
