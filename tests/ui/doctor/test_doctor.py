"""What `paperchat doctor` finds: no library, a library in every state, servers of every kind."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest
from embedding_server import embeds
from fakes import FakeModelServer, Request, Script, fails, says
from processes import paperchat

from ingest.indexing import index_pending
from ui.doctor.doctor import examine
from ui.doctor.doctor_check import Check, Status, ok, problem, warning
from ui.doctor.doctor_software import shipped_model_check
from ui.environment import Environment, SettingsError
from vectorstore.catalog import CATALOG_FILE
from vectorstore.catalog_migration import SCHEMA_VERSION
from vectorstore.library import open_library
from vectorstore.lock import LibraryLock
from vectorstore.model_checksums import DESCRIPTION
from vectorstore.onnx_embedding import MODEL_FOLDER, OnnxEmbedder
from vectorstore.records import Paper

KEY = "sk-canary-7f3a9b2c"
NAME = OnnxEmbedder().name
BREAD = Paper("bread", "Bread in a Hurry", "Bread rises slowly. We present a faster starter.")
SOUP = Paper("soup", "Salt for Soup", "Soup needs salt. Twelve grams are enough.")
ANEW = "The next command makes the vectors anew."
HOME_HINT = "Set PAPERCHAT_HOME to a folder that you can write to."
OTHER_LIBRARY = (
    "Set PAPERCHAT_HOME to another folder and ingest again, or go back to the paperchat and the"
    " embedding model that wrote it."
)


def checks(home: Path, **variables: str) -> dict[str, Check]:
    """Return all checks by their names."""
    return {check.name: check for check in examine({"PAPERCHAT_HOME": str(home), **variables})}


@pytest.fixture
def home(tmp_path: Path, embedder: OnnxEmbedder) -> Path:
    """Return the folder of a library of two papers that nobody has open."""
    folder = tmp_path / "library"
    with open_library(folder, embedder) as library:
        library.add([BREAD, SOUP])
        index_pending(library)
    return folder


def test_nothing_installed_amiss_and_no_library(tmp_path: Path) -> None:
    found = checks(tmp_path / "library")
    assert list(found) == [
        "python",
        "packages",
        "settings",
        "library folder",
        "disk space",
        "log",
        "shipped embedding model",
        "chat model",
    ]
    assert {check.status for check in found.values()} == {Status.OK}
    assert found["settings"] == ok("settings", "can be read: PAPERCHAT_HOME")
    folder = f"{tmp_path / 'library'} is not there yet"
    assert found["library folder"] == ok("library folder", folder, "paperchat ingest makes it.")
    assert found["shipped embedding model"].detail == f"{NAME}: loads, checksums hold"
    assert found["chat model"] == ok(
        "chat model", "no chat model configured: answers are extractive"
    )
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_stays_empty(tmp_path: Path) -> None:
    found = checks(tmp_path)["library folder"]
    assert found == ok(
        "library folder", f"{tmp_path} has no library yet", "paperchat ingest makes one."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert checks(file)["library folder"] == problem(
        "library folder", f"{file} is not a folder", HOME_HINT
    )
    below = checks(file / "library")
    assert below["library folder"] == problem(
        "library folder", f"{file} cannot be read and written", HOME_HINT
    )
    assert below["chat model"].status is Status.OK


def test_a_healthy_library(home: Path) -> None:
    before = sorted(path.name for path in home.iterdir())
    found = checks(home)
    assert {check.status for check in found.values()} == {Status.OK}
    assert [found[name].detail for name in LIBRARY] == [
        "2 papers, 0 of them waiting to be indexed",
        SCHEMA_VERSION,
        NAME,
        "free: no other process has the library open",
        "the catalog counts 2 passages, Chroma has 2",
    ]
    assert sorted(path.name for path in home.iterdir()) == before


LIBRARY = (
    "library",
    "library's schema version",
    "library's embedding model",
    "lock",
    "catalog and Chroma",
)


def test_papers_that_wait(home: Path, embedder: OnnxEmbedder) -> None:
    with open_library(home, embedder) as library:
        library.add([Paper("tea", "Tea", "Tea is hot.")])
    found = checks(home)
    assert found["library"] == warning(
        "library",
        "3 papers, 1 of them waiting to be indexed",
        "The next command indexes them; stats does not.",
    )
    assert found["catalog and Chroma"].status is Status.OK


def test_a_library_that_is_in_use(home: Path) -> None:
    lock = LibraryLock(home)
    try:
        found = checks(home)
    finally:
        lock.release()
    held = found["lock"]
    assert held.status is Status.WARNING
    assert re.match(rf"Another process is using this library: process {os.getpid()}, ", held.detail)
    assert held.hint == "Stop it first, or set PAPERCHAT_HOME to another folder."
    assert "catalog and Chroma" not in found
    assert found["library"].status is Status.OK


def test_a_library_that_lost_its_vectors(home: Path) -> None:
    shutil.rmtree(home / "chroma")
    detail = "the catalog counts 2 passages, Chroma has 0"
    assert checks(home)["catalog and Chroma"] == problem("catalog and Chroma", detail, ANEW)
    assert not (home / "chroma").exists()


def test_vectors_that_no_paper_has(home: Path) -> None:
    with sqlite3.connect(home / CATALOG_FILE) as catalog:
        catalog.execute("DELETE FROM papers WHERE id = 'soup'")
    catalog.close()
    detail = "the catalog counts 1 passages, Chroma has 2"
    assert checks(home)["catalog and Chroma"] == problem("catalog and Chroma", detail, ANEW)


def test_a_library_of_another_version_and_model(home: Path) -> None:
    with sqlite3.connect(home / CATALOG_FILE) as catalog:
        catalog.execute("UPDATE about SET value = '0' WHERE key = 'schema_version'")
        catalog.execute("UPDATE about SET value = 'old' WHERE key = 'embedding_model'")
    catalog.close()
    found = checks(home)
    for name, mine, theirs in (
        ("library's schema version", SCHEMA_VERSION, "0"),
        ("library's embedding model", NAME, "old"),
    ):
        detail = f"written with {theirs}, and this paperchat has {mine}"
        assert found[name] == problem(name, detail, OTHER_LIBRARY)


def test_a_catalog_that_is_none(home: Path) -> None:
    (home / CATALOG_FILE).write_bytes(b"This is no database, and never was one." * 40)
    found = checks(home)
    assert found["library"].status is Status.PROBLEM
    assert found["library"].detail.startswith("The catalog cannot be used: file is not a database")
    assert found["chat model"].status is Status.OK


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def free(size: int) -> Check:
        usage = shutil.disk_usage(tmp_path)._replace(free=size)
        monkeypatch.setattr("ui.doctor.doctor_library.shutil.disk_usage", lambda _: usage)
        return checks(tmp_path)["disk space"]

    assert free(10_000_000) == problem(
        "disk space", f"0.0 GB free at {tmp_path}", "Free some space before you ingest."
    )
    monkeypatch.undo()
    assert free(300_000_000) == warning(
        "disk space", f"0.3 GB free at {tmp_path}", "Free some space before you ingest much."
    )


def test_every_wrong_setting_is_told(tmp_path: Path) -> None:
    variables = {
        "PAPERCHAT_HOME": str(tmp_path),
        "PAPERCHAT_MODLE": "m",
        "PAPERCHAT_TIMEOUT_S": "soon",
        "PAPERCHAT_PRICE_INPUT": "3",
        "OPENAI_API_KEY": "two words",
    }
    found = list(examine(variables))
    wrong = [check for check in found if check.name == "settings"]
    assert {check.status for check in wrong} == {Status.PROBLEM}
    assert [check.detail for check in wrong] == [
        "There is no setting PAPERCHAT_MODLE (environment)",
        "PAPERCHAT_TIMEOUT_S must be a number above 0, not 'soon' (environment)",
        "PAPERCHAT_PRICE_INPUT is set, but PAPERCHAT_PRICE_OUTPUT is not (environment)",
        "OPENAI_API_KEY has characters that no key has (environment)",
    ]
    assert wrong[0].hint.startswith("Did you mean PAPERCHAT_MODEL? ")
    assert "two words" not in str(found)
    assert found[-1].name == "chat model"


def test_a_settings_error_that_blames_no_variable_ends_the_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attempts = iter([SettingsError("Nothing fits", hint="Set all anew.")])

    def read(_: Mapping[str, str]) -> Environment:
        raise next(attempts)  # a second attempt raises StopIteration

    monkeypatch.setattr("ui.doctor.doctor.read_environment", read)
    with pytest.raises(SettingsError, match="Nothing fits"):
        list(examine({}))


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    shutil.copytree(MODEL_FOLDER, tmp_path / "model")
    return tmp_path / "model"


def test_a_shipped_model_with_another_tokenizer(damaged: Path) -> None:
    (damaged / "tokenizer.json").write_text("{}", "utf-8")
    assert shipped_model_check(damaged) == problem(
        "shipped embedding model",
        f"tokenizer.json in {damaged} differ from what was published",
        "Install paperchat again.",
    )


def test_a_shipped_model_that_is_not_there(damaged: Path) -> None:
    missing = problem(
        "shipped embedding model",
        f"The embedding model is missing or damaged ({damaged})",
        "Install paperchat again.",
    )
    (damaged / "model.onnx").unlink()
    assert shipped_model_check(damaged) == missing
    (damaged / DESCRIPTION).write_text("[]", "utf-8")
    assert shipped_model_check(damaged) == missing


def serving(
    models: object = None, chat: Script | None = None, form: Script | None = None
) -> FakeModelServer:
    """Return a server that lists models, chats, and replies with JSON where that is asked for."""

    def answer(request: Request) -> Script:
        if request.path == "/v1/models":
            return models if isinstance(models, Script) else Script(body=json.dumps(models))
        if request.path == "/v1/embeddings":
            return embeds(request)
        asked_for_json = "JSON" in request.prompt
        return (form or says('{"word": "ready"}')) if asked_for_json else (chat or says("ready"))

    return FakeModelServer(answer)


def listing(*names: str, **facts: object) -> dict[str, object]:
    return {"object": "list", "data": [{"id": name, "object": "model", **facts} for name in names]}


def model_checks(server: FakeModelServer, tmp_path: Path, **variables: str) -> list[Check]:
    """Return the checks of a chat model named "small" at this server."""
    where = {"PAPERCHAT_MODEL": "small", "OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": KEY}
    all_checks = list(checks(tmp_path, **{**where, **variables}).values())
    names = [check.name for check in all_checks]
    return all_checks[names.index("chat model") :]


def test_a_model_that_works(tmp_path: Path) -> None:
    with serving(
        listing("small", max_model_len=16_384), Script(("ready",), usage=(12, 3))
    ) as server:
        listed, chat, usage, structured, window = model_checks(server, tmp_path)
    assert listed == ok("chat model", f"{server.base_url} answers, and lists small")
    assert re.fullmatch(r"first word after \d\.\d s, whole reply after \d\.\d s", chat.detail)
    assert (chat.name, chat.status) == ("chat", Status.OK)
    assert usage == ok("usage", "the server counts: 12 tokens sent, 3 received")
    assert structured == ok("structured output", "works, by JSON schema")
    assert window == ok("context window", "served with 16,384 tokens; paperchat uses 8,192")
    assert [request.path for request in server.requests] == [
        "/v1/models",
        "/v1/chat/completions",
        "/v1/chat/completions",
    ]


@pytest.mark.parametrize(
    ("models", "detail", "hint"),
    [
        (listing("tiny", "smol"), "does not list small", "Did you mean smol?"),
        (listing("a", "b"), "does not list small", "It lists a, b."),
        (listing(), "does not list small", "It lists none."),
        (
            listing(*"abcdefg"),
            "does not list small",
            "It lists a, b, c, d, e and 2 more.",
        ),
        (listing("small:latest"), "lists small", ""),
        (fails(404), "does not list its models", ""),
        (fails(403), "does not list its models", ""),
        (Script(body="<html>", content_type="text/html"), "does not list its models", ""),
        ({"data": "none"}, "does not list its models", ""),
        ({"data": [5, {"id": 7}, {}]}, "does not list small", "It lists none."),
        (["small"], "does not list its models", ""),
    ],
)
def test_the_names_that_a_server_lists(
    tmp_path: Path, models: object, detail: str, hint: str
) -> None:
    with serving(models) as server:
        listed, chat, *_ = model_checks(server, tmp_path)
    status = Status.WARNING if hint else Status.OK
    joined = f"{server.base_url} answers, and {detail}"
    assert listed == Check("chat model", status, joined, hint)
    assert chat.status is Status.OK


@pytest.mark.parametrize(
    ("models", "detail", "hint"),
    [
        (
            fails(401, f"Incorrect API key provided: {KEY}"),
            "did not accept the API key",
            "Check that the key belongs to this server.",
        ),
        (
            Script(silent=True),
            "sent nothing for 0.5 s",
            "The model may still be loading; PAPERCHAT_TIMEOUT_S sets how long to wait.",
        ),
    ],
)
def test_a_server_that_cannot_be_used(
    tmp_path: Path, models: Script, detail: str, hint: str
) -> None:
    with serving(models) as server:
        found = model_checks(server, tmp_path, PAPERCHAT_TIMEOUT_S="0.5")
    assert found == [problem("chat model", f"The model server at {server.base_url} {detail}", hint)]


def test_a_model_without_an_address(tmp_path: Path) -> None:
    found = checks(tmp_path, PAPERCHAT_MODEL="small")
    assert found["chat model"] == problem(
        "chat model",
        "PAPERCHAT_MODEL names small, but not where it is served (environment)",
        "Set OPENAI_BASE_URL to its server, or OPENAI_API_KEY to use OpenAI's.",
    )


def test_checks_go_on_after_a_failing_one(tmp_path: Path) -> None:
    wrong = fails(404, f"No model small for {KEY}")
    with serving(listing("small", meta={"n_ctx": 4096}), wrong, says("Sure!")) as server:
        _, chat, structured, window = model_checks(server, tmp_path)
    address = f"The model server at {server.base_url}"
    assert chat == problem(
        "chat",
        f"{address} does not know the model small, or the address is wrong",
        "The server says: “No model small for (key)”",
    )
    assert structured == warning(
        "structured output",
        "The model small did not reply in the form that it was asked for",
        "Ask again, or choose another model.",
    )
    assert window == problem(
        "context window",
        "served with 4,096 tokens, and paperchat uses 8,192",
        "Set PAPERCHAT_CONTEXT_TOKENS to 4096.",
    )


def test_what_a_model_does_without(tmp_path: Path) -> None:
    def plain(request: Request) -> Script:
        refused = {"temperature", "response_format", "stream_options"} & request.body.keys()
        if request.path == "/v1/models":
            return fails(404)
        if refused:
            return fails(400, f"Unknown parameter: {min(refused)}")
        return says('{"word": 5}' if "JSON" in request.prompt else "ready")

    prices = {"PAPERCHAT_PRICE_INPUT": "1", "PAPERCHAT_PRICE_OUTPUT": "2"}
    with FakeModelServer(plain) as server:
        _, chat, usage, structured, window = model_checks(server, tmp_path, **prices)
    assert chat.detail.endswith("; goes without stream_options, temperature")
    assert usage.status is Status.WARNING
    assert re.match("the server does not count, paperchat does: about [1-9]", usage.detail)
    assert usage.hint == "Costs are estimates, give or take some percent."
    assert structured == warning(
        "structured output",
        "the model replied with another form than asked for",
        "Answers do without: simple rules read the questions. Another model may do better.",
    )
    assert window == ok(
        "context window",
        "the server does not tell; paperchat uses 8,192 tokens",
        "Check that the model is served with as many.",
    )


def test_an_embeddings_server(tmp_path: Path) -> None:
    with serving() as server:
        where = {"PAPERCHAT_EMBEDDING_URL": server.base_url, "OPENAI_API_KEY": KEY}
        found = checks(tmp_path, PAPERCHAT_EMBEDDING_MODEL="openai:words", **where)
    assert found["embedding model"] == ok(
        "embedding model", "openai:words answers with 16 numbers a text"
    )
    with FakeModelServer(fails(400, f"Bad key {KEY}")) as server:
        where["PAPERCHAT_EMBEDDING_URL"] = server.base_url
        found = checks(tmp_path, PAPERCHAT_EMBEDDING_MODEL="openai:words", **where)
    assert found["embedding model"] == problem(
        "embedding model",
        f"The embedding server at {server.base_url} did not accept the request and answered with"
        " status 400",
        "The server says: “Bad key (key)”",
    )
    assert found["chat model"].status is Status.OK


def test_models_in_folders_that_are_not_there(tmp_path: Path) -> None:
    missing = f"fastembed:{tmp_path / 'none'}"
    found = checks(tmp_path, PAPERCHAT_EMBEDDING_MODEL=missing, PAPERCHAT_RERANKER=missing)
    assert found["embedding model"].status is Status.PROBLEM
    assert found["reranker"].status is Status.PROBLEM
    assert found["chat model"].status is Status.OK


def test_the_command(home: Path) -> None:
    with serving(listing(KEY, "smal"), says(KEY)) as server:
        where = {"PAPERCHAT_MODEL": "small", "OPENAI_BASE_URL": server.base_url}
        shown = paperchat("doctor", home=home, OPENAI_API_KEY=KEY, **where)
        assert (shown.returncode, shown.stderr) == (0, "")
        assert KEY not in shown.stdout
        lines = shown.stdout.splitlines()
        at = next(at for at, line in enumerate(lines) if "chat model: " in line)
        assert lines[at : at + 2] == [
            f"warning  chat model: {server.base_url} answers, and does not list small",
            "         Did you mean smal?",
        ]
    # The server is gone, and nothing else is: one check fails.
    failed = paperchat("doctor", "--json", home=home, OPENAI_API_KEY=KEY, **where)
    assert (failed.returncode, failed.stderr) == (1, "")
    objects = [json.loads(line) for line in failed.stdout.splitlines()]
    assert [item for item in objects if item["status"] != "ok"] == [
        {
            "name": "chat model",
            "status": "problem",
            "detail": f"The model server at {server.base_url} refused the connection",
            "hint": "Start the server, or check the address.",
        }
    ]


def test_the_command_makes_no_library(tmp_path: Path) -> None:
    result = paperchat("doctor", home=tmp_path / "library")
    assert (result.returncode, result.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []
