from __future__ import annotations

import pytest

from assistant.checking.nothing_stated import states_nothing

NOTHING = [
    "The abstracts do not say how fast it is.",
    "The sources do not say more.",
    "The provided excerpts don’t mention GPU memory, time or cost.",
    "None of the papers reports a cost.",
    "Neither abstract explicitly mentions it.",
    "No paper covers bread.",
    "This is not stated in the abstracts.",
    "How long it takes is not reported in the given sources.",
    "The question cannot be answered from the sources.",
    "There is no information on cost in the abstract.",
    "Not stated",
    "not reported in the abstract",
    "n/a",
    "–",
]
SOMETHING = [
    "The abstracts do not say that, but it is fast.",
    "The abstracts do not only say that.",
    "The sources do not describe bread; soup is best.",
    "The sources do not describe bread, soup is best.",
    "The sources do not mention it. Soup is best.",
    "The sources do not mention 40 bowls.",
    "Soup is best and this is not said in the sources.",
    "Bread is not good.",
    "The paper does not need salt.",
    "The system does not mention salt.",
    "Not salted",
    "The abstracts do not say " + "how it is done and " * 20,
]


@pytest.mark.parametrize("text", NOTHING)
def test_what_states_nothing_of_a_paper(text: str) -> None:
    assert states_nothing(text)


@pytest.mark.parametrize("text", SOMETHING)
def test_what_may_be_a_claim(text: str) -> None:
    assert not states_nothing(text)
