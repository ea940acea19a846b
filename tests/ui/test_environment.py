"""Settings from the environment, and what is refused there."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from assistant.model.chat_model import ChatModelSettings
from assistant.model.token_usage import Prices
from ui.environment import Environment, NamedModel, SettingsError, read_environment
from ui.wiring import endpoint_settings, make_embedder, make_reranker, model_settings
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.openai_embedding import EndpointSettings


def test_nothing_set_means_the_users_data_folder_and_no_model() -> None:
    home = platformdirs.user_data_path("paperchat", appauthor=False)
    assert read_environment({"PATH": "/bin"}) == Environment(home)


def test_every_setting_is_read() -> None:
    variables = {
        "PAPERCHAT_HOME": "/somewhere/library",
        "PAPERCHAT_MODEL": "small",
        "PAPERCHAT_TIMEOUT_S": "2.5",
        "PAPERCHAT_CONTEXT_TOKENS": "4096",
        "PAPERCHAT_PRICE_INPUT": "0",
        "PAPERCHAT_PRICE_OUTPUT": " 1.5 ",
        "PAPERCHAT_KEEP_OUT_SUSPICIOUS": "yes",
        "OPENAI_API_KEY": "secret\n",
        "OPENAI_BASE_URL": "http://127.0.0.1:1/v1",
    }
    environment = read_environment(variables)
    assert environment == Environment(
        Path("/somewhere/library"),
        "small",
        "secret",
        "http://127.0.0.1:1/v1",
        2.5,
        4096,
        price_input=0.0,
        price_output=1.5,
        keep_out_suspicious=True,
    )
    assert model_settings(environment) == ChatModelSettings(
        "small",
        "http://127.0.0.1:1/v1",
        "secret",
        timeout_s=2.5,
        context_tokens=4096,
        prices=Prices(0.0, 1.5),
    )


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", None),
        (" ", None),
        *((each, True) for each in ("1", "yes", "YES ", "true")),
        *((each, False) for each in ("0", "no", "No", "false")),
    ],
)
def test_yes_or_no(typed: str, read: bool | None) -> None:
    variables = {"PAPERCHAT_KEEP_OUT_SUSPICIOUS": typed}
    assert read_environment(variables).keep_out_suspicious is read


@pytest.mark.parametrize(
    ("context_tokens", "reply_tokens"),
    [
        (None, 2048),
        (1000, 500),
        (4096, 2048),
        (8192, 2048),
        (16_384, 4096),
        (32_768, 8192),
        (400_000, 8192),
    ],
)
def test_a_larger_window_leaves_room_for_thoughts(
    context_tokens: int | None, reply_tokens: int
) -> None:
    settings = model_settings(Environment(Path(), "small", "key", context_tokens=context_tokens))
    assert settings
    assert settings.reply_tokens == reply_tokens


def test_the_key_shows_in_no_representation() -> None:
    environment = Environment(Path(), "small", "canary-key", "http://127.0.0.1:1/v1")
    assert "canary-key" not in repr((environment, model_settings(environment)))


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        (
            {"PAPERCHAT_HOEM": "x"},
            "There is no setting PAPERCHAT_HOEM (environment). Did you mean PAPERCHAT_HOME?",
        ),
        (
            {"PAPERCHAT_HOME": "~nosuchuser/x"},
            "PAPERCHAT_HOME is '~nosuchuser/x', but there is no home folder of that user (environm"
            "ent). Write the folder's whole path, without ~.",
        ),
        ({"FASTEMBED_CACHE_PATH": "~nosuchuser"}, "FASTEMBED_CACHE_PATH is '~nosuchuser', but the"),
        ({"PAPERCHAT_XYZ": "x"}, "There is no setting PAPERCHAT_XYZ (environment). The settings"),
        ({"PAPERCHAT_TIMEOUT_S": "soon"}, "PAPERCHAT_TIMEOUT_S must be a number above 0, not 'so"),
        ({"PAPERCHAT_TIMEOUT_S": "-1"}, "PAPERCHAT_TIMEOUT_S must be a number above 0, not '-1'"),
        ({"PAPERCHAT_TIMEOUT_S": "inf"}, "PAPERCHAT_TIMEOUT_S must be a number above 0, not 'inf'"),
        ({"PAPERCHAT_TIMEOUT_S": "0"}, "PAPERCHAT_TIMEOUT_S must be a number above 0, not '0'"),
        (
            {"PAPERCHAT_PRICE_INPUT": "-1", "PAPERCHAT_PRICE_OUTPUT": "1"},
            "PAPERCHAT_PRICE_INPUT must be a number, 0 or above, not '-1' (environment). Set it to "
            "what a million tokens of a question to the chat model cost, or leave it out.",
        ),
        (
            {"PAPERCHAT_PRICE_INPUT": "1", "PAPERCHAT_PRICE_OUTPUT": "nan"},
            "PAPERCHAT_PRICE_OUTPUT must be a number, 0 or above, not 'nan'",
        ),
        (
            {"PAPERCHAT_PRICE_INPUT": "cheap"},
            "PAPERCHAT_PRICE_INPUT must be a number, 0 or above, not 'cheap'",
        ),
        (
            {"PAPERCHAT_PRICE_OUTPUT": "1"},
            "PAPERCHAT_PRICE_OUTPUT is set, but PAPERCHAT_PRICE_INPUT is not (environment). "
            "Set both, 0 for what costs nothing, or leave both out.",
        ),
        (
            {"PAPERCHAT_KEEP_OUT_SUSPICIOUS": "perhaps"},
            "PAPERCHAT_KEEP_OUT_SUSPICIOUS must be yes or no, not 'perhaps' (environment). Set it"
            " to yes where the chat model is to be shown no suspicious paper, or leave it out.",
        ),
        ({"PAPERCHAT_CONTEXT_TOKENS": "nan"}, "PAPERCHAT_CONTEXT_TOKENS must be a number above 0"),
        ({"PAPERCHAT_CONTEXT_TOKENS": "0.5"}, "PAPERCHAT_CONTEXT_TOKENS must be a whole number"),
        (
            {"PAPERCHAT_EMBEDDING_MODEL": "text-embedding-3-small"},
            "PAPERCHAT_EMBEDDING_MODEL must be openai:… or fastembed:…, not 'text-embedding-3-small"
            "' (environment). Set it to openai:NAME or fastembed:NAME-OR-FOLDER, or leave it out.",
        ),
        ({"PAPERCHAT_EMBEDDING_MODEL": "openai: "}, "PAPERCHAT_EMBEDDING_MODEL must be openai:…"),
        ({"PAPERCHAT_EMBEDDING_MODEL": "x:y"}, "PAPERCHAT_EMBEDDING_MODEL must be openai:…"),
        (
            {"PAPERCHAT_RERANKER": "openai:judge"},
            "PAPERCHAT_RERANKER must be fastembed:…, not 'openai:judge' (environment). "
            "Set it to fastembed:NAME-OR-FOLDER, a cross-encoder, or leave it out.",
        ),
        (
            {"PAPERCHAT_EMBEDDING_MODEL": "openai:m", "PAPERCHAT_EMBEDDING_URL": "me:pw@host"},
            "PAPERCHAT_EMBEDDING_URL must be a web address such as http://127.0.0.1:8000/v1 (env",
        ),
        (
            {"PAPERCHAT_ARXIV_URL": "export.arxiv.org"},
            "PAPERCHAT_ARXIV_URL must be a web address such as https://export.arxiv.org/api/query ("
            "environment). Set it to the address of arXiv's API, where it is to be a mirror, or",
        ),
        ({"PAPERCHAT_DAILY_URL": "ftp://me:pw@host"}, "PAPERCHAT_DAILY_URL must be a web address"),
        (
            {"PAPERCHAT_EMBEDDING_URL": "http://127.0.0.1:1/v1"},
            "PAPERCHAT_EMBEDDING_URL is set, but PAPERCHAT_EMBEDDING_MODEL names no model there",
        ),
        (
            {
                "PAPERCHAT_EMBEDDING_MODEL": "fastembed:m",
                "PAPERCHAT_EMBEDDING_URL": "http://127.0.0.1:1/v1",
            },
            "PAPERCHAT_EMBEDDING_URL is set, but PAPERCHAT_EMBEDDING_MODEL names no model there",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(variables: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_environment(variables)
    assert str(refused.value).startswith(message)
    # Without what it names, the rest can be read: `doctor` goes on.
    assert set(refused.value.variables) <= set(variables)
    assert refused.value.variables


def test_mirrors_of_the_feeds_are_read() -> None:
    environment = read_environment(
        {
            "PAPERCHAT_HOME": "/library",
            "PAPERCHAT_ARXIV_URL": " http://mirror/arxiv?key=1\n",
            "PAPERCHAT_DAILY_URL": "http://mirror/daily",
        }
    )
    assert environment == Environment(
        Path("/library"), arxiv_url="http://mirror/arxiv?key=1", daily_url="http://mirror/daily"
    )


def test_a_model_needs_a_server_or_a_key() -> None:
    with pytest.raises(SettingsError, match="PAPERCHAT_MODEL names small, but not where"):
        model_settings(Environment(Path(), "small"))
    with_key = model_settings(Environment(Path(), "small", "key"))
    assert with_key == ChatModelSettings("small", "https://api.openai.com/v1", "key")


def test_other_models_are_read() -> None:
    environment = read_environment(
        {
            "PAPERCHAT_HOME": "/library",
            "PAPERCHAT_EMBEDDING_MODEL": "openai:nomic-embed-text:v1.5",
            "PAPERCHAT_EMBEDDING_URL": " http://127.0.0.1:2/v1 ",
            "PAPERCHAT_RERANKER": "fastembed:~/judge",
            "FASTEMBED_CACHE_PATH": "/models",
        }
    )
    assert environment == Environment(
        Path("/library"),
        embedding_model=NamedModel("openai", "nomic-embed-text:v1.5"),
        embedding_url="http://127.0.0.1:2/v1",
        reranker=NamedModel("fastembed", "~/judge"),
        model_cache=Path("/models"),
    )


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (
            Environment(
                Path(), "chat", "key", "http://chat/v1", 2.5, embedding_url="http://own/v1"
            ),
            EndpointSettings("m", "http://own/v1", "key", timeout_s=2.5),
        ),
        (
            Environment(Path(), base_url="http://both/v1"),
            EndpointSettings("m", "http://both/v1"),
        ),
        (
            Environment(Path(), api_key="key"),
            EndpointSettings("m", "https://api.openai.com/v1", "key"),
        ),
    ],
)
def test_where_the_embeddings_come_from(
    environment: Environment, expected: EndpointSettings
) -> None:
    assert endpoint_settings(environment, NamedModel("openai", "m")) == expected


def test_an_embeddings_model_needs_a_server_or_a_key() -> None:
    with pytest.raises(SettingsError, match="PAPERCHAT_EMBEDDING_MODEL names m, but not where"):
        make_embedder(Environment(Path(), embedding_model=NamedModel("openai", "m")))


def test_no_model_is_asked_for_by_name_alone() -> None:
    # Sockets are blocked but to this machine, where nobody listens.
    hosted = Environment(Path(), api_key="key", embedding_model=NamedModel("openai", "m"))
    named = Environment(Path(), embedding_model=NamedModel("fastembed", "BAAI/bge-small-en-v1.5"))
    assert [make_embedder(item).name for item in (Environment(Path()), hosted, named)] == [
        OnnxEmbedder().name,
        "openai:m",
        "fastembed:BAAI/bge-small-en-v1.5",
    ]
    assert make_reranker(Environment(Path())) is None
    judged = Environment(Path(), reranker=NamedModel("fastembed", "BAAI/bge-reranker-base"))
    assert make_reranker(judged) is not None


@pytest.mark.parametrize(
    ("value", "password"),
    [("", None), ("\n", None), ("rye bread\n", "rye bread"), (" rye ", " rye ")],
)
def test_a_password_is_read_without_the_end_of_its_line(value: str, password: str | None) -> None:
    environment = read_environment({"PAPERCHAT_PASSWORD": value})
    assert environment.password == password
    assert "rye" not in repr(environment)


@pytest.mark.parametrize("value", [" ", "\t", " \n", "\u3000"])
def test_a_password_is_more_than_white_space(value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_environment({"PAPERCHAT_PASSWORD": value})
    assert str(caught.value) == (
        "PAPERCHAT_PASSWORD must be more than white space (environment). Set it to what"
        " `paperchat serve` asks for before it shows the page, or leave it out."
    )
