"""First questions drawn from titles."""

from __future__ import annotations

import pytest

from ui.example_questions import example_questions


@pytest.mark.parametrize(
    ("titles", "questions"),
    [
        ([], ()),
        (["Slow Bread Baking"], ()),
        (
            ["Slow Bread Baking at Home", "Towards Slow-Bread Baking", "Soup", "Slow Bread"],
            ("Which papers cover slow bread baking?",),
        ),
        (
            [
                "Clear Onion Soup: A Study",
                "On Clear Onion Soup",
                "More Clear Onion Soup",
                "Slow Bread Baking",
                "Why Slow Bread Baking?",
            ],
            ("Which papers cover clear onion soup?", "Summarise the work on slow bread baking"),
        ),
        (
            ["One Clear Onion Soup", "Two Clear Onion Soups"],
            ("Which papers cover clear onion soups?",),
        ),
        # What four of four titles share is the field.
        ([f"Clear Onion Soup {number}{number}" for number in range(4)], ()),
    ],
)
def test_topics_that_titles_share(titles: list[str], questions: tuple[str, ...]) -> None:
    assert example_questions(titles) == questions
