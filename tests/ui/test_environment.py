"""Settings from the environment, and what is refused there."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from assistant.chat_model import ChatModelSettings
from ui.environment import Environment, SettingsError, read_environment
from ui.wiring import model_settings


def test_nothing_set_means_the_users_data_folder_and_no_model() -> None:
    home = platformdirs.user_data_path("paperchat", appauthor=False)
    assert read_environment({"PATH": "/bin"}) == Environment(home)


def test_every_setting_is_read() -> None:
    variables = {
        "PAPERCHAT_HOME": "/somewhere/library",
        "PAPERCHAT_MODEL": "small",
        "PAPERCHAT_TIMEOUT_S": "2.5",
        "PAPERCHAT_CONTEXT_TOKENS": "4096",
        "OPENAI_API_KEY": "secret\n",
        "OPENAI_BASE_URL": "http://127.0.0.1:1/v1",
    }
    environment = read_environment(variables)
    assert environment == Environment(
        Path("/somewhere/library"), "small", "secret", "http://127.0.0.1:1/v1", 2.5, 4096
    )
    assert model_settings(environment) == ChatModelSettings(
        "small", "http://127.0.0.1:1/v1", "secret", timeout_s=2.5, context_tokens=4096
    )


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
        ({"PAPERCHAT_XYZ": "x"}, "There is no setting PAPERCHAT_XYZ (environment). The settings"),
        ({"PAPERCHAT_TIMEOUT_S": "soon"}, "PAPERCHAT_TIMEOUT_S must be a number above 0, not 'so"),
        ({"PAPERCHAT_TIMEOUT_S": "-1"}, "PAPERCHAT_TIMEOUT_S must be a number above 0, not '-1'"),
        ({"PAPERCHAT_CONTEXT_TOKENS": "nan"}, "PAPERCHAT_CONTEXT_TOKENS must be a number above 0"),
        ({"PAPERCHAT_CONTEXT_TOKENS": "0.5"}, "PAPERCHAT_CONTEXT_TOKENS must be a whole number"),
    ],
)
def test_what_cannot_be_used_is_refused(variables: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_environment(variables)
    assert str(refused.value).startswith(message)


def test_a_model_needs_a_server_or_a_key() -> None:
    with pytest.raises(SettingsError, match="PAPERCHAT_MODEL names small, but not where"):
        model_settings(Environment(Path(), "small"))
    with_key = model_settings(Environment(Path(), "small", "key"))
    assert with_key == ChatModelSettings("small", "https://api.openai.com/v1", "key")
