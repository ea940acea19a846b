"""How many wait and are answered at once, by what the environment says."""

from __future__ import annotations

import pytest

from ui.environment import SettingsError, read_environment
from ui.server.lines import make_lines


@pytest.mark.parametrize(("value", "most"), [("", 100), ("0", 0), ("7", 7), (" 250 ", 250)])
def test_how_many_may_wait_is_set(value: str, most: int) -> None:
    environment = read_environment({"PAPERCHAT_MAX_WAITING": value})
    lines = make_lines(environment.max_waiting)
    assert (lines.processor.most_waiting, lines.model.most_waiting) == (most, most)
    assert lines.capacity == 2 * most + lines.processor.places + lines.model.places


@pytest.mark.parametrize("value", ["-1", "2.5", "many", "nan"])
def test_what_is_no_number_is_told(value: str) -> None:
    with pytest.raises(SettingsError) as error:
        read_environment({"PAPERCHAT_MAX_WAITING": value})
    assert str(error.value) == (
        f"PAPERCHAT_MAX_WAITING must be a whole number, 0 or above, not {value!r} (environment). "
        "Set it to how many questions may wait while others are answered, or leave it out."
    )


def test_questions_wait_for_the_model_while_there_is_one() -> None:
    assert (lines := make_lines(has_model=lambda: True)).answers is lines.model
    assert (lines := make_lines(has_model=lambda: False)).answers is lines.processor
